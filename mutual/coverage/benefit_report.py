"""Reading a 271: what the payer says of each person, with the segments it was read from.

Source: rules/coverage.md 2.1, B-11 and B-13. Every fact keeps the numbers of the segments it
came from (1 is the ISA), so that each amount on a screen leads back to stored bytes (B-47).
A broken envelope or a wrong count refuses the transaction instead of guessing: a benefit that
got lost on the way would make a wrong price.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from mutual.base.words import say
from mutual.coverage.benefit_words import (
    AUTHORIZATIONS,
    CARVE_OUTS,
    CONTACTS,
    FOLLOW_UPS,
    KINDS,
    LEVELS,
    LIFETIME_REMAINING,
    NETWORKS,
    PERIODS,
    QUANTITIES,
    REFUSALS,
    REMAINING,
    UNKNOWN_REFUSAL,
    WAITING,
)
from mutual.coverage.x12.envelope import TransactionSet, read_transactions
from mutual.coverage.x12.tokenizer import Segment, X12Error
from mutual.coverage.x12.typed import number

__all__ = ["Benefit", "BenefitReport", "CarveOut", "PersonBenefits", "Refusal", "read_benefits"]


@dataclass(frozen=True)
class Benefit:
    """One fact of one EB segment for one service type.

    `amount` in dollars; `percent` is the member's share from 0 to 1; `network` is in, out, both,
    unknown, or None when the payer left it out; `remaining` means that the amount or quantity is
    what is left, not the limit.
    """

    service_type: str | None
    kind: str
    level: str | None
    network: str | None
    period: str | None
    amount: Decimal | None
    percent: Decimal | None
    quantity: Decimal | None
    quantity_kind: str | None
    remaining: bool
    authorization: str | None
    procedure: str | None
    plan: str | None
    segments: tuple[int, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """Why the payer did not answer (AAA), in plain words, and what to do next (B-11)."""

    code: str
    text: str
    next_step: str
    segments: tuple[int, ...]


@dataclass(frozen=True)
class CarveOut:
    """Benefits kept by somebody else, who has to be asked instead (B-13)."""

    kind: str
    service_types: tuple[str, ...]
    vendor: str | None
    contacts: tuple[tuple[str, str], ...]
    messages: tuple[str, ...]
    segments: tuple[int, ...]


@dataclass(frozen=True)
class PersonBenefits:
    """The answer about one person; `active` is None when the payer did not say."""

    member_id: str | None
    subscriber: bool
    active: bool | None
    plan: str | None
    benefits: tuple[Benefit, ...]
    refused: tuple[Refusal, ...]
    carve_outs: tuple[CarveOut, ...]


@dataclass(frozen=True)
class BenefitReport:
    """All people of a file, and the transactions that had to be refused (B-9)."""

    people: tuple[PersonBenefits, ...]
    errors: tuple[X12Error, ...] = ()


@dataclass
class _Eb:
    """An EB segment with everything that hangs on it."""

    head: Segment
    segments: list[int]
    messages: list[str] = field(default_factory=list)
    quantity: tuple[str, Decimal] | None = None
    vendor: str | None = None
    contacts: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class _Person:
    subscriber: bool
    member_id: str | None
    has_children: bool
    inherited: list[Refusal]
    refused: list[Refusal] = field(default_factory=list)
    ebs: list[_Eb] = field(default_factory=list)


def read_benefits(data: bytes) -> BenefitReport:
    """Read a file of 271 transactions.

    Raises:
        X12Error: the file is no X12, is cut off, or holds no 271 that can be read; the error
            carries the segment's position, its id and a reason.
    """
    people: list[PersonBenefits] = []
    errors: list[X12Error] = []
    read = 0
    for one in read_transactions(data):
        try:
            _whole(one)
            people.extend(_people(one))
            read += 1
        except X12Error as error:
            errors.append(error)
    if not read:
        raise errors[0] if errors else X12Error(1, "ISA", None, "no_set", "the file holds no 271")
    return BenefitReport(tuple(people), tuple(errors))


def _whole(one: TransactionSet) -> None:
    """Refuse a set that is no 271, or of which something may be lost (B-2, B-9).

    Faults of form (dates, qualifiers, group ids) don't change what the payer says and are left
    to `mutual x12 check`.
    """
    info = one.info
    if info.set != "271":
        text = "this transaction is not a 271"
        raise X12Error(info.start, "ST", "01", "other_set", text)
    group = info.group.findings if info.group else []
    for fault in (*info.findings, *group, *one.interchange.findings):
        if fault.code in _LOSS:
            raise X12Error(fault.segment, fault.id, fault.element, fault.code, fault.text)


_LOSS = frozenset(
    f"{end}_{what}" for end in ("se", "ge", "iea") for what in ("control", "count", "missing")
) | {"outside"}


def _people(one: TransactionSet) -> Iterable[PersonBenefits]:
    people: list[_Person] = []
    above: list[Refusal] = []
    subscriber: _Person | None = None
    person: _Person | None = None
    eb: _Eb | None = None
    for segment in one.segments:
        name = segment.id
        if name == "HL":
            eb = None
            level = segment.get(3)
            if level in ("22", "23"):
                parent = subscriber if level == "23" else None
                person = _Person(
                    subscriber=level == "22",
                    member_id=parent.member_id if parent else None,
                    has_children=segment.get(4) == "1",
                    inherited=[*above, *(parent.refused if parent else [])],
                )
                people.append(person)
                subscriber = person if level == "22" else subscriber
            else:
                person = None
        elif name == "AAA":
            (person.refused if person else above).append(_refusal(segment))
        elif person is None:
            continue
        elif name == "EB":
            eb = _Eb(segment, [segment.position])
            person.ebs.append(eb)
        elif eb is None:
            if name == "NM1" and segment.get(1) in ("IL", "03") and segment.get(9):
                person.member_id = segment.get(9)
        else:
            _hang_on(eb, segment)
    if not people:
        people.append(_Person(True, None, False, above))
    for index, found in enumerate(people):
        following = people[index + 1] if index + 1 < len(people) else None
        only_named = not found.ebs and not found.refused
        if found.has_children and only_named and following and not following.subscriber:
            continue  # the subscriber is named only to introduce the dependent
        yield _person(found)


def _hang_on(eb: _Eb, segment: Segment) -> None:
    name = segment.id
    if name == "MSG":
        eb.messages.append(segment.get(1))
    elif name == "HSD":
        if segment.get(2):
            eb.quantity = (segment.get(1), number(segment.get(2), segment, 2))
    elif name == "NM1" and segment.get(1) != "IL":  # a policyholder is nobody to ask
        parts = (segment.get(4), segment.get(3))
        eb.vendor = eb.vendor or " ".join(part for part in parts if part) or None
    elif name == "PER":
        for n in (3, 5, 7):
            if segment.get(n + 1):
                eb.contacts.append((CONTACTS.get(segment.get(n), "other"), segment.get(n + 1)))
    elif name not in ("DTP", "N3", "N4", "NM1", "PRV", "REF"):
        return
    eb.segments.append(segment.position)


def _refusal(segment: Segment) -> Refusal:
    code = segment.get(3)
    text, step = REFUSALS.get(code, UNKNOWN_REFUSAL)
    action = segment.get(4)
    steps = [step, FOLLOW_UPS[action]] if action in FOLLOW_UPS else [step]
    if action in WAITING:  # to correct and ask again would contradict what the payer says
        steps = steps[1:]
    next_step = " ".join(say(one) for one in steps)
    return Refusal(code, say(text), next_step, (segment.position,))


def _decimal(segment: Segment, element: int) -> Decimal | None:
    """Element `element` as an exact number, None when it is empty; X12Error when it is none."""
    text = segment.get(element).strip()
    return number(text, segment, element) if text else None


def _facts(eb: _Eb) -> Iterable[Benefit]:
    head = eb.head
    period = head.get(6)
    quantity, quantity_code = _decimal(head, 10), head.get(9)
    if quantity is None and eb.quantity is not None:
        quantity_code, quantity = eb.quantity
    procedure = head.components(13)
    service_types: list[str | None] = [*head.repeats(3)]
    for service_type in service_types or [None]:
        yield Benefit(
            service_type=service_type,
            kind=KINDS.get(head.get(1), "other"),
            level=LEVELS.get(head.get(2)),
            network=NETWORKS.get(head.get(12)),
            period=None if period in ("", REMAINING) else PERIODS.get(period, period),
            amount=_decimal(head, 7),
            percent=_decimal(head, 8),
            quantity=quantity,
            quantity_kind=QUANTITIES.get(quantity_code, quantity_code or None),
            remaining=period in (REMAINING, LIFETIME_REMAINING),
            authorization=AUTHORIZATIONS.get(head.get(11)),
            procedure=procedure[1] if len(procedure) > 1 else None,
            plan=head.get(5) or None,
            segments=tuple(eb.segments),
            messages=tuple(eb.messages),
        )


def _person(found: _Person) -> PersonBenefits:
    facts: list[Benefit] = []
    carve_outs: list[CarveOut] = []
    for eb in found.ebs:
        facts.extend(_facts(eb))
        kind = KINDS.get(eb.head.get(1), "other")
        if kind in CARVE_OUTS:
            carve_outs.append(
                CarveOut(
                    kind,
                    tuple(eb.head.repeats(3)),
                    eb.vendor or eb.head.get(5) or None,
                    tuple(eb.contacts),
                    tuple(eb.messages),
                    tuple(eb.segments),
                )
            )
    return PersonBenefits(
        member_id=found.member_id,
        subscriber=found.subscriber,
        active=_active(facts),
        plan=next((fact.plan for fact in facts if fact.kind == "active" and fact.plan), None),
        benefits=tuple(facts),
        refused=(*found.inherited, *found.refused),
        carve_outs=tuple(carve_outs),
    )


def _active(facts: Iterable[Benefit]) -> bool | None:
    """The plan's own status (type 30 or no type) decides; a single service never hides it."""
    status = [fact for fact in facts if fact.kind in ("active", "inactive")]
    whole = [fact for fact in status if fact.service_type in (None, "30")]
    for group in (whole, status):
        if group:
            return any(fact.kind == "active" for fact in group)
    return None
