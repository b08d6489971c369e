"""How requests about a record are answered: clocks, deciders, grounds, reviews (P-40 to P-43)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.crypto import seal
from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Licence, Staff
from mutual.privacy import clocks
from mutual.privacy.channel import tell
from mutual.privacy.models import Consent, PrivacyRequest
from mutual.privacy.requests import (
    GROUNDS_FOR,
    KIND_WORDS,
    REVIEWABLE,
    RequestLine,
    day_of,
    line_of,
    programme_zone,
)
from mutual.wall import audit
from mutual.wall.context import Actor


def receive_on_paper(
    actor: Actor, consent_key: UUID, kind: str, words: str, asked_on: date
) -> PrivacyRequest:
    """Write down a request that came on paper; its clock runs from the day it came.

    Raises:
        NotThere: for anybody but the privacy officer.
        Refused: without words or for no such kind.
    """
    _officer_only(actor)
    if kind not in KIND_WORDS:
        raise Refused(_("Choose what was asked for."), rule="P-40", field="kind")
    if not words.strip():
        raise Refused(_("Write what was asked."), rule="P-40", field="words")
    person_id = Consent.objects.visible_to(actor).sole(public_id=consent_key).person_id
    row = PrivacyRequest(
        person_id=person_id,
        kind=kind,
        asked_at=datetime.combine(asked_on, datetime.min.time(), programme_zone()),
        words=words.strip(),
        form="pdf",
        due_on=clocks.due(kind, asked_on),
    )
    row.save(force_insert=True)
    audit.note("write", "privacy_request", person_id, row.id, "asked on paper")
    return row


def extend(
    actor: Actor, row: PrivacyRequest, why: str, *, today: date | None = None
) -> PrivacyRequest:
    """Extend a clock once, before it ends, with a reason the person reads (164.524(b)(2)(iii)).

    Raises:
        Refused: a second time, too late, without a reason, or where the law gives no extension.
    """
    _officer_only(actor)
    day = today or timezone.localdate()
    later = clocks.extended(row.kind, row.due_on)
    if later is None or row.extended_on is not None or row.state != "open":
        raise Refused(_("This clock can't be extended."), rule="P-40")
    if day > row.due_on:
        raise Refused(_("The time is over; it can't be extended any more."), rule="P-40")
    if len(why.strip()) < 10:
        raise Refused(_("Write the reason; the person reads it."), rule="P-40", field="why")
    row.extended_on, row.extended_why = later, why.strip()
    row.save(update_fields=["extended_on", "extended_why"])
    _told(row, "extended")
    return row


def name_decider(actor: Actor, row: PrivacyRequest, staff: Staff) -> PrivacyRequest:
    """Ask a member of staff for the answer; they see this request and no other."""
    _officer_only(actor)
    row.decider_id = staff.id
    row.save(update_fields=["decider_id"])
    audit.note("grant", "privacy_request", row.person_id, row.id, "decider named")
    return row


def decide(
    actor: Actor,
    row: PrivacyRequest,
    granted: bool,
    answer: str,
    *,
    ground: str = "",
    prepared: str = "",
    now: datetime | None = None,
) -> PrivacyRequest:
    """Answer a request (P-40 to P-43). The person is told neutrally and reads it behind the PIN.

    Args:
        prepared: for the shared notes: what the person may read, without what the other said in
            confidence (P-42). It is kept sealed.

    Raises:
        NotThere: for anybody but the privacy officer and whom the officer asked.
        Refused: without words or a ground; a refusal for danger by somebody without a licence
            (P-41); shared notes agreed without the prepared copy (P-42).
    """
    if not (actor.has("privacy_officer") or (actor.is_staff and row.decider_id == actor.id)):
        raise NotThere
    moment = now or timezone.now()
    if row.state != "open":
        raise Refused(_("This was answered already."), rule="P-40")
    if len(answer.strip()) < 5:
        raise Refused(_("Write the answer in plain words."), rule="P-40", field="answer")
    if not granted:
        if ground not in GROUNDS_FOR[row.kind]:
            raise Refused(_("Choose the ground."), rule="P-41", field="ground")
        if ground in REVIEWABLE:
            _refuse_unlicensed(actor, moment)
    elif row.kind == "conjoint" and not prepared.strip():
        raise Refused(
            _("Put in the prepared copy, without what the other said in confidence."),
            rule="P-42",
            field="prepared",
        )
    row.state = "granted" if granted else "denied"
    row.ground = "" if granted else ground
    row.answer, row.decided_at, row.decided_by_id = answer.strip(), moment, actor.sure_id
    if granted and row.kind == "conjoint":
        row.prepared = seal(prepared.strip(), str(row.id))
    row.save()
    audit.note("write", "privacy_request", row.person_id, row.id, row.state)
    _told(row, "answered")
    return row


def name_reviewer(actor: Actor, row: PrivacyRequest, staff: Staff) -> PrivacyRequest:
    """Name the second professional; never the one who refused (P-41).

    Raises:
        Refused: for the one who refused, or without a licence.
    """
    _officer_only(actor)
    if staff.id == row.decided_by_id:
        raise Refused(
            _("Another professional has to review it than the one who refused."), rule="P-41",
            field="staff",
        )  # fmt: skip
    _refuse_unlicensed_staff(staff.id, timezone.localdate())
    row.reviewer_id = staff.id
    row.save(update_fields=["reviewer_id"])
    audit.note("grant", "privacy_request", row.person_id, row.id, "reviewer named")
    return row


def review(
    actor: Actor, row: PrivacyRequest, granted: bool, answer: str, *, now: datetime | None = None
) -> PrivacyRequest:
    """The second professional's decision, which holds (164.524(d)(4))."""
    if row.reviewer_id != actor.id or not actor.is_staff:
        raise NotThere
    if actor.id == row.decided_by_id:
        raise Refused(_("Another professional has to review it."), rule="P-41")
    if len(answer.strip()) < 5:
        raise Refused(_("Write the answer in plain words."), rule="P-41", field="answer")
    row.reviewed_at, row.review_answer = now or timezone.now(), answer.strip()
    row.state = "granted" if granted else "denied"
    row.save(update_fields=["reviewed_at", "review_answer", "state"])
    audit.note("write", "privacy_request", row.person_id, row.id, "reviewed")
    _told(row, "reviewed")
    return row


