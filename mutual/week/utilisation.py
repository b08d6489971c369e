"""All rooms of a day, and how full a week is: hours of clinicians, groups, what was cancelled.

Times, kinds and counts; whose sessions they are is not said here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import NotThere
from mutual.base.zones import zone as zone_of
from mutual.people.models import Staff
from mutual.wall.context import Actor, as_service
from mutual.week.clocks import Stretch, laid
from mutual.week.groups import PLANNERS
from mutual.week.kinds import KINDS
from mutual.week.minutes import Span, length, whole_minutes
from mutual.week.models import Group, Session, WorkTime
from mutual.week.templates import moment, week_span

READERS = (*PLANNERS, "director", "supervisor")


@dataclass(frozen=True)
class Room:
    """One session of the day."""

    start: datetime
    end: datetime
    title: str
    places: int
    capacity: int
    status: str
    late: bool


@dataclass
class Column:
    """One clinician's rooms of the day."""

    name: str
    rooms: list[Room] = field(default_factory=list)


@dataclass(frozen=True)
class Worked:
    """How one clinician's week is used; ``hours`` are None where nobody wrote them down."""

    name: str
    held: int
    hours: int | None

    @property
    def percent(self) -> int | None:
        """Of the hours of work, in sessions."""
        return round(100 * self.held / self.hours) if self.hours else None


@dataclass(frozen=True)
class Week:
    """A week of the programme in numbers."""

    worked: list[Worked]
    places: int
    taken: int
    held: int
    cancelled: int

    @property
    def fill(self) -> int:
        """Places taken in groups, in percent."""
        return round(100 * self.taken / self.places) if self.places else 0

    @property
    def lost(self) -> int:
        """Sessions cancelled, in percent of all planned."""
        whole = self.held + self.cancelled
        return round(100 * self.cancelled / whole) if whole else 0


def rooms(actor: Actor, day: date) -> list[Column]:
    """Every room of a day, by clinician; one query.

    Raises:
        NotThere: for who neither plans nor directs.
    """
    if not actor.has(*READERS):
        raise NotThere
    during = TimestamptzRange(moment(day, time()), moment(day + timedelta(days=1), time()))
    found: dict[str, Column] = {}
    now = timezone.now()
    for session in _sessions(during):
        kind = KINDS.get(session.kind)
        start, end = session.during.lower, session.during.upper
        assert start is not None and end is not None
        column = found.setdefault(session.clinician.name, Column(session.clinician.name))
        column.rooms.append(
            Room(
                start, end, str(kind.title) if kind else session.kind,
                session.places, kind.capacity if kind else 0,
                session.status, session.status == "planned" and start < now < end,
            )
        )  # fmt: skip
    return list(found.values())


def week(actor: Actor, monday: date) -> Week:
    """How full a week is; four queries."""
    if not actor.has(*READERS):
        raise NotThere
    start, end = week_span(monday)
    sessions = _sessions(TimestamptzRange(start, end))
    with as_service("rosters"):
        room = dict(Group.objects.values_list("id", "capacity"))
    hours = _hours(monday)
    held: dict[str, int] = {}
    taken = places = 0
    for session in sessions:
        if session.status == "cancelled":
            continue
        span = Span(session.during.lower, session.during.upper)
        name = session.clinician.name
        held[name] = held.get(name, 0) + whole_minutes(span.length)
        if session.subject_of == "G":
            places += room.get(session.subject_id, 0)
            taken += session.places
    worked = [Worked(name, held.get(name, 0), hours.get(name)) for name in sorted({*held, *hours})]
    gone = sum(s.status == "cancelled" for s in sessions)
    return Week(worked, places, taken, len(sessions) - gone, gone)


def _sessions(during: TimestamptzRange) -> list[Any]:
    with as_service("rosters"):
        return list(
            Session.objects.select_related("clinician")
            .filter(during__overlap=during)
            .annotate(places=Count("seats", filter=Q(seats__cancelled=False)))
            .order_by("clinician__name", "during")
        )


def _hours(monday: date) -> dict[str, int]:
    """Minutes of work of each member of staff in a week, supervision left out."""
    days = [monday + timedelta(days=n) for n in range(7)]
    times: dict[Staff, list[Stretch]] = {}
    for row in WorkTime.objects.select_related("staff").filter(what="work"):
        times.setdefault(row.staff, []).append(Stretch(row.day, row.start, row.end))
    return {
        staff.name: whole_minutes(
            length([s for d in days for s in laid(mine, d, zone_of(staff.zone))])
        )
        for staff, mine in times.items()
    }
