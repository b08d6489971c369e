"""What stands in a time: who is busy, at work, has time, is licensed where. Read once, for rules.

Runs as the services ``rosters`` and ``week_rules``: it answers yes or no and is never shown as
it is, so that a busy partner and a busy clinician look alike to who may not know (P-60).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import CharField, F, FilteredRelation, Q, Value
from psycopg.types.range import DateRange, TimestamptzRange

from mutual.base.zones import zone as zone_of
from mutual.people.models import Person, Staff
from mutual.wall.context import as_service
from mutual.week.clocks import Stretch, at_work, has_time, prefers, touches
from mutual.week.minutes import Span
from mutual.week.models import (
    ClosedDay,
    FreeTime,
    PersonBooking,
    StaffBooking,
    TimeAway,
    WorkTime,
)
from mutual.week.templates import programme_zone

Times = list[tuple[datetime, datetime]]


class Standing:
    """Everything that decides whether somebody can meet then; times taken are added by `take`."""

    def __init__(
        self,
        people: Sequence[UUID],
        start: datetime,
        end: datetime,
        *,
        staff: Iterable[UUID] | None = None,
        leaving_out: UUID | None = None,
    ) -> None:
        """Read the time from ``start`` to ``end``.

        Args:
            people: the partners concerned.
            staff: whose times are read; without it everybody's who works here.
            leaving_out: a session that may itself move.
        """
        self.people = list(people)
        during = TimestamptzRange(start, end)
        zone = programme_zone()
        days = DateRange(start.astimezone(zone).date(), end.astimezone(zone).date(), "[]")
        self.staff: dict[UUID, Staff] = {}
        self.licences: dict[UUID, list[tuple[str, Any]]] = {}
        self._read_staff(staff, days)
        self.closed = set(ClosedDay.objects.values_list("day", flat=True))
        self.busy_staff: dict[UUID, Times] = {}
        self.busy: dict[UUID, Times] = {}
        self.away: dict[UUID, Times] = {}
        self.work: dict[UUID, list[Stretch]] = {}
        self.said: dict[UUID, list[Stretch]] = {}
        with as_service("rosters"):
            self._read_times(during, leaving_out)
            self._read_stretches()
        self.home: dict[UUID, tuple[ZoneInfo, str]] = {}
        self.trips: list[tuple[UUID, Any, str, str]] = []
        with as_service("week_rules"):
            self._read_places(days)

    def _read_staff(self, ids: Iterable[UUID] | None, days: DateRange) -> None:
        """Who works here, each with the licences of these days beside them; one query."""
        rows = Staff.objects.filter(active_until__isnull=True)
        if ids is not None:
            rows = rows.filter(id__in=list(ids))
        held = FilteredRelation("licences", condition=Q(licences__valid__overlap=days))
        for one in rows.annotate(
            held=held, held_state=F("held__state"), held_valid=F("held__valid")
        ):
            self.staff.setdefault(one.id, one)
            if one.held_state is not None:
                self.licences.setdefault(one.id, []).append((one.held_state, one.held_valid))

    def _read_times(self, during: TimestamptzRange, leaving_out: UUID | None) -> None:
        """Times away, and what staff and these people are booked for; one query."""
        away = TimeAway.objects.filter(
            staff_id__in=list(self.staff), given_back=False, during__overlap=during
        )
        held = StaffBooking.objects.filter(cancelled=False, during__overlap=during)
        taken = PersonBooking.objects.filter(
            cancelled=False, during__overlap=during, person_id__in=self.people
        )
        if leaving_out:
            held = held.exclude(session_id=leaving_out)
            taken = taken.exclude(session_id=leaving_out)
        kept = {"away": self.away, "staff": self.busy_staff, "person": self.busy}
        for what, who, time in _of(away, "away", "staff_id", "during").union(
            _of(held, "staff", "staff_id", "during"),
            _of(taken, "person", "person_id", "during"),
            all=True,
        ):
            kept[what].setdefault(who, []).append(pair(time))

    def _read_stretches(self) -> None:
        """Weekly hours of staff, and what these people said of their weeks; one query."""
        columns = ("day", "start", "end", "what")
        hours = WorkTime.objects.filter(staff_id__in=list(self.staff))
        said = FreeTime.objects.filter(person_id__in=self.people)
        kept = {"staff": self.work, "person": self.said}
        for of, who, *stretch in _of(hours, "staff", "staff_id", *columns).union(
            _of(said, "person", "person_id", *columns), all=True
        ):
            kept[of].setdefault(who, []).append(Stretch(*stretch))

    def _read_places(self, days: DateRange) -> None:
        """Where these people live, with their journeys of these days beside them; one query."""
        gone = FilteredRelation("trips", condition=Q(trips__during__overlap=days))
        for person, name, state, when, where, there in (
            Person.objects.filter(id__in=self.people)
            .annotate(gone=gone)
            .values_list("id", "zone", "state", "gone__during", "gone__zone", "gone__state")
        ):
            self.home[person] = (zone_of(name), state)
            if when is not None:
                self.trips.append((person, when, where, there))

    # Where somebody is ---------------------------------------------------------------------

    def place(self, person: UUID, on: date) -> tuple[ZoneInfo, str]:
        """Zone and state of a person on a day, travel minded (F-2, C-46)."""
        for who, during, zone, state in self.trips:
            if who == person and on in during:
                return zone_of(zone), state
        return self.home.get(person, (programme_zone(), ""))

    def licensed(self, staff: UUID, people: Iterable[UUID], on: date) -> bool:
        """Whether a clinician is licensed then where each of the people is (C-46)."""
        held = {state for state, valid in self.licences.get(staff, ()) if on in valid}
        return all(self.place(person, on)[1] in held for person in people)

    # Who can then --------------------------------------------------------------------------

    def staff_free(self, staff: UUID, start: datetime, end: datetime) -> bool:
        """Whether a clinician works then and holds nothing else; nobody does on a holiday."""
        found = self.staff.get(staff)
        return (
            found is not None
            and start.astimezone(programme_zone()).date() not in self.closed
            and clear_of(self.busy_staff.get(staff, []), start, end)
            and clear_of(self.away.get(staff, []), start, end)
            and at_work(self.work.get(staff, ()), Span(start, end), zone_of(found.zone))
        )

    def person_free(self, person: UUID, start: datetime, end: datetime) -> bool:
        """Whether a person has no other session then and never said "never"."""
        return clear_of(self.busy.get(person, []), start, end) and self.has_time(person, start, end)

    def has_time(self, person: UUID, start: datetime, end: datetime) -> bool:
        """Whether the time suits what the person said of their week."""
        zone = self.place(person, start.astimezone(programme_zone()).date())[0]
        return has_time(self.said.get(person, ()), Span(start, end), zone)

    def preferred(self, person: UUID, start: datetime, end: datetime) -> bool:
        """Whether the person likes this time, where they said what they like."""
        zone = self.place(person, start.astimezone(programme_zone()).date())[0]
        return prefers(self.said.get(person, ()), Span(start, end), zone)

    def one_stays(self, start: datetime, end: datetime) -> bool:
        """Whether one of these people stays with the children then: not both at once (C-41)."""
        for person in self.people:
            care = [s for s in self.said.get(person, ()) if s.what == "care"]
            zone = self.place(person, start.astimezone(programme_zone()).date())[0]
            if care and touches(care, Span(start, end), zone):
                return True
        return False

    def together_free(self, people: Sequence[UUID], start: datetime, end: datetime) -> bool:
        """Whether all of these can be in sessions then; both at once not in child care hours."""
        if not all(self.person_free(person, start, end) for person in people):
            return False
        if not self.one_stays(start, end):
            return True
        others = [person for person in self.people if person not in people]
        return len(people) < 2 and all(
            clear_of(self.busy.get(person, []), start, end) for person in others
        )

    def take(self, staff: UUID, people: Iterable[UUID], start: datetime, end: datetime) -> None:
        """Note a session that will be written, so that the next one minds it."""
        self.busy_staff.setdefault(staff, []).append((start, end))
        for person in people:
            self.busy.setdefault(person, []).append((start, end))


def _of(rows: Any, what: str, who: str, *columns: str) -> Any:
    """Rows of one kind for a union: what they are, whose, and the columns all have."""
    named = rows.order_by().annotate(of=Value(what, CharField()), who=F(who))
    return named.values_list("of", "who", *columns)


def pair(during: TimestamptzRange) -> tuple[datetime, datetime]:
    """Both ends of a bounded time."""
    assert during.lower is not None and during.upper is not None
    return during.lower, during.upper


def clear_of(times: Times, start: datetime, end: datetime) -> bool:
    """Whether a time overlaps none of these."""
    return all(end <= taken or until <= start for taken, until in times)
