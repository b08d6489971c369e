"""What in the trail somebody should look at; pure, over sums of a day (P-87, P-88).

A finding accuses nobody: it is a question for the privacy officer, with the numbers it is made of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

#: Different people whose records one member of staff opens in a day, at least, to be unusual; and
#: how many times the own usual day.
MANY_PEOPLE = 12
TIMES_USUAL = 3
#: Lines read between 11 pm and 5 am, at least, by somebody not on call.
NIGHT_LINES = 5
#: Refused tries of one member of staff in a day, at least.
MANY_REFUSED = 10
#: Days after the last of the care team has ended, from which on a look asks why.
AFTER_DAYS = 30
READING = ("read", "print", "export")
#: Relations that are care of this very person; the rest are duties for the whole programme.
CARE = {
    "own_counselor", "partner_counselor", "couples_therapist", "prescriber", "nurse", "supervisor",
    "leader",
}  # fmt: skip

RULES: dict[str, StrPromise] = {
    "emergency": _("Opened in an emergency"),
    "partner_try": _("A person tried to open a record that is not theirs"),
    "no_relation": _("Read without any relation in force at that moment"),
    "same_name": _("Reader and person share a last name"),
    "watched": _("A watched person, read from outside their team"),
    "after_care": _("Read long after the care ended"),
    "volume": _("Many different records in one day"),
    "night": _("Read at night, not on call"),
    "refused": _("Many refused tries"),
}


@dataclass(frozen=True)
class Sum:
    """Lines of one reader about one subject on one day, under one right."""

    day: date
    actor: UUID
    staff: bool
    subject: UUID | None
    under: frozenset[str]
    action: str
    lines: int
    night: int
    last_seq: int


@dataclass(frozen=True)
class Facts:
    """What the rules need beside the sums."""

    staff_names: Mapping[UUID, str] = field(default_factory=dict)
    family_names: Mapping[UUID, str] = field(default_factory=dict)
    #: When the last care relation to a person ended; ``None`` while one is in force.
    care_ended: Mapping[UUID, date] = field(default_factory=dict)
    #: (staff, day) on which a shift ran.
    on_call: Collection[tuple[UUID, date]] = ()
    watched: Collection[UUID] = ()
    #: People opened on usual days, by member of staff.
    usual: Mapping[UUID, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """Something to look at."""

    rule: str
    actor: UUID
    subject: UUID | None
    day: date
    facts: dict[str, int]
    last_seq: int


def judge(sums: Iterable[Sum], facts: Facts) -> list[Finding]:
    """All findings in these sums, each at most once for reader, person and day."""
    rows = list(sums)
    found: dict[tuple[str, UUID, UUID | None, date], Finding] = {}

    def add(rule: str, one: Sum, subject: UUID | None, **numbers: int) -> None:
        key = (rule, one.actor, subject, one.day)
        before = found.get(key)
        lines = numbers.pop("lines", one.lines) + (before.facts["lines"] if before else 0)
        last = max(one.last_seq, before.last_seq if before else 0)
        found[key] = Finding(rule, one.actor, subject, one.day, {"lines": lines, **numbers}, last)

    for one in rows:
        if one.action == "break-glass" or "break_glass" in one.under:
            add("emergency", one, one.subject)
        if one.action == "refused" and not one.staff and one.subject not in (None, one.actor):
            add("partner_try", one, one.subject)
        if one.staff and one.action in READING and one.subject is not None:
            for rule, days in _reading(one, facts):
                add(rule, one, one.subject, **({"days": days} if days else {}))
    for finding in _days(rows, facts):
        found[finding.rule, finding.actor, None, finding.day] = finding
    return list(found.values())


def _reading(one: Sum, facts: Facts) -> list[tuple[str, int]]:
    """Rules that one reading of one record meets, with the days where there are any."""
    found = []
    subject = one.subject
    assert subject is not None
    if not one.under:
        found.append(("no_relation", 0))
    family = facts.family_names.get(subject, "").casefold()
    if family and family in facts.staff_names.get(one.actor, "").casefold().split():
        found.append(("same_name", 0))
    if subject in facts.watched and not one.under & CARE:
        found.append(("watched", 0))
    ended = facts.care_ended.get(subject)
    if ended is not None and one.day - ended > timedelta(days=AFTER_DAYS):
        found.append(("after_care", (one.day - ended).days))
    return found


def _days(rows: list[Sum], facts: Facts) -> list[Finding]:
    """Rules about somebody's whole day."""
    days: dict[tuple[UUID, date], list[Sum]] = {}
    for one in rows:
        if one.staff:
            days.setdefault((one.actor, one.day), []).append(one)
    found = []
    for (actor, day), lines in days.items():
        last = max(one.last_seq for one in lines)
        reads = [one for one in lines if one.action in READING]
        people = len({one.subject for one in reads})
        usual = median(facts.usual.get(actor) or [0])
        if people >= MANY_PEOPLE and people > TIMES_USUAL * usual:
            numbers = {"lines": sum(o.lines for o in reads), "people": people, "usual": int(usual)}
            found.append(Finding("volume", actor, None, day, numbers, last))
        night = sum(one.night for one in reads)
        if night >= NIGHT_LINES and (actor, day) not in facts.on_call:
            found.append(Finding("night", actor, None, day, {"lines": night}, last))
        refused = sum(one.lines for one in lines if one.action == "refused")
        if refused >= MANY_REFUSED:
            found.append(Finding("refused", actor, None, day, {"lines": refused}, last))
    return found
