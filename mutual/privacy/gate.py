"""The one gate through which anything of a record leaves (P-26 to P-30, P-34, P-39).

It names the consent or the exception for each person, adds the notice of 42 CFR 2.32 and a clear
statement of the consent's scope, and writes the disclosure down. Without a basis nothing passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutual.base.ids import public_id
from mutual.base.refusal import Refused
from mutual.people.models import CoupleMember
from mutual.privacy.exits import EXITS, Exit
from mutual.privacy.models import Consent, Disclosure, PrivacyRequest
from mutual.privacy.rules import covers
from mutual.privacy.standing import standing
from mutual.privacy.vendors import refuse_without_agreement
from mutual.wall import audit, policy
from mutual.wall.context import Actor, as_service
from mutual.wall.models import ConsentFact

#: Exceptions of the law that may stand for a consent, with their paragraphs (2.12, 2.51 to 2.67).
EXCEPTIONS = {
    "medical_emergency": gettext_lazy("medical emergency (42 CFR 2.51)"),
    "court_order": gettext_lazy("court order and compulsion (42 CFR 2.61 to 2.67)"),
    "audit": gettext_lazy("audit and evaluation (42 CFR 2.53)"),
    "child_abuse": gettext_lazy("report of suspected child abuse or neglect (42 CFR 2.12(c)(6))"),
    "crime": gettext_lazy("crime on the premises or against staff (42 CFR 2.12(c)(5))"),
}
PURPOSES = {
    "treatment": gettext_lazy("treatment"),
    "payment": gettext_lazy("payment"),
    "operations": gettext_lazy("running the programme"),
    "proceedings": gettext_lazy("a court or other proceeding"),
    "emergency": gettext_lazy("medical emergency"),
    "audit": gettext_lazy("audit and evaluation"),
    "report": gettext_lazy("report that the law demands"),
    "other": gettext_lazy("the purpose named in the consent"),
}
#: The notice that goes along with each disclosure made with consent (42 CFR 2.32(a)(1)).
# staff: the words of the law itself, for whoever gets the record
NOTICE = gettext_lazy(
    "This record which has been disclosed to you is protected by Federal confidentiality rules "
    "(42 CFR part 2). These rules prohibit you from using or disclosing this record, or testimony "
    "that describes the information contained in this record, in any civil, criminal, "
    "administrative, or legislative proceedings by any Federal, State, or local authority, against "
    "the patient, unless authorized by the consent of the patient, except as provided at 42 CFR "
    "2.12(c)(5) or as otherwise authorized by a court in accordance with 42 CFR 2.64 or 2.65. In "
    "addition, the Federal rules prohibit you from making any other use or disclosure of this "
    "record unless at least one of the following applies: (i) further use or disclosure is "
    "expressly permitted by the written consent of the individual whose information is being "
    "disclosed in this record or as otherwise permitted by 42 CFR part 2; (ii) you are a covered "
    "entity or business associate and have received the record for the purpose of treatment, "
    "payment, or health care operations; or (iii) you have received the record from a covered "
    "entity or business associate as permitted by 45 CFR part 164, subparts A and E. A general "
    "authorization for the release of medical or other information is NOT sufficient to meet the "
    "required elements of written consent to further use or redisclosure of the record (see 42 "
    "CFR 2.31)."
)


@dataclass(frozen=True)
class Leaving:
    """Something about one person that is about to leave.

    Attributes:
        way: the exit, a key of `exits.EXITS`.
        what: in words, for the person's own list; at most 200 characters.
        kinds: record kinds of which it holds something.
        consent: the code relied on; or else
        exception: a key of ``EXCEPTIONS``.
        repeat: names recipient and contract where one notice serves many (X12, P-27).
    """

    way: str
    person_id: UUID
    recipient: str
    what: str
    purpose: str
    kinds: tuple[str, ...] = ()
    consent: str = ""
    exception: str = ""
    repeat: str = ""


@dataclass(frozen=True)
class Passed:
    """What goes along with it, and its line in the log; ``notice`` is empty if sent before."""

    disclosure: Disclosure
    notice: str
    scope: str


def let_out(
    actor: Actor,
    leaving: Sequence[Leaving],
    *,
    now: datetime | None = None,
    by: UUID | None = None,
) -> list[Passed]:
    """Let things leave, all or none; each is written down at once (P-27, P-35).

    Call it in the transaction that sends. Four queries for any number of things. ``by`` names
    who asked for it when a job does it for them.

    Raises:
        Refused: without a consent in force or an exception that fits this exit (P-23, P-27, P-28);
            for kinds or a recipient the consent doesn't name (P-16); where one partner's consent
            of two is missing (C-74); for a plan when the person pays without it (P-39); when the
            vendor's agreements aren't in force (P-34).
        PermissionError: if neither staff nor a service acts.
    """
    if not (actor.is_staff or actor.kind == "service"):
        raise PermissionError("nothing leaves by somebody else's hand")
    moment = now or timezone.now()
    facts = _Facts(leaving, moment)
    passed: list[Passed] = []
    for one in leaving:
        way = EXITS[one.way]
        _refuse_exit(way, one, facts, moment)
        passed.append(_through(by or actor.sure_id, one, facts, moment))
    Disclosure.objects.bulk_create([p.disclosure for p in passed])
    for found in passed:
        line = found.disclosure
        audit.note("disclosure", line.way, line.person_id, line.id, line.purpose)
    return passed


def refuse_unless_open(leaving: Leaving, *, now: datetime | None = None) -> None:
    """Refuse what the gate would refuse, without letting anything out or writing it down.

    Raises:
        Refused: as :func:`let_out`.
    """
    moment = now or timezone.now()
    facts = _Facts([leaving], moment)
    _refuse_exit(EXITS[leaving.way], leaving, facts, moment)
    if not leaving.exception:
        facts.paper(leaving)


class _Facts:
    """Consents, partners and restrictions of everybody concerned, asked for once."""

    def __init__(self, leaving: Sequence[Leaving], moment: datetime) -> None:
        self.moment = moment
        people = {one.person_id for one in leaving}
        shared = any(_joint(one.kinds) for one in leaving)
        with as_service("disclosure_gate"):
            self.partners = _partners(people) if shared else {}
            everybody = people | set(self.partners.values())
            codes = {one.consent for one in leaving if one.consent}
            self.in_force = set(
                ConsentFact.objects.filter(
                    person_id__in=everybody, code__in=codes, valid__contains=moment
                ).values_list("person_id", "code")
            )
            self.papers: dict[tuple[UUID, str], list[Consent]] = {}
            for row in Consent.objects.filter(person_id__in=everybody, code__in=codes).order_by(
                "-signed_at"
            ):
                self.papers.setdefault((row.person_id, row.code), []).append(row)
            self.pays_alone = set(
                PrivacyRequest.objects.filter(
                    person_id__in=people, kind="restriction", state="granted", self_pay=True
                ).values_list("person_id", flat=True)
            )
            repeats = {one.repeat for one in leaving if one.repeat}
            self.noticed = (
                set(
                    Disclosure.objects.filter(
                        person_id__in=people, notice_id__startswith="2.32-"
                    ).values_list("notice_id", flat=True)
                )
                if repeats
                else set()
            )

    def paper(self, one: Leaving) -> Consent:
        """The consent that covers it, of the person and, for what is shared, of both."""
        found = self._of(one.person_id, one)
        if _joint(one.kinds):
            other = self.partners.get(one.person_id)
            if other is None or self._of(other, one, quiet=True) is None:
                raise Refused(_("Held: this needs the permission of both."), rule="C-74")
        assert found is not None
        return found

    def _of(self, person_id: UUID, one: Leaving, quiet: bool = False) -> Consent | None:
        row = standing(self.papers.get((person_id, one.consent), []), self.moment)
        if row is None or (person_id, one.consent) not in self.in_force:
            if quiet:
                return None
            raise Refused(
                _("Held: consent. No written consent for this is in force."),
                rule="P-28" if EXITS[one.way].to_payer else "P-27",
            )
        named = one.consent.partition(":")[0] in ("ext", "legal")
        if named and row.recipient.casefold() != one.recipient.strip().casefold():
            raise Refused(_("Held: the consent names another recipient."), rule="P-16")
        outside = [kind for kind in one.kinds if row.kinds and kind not in row.kinds]
        if named and outside:
            raise Refused(_("Held: the consent does not name all of this."), rule="P-16")
        return row


def _partners(people: set[UUID]) -> dict[UUID, UUID]:
    rows = CoupleMember.objects.filter(couple__members__person_id__in=people).values_list(
        "couple_id", "person_id"
    )
    by_couple: dict[UUID, set[UUID]] = {}
    for couple_id, person_id in rows:
        by_couple.setdefault(couple_id, set()).add(person_id)
    return {
        one: next(iter(both - {one}))
        for both in by_couple.values()
        for one in both & people
        if both - {one}
    }


def _joint(kinds: Sequence[str]) -> bool:
    return any(policy.kind(kind).of == policy.Of.COUPLE for kind in kinds)


def _refuse_exit(way: Exit, one: Leaving, facts: _Facts, moment: datetime) -> None:
    if one.purpose not in way.purposes:
        raise Refused(_("This can't leave for that purpose."), rule="P-27")
    if way.to_payer and one.person_id in facts.pays_alone:
        raise Refused(_("Held: this person pays without the plan."), rule="P-39")
    if any(kind in ("psychotherapy_note", "sud_counseling_note") for kind in one.kinds):
        raise Refused(_("Notes kept apart do not leave here."), rule="P-19")
    if way.connection:
        refuse_without_agreement(way.connection, moment)
    if one.exception:
        if one.exception not in way.exceptions:
            raise Refused(_("The law makes no such exception here."), rule="P-27")
    elif not one.consent or not covers(one.consent, one.purpose):
        raise Refused(_("No lawful basis: nothing leaves."), rule="P-27")


def _through(by: UUID, one: Leaving, facts: _Facts, moment: datetime) -> Passed:
    zone = ZoneInfo(settings.PROGRAMME_ZONE)
    paper = None if one.exception else facts.paper(one)
    if paper is None:
        basis, scope = str(EXCEPTIONS[one.exception]), ""
        notice_id, notice = f"2.32-{str(public_id())[:8]}", str(NOTICE)
    else:
        day = paper.signed_at.astimezone(zone).date()
        words = (
            _("payment consent signed %(day)s")
            if one.purpose == "payment"
            else _("consent signed %(day)s")
        )
        basis = words % {"day": date_format(day)}
        scope = scope_of(paper)
        # One notice for each recipient and consent where many messages follow (X12).
        tail = str(paper.public_id)[:8]
        notice_id = f"2.32-{(one.repeat or str(public_id()))[:8]}-{tail}"
        notice = "" if one.repeat and notice_id in facts.noticed else str(NOTICE)
        facts.noticed.add(notice_id)
    line = Disclosure(
        person_id=one.person_id,
        at=moment,
        recipient=one.recipient[:200],
        what=one.what[:200],
        purpose=str(PURPOSES[one.purpose]),
        basis=basis,
        notice_id=notice_id,
        by_id=by,
        way=one.way,
        consent=paper,
        exception=one.exception,
        scope=scope,
        kinds=list(one.kinds),
    )
    return Passed(line, notice, scope)


def scope_of(paper: Consent) -> str:
    """A clear statement of what a consent covers, to go along with the record (2.32(b))."""
    zone = ZoneInfo(settings.PROGRAMME_ZONE)
    until = date_format(paper.expires_on) if paper.expires_on else paper.expiry_event
    # staff: goes along with the record to whoever gets it
    return _(
        "Disclosed with the written consent of the patient, signed on %(day)s. To: %(who)s. What:"
        " %(what)s. For: %(why)s. Until: %(until)s."
    ) % {
        "day": date_format(paper.signed_at.astimezone(zone).date()),
        "who": paper.recipient,
        "what": paper.description,
        "why": paper.purpose,
        "until": until,
    }
