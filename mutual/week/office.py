"""The programme's week for who sees times and attendance but knows nobody's name (D8, D5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from mutual.people.lookups import staff_names
from mutual.wall import audit
from mutual.wall.context import Actor
from mutual.week.kinds import KINDS, NEUTRAL
from mutual.week.models import Attendance, Seat
from mutual.week.templates import programme_zone, week_span


@dataclass(frozen=True)
class Meeting:
    """One session of the week: when, what, with which clinician, how many places, who came."""

    start: datetime
    end: datetime
    title: str
    clinician: str
    places: int
    came: int
    missed: int
    cancelled: bool

    @property
    def day(self) -> date:
        """The day on the programme's calendar."""
        return self.start.astimezone(programme_zone()).date()


def meetings(actor: Actor, monday: date) -> list[Meeting]:
    """The sessions of a week whose places the actor may see, soonest first; three queries."""
    span = TimestamptzRange(*week_span(monday))
    seats = list(
        Seat.objects.visible_to(actor)
        .filter(during__overlap=span)
        .order_by("during", "session_id")
        .values_list("session_id", "kind", "during", "clinician_id", "cancelled")
    )
    outcomes: dict[UUID, list[str]] = {}
    marked = Attendance.objects.visible_to(actor).filter(
        session_id__in={session for session, *_rest in seats}
    )
    for session, outcome in marked.values_list("session_id", "status"):
        outcomes.setdefault(session, []).append(outcome)
    names = staff_names(list({clinician for *_rest, clinician, _off in seats}))
    audit.read("schedule_own", None, None, "week of the programme")
    grouped: dict[UUID, list[tuple[UUID, str, TimestamptzRange, UUID, bool]]] = {}
    for seat in seats:
        grouped.setdefault(seat[0], []).append(seat)
    return sorted(
        (_meeting(rows, outcomes.get(key, []), names) for key, rows in grouped.items()),
        key=lambda found: found.start,
    )


def _meeting(
    rows: list[tuple[UUID, str, TimestamptzRange, UUID, bool]],
    outcomes: Iterable[str],
    names: dict[UUID, str],
) -> Meeting:
    _session, kind, during, clinician, _off = rows[0]
    assert during.lower is not None and during.upper is not None
    said = list(outcomes)
    return Meeting(
        start=during.lower,
        end=during.upper,
        title=str(KINDS[kind].title) if kind in KINDS else str(NEUTRAL),
        clinician=names.get(clinician, ""),
        places=sum(not row[4] for row in rows),
        came=sum(outcome in ("attended", "partial") for outcome in said),
        missed=sum(outcome == "no_show" for outcome in said),
        cancelled=all(row[4] for row in rows),
    )
