"""The CP-SAT model of part of a week: some couples free, everything else as it stands.

One boolean for each place of each free unit. Sessions of one person or clinician are kept apart
slot by slot with at-most-one sets, which the solver reads as they are; only days, waiting and the
per-diem need integers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from mutual.week.solver.hinted import Hinted
from mutual.week.solver.outcome import Limits, Outcome, same_place
from mutual.week.solver.problem import Place, Unit
from mutual.week.solver.state import MISSING, SHORT, State
from mutual.week.solver.windows import run

_MOVE = 100


class Part(Hinted):
    """The model of some couples (and sections) of a state."""

    def __init__(
        self,
        state: State,
        couples: Iterable[int],
        sections: dict[int, list[int]] | None = None,
        before: dict[int, Place] | None = None,
        *,
        alone: bool = False,
    ) -> None:
        """Build it.

        Args:
            state: the week as it stands; units of other couples stay.
            couples: couples whose units are free.
            sections: sections that may move, with the options they may take; whoever sits in
                them must be among `couples`.
            before: if given, the objective is the number of units that leave these places.
            alone: leave out what depends on other couples (for a lower bound).
        """
        super().__init__()
        self.state, self.problem = state, state.problem
        self.couples = sorted(set(couples))
        self.moving = sections or {}
        self.before, self.alone = before, alone
        self.literals: dict[int, list[tuple[Place, Any]]] = {}
        self.stands: dict[tuple[int, int], Any] = {}
        self._persons: dict[tuple[int, int], list[Any]] = defaultdict(list)
        self._staff: dict[tuple[int, int], list[Any]] = defaultdict(list)
        self._staff_day: dict[tuple[int, int], list[tuple[Any, int]]] = defaultdict(list)
        self._seats: dict[int, list[tuple[Unit, Any]]] = defaultdict(list)
        self._fixed()
        self._sections()
        for n in self.couples:
            for u in self.problem.of_couple[n]:
                self._unit(self.problem.units[u])
        self._no_overlap()
        self._capacity()
        for n in self.couples:
            self._couple(n)
        self.model.minimize(self._sum(self.terms))

    def _fixed(self) -> None:
        """What the units and sections that stay take of clinicians and seats."""
        problem, free = self.problem, set(self.couples)
        self.busy = [0] * len(problem.helpers)
        self.work = [[0] * 7 for _ in problem.helpers]
        self.filled = [0] * len(problem.sections)
        self.sitting: dict[int, set[int]] = defaultdict(set)
        for section, option in enumerate(self.state.calendar):
            if option >= 0 and section not in self.moving:
                where = problem.sections[section]
                start, leaders = where.options[option]
                for s in leaders:
                    self._take(s, start, where.length, where.kind.minutes)
        for unit in problem.units:
            place = self.state.choice[unit.index]
            if unit.couple in free or place is None:
                continue
            if place.staff >= 0:
                self._take(place.staff, place.start, place.length, unit.kind.minutes)
            else:
                self.filled[place.section] += len(unit.persons)
                self.sitting[place.section].update(unit.persons)

    def _take(self, staff: int, start: int, length: int, minutes: int) -> None:
        self.busy[staff] |= run(start, length + self.problem.helpers[staff].pause)
        self.work[staff][self.problem.week.day_of[start]] += minutes

    def _sections(self) -> None:
        for section, options in self.moving.items():
            where = self.problem.sections[section]
            made = []
            for o in options:
                start, leaders = where.options[o]
                day = self.problem.week.day_of[start]
                if any(self._blocked(s, start, where.length, day, where.kind.minutes)
                       for s in leaders):  # fmt: skip
                    continue
                literal = self._bool(o == self.state.calendar[section])
                made.append(literal)
                self.stands[section, o] = literal
                for s in leaders:
                    self._occupy(s, start, where.length, day, where.kind.minutes, literal)
                if o != self.state.calendar[section] and self.before is not None:
                    self.terms.append((literal, _MOVE))
            self.model.add_at_most_one(made)

    def _blocked(self, staff: int, start: int, length: int, day: int, minutes: int) -> bool:
        helper = self.problem.helpers[staff]
        over = self.work[staff][day] + minutes > helper.day_minutes
        return over or bool(self.busy[staff] & run(start, length + helper.pause))

    def _occupy(
        self, staff: int, start: int, length: int, day: int, minutes: int, literal: Any
    ) -> None:
        for slot in range(start, start + length + self.problem.helpers[staff].pause):
            self._staff[staff, slot].append(literal)
        self._staff_day[staff, day].append((literal, minutes))

    def _places(self, unit: Unit) -> list[Place]:
        found = []
        if unit.kind.scope != "group":
            return [p for p in unit.places if not self._blocked(
                p.staff, p.start, p.length, p.day, unit.kind.minutes)]  # fmt: skip
        for section in unit.sections:
            where = self.problem.sections[section]
            if self.filled[section] + len(unit.persons) > where.capacity:
                continue
            if any(q in self.sitting[section] for p in unit.persons
                   for q in self.problem.persons[p].apart):  # fmt: skip
                continue
            held = self.state.calendar[section]
            for o in self.moving.get(section, [held] if held >= 0 else []):
                place = self.problem.seat(unit, section, o)
                if place is not None and (
                    section not in self.moving or (section, o) in self.stands
                ):
                    found.append(place)
        return found

    def _unit(self, unit: Unit) -> None:
        made: list[tuple[Place, Any]] = []
        stay = self.state.choice[unit.index]
        old = self.before.get(unit.index) if self.before is not None else None
        for place in self._places(unit):
            literal = self._bool(place == stay)
            made.append((place, literal))
            for p in unit.persons:
                for slot in range(place.start, place.start + place.length + self.problem.pause):
                    self._persons[p, slot].append(literal)
            if place.staff >= 0:
                self._occupy(place.staff, place.start, place.length, place.day,
                             unit.kind.minutes, literal)  # fmt: skip
            else:
                self._seats[place.section].append((unit, literal))
                if place.section in self.moving:
                    self.model.add_implication(literal, self.stands[place.section, place.option])
            if self.before is None:
                if place.cost:
                    self.terms.append((literal, place.cost))
            elif old is not None and not same_place(old, place):
                self.terms.append((literal, _MOVE))
        self.literals[unit.index] = made
        if unit.must and self.before is None and any(place == stay for place, _x in made):
            self.model.add_exactly_one(literal for _place, literal in made)
            return
        missing = self._bool(not any(place == stay for place, _x in made))
        self.model.add_exactly_one([*(literal for _place, literal in made), missing])
        price = self.problem.costs.wish if not unit.must else MISSING
        if self.before is not None and not unit.must:
            price = _MOVE + _MOVE // 2 if old is not None else 1
        self.terms.append((missing, price))

    def _no_overlap(self) -> None:
        seen: set[tuple[int, ...]] = set()
        for literals in [*self._persons.values(), *self._staff.values()]:
            key = tuple(sorted(one.index for one in literals))
            if len(key) > 1 and key not in seen:
                seen.add(key)
                self.model.add_at_most_one(literals)
        for (staff, day), parts in self._staff_day.items():
            left = self.problem.helpers[staff].day_minutes - self.work[staff][day]
            self._at_most(parts, left)

    def _capacity(self) -> None:
        for section, seats in self._seats.items():
            where = self.problem.sections[section]
            parts = [(literal, len(unit.persons)) for unit, literal in seats]
            self._at_most(parts, where.capacity - self.filled[section])
            self._keep_apart(section, seats)
            least, filled = where.kind.least, self.filled[section]
            if least > filled and not self.alone and self.before is None:
                total = filled + self._value(parts)
                short, held = self._bool(0 < total < least), self._bool(total > 0)
                if filled:
                    self.model.add(held == 1)
                else:
                    for _unit, literal in seats:
                        self.model.add_implication(literal, held)
                self.model.add(self._sum(parts) + filled >= least * (held - short))
                self.terms.append((short, self.problem.costs.least))

    def _keep_apart(self, section: int, seats: list[tuple[Unit, Any]]) -> None:
        by_person: dict[int, list[Any]] = defaultdict(list)
        for unit, literal in seats:
            for p in unit.persons:
                by_person[p].append(literal)
        apart_kind = self.problem.sections[section].kind.attendance == "apart"
        for p, literals in by_person.items():
            person = self.problem.persons[p]
            for q in [*person.apart, *([person.other] if apart_kind else [])]:
                if p < q and q in by_person:
                    self.model.add_at_most_one([*literals, *by_person[q]])

    def _couple(self, n: int) -> None:
        shared = self._classes(n)
        self._rooms_and_care(n, shared)
        for p in (2 * n, 2 * n + 1):
            self._person(p)

    def _seat_literals(self, person: int, kind: str) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for u in self.problem.persons[person].units:
            if self.problem.units[u].kind.key == kind:
                for place, literal in self.literals[u]:
                    found[place.section].append(literal)
        return found

    def _classes(self, n: int) -> dict[int, Any]:
        """For each class section that both may sit in: whether both do."""
        shared: dict[int, Any] = {}
        kinds = {u.kind.key for u in map(self.problem.units.__getitem__, self.problem.of_couple[n])
                 if u.kind.attendance == "side"}  # fmt: skip
        for kind in sorted(kinds):
            one = self._seat_literals(2 * n, kind)
            two = self._seat_literals(2 * n + 1, kind)
            wanted = [
                any(
                    self.problem.units[u].kind.key == kind
                    for u in self.problem.persons[2 * n + k].units
                )
                for k in (0, 1)
            ]
            for section in sorted(set(one) & set(two)):
                now = all(self._value((x, 1) for x in side[section]) for side in (one, two))
                both = shared[section] = self._bool(now)
                self.model.add(both <= sum(one[section]))
                self.model.add(both <= sum(two[section]))
                if self.before is None:
                    self.terms.append((both, -self.problem.costs.classes))
            if all(wanted) and self.before is None:
                for literals in one.values():
                    self.terms += [(literal, self.problem.costs.classes) for literal in literals]
        return shared

    def _rooms_and_care(self, n: int, shared: dict[int, Any]) -> None:
        care = self.problem.care[n]
        rooms = self.problem.instance.couples[n].rooms
        if rooms > 1 and not care:
            return
        slots: dict[int, list[Any]] = defaultdict(list)
        classes: dict[int, set[int]] = defaultdict(set)
        for u in self.problem.of_couple[n]:
            unit = self.problem.units[u]
            if len(unit.persons) == 2:
                continue
            for place, literal in self.literals[u]:
                for slot in range(place.start, place.start + place.length):
                    slots[slot].append(literal)
                    if place.section in shared:
                        classes[slot].add(place.section)
        seen: set[tuple[int, ...]] = set()
        for slot, literals in slots.items():
            at_care = bool(care >> slot & 1)
            if not at_care and rooms > 1:
                continue
            key = (at_care, *sorted(one.index for one in literals))
            if key in seen:
                continue
            seen.add(key)
            if at_care or not classes[slot]:
                self.model.add_at_most_one(literals)
            else:
                both = [shared[section] for section in sorted(classes[slot])]
                self.model.add(sum(literals) <= 1 + sum(both))

    def _person(self, p: int) -> None:
        problem, person = self.problem, self.problem.persons[p]
        units = [problem.units[u] for u in person.units]
        per_day: dict[int, list[tuple[Unit, Place, Any]]] = defaultdict(list)
        for unit in units:
            for place, literal in self.literals[unit.index]:
                per_day[place.day].append((unit, place, literal))
        for found in per_day.values():
            self._at_most([(x, u.kind.minutes) for u, _place, x in found], problem.day_minutes)
        counted = [(x, u.kind.minutes) for u in units if u.kind.counts
                   for _place, x in self.literals[u.index]]  # fmt: skip
        if sum(u.kind.minutes for u in units if u.kind.counts) > person.most:
            self.model.add(self._sum(counted) <= person.most)
        sure = sum(u.kind.minutes for u in units if u.kind.counts and u.must)
        if sure < person.least:
            short = self._whole(0, person.least, person.least - self._value(counted))
            self.model.add(self._sum(counted) + short >= person.least)
            self.terms.append((short, SHORT))
        if self.before is not None:
            return
        full = []
        for day, found in per_day.items():
            self._day(day, found)
            minutes = [(x, u.kind.minutes) for u, _place, x in found if u.kind.counts]
            least = problem.instance.programme.per_diem_minutes
            if person.judged and minutes:
                enough = self._bool(self._value(minutes) >= least)
                self.model.add(self._sum(minutes) >= least * enough)
                full.append(enough)
        if person.judged:
            wanted = problem.instance.programme.per_diem_days
            now = sum(self.now[one.index] for one in full)
            miss = self._whole(0, wanted, wanted - now)
            self.model.add(miss >= wanted - sum(full))
            self.terms.append((miss, problem.costs.per_diem))

    def _day(self, day: int, found: list[tuple[Unit, Place, Any]]) -> None:
        """Whether the day is used, and from when to when: its waiting is what is left."""
        first, last = self.problem.week.days[day : day + 2]
        costs = self.problem.costs
        there = [place for _unit, place, x in found if self.now[x.index]]
        used = self._bool(bool(there))
        begin = self._whole(first, last, min((p.start for p in there), default=first))
        end = self._whole(first, last, max((p.start + p.length for p in there), default=first))
        starts: dict[int, list[Any]] = defaultdict(list)
        ends: dict[int, list[Any]] = defaultdict(list)
        for _unit, place, literal in found:
            starts[place.start].append(literal)
            ends[place.start + place.length].append(literal)
            self.terms.append((literal, -costs.wait * place.length))
        for slot, literals in starts.items():
            some = self._any(literals)
            self.model.add_implication(some, used)
            self.model.add(begin <= slot).only_enforce_if(some)
        for slot, literals in ends.items():
            self.model.add(end >= slot).only_enforce_if(self._any(literals))
        self.model.add(end - begin >= self._sum((x, place.length) for _u, place, x in found))
        self.terms += [(used, costs.day), (end, costs.wait), (begin, -costs.wait)]

    def solve(self, limits: Limits) -> Outcome:
        """Run CP-SAT within the limits."""
        solver, status = self._run(limits)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return Outcome("none", {}, {}, 0, float("-inf"))
        choice: dict[int, Place | None] = {}
        for u, made in self.literals.items():
            choice[u] = next((p for p, x in made if solver.boolean_value(x)), None)
        calendar = {s: self.state.calendar[s] for s in self.moving}
        for (section, o), literal in self.stands.items():
            if solver.boolean_value(literal):
                calendar[section] = o
        word = "optimal" if status == self.cp.OPTIMAL else "better"
        return Outcome(word, choice, calendar, solver.objective_value, solver.best_objective_bound)