def queue(actor: Actor, today: date | None = None) -> list[RequestLine]:
    """What waits for the actor: all for the privacy officer, else what they were asked to decide.

    The least days left stand first, then what is answered; three queries.
    """
    day = today or timezone.localdate()
    rows = PrivacyRequest.objects.visible_to(actor)
    if not actor.has("privacy_officer"):
        rows = rows.filter(Q(decider_id=actor.sure_id) | Q(reviewer_id=actor.sure_id))
    found = list(rows.defer("prepared"))
    names = names_of(actor, {row.person_id for row in found})
    lines = [line_of(row, day, names.get(row.person_id, "")) for row in found]
    return sorted(
        lines, key=lambda x: (x.row.state != "open" and not x.waits_for_review, x.days_left)
    )


def request(actor: Actor, key: UUID, today: date | None = None) -> RequestLine:
    """One request for who answers it.

    Raises:
        NotThere: for everybody else.
    """
    row = PrivacyRequest.objects.visible_to(actor).sole(public_id=key)
    if not actor.is_staff:
        raise NotThere
    audit.read("privacy_request", row.person_id, row.id)
    names = names_of(actor, {row.person_id})
    return line_of(row, today or timezone.localdate(), names.get(row.person_id, ""))


def names_of(actor: Actor, people: set[UUID]) -> dict[UUID, str]:
    """How each may be named: the officer knows the name signed with, others the shown one (D8)."""
    from mutual.people.lookups import shown_names

    if not actor.has("privacy_officer"):
        return {key: name for key, (name, _pronouns) in shown_names(list(people)).items()}
    rows = Consent.objects.visible_to(actor).filter(person_id__in=people).order_by("signed_at")
    return dict(rows.values_list("person_id", "signed_name"))


def _told(row: PrivacyRequest, what: str) -> None:
    tell(row.person_id, f"answer:{row.id}:{what}"[:80])


def _refuse_unlicensed(actor: Actor, moment: datetime) -> None:
    _refuse_unlicensed_staff(actor.sure_id, day_of(moment))


def _refuse_unlicensed_staff(staff_id: UUID, day: date) -> None:
    if (
        not Licence.objects.filter(staff_id=staff_id, valid__contains=day)
        .exclude(kind__in=("", "none"))
        .exists()
    ):
        raise Refused(
            _("Only a licensed professional can refuse for danger, or review it."), rule="P-41"
        )


def _officer_only(actor: Actor) -> None:
    if not actor.has("privacy_officer"):
        raise NotThere
