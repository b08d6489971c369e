"""A couple over the weeks: which patterns their notes named, and the balance of their hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.record.content import zone
from mutual.record.patterns import PATTERNS, word
from mutual.record.queries import bodies
from mutual.wall import audit
from mutual.wall.context import Actor
from mutual.week.kinds import KINDS, SessionKind
from mutual.week.models import Attendance
from mutual.week.templates import monday_of, week_span

#: Weeks that are looked back, for patterns and for hours.
PATTERN_WEEKS, HOUR_WEEKS = 12, 6


@dataclass(frozen=True)
class Line:
    """One pattern over the weeks: how many sessions named it."""

    tag: str
    counts: list[int]

    @property
    def word(self) -> str:
        """What it is called."""
        return word(self.tag)

    @property
    def helps(self) -> bool | None:
        """Whether it carries the relationship; ``None`` for own words."""
        return PATTERNS[self.tag].helps if self.tag in PATTERNS else None

    @property
    def total(self) -> int:
        """Sessions in all."""
        return sum(self.counts)


@dataclass(frozen=True)
class Seen:
    """Patterns of a couple by week, oldest week first.

    Attributes:
        weeks: Mondays.
        sessions: signed couple notes in each week.
        lines: the most frequent first.
    """

    weeks: list[date]
    sessions: list[int]
    lines: list[Line] = field(default_factory=list)

    def share(self, helps: bool) -> list[float | None]:
        """Tags of one sort for each session of a week; ``None`` in a week without a session."""
        rows = [line.counts for line in self.lines if line.helps is helps]
        return [
            round(sum(row[n] for row in rows) / met, 1) if met else None
            for n, met in enumerate(self.sessions)
        ]


def seen(actor: Actor, couple_id: UUID, today: date, weeks: int = PATTERN_WEEKS) -> Seen:
    """What the signed couple notes of the last weeks named; one query.

    Whoever may not read the couple's notes sees none.
    """
    mondays = _mondays(today, weeks)
    rows: Any = list(
        bodies(actor)
        .filter(
            kind="conjoint_note",
            subject_id=couple_id,
            signed=True,
            note__service_date__gte=mondays[0],
        )
        .values("patterns", "note__starts_at")
    )
    sessions = [0] * weeks
    found: dict[str, list[int]] = {}
    for row in rows:
        monday = monday_of(row["note__starts_at"].astimezone(zone()))
        if monday not in mondays:
            continue
        place = mondays.index(monday)
        sessions[place] += 1
        for tag in set(row["patterns"]):
            found.setdefault(tag, [0] * weeks)[place] += 1
    if rows:
        audit.read("conjoint_note", couple_id, None, "patterns")
    lines = sorted((Line(t, c) for t, c in found.items()), key=lambda n: (-n.total, n.word))
    return Seen(mondays, sessions, lines)


#: Where a counted minute was spent, in the order in which it is shown.
PARTS: dict[str, str] = {
    "individual": _("One to one"),
    "group": _("Groups of one’s own"),
    "side": _("Side by side"),
    "together": _("Together"),
}


def part(kind: SessionKind) -> str:
    """Which part of the balance a kind of session belongs to (C-40)."""
    if kind.attendance == "together":
        return "together"
    if kind.attendance == "side":
        return "side"
    return "group" if kind.subject == "G" else "individual"


@dataclass(frozen=True)
class Week:
    """Attended minutes of one person in one week, by part."""

    monday: date
    minutes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))

    @property
    def total(self) -> int:
        """All of them: equal to the attendance that counts (C-33, C-34)."""
        return sum(self.minutes.values())

    @property
    def parts(self) -> list[tuple[str, int]]:
        """Words and minutes, in order."""
        return [(say(PARTS[key]), self.minutes[key]) for key in PARTS]


def balance(
    actor: Actor, people: Iterable[UUID], today: date, weeks: int = HOUR_WEEKS
) -> dict[UUID, list[Week]]:
    """The last weeks of several people, oldest first; one query.

    Minutes are those of the confirmed attendance in kinds that count toward the level of care.
    """
    asked = list(people)
    mondays = _mondays(today, weeks)
    found = {person: {monday: Week(monday) for monday in mondays} for person in asked}
    span = TimestamptzRange(week_span(mondays[0])[0], week_span(mondays[-1])[1])
    rows = (
        Attendance.objects.visible_to(actor)
        .filter(person_id__in=asked, minutes__gt=0, session__during__overlap=span)
        .values_list("person_id", "session__kind", "session__during", "minutes")
    )
    for person, key, during, minutes in rows:
        kind = KINDS.get(key)
        week = found[person].get(monday_of(during.lower.astimezone(zone())))
        if kind is not None and kind.counts and week is not None:
            week.minutes[part(kind)] += minutes
    return {person: list(by_week.values()) for person, by_week in found.items()}


def _mondays(today: date, weeks: int) -> list[date]:
    last = monday_of(today)
    return [last - timedelta(weeks=n) for n in range(weeks - 1, -1, -1)]
