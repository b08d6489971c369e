"""Clinical minutes, presence and the weekly check: pure (C-33 to C-37, C-55, C-56, C-58).

Moments are aware and are compared in UTC, because a wall clock lies twice a year (F-1). A minute
is a minute of attendance; weekly minutes are whole, rounded down once per week.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from mutual.base.refusal import Refused
from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.episode.asam import weekly_minutes

BRIDGED = timedelta(minutes=5)
LATE = timedelta(minutes=10)
ATTENDED_PERCENT = 80
PER_DIEM_DAYS = 3
PER_DIEM_MINUTES = 180
PRESCRIBER_VISIT = "prescriber_visit"
ZERO_KINDS: frozenset[str] = frozenset(
    {
        "break",
        "meal",
        "recreation",
        "sober_activity",
        "mutual_help_meeting",
        "homework",
        "check_in",
        "waiting",
        "technical_help",
        "paperwork",
        "specimen_collection",
        "transport",
        "orientation",
    }
)
_WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time from `start` to `end`, aware, kept in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("give aware moments")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end < self.start:
            raise ValueError("a span ends after it starts")

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time without overlaps, in order; touching spans become one."""
    merged: list[Span] = []
    for span in sorted(span for span in spans if span.length):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def common(one: Iterable[Span], other: Iterable[Span]) -> tuple[Span, ...]:
    """The time that lies in both."""
    rest = union(other)
    return union(
        Span(max(a.start, b.start), min(a.end, b.end))
        for a in union(one)
        for b in rest
        if a.start < b.end and b.start < a.end
    )


