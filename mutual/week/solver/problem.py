"""What may go where: persons, units to place and their candidates, as numbers and slot sets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from mutual.week.solver.instance import Couple, Group, Instance, Kind, Want
from mutual.week.solver.windows import Slots, Week, run


class Place(NamedTuple):
    """One place for one unit: a start with a clinician, or a section at one of its options."""

    start: int
    length: int
    day: int
    staff: int
    section: int
    option: int
    cost: int
    mask: Slots
    wide: Slots  # with the person's break after it


class Option(NamedTuple):
    """When a section may stand and who leads it."""

    start: int
    leaders: tuple[int, ...]


@dataclass
class Person:
    """One partner as numbers; `other` is the index of the partner."""

    index: int
    id: str
    couple: int
    other: int
    free: Slots
    prefer: Slots
    states: list[str]
    counselor: int
    least: int
    most: int
    judged: bool
    units: list[int] = field(default_factory=list)
    apart: list[int] = field(default_factory=list)


@dataclass
class Helper:
    """One of the staff as numbers."""

    index: int
    id: str
    hours: Slots
    pause: int
    day_minutes: int


@dataclass
class Section:
    """One section of a group kind with every option it could stand at."""

    index: int
    id: str
    group: Group
    kind: Kind
    length: int
    capacity: int
    options: list[Option]
    members: list[int] = field(default_factory=list)  # units that may sit in it


@dataclass
class Unit:
    """One session or seat to place; `places` are those of an own or couple's session."""

    index: int
    id: str
    want: Want
    kind: Kind
    couple: int
    persons: tuple[int, ...]
    must: bool
    length: int
    places: list[Place]
    sections: list[int] = field(default_factory=list)


