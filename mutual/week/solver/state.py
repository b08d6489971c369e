"""A week in the making: who is busy when, what fits, what it costs."""

from __future__ import annotations

from mutual.week.solver.problem import Place, Problem, Unit
from mutual.week.solver.windows import Slots, run

#: A wanted session that must be and is not; a missing minute of a level's hours.
MISSING = 10_000
SHORT = 100


class State:
    """Places chosen so far, kept so that a place can be tried and taken back quickly."""

    def __init__(self, problem: Problem, calendar: list[int]) -> None:
        self.problem = problem
        self.calendar = calendar
        self.choice: list[Place | None] = [None] * len(problem.units)
        self.busy: list[Slots] = [0] * len(problem.persons)
        self.there: list[Slots] = [0] * len(problem.persons)
        self.staff: list[Slots] = [0] * len(problem.helpers)
        self.filled = [0] * len(problem.sections)
        self.seats: list[set[int]] = [set() for _ in problem.persons]
        self.minutes = [[0] * 7 for _ in problem.persons]
        self.work = [[0] * 7 for _ in problem.helpers]
        self.counted = [0] * len(problem.persons)
        for section in problem.sections:
            if calendar[section.index] >= 0:
                self.lead(section.index, calendar[section.index])

    def lead(self, section: int, option: int) -> None:
        """Note that a section stands: its leaders are busy."""
        where = self.problem.sections[section]
        start, leaders = where.options[option]
        self.calendar[section] = option
        for s in leaders:
            self.staff[s] |= run(start, where.length + self.problem.helpers[s].pause)
            self.work[s][self.problem.week.day_of[start]] += where.kind.minutes

    def unlead(self, section: int) -> None:
        """Take a section from where it stands; nobody may sit in it."""
        where = self.problem.sections[section]
        start, leaders = where.options[self.calendar[section]]
        self.calendar[section] = -1
        for s in leaders:
            self.staff[s] &= ~run(start, where.length + self.problem.helpers[s].pause)
            self.work[s][self.problem.week.day_of[start]] -= where.kind.minutes

    def may_lead(self, section: int, option: int) -> bool:
        """Whether the leaders of an option are free."""
        where = self.problem.sections[section]
        start, leaders = where.options[option]
        day = self.problem.week.day_of[start]
        for s in leaders:
            helper = self.problem.helpers[s]
            if self.staff[s] & run(start, where.length + helper.pause):
                return False
            if self.work[s][day] + where.kind.minutes > helper.day_minutes:
                return False
        return True

    def fits(self, unit: Unit, place: Place) -> bool:
        """Whether a unit can go there beside what is placed."""
        problem = self.problem
        start, length, day, staff, section, _option, _cost, mask, wide = place
        minutes = unit.kind.minutes
        for p in unit.persons:
            if self.busy[p] & wide or self.minutes[p][day] + minutes > problem.day_minutes:
                return False
            if unit.kind.counts and self.counted[p] + minutes > problem.persons[p].most:
                return False
        if staff >= 0:
            helper = problem.helpers[staff]
            if self.staff[staff] & run(start, length + helper.pause):
                return False
            if self.work[staff][day] + minutes > helper.day_minutes:
                return False
        else:
            if self.filled[section] + len(unit.persons) > problem.sections[section].capacity:
                return False
            for p in unit.persons:
                if any(section in self.seats[q] for q in problem.persons[p].apart):
                    return False
        if len(unit.persons) == 1:
            other = problem.persons[unit.persons[0]].other
            same = section >= 0 and section in self.seats[other]
            if same and unit.kind.attendance == "apart":
                return False
            both = self.there[other] & mask
            if both and (both & problem.care[unit.couple] or not (same or self._rooms(unit) > 1)):
                return False
        return True

    def _rooms(self, unit: Unit) -> int:
        return self.problem.instance.couples[unit.couple].rooms

    def put(self, unit: Unit, place: Place) -> None:
        """Place a unit."""
        self._count(unit, place, 1)
        self.choice[unit.index] = place
        for p in unit.persons:
            self.busy[p] |= place.wide
            self.there[p] |= place.mask
            if place.section >= 0:
                self.seats[p].add(place.section)
        if place.staff >= 0:
            pause = self.problem.helpers[place.staff].pause
            self.staff[place.staff] |= run(place.start, place.length + pause)

    def take(self, unit: Unit) -> Place | None:
        """Take a unit back; its place."""
        place = self.choice[unit.index]
        if place is None:
            return None
        self._count(unit, place, -1)
        self.choice[unit.index] = None
        for p in unit.persons:
            self.busy[p] &= ~place.wide
            self.there[p] &= ~place.mask
            if place.section >= 0:
                self.seats[p].discard(place.section)
        if place.staff >= 0:
            pause = self.problem.helpers[place.staff].pause
            self.staff[place.staff] &= ~run(place.start, place.length + pause)
        return place

    def _count(self, unit: Unit, place: Place, sign: int) -> None:
        minutes = sign * unit.kind.minutes
        for p in unit.persons:
            self.minutes[p][place.day] += minutes
            if unit.kind.counts:
                self.counted[p] += minutes
        if place.staff >= 0:
            self.work[place.staff][place.day] += minutes
        else:
            self.filled[place.section] += sign * len(unit.persons)

    @property
    def missing(self) -> list[int]:
        """Units that must be placed and are not."""
        return [u.index for u in self.problem.units if u.must and self.choice[u.index] is None]

    def cost(self) -> int:
        """The whole week's cost, missing sessions apart."""
        total = sum(self.couple_cost(n) for n in range(len(self.problem.of_couple)))
        return total + sum(self.section_cost(n) for n in range(len(self.problem.sections)))

    def penalty(self) -> int:
        """What keeps the week from being whole: missing sessions and minutes."""
        short = sum(max(0, p.least - self.counted[p.index]) for p in self.problem.persons)
        return MISSING * len(self.missing) + SHORT * short

    def section_cost(self, section: int) -> int:
        """A section below the least it needs to run as itself (C-43)."""
        filled, least = self.filled[section], self.problem.sections[section].kind.least
        return self.problem.costs.least if 0 < filled < least else 0

    def couple_cost(self, couple: int) -> int:
        """What one couple's week costs."""
        return couple_cost(self.problem, couple, self.choice)