def without(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """The time of `spans` that is not in `taken`."""
    left = list(union(spans))
    for hole in union(taken):
        pieces: list[Span] = []
        for span in left:
            if hole.end <= span.start or span.end <= hole.start:
                pieces.append(span)
                continue
            if span.start < hole.start:
                pieces.append(Span(span.start, hole.start))
            if hole.end < span.end:
                pieces.append(Span(hole.end, span.end))
        left = pieces
    return tuple(left)


def length(spans: Iterable[Span]) -> timedelta:
    """How much time the spans cover, overlaps once."""
    return sum((span.length for span in union(spans)), timedelta())


def whole_minutes(time: timedelta) -> int:
    """Whole minutes, rounded down."""
    return time // timedelta(minutes=1)


@dataclass(frozen=True)
class HeldSession:
    """A session as it happened: actual start and end, its breaks, who of the staff was there.

    `clinician` is the presence of qualified clinicians over all their connections; None where the
    clinician has confirmed the whole session.
    """

    kind: str
    held: Span
    breaks: tuple[Span, ...] = ()
    clinician: tuple[Span, ...] | None = None

    @property
    def net(self) -> tuple[Span, ...]:
        """The session less its breaks."""
        return without((self.held,), self.breaks)

    @property
    def net_minutes(self) -> int:
        """Minutes of the session less its breaks."""
        return whole_minutes(length(self.net))


def counts(kind: str, *, prescriber_counts: bool = False) -> bool:
    """Whether a kind of time can count toward the level of care at all (C-34).

    `prescriber_counts` is a payer's setting.
    """
    if kind == PRESCRIBER_VISIT:
        return prescriber_counts
    return kind not in ZERO_KINDS


def presence(session: HeldSession, connections: Iterable[Span]) -> tuple[Span, ...]:
    """When a person was present, over all connections, within the session less breaks (C-56).

    Gaps between the first and last moment, breaks apart, are bridged when they total 5 minutes or
    less; otherwise every one of them is subtracted whole.
    """
    there = common(connections, session.net)
    if not there:
        return ()
    span = common((Span(there[0].start, there[-1].end),), session.net)
    gaps = length(span) - length(there)
    return span if gaps <= BRIDGED else there


def clinical_spans(
    session: HeldSession, connections: Iterable[Span], *, prescriber_counts: bool = False
) -> tuple[Span, ...]:
    """The time that counts for one person in one session (C-33, C-34)."""
    if not counts(session.kind, prescriber_counts=prescriber_counts):
        return ()
    there = presence(session, connections)
    if session.clinician is None:
        return there
    return common(there, presence(session, session.clinician))


def clinical_minutes(
    session: HeldSession, connections: Iterable[Span], *, prescriber_counts: bool = False
) -> int:
    """Minutes that count for one person in one session (C-33)."""
    spans = clinical_spans(session, connections, prescriber_counts=prescriber_counts)
    return whole_minutes(length(spans))


def programme_week(moment: datetime, zone: ZoneInfo) -> date:
    """The Monday of the programme week (Monday 00:00 to Sunday 24:00 in `zone`)."""
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _by_day(spans: Iterable[Span], zone: ZoneInfo) -> dict[date, timedelta]:
    """Time by local day, overlaps once, split at local midnight (C-36)."""
    found: dict[date, timedelta] = {}
    for span in union(spans):
        start = span.start
        while start < span.end:
            day = start.astimezone(zone).date()
            midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
            end = min(span.end, midnight.astimezone(UTC))
            found[day] = found.get(day, timedelta()) + (end - start)
            start = end
    return found


def minutes_by_week(spans: Iterable[Span], zone: ZoneInfo) -> dict[date, int]:
    """Counted minutes by the Monday of their week: a make-up counts where it happens (C-58)."""
    weeks: dict[date, timedelta] = {}
    for day, time in _by_day(spans, zone).items():
        monday = day - timedelta(days=day.weekday())
        weeks[monday] = weeks.get(monday, timedelta()) + time
    return {monday: whole_minutes(time) for monday, time in sorted(weeks.items())}


def minutes_by_day(spans: Iterable[Span], zone: ZoneInfo) -> dict[date, int]:
    """Counted minutes by local day, for the payer's per-diem minimum (C-35)."""
    return {day: whole_minutes(time) for day, time in sorted(_by_day(spans, zone).items())}


Attendance = Literal["attended", "partial", "no_show"]


@dataclass(frozen=True)
class Attended:
    """How one person attended; minutes are those present."""

    status: Attendance
    minutes: int
    late: bool = False
    left_early: bool = False


def attendance(session: HeldSession, connections: Iterable[Span]) -> Attended:
    """Attended from 80 % of net minutes, partial from 1, no-show at 0 (C-55).

    Late is more than 10 minutes after the start, left early more than 10 before the end.
    """
    there = presence(session, connections)
    minutes = whole_minutes(length(there))
    status = attendance_of(minutes, session.net_minutes)
    if status == "no_show":
        return Attended(status, 0)
    return Attended(
        status,
        minutes,
        late=there[0].start - session.held.start > LATE,
        left_early=session.held.end - there[-1].end > LATE,
    )


def attendance_of(minutes: int, net_minutes: int) -> Attendance:
    """The status for whole minutes present of whole net minutes (C-55)."""
    if minutes < 1:
        return "no_show"
    return "attended" if minutes * 100 >= net_minutes * ATTENDED_PERCENT else "partial"


def refuse_mark(status: Literal["excused", "program_cancelled"], reason: str) -> None:
    """Raise `Refused` when staff excuse or cancel without a reason (C-55)."""
    if not reason.strip():
        raise Refused(say(_("say why")), rule="C-55", field="reason")


@dataclass(frozen=True)
class PersonWeek:
    """One partner's planned week, as the publisher reads it.

    `days` are counting minutes by day, `not_counting` the minutes planned beside them that do not
    count. `partial` is a first or last week (C-37).
    """

    name: str
    level: str
    days: Mapping[date, int] = field(default_factory=dict)
    not_counting: int = 0
    partial: bool = False

    @property
    def minutes(self) -> int:
        """Planned minutes that count."""
        return sum(self.days.values())


@dataclass(frozen=True)
class WeekCheck:
    """What stands against publishing a week, in words; warnings do not stop it."""

    refused: tuple[str, ...]
    warned: tuple[str, ...]

    @property
    def publishable(self) -> bool:
        """Whether nothing is refused."""
        return not self.refused


def check_week(
    people: Sequence[PersonWeek], *, per_diem_minutes: int = PER_DIEM_MINUTES
) -> WeekCheck:
    """Check each partner separately against their own level (C-27, C-35, C-37).

    `per_diem_minutes` is the payer's dated minimum for a billable day.
    """
    refused: list[str] = []
    warned: list[str] = []
    for person in people:
        limits = weekly_minutes(person.level)
        if person.partial or limits is None:
            continue
        least, most = limits
        short = least - person.minutes
        if short > 0:
            refused.append(_short(person, short, least))
        if most is not None and person.minutes > most:
            over = person.minutes - most
            refused.append(_count(_OVER_ONE, _OVER, over, person.name))
        if least:
            # A level below intensive outpatient has no billable days.
            warned += [
                words for words in _per_diem(person, per_diem_minutes) if words not in warned
            ]
    return WeekCheck(tuple(refused), tuple(warned))


_SHORT, _SHORT_ONE = _("{name} is {n} minutes short"), _("{name} is 1 minute short")
_SHORT_FOR, _SHORT_FOR_ONE = _("{n} minutes short for {name}"), _("1 minute short for {name}")
_OVER, _OVER_ONE = _("{name} is {n} minutes over"), _("{name} is 1 minute over")


def _count(one: str, many: str, n: int, name: str) -> str:
    return say(one, name=name) if n == 1 else say(many, name=name, n=n)


def _short(person: PersonWeek, short: int, least: int) -> str:
    if person.minutes + person.not_counting >= least:
        # Enough is planned, but part of it does not count (C-34).
        return _count(_SHORT_FOR_ONE, _SHORT_FOR, short, person.name)
    return _count(_SHORT_ONE, _SHORT, short, person.name)


def _per_diem(person: PersonWeek, least: int) -> list[str]:
    planned = {day: minutes for day, minutes in sorted(person.days.items()) if minutes > 0}
    full = sum(minutes >= least for minutes in planned.values())
    if full >= PER_DIEM_DAYS:
        return []
    found = []
    for day, minutes in planned.items():
        if minutes < least:
            weekday = say(_WEEKDAYS[day.weekday()])
            short = least - minutes
            if short == 1:
                found.append(say(_("{day} is 1 minute short of a billable day"), day=weekday))
            else:
                words = _("{day} is {n} minutes short of a billable day")
                found.append(say(words, day=weekday, n=short))
    if not found:
        words = _("{name} has {n} billable days this week, 3 are usual")
        found.append(say(words, name=person.name, n=full))
    return found
