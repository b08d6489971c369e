"""Legal demands: nothing alone opens a record; the answer tells nothing (P-30, 2.61 to 2.67)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person
from mutual.privacy.forms_outside import OUTSIDE_KINDS
from mutual.privacy.models import Consent, LegalDemand, LegalHold
from mutual.privacy.rules import lawful_basis
from mutual.privacy.standing import standing
from mutual.wall import audit
from mutual.wall.context import Actor, as_service


def log_demand(
    actor: Actor,
    *,
    name_asked: str,
    form: str,
    sender: str,
    received_on: date,
    asks_for: str,
    part2_order: bool = False,
    compelled: bool = False,
    ordered_kinds: Collection[str] = (),
    now: datetime | None = None,
) -> LegalDemand:
    """Write a demand down, judge its basis, and hold deletion for whoever it names (P-30).

    A subpoena, warrant or lawyer's letter alone has no basis, whoever sends it; also the partner's.
    Somebody who isn't here gets a line too: the answer is the same.

    Raises:
        NotThere: for anybody but the privacy officer.
        Refused: for a part that is missing, or an order without what is ordered.
    """
    _refuse_others(actor)
    moment = now or timezone.now()
    forms = dict(LegalDemand._meta.get_field("form").choices or ())
    for name, value in (("name_asked", name_asked), ("sender", sender), ("asks_for", asks_for)):
        if not value.strip():
            raise Refused(_("Fill this in, as the demand has it."), rule="P-30", field=name)
    if form not in forms:
        raise Refused(_("Choose what came."), rule="P-30", field="form")
    ordered = [k for k in OUTSIDE_KINDS if k in ordered_kinds]
    if part2_order and compelled and not ordered:
        raise Refused(_("Tick what the court ordered; only that may go."), rule="P-30",
                      field="ordered_kinds")  # fmt: skip
    with transaction.atomic():
        person = _found(name_asked)
        has = person is not None and _legal_consent(person.id, sender, moment)
        row = LegalDemand(
            person=person,
            name_asked=name_asked.strip(),
            form=form,
            sender=sender.strip(),
            received_on=received_on,
            asks_for=asks_for.strip(),
            part2_order=part2_order,
            compelled=compelled,
            ordered_kinds=ordered if part2_order else [],
            basis=lawful_basis(legal_consent=has, part2_order=part2_order, compelled=compelled),
            judged_at=moment,
            by_id=actor.sure_id,
        )
        row.save(force_insert=True)
        if person is not None:
            hold(actor, person.id, _("legal demand"), now=moment)
    audit.note("write", "legal_demand", row.person_id, row.id, row.basis)
    return row


def answer_demand(actor: Actor, demand: LegalDemand, *, now: datetime | None = None) -> LegalDemand:
    """Mark the letter as sent; the letter itself is :func:`letter_words`."""
    _refuse_others(actor)
    if demand.answered_at is None:
        demand.answered_at = now or timezone.now()
        demand.save(update_fields=["answered_at"])
        audit.note("write", "legal_demand", demand.person_id, demand.id, "answered")
    return demand


def letter_words(demand: LegalDemand, programme: str) -> dict[str, object]:
    """The answer to a demand without a basis: it neither confirms nor denies (P-30, 2.13(c)).

    It holds nothing that depends on whether the person is here.
    """
    return {
        "title": _("Your request"),
        "facts": [
            [_("To"), demand.sender],
            [_("About"), _("Your request received on %(day)s") % {"day": demand.received_on}],
        ],
        "parts": [
            _(
                "%(programme)s can neither confirm nor deny that any person is or was a patient"
                " here."
            )
            % {"programme": programme},
            _(
                "Federal law (42 U.S.C. 290dd-2 and 42 CFR part 2) restricts the disclosure and"
                " use of records of treatment for substance use disorders. A subpoena, a search"
                " warrant, or a request of a lawyer or party is not by itself enough. It takes"
                " the written consent of the patient for this use, or a court order under 42 CFR"
                " 2.61 to 2.67 together with a subpoena or similar mandate."
            ),
            _("This answer is the same whether or not any such record exists."),
        ],
    }


def hold(actor: Actor, person_id: UUID, why: str, *, now: datetime | None = None) -> LegalHold:
    """Hold deletion of everything about a person, in the database (P-30, P-45); once is once."""
    _refuse_others(actor)
    found = LegalHold.objects.filter(person_id=person_id, lifted_at__isnull=True).first()
    if found is not None:
        return found
    row = LegalHold(
        person_id=person_id, why=why, begun_at=now or timezone.now(), by_id=actor.sure_id
    )
    row.save(force_insert=True)
    audit.note("setting", "legal_demand", person_id, row.id, "deletion hold")
    return row


def lift(actor: Actor, person_id: UUID, *, now: datetime | None = None) -> int:
    """Lift a hold; returns how many were in force."""
    _refuse_others(actor)
    count = LegalHold.objects.filter(person_id=person_id, lifted_at__isnull=True).update(
        lifted_at=now or timezone.now()
    )
    audit.note("setting", "legal_demand", person_id, None, "deletion hold lifted")
    return count


def demands(actor: Actor) -> list[LegalDemand]:
    """All demands, the newest first; one query."""
    return list(LegalDemand.objects.visible_to(actor).order_by("-received_on", "-judged_at"))


def demand(actor: Actor, key: UUID) -> LegalDemand:
    """One demand.

    Raises:
        NotThere: to everybody but the privacy officer.
    """
    return LegalDemand.objects.visible_to(actor).sole(public_id=key)


def _found(name: str) -> Person | None:
    given, _space, family = name.strip().partition(" ")
    with as_service("legal_answers"):
        return Person.objects.filter(
            given_name__iexact=given.strip(), family_name__iexact=family.strip()
        ).first()


def _legal_consent(person_id: UUID, sender: str, moment: datetime) -> bool:
    with as_service("legal_answers"):
        rows = Consent.objects.filter(
            person_id=person_id, code__startswith="legal:", recipient__iexact=sender.strip()
        ).order_by("-signed_at")
        return standing(list(rows), moment) is not None


def _refuse_others(actor: Actor) -> None:
    if not actor.has("privacy_officer"):
        raise NotThere