def couple_cost(problem: Problem, couple: int, choice: list[Place | None]) -> int:
    """What one couple's week costs: the terms of docs/reference/week-instance.md."""
    costs = problem.costs
    total = 0
    classes: dict[str, list[set[int]]] = {}
    wanted: dict[str, set[int]] = {}
    for p in (2 * couple, 2 * couple + 1):
        person = problem.persons[p]
        days: dict[int, list[int]] = {}
        counted = [0] * 7
        for index in person.units:
            unit, place = problem.units[index], choice[index]
            if unit.kind.attendance == "side":
                wanted.setdefault(unit.kind.key, set()).add(p % 2)
            if place is None:
                continue
            day = days.setdefault(place.day, [place.start, 0, 0])
            day[0] = min(day[0], place.start)
            day[1] = max(day[1], place.start + place.length)
            day[2] += place.length
            if unit.kind.counts:
                counted[place.day] += unit.kind.minutes
            if unit.kind.attendance == "side" and place.section >= 0:
                pair = classes.setdefault(unit.kind.key, [set(), set()])
                pair[p % 2].add(place.section)
        for first, last, taken in days.values():
            total += costs.day + costs.wait * (last - first - taken)
        if person.judged:
            programme = problem.instance.programme
            full = sum(m >= programme.per_diem_minutes for m in counted)
            total += costs.per_diem * max(0, programme.per_diem_days - full)
    for key, (one, two) in classes.items():
        if len(wanted[key]) == 2:  # a class that both are to have and A attends without B
            total += costs.classes * len(one - two)
    for index in problem.of_couple[couple]:
        chosen = choice[index]
        if chosen is not None:
            total += chosen.cost
        elif not problem.units[index].must:
            total += costs.wish
    return total
