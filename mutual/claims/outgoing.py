"""From stored claims to the typed ones that leave, with the facts that the checks need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from mutual.claims import codes
from mutual.claims import facts as checked
from mutual.claims.claim import (
    Address,
    BillingProvider,
    Claim,
    Patient,
    Payer,
    Person,
    Receiver,
    ServiceLine,
    Submitter,
    Subscriber,
)
from mutual.claims.gathering import Facts, Names, on
from mutual.claims.models import BillingIdentity, ClaimLine
from mutual.claims.models import Claim as Row
from mutual.claims.rules import substance_use
from mutual.coverage.models import InsuranceCard, PayerTerms

#: What a session's start records; a virtual programme's clients are at home unless it says so.
PLACES = {"home": "10", "other": "02"}


def billing_provider(identity: BillingIdentity) -> BillingProvider:
    """The programme as claims name it (B-18)."""
    return BillingProvider(
        identity.name,
        identity.npi,
        identity.tax_id,
        Address(identity.address, identity.city, identity.state, identity.postcode),
        identity.taxonomy,
    )


def submitter(identity: BillingIdentity) -> Submitter:
    """Who sends the file."""
    return Submitter(identity.name, identity.sender_id, identity.contact, identity.phone)


def receiver(identity: BillingIdentity) -> Receiver:
    """The clearinghouse."""
    return Receiver(identity.receiver_name, identity.receiver_id)


def typed(row: Row, lines: Sequence[ClaimLine], names: Names) -> Claim:
    """The claim of one patient (B-15): the subscriber's own, or a dependent's (B-17)."""
    card, who = row.card, names.person
    home = Address(card.address, card.city, card.state, card.postcode)
    # A birth date is a date and has no zone (F-22).
    me = Person(who.family_name, who.given_name, _birth(who.birth_date), who.sex, home)
    holder, patient = me, None
    if not card.own:
        holder = Person(
            card.holder_family, card.holder_given, _birth(card.holder_birth), card.holder_sex, home
        )
        patient = Patient(me, card.relationship)
    return Claim(
        control=row.control,
        patient_key=str(row.person_id),
        subscriber=Subscriber(holder, card.member_id, card.group_number),
        payer=Payer(row.payer.name, row.payer.electronic_id, row.payer.filing),
        lines=tuple(
            ServiceLine(one.control, one.date, one.code, one.charge, tuple(one.modifiers))
            for one in sorted(lines, key=lambda line: line.date)
        ),
        diagnoses=tuple(row.diagnoses),
        place=row.place,
        patient=patient,
        authorization=row.authorization.number if row.authorization else "",
    )


def claim_facts(
    row: Row,
    lines: Sequence[ClaimLine],
    facts: Facts,
    names: Names,
    terms: Sequence[PayerTerms],
    billing: BillingProvider,
    today: dt.date,
) -> checked.ClaimFacts:
    """Everything around one claim, as the checks ask for it."""
    own = {line.id for line in lines}
    days = {line.date: facts.days[line.date] for line in lines if line.date in facts.days}
    term = on(terms, row.first_day)
    return checked.ClaimFacts(
        billing=billing,
        payer=_payer_facts(term),
        consent_in_force=facts.consent,
        has_sud_diagnosis=any(substance_use(one.code) for one in facts.diagnoses),
        lines={
            line.control: checked.LineFacts(
                patient_key=str(row.person_id),
                location=days[line.date].location,
                audio_only=days[line.date].audio_only,
                attendance_signed=not days[line.date].unconfirmed,
                note_signed=not days[line.date].unsigned,
            )
            for line in lines
            if line.date in days
        },
        days={date: day.facts for date, day in days.items()},
        authorizations=tuple(_authorizations(row, facts, len(lines))),
        billed=tuple(
            checked.Billed(line.date, line.code, tuple(line.modifiers))
            for line in facts.lines
            if line.id not in own
        ),
        partner_names=tuple(f"{one.given_name} {one.family_name}" for one in names.partners),
        record_numbers=names.record_numbers,
        partner_is_subscriber=holds_policy(row.card, names),
        diagnosis_valid=codes.valid,
        today=today,
    )


def holds_policy(card: InsuranceCard, names: Names) -> bool:
    """Whether the policyholder is the person's partner."""
    return not card.own and any(
        (one.given_name.casefold(), one.family_name.casefold(), one.birth_date)
        == (card.holder_given.casefold(), card.holder_family.casefold(), card.holder_birth)
        for one in names.partners
    )


def _payer_facts(term: PayerTerms | None) -> checked.PayerFacts:
    if term is None:
        return checked.PayerFacts(minimum_minutes=None)
    return checked.PayerFacts(
        minimum_minutes=term.minimum_minutes,
        bundled=frozenset(term.bundled),
        authorization=term.authorization,
        filing_days=term.filing_days,
    )


def _authorizations(row: Row, facts: Facts, mine: int) -> list[checked.Authorization]:
    """The person's authorizations, with the units that this claim has already taken put back."""
    found = []
    for one in facts.authorizations:
        left = one.left + (mine if one.id == row.authorization_id else 0)
        found.append(checked.Authorization(one.number, one.code, one.first_day, one.last_day, left))
    return found


def _birth(day: dt.date | None) -> dt.date:
    if day is None:
        raise LookupError("birth")
    return day


def by_claim(lines: Sequence[ClaimLine]) -> dict[UUID, list[ClaimLine]]:
    """Lines by the claim they stand on."""
    found: dict[UUID, list[ClaimLine]] = {}
    for line in lines:
        found.setdefault(line.claim_id, []).append(line)
    return found
