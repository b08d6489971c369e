"""Clocks to slots: the week as a row of equal slots of UTC, sets of slots as whole numbers.

Slot 0 begins on the programme's Monday at 00:00 of its own clock; a week with a change of clocks
has an hour more or less. A set of slots is an integer with one bit per slot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from mutual.week.solver.instance import Clinician, Instance, Partner, Window

Slots = int


def run(start: int, length: int) -> Slots:
    """The set of `length` slots from `start`."""
    return ((1 << length) - 1) << start


class Week:
    """The slots of one programme week."""

    def __init__(self, instance: Instance) -> None:
        programme = instance.programme
        self.zone, self.monday, self.minutes = programme.zone, programme.monday, programme.slot
        self.start = self._utc(programme.monday, 0, self.zone)
        end = self._utc(programme.monday + timedelta(days=7), 0, self.zone)
        self.count = int((end - self.start).total_seconds()) // 60 // self.minutes
        self.whole: Slots = run(0, self.count)
        #: Slot at which each local day of the programme begins, and the week's end.
        self.days = [
            self._floor(self._utc(self.monday + timedelta(days=n), 0, self.zone)) for n in range(8)
        ]
        self.day_of = [next(d for d in range(7) if s < self.days[d + 1]) for s in range(self.count)]
        closed = [d - self.monday for d in programme.holidays]
        shut = 0
        for gap in closed:
            if 0 <= gap.days < 7:
                first, last = self.days[gap.days], self.days[gap.days + 1]
                shut |= run(first, last - first)
        self.open: Slots = self.inside(programme.hours, lambda _day: self.zone) & ~shut

    @staticmethod
    def _utc(day: date, minute: int, zone: ZoneInfo) -> datetime:
        """A wall-clock minute of a day as a moment; 1440 is the next midnight."""
        clock = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
        return clock.replace(tzinfo=zone).astimezone(UTC)

    def _floor(self, moment: datetime) -> int:
        return int((moment - self.start).total_seconds() // 60) // self.minutes

    def _ceil(self, moment: datetime) -> int:
        return -(int((self.start - moment).total_seconds() // 60) // self.minutes)

    def slots(self, minutes: int) -> int:
        """How many slots hold so many minutes."""
        return -(-minutes // self.minutes)

    def moment(self, slot: int) -> datetime:
        """When a slot begins."""
        return self.start + timedelta(minutes=slot * self.minutes)

    def date_of(self, slot: int) -> date:
        """The programme's date on which a slot lies."""
        return self.monday + timedelta(days=self.day_of[slot])

    def slot_at(self, clock: datetime, zone: ZoneInfo) -> int | None:
        """The slot that begins at this wall-clock moment; None if none does."""
        moment = clock.replace(tzinfo=zone).astimezone(UTC)
        slot = self._floor(moment)
        return slot if 0 <= slot < self.count and self.moment(slot) == moment else None

    def _span(self, start: datetime, end: datetime, *, touching: bool) -> Slots:
        """Slots inside a stretch; with `touching` also those it only touches."""
        first = self._floor(start) if touching else self._ceil(start)
        last = self._ceil(end) if touching else self._floor(end)
        first, last = max(first, 0), min(last, self.count)
        return run(first, last - first) if last > first else 0

    def inside(
        self, windows: Iterable[Window], zone_on: Callable[[date], ZoneInfo], touching: bool = False
    ) -> Slots:
        """Slots inside weekly windows, on the clock of the zone that holds on each day."""
        found = 0
        by_day: dict[int, list[Window]] = {}
        for window in windows:
            by_day.setdefault(window.day, []).append(window)
        for n in range(-1, 8):
            day = self.monday + timedelta(days=n)
            for window in by_day.get(day.weekday(), ()):
                zone = zone_on(day)
                start = self._utc(day, window.start, zone)
                end = self._utc(day, window.end, zone)
                found |= self._span(start, end, touching=touching)
        return found

    def free_of(self, partner: Partner) -> Slots:
        """When a partner can come: their free windows, or always if none, less "never on"."""
        zone_on = self.zone_on(partner)
        free = self.inside(partner.free, zone_on) if partner.free else self.whole
        return free & ~self.inside(partner.never, zone_on, touching=True) & self.whole

    @staticmethod
    def zone_on(partner: Partner) -> Callable[[date], ZoneInfo]:
        """The zone in which a partner is on each day."""

        def found(day: date) -> ZoneInfo:
            for trip in partner.travel:
                if trip.first <= day <= trip.last:
                    return trip.zone
            return partner.zone

        return found

    def states_of(self, partner: Partner) -> list[str]:
        """The state in which a partner is on each of the seven days."""
        found = []
        for n in range(7):
            day = self.monday + timedelta(days=n)
            trip = next((t for t in partner.travel if t.first <= day <= t.last), None)
            found.append(trip.state if trip else partner.state)
        return found

    def hours_of(self, staff: Clinician) -> Slots:
        """When one of the staff works: their hours less time off."""
        found = self.inside(staff.hours, lambda _day: staff.zone)
        return found & ~self.away(staff)

    def away(self, staff: Clinician) -> Slots:
        """Slots that time off touches."""
        gone = 0
        for leave in staff.time_off:
            start = leave.start.replace(tzinfo=staff.zone).astimezone(UTC)
            end = leave.end.replace(tzinfo=staff.zone).astimezone(UTC)
            gone |= self._span(start, end, touching=True)
        return gone
