"""Shapes of a week, as data (rules/clinical.md, "The week").

Times are of the programme's wall clock: 18:00 stays 18:00 when the clocks change (F-1). Minutes
are those of the kinds. Each partner gets what is listed; the planner finds groups and clinicians.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from mutual.week.kinds import INSTEAD, KINDS


@dataclass(frozen=True)
class Slot:
    """One entry: day of the week (Monday 0), wall-clock start, kind."""

    day: int
    start: time
    kind: str


@dataclass(frozen=True)
class Template:
    """A shape of week; ``counts`` is what it plans for each partner, in minutes."""

    key: str
    title: StrPromise
    slots: tuple[Slot, ...]
    #: C-11: what a partner below intensive outpatient leaves out of the couple's week.
    not_below_iop: frozenset[str] = frozenset({"process_group", "boundaries"})

    @property
    def minutes(self) -> int:
        """Minutes of each partner that count toward the level of care."""
        return sum(KINDS[s.kind].minutes for s in self.slots if KINDS[s.kind].counts)

    def minutes_of(self, *attendance: str) -> int:
        """Counting minutes of each partner attended this way."""
        kinds = (KINDS[slot.kind] for slot in self.slots)
        return sum(k.minutes for k in kinds if k.counts and k.attendance in attendance)

    @property
    def has_conjoint(self) -> bool:
        """Whether the couples therapist's sessions are in it."""
        return any(KINDS[slot.kind].needs_clearance for slot in self.slots)


_SHARED = (
    Slot(0, time(17, 0), "skills_group"),
    Slot(0, time(18, 45), "psychoeducation"),
    Slot(2, time(17, 0), "process_group"),
    Slot(2, time(18, 45), "couples_skills"),
    Slot(3, time(16, 0), "individual"),
    Slot(3, time(17, 0), "boundaries"),
    Slot(3, time(18, 0), "conjoint"),
    Slot(5, time(10, 0), "relapse_prevention"),
)
# C-15: the two sessions the couples therapist leads become own sessions at the same hours.
_SIDE = tuple(Slot(s.day, s.start, INSTEAD.get(s.kind, s.kind)) for s in _SHARED)
_FIRST = (
    Slot(0, time(15, 0), "orientation"),
    Slot(1, time(16, 0), "intake"),
    Slot(1, time(18, 0), "medical_visit"),
    Slot(4, time(16, 0), "plan_session"),
    *_SIDE,
)
# C-11: at 1.5 intake and plan stand for the own sessions at the therapist's hours: 480 of 539.
_FIRST_LEFT_OUT = frozenset({"process_group", "boundaries", *INSTEAD.values()})
_LOWER = tuple(s for s in _SHARED if s.kind not in ("process_group", "boundaries"))

TEMPLATES: dict[str, Template] = {
    t.key: t
    for t in (
        Template("shared", _("Shared week"), _SHARED),
        Template("side_by_side", _("Side-by-side week"), _SIDE),
        Template("first", _("First week"), _FIRST, _FIRST_LEFT_OUT),
        Template("lower", _("1.5 week"), _LOWER),
        Template(
            "lower_side",
            _("1.5 week, side by side"),
            tuple(Slot(s.day, s.start, INSTEAD.get(s.kind, s.kind)) for s in _LOWER),
        ),
    )
}


def programme_zone() -> ZoneInfo:
    """The zone of the programme's wall clock."""
    return ZoneInfo(settings.PROGRAMME_ZONE)


def moment(day: date, at: time, zone: ZoneInfo | None = None) -> datetime:
    """The instant of a wall-clock time on a day, in the programme's zone (F-1).

    A time that the spring change skips is moved to the hour after it, as a wall clock is.
    """
    local = datetime.combine(day, at, zone or programme_zone())
    return local.astimezone(ZoneInfo("UTC"))


def weekly(first: date, at: time, weeks: int, zone: ZoneInfo | None = None) -> list[datetime]:
    """The instants of ``weeks`` weekly meetings at one wall-clock time (F-1)."""
    return [moment(first + timedelta(weeks=n), at, zone) for n in range(weeks)]


def monday_of(value: date | datetime) -> date:
    """The Monday of the programme week of a day or an instant."""
    day = value.astimezone(programme_zone()).date() if isinstance(value, datetime) else value
    return day - timedelta(days=day.weekday())


def week_span(monday: date) -> tuple[datetime, datetime]:
    """Monday 00:00 to Sunday 24:00 of the programme's zone."""
    return moment(monday, time()), moment(monday + timedelta(days=7), time())