class Problem:
    """Everything the greedy search, the model and the explanation need."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.week = Week(instance)
        self.costs = instance.costs
        self.pause = self.week.slots(instance.programme.partner_break)
        self.day_minutes = instance.programme.day_minutes
        self.staff_at = {key: n for n, key in enumerate(instance.staff)}
        self.helpers = [
            Helper(n, s.id, self.week.hours_of(s), self.week.slots(s.break_minutes), s.day_minutes)
            for n, s in enumerate(instance.staff.values())
        ]
        self.licensed = [
            [
                {state for state, last in s.licences.items() if last >= self.week.date_of(first)}
                for first in self.week.days[:7]
            ]
            for s in instance.staff.values()
        ]
        self.persons: list[Person] = []
        self.care: list[Slots] = []
        for couple in instance.couples:
            self._add_persons(couple)
        at = {p.id: p.index for p in self.persons}
        for one, two in instance.keep_apart:
            self.persons[at[one]].apart.append(at[two])
            self.persons[at[two]].apart.append(at[one])
        self.sections = [self._section(n, g) for n, g in enumerate(instance.groups)]
        self.units: list[Unit] = []
        self.of_couple: list[list[int]] = [[] for _ in instance.couples]
        for n, couple in enumerate(instance.couples):
            for want in couple.wants:
                self._add_unit(n, couple, want)
        self._seats: dict[tuple[int, int, int], Place | None] = {}

    def _add_persons(self, couple: Couple) -> None:
        first = len(self.persons)
        levels = self.instance.programme.levels
        for n, partner in enumerate(couple.partners):
            least, most = levels[partner.level]
            limits = [m for m in (most, partner.authorised) if m is not None]
            if partner.authorised is not None:
                least = min(least, partner.authorised)
            least = 0 if partner.partial else least
            self.persons.append(
                Person(
                    first + n, partner.id, first // 2, first + 1 - n, self.week.free_of(partner),
                    self.week.inside(partner.prefer, self.week.zone_on(partner)),
                    self.week.states_of(partner), self.staff_at.get(partner.counselor, -1),
                    least, min(limits, default=10_000), least > 0,
                )
            )  # fmt: skip
        zone_on = self.week.zone_on(couple.partners[0])
        self.care.append(self.week.inside(couple.child_care, zone_on, touching=True))

    def _section(self, n: int, group: Group) -> Section:
        kind = self.instance.kinds[group.kind]
        length = self.week.slots(kind.minutes + kind.breaks)
        capacity = kind.capacity
        if group.leaders_needed == 2:
            capacity = max(capacity, kind.capacity_two)
        capacity = max(0, capacity - group.taken)
        return Section(n, group.id, group, kind, length, capacity, self._options(group, length))

    def _options(self, group: Group, length: int) -> list[Option]:
        if group.at is not None:
            clock = self.week.days[group.at.day]
            base = self.week.moment(clock).astimezone(self.week.zone)
            hour, minute = divmod(group.at.minute, 60)
            if hour > 23:
                return []
            start = self.week.slot_at(
                base.replace(hour=hour, minute=minute, tzinfo=None), self.week.zone
            )
            if start is None:
                return []
            found = Option(start, tuple(self.staff_at[s] for s in group.at.leaders))
            if self.stands(found, length):
                return [found]
            starts: Iterable[int] = (start,)  # its leader is away: who else may lead it then
        else:
            starts = range(0, self.week.count - length + 1, self.week.slots(30))
        leaders = [self.staff_at[s] for s in group.leaders]
        teams = [(one,) for one in leaders] if group.leaders_needed == 1 else [
            (one, two) for k, one in enumerate(leaders) for two in leaders[k + 1 :]
        ]  # fmt: skip
        return [
            Option(s, team)
            for s in starts
            for team in teams
            if self.stands(Option(s, team), length)
        ]

    def stands(self, option: Option, length: int) -> bool:
        """Whether the programme is open and the leaders work then."""
        mask = run(option.start, length)
        return not mask & ~self.week.open and not any(
            mask & ~self.helpers[s].hours for s in option.leaders
        )

    def _add_unit(self, n: int, couple: Couple, want: Want) -> None:
        kind = self.instance.kinds[want.kind]
        both = (2 * n, 2 * n + 1)
        persons = both if want.who == "both" else (both[want.who == "B"],)
        length = self.week.slots(kind.minutes + kind.breaks)
        unit = Unit(len(self.units), want.id, want, kind, n, persons, want.must, length, [])
        if kind.scope == "group":
            for section in self.sections:
                if section.group.kind == kind.key and self.suits(section.group, couple):
                    unit.sections.append(section.index)
                    section.members.append(unit.index)
        elif not (kind.clearance and not couple.conjoint):
            unit.places = list(self.own_places(unit, self.staff_for(unit)))
        self.units.append(unit)
        self.of_couple[n].append(unit.index)
        for p in persons:
            self.persons[p].units.append(unit.index)

    @staticmethod
    def suits(group: Group, couple: Couple) -> bool:
        """Whether a section is for the couple's track and language, and the couple is cleared."""
        return group.track in ("", couple.track) and group.language in ("", couple.language)

    def staff_for(self, unit: Unit) -> list[int]:
        """Who may hold an own or couple's session: never the other's counselor (C-3, C-4)."""
        couple, want = self.instance.couples[unit.couple], unit.want
        if want.pin and want.pin.staff:
            named: Iterable[str] = (want.pin.staff,)
        elif want.staff:
            named = want.staff
        elif unit.kind.roles == ("couples_therapist",):
            named = (couple.therapist,) if couple.therapist else ()
        elif unit.kind.roles == ("counselor",) and len(unit.persons) == 1:
            own = self.persons[unit.persons[0]].counselor
            return [own] if own >= 0 else []
        else:
            named = (
                s.id for s in self.instance.staff.values()
                if set(s.roles) & set(unit.kind.roles)
                and (not couple.language or couple.language in s.languages)
            )  # fmt: skip
        found = [self.staff_at[key] for key in named]
        if unit.kind.scope != "own":
            return found
        other = self.persons[self.persons[unit.persons[0]].other].counselor
        barred = {other, self.staff_at.get(couple.therapist, -1)}
        return [s for s in found if s not in barred]

    def own_places(
        self,
        unit: Unit,
        staff: list[int],
        *,
        free: bool = True,
        hours: bool = True,
        licence: bool = True,
        care: bool = True,
    ) -> Iterable[Place]:
        """Every start that the persons, the clinician and the programme's hours allow.

        A flag set to False leaves that condition out, for the explanation of what is missing.
        """  # fmt: skip
        room = self.week.open
        for p in unit.persons:
            room &= self.persons[p].free if free else self.week.whole
        if len(unit.persons) == 2 and care:
            room &= ~self.care[unit.couple]
        starts: Iterable[int] = range(self.week.count - unit.length + 1)
        if unit.want.pin:
            pinned = self.week.slot_at(unit.want.pin.start, self.week.zone)
            starts = () if pinned is None else (pinned,)
        usual = self.staff_at.get(unit.want.usual or self._usual(unit), -1)
        for start in starts:
            mask = run(start, unit.length)
            if mask & ~room:
                continue
            day = self.week.day_of[start]
            cost = sum(self.preference(p, mask) for p in unit.persons)
            for s in staff:
                if hours and mask & ~self.helpers[s].hours:
                    continue
                if licence and not self.may_treat(s, unit.persons, day):
                    continue
                other = self.costs.other_staff if usual >= 0 and s != usual else 0
                yield Place(start, unit.length, day, s, -1, -1, cost + other, mask,
                            run(start, unit.length + self.pause))  # fmt: skip

    def _usual(self, unit: Unit) -> str:
        couple = self.instance.couples[unit.couple]
        if unit.kind.roles == ("couples_therapist",):
            return couple.therapist
        if unit.kind.roles == ("counselor",) and len(unit.persons) == 1:
            return couple.partners[unit.persons[0] % 2].counselor
        return ""

    def preference(self, person: int, mask: Slots) -> int:
        """What a session outside a person's preferred hours costs."""
        prefer = self.persons[person].prefer
        return self.costs.prefer if prefer and mask & ~prefer else 0

    def may_treat(self, staff: int, persons: Iterable[int], day: int) -> bool:
        """Whether a clinician is licensed where each person is on that day (C-46)."""
        held = self.licensed[staff][day]
        return all(self.persons[p].states[day] in held for p in persons)

    def seat(self, unit: Unit, section: int, option: int) -> Place | None:
        """The seat of a unit in a section at one of its options, or None if it cannot be."""
        key = (unit.index, section, option)
        if key not in self._seats:
            self._seats[key] = self._seat(unit, section, option)
        return self._seats[key]

    def _seat(self, unit: Unit, section: int, option: int) -> Place | None:
        where = self.sections[section]
        start, leaders = where.options[option]
        mask = run(start, where.length)
        day = self.week.day_of[start]
        couple = self.instance.couples[unit.couple]
        if where.kind.clearance and not couple.conjoint:
            return None
        if len(unit.persons) == 2 and mask & self.care[unit.couple]:
            return None
        for p in unit.persons:
            person = self.persons[p]
            if mask & ~person.free:
                return None
            # C-5: nobody leads a process group that the partner of a client of theirs attends.
            if where.kind.process and self.persons[person.other].counselor in leaders:
                return None
        if not all(self.may_treat(s, unit.persons, day) for s in leaders):
            return None
        cost = sum(self.preference(p, mask) for p in unit.persons)
        return Place(start, where.length, day, -1, section, option, cost, mask,
                     run(start, where.length + self.pause))  # fmt: skip

    def places(self, unit: Unit, calendar: list[int]) -> list[Place]:
        """Every place of a unit while the groups' calendar is held."""
        if unit.kind.scope != "group":
            return unit.places
        found = (self.seat(unit, s, calendar[s]) for s in unit.sections if calendar[s] >= 0)
        return [place for place in found if place is not None]
