"""A plainly written, tight CP-SAT model of the whole week, kept for comparison (bench/week.py).

As somebody who knows CP-SAT would write it at first: an interval for each session whose start has
the domain of its free starts, an optional interval for each seat, no-overlap for each person and
clinician, linear capacities, the same costs; the whole week at once, solver's defaults. It shares
the reading of the file and the list of places with the solver, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from mutual.week.solver.calendar import held
from mutual.week.solver.outcome import Outcome, moved_state
from mutual.week.solver.problem import Place, Problem, Unit
from mutual.week.solver.state import State


class Plain:
    """The model over a held calendar."""

    def __init__(self, problem: Problem) -> None:
        from ortools.sat.python import cp_model

        self.cp, self.problem = cp_model, problem
        self.model = cp_model.CpModel()
        self.calendar = held(problem)
        self.persons: dict[int, list[Any]] = defaultdict(list)
        self.actual: dict[int, list[Any]] = defaultdict(list)
        self.staff: dict[int, list[Any]] = defaultdict(list)
        self.on_day: dict[tuple[int, int], list[tuple[Unit, Any, Any]]] = defaultdict(list)
        self.seats: dict[int, list[tuple[Unit, Any]]] = defaultdict(list)
        self.terms: list[Any] = []
        self.chosen: dict[int, list[tuple[list[Place], Any, Any]]] = {}
        for section, option in enumerate(self.calendar):
            where = problem.sections[section]
            if option >= 0:
                start, leaders = where.options[option]
                for s in leaders:
                    size = where.length + problem.helpers[s].pause
                    self.staff[s].append(self.model.new_fixed_size_interval_var(start, size, ""))
        for unit in problem.units:
            self._seat(unit) if unit.kind.scope == "group" else self._own(unit)
        for intervals in [*self.persons.values(), *self.staff.values()]:
            self.model.add_no_overlap(intervals)
        for n in range(len(problem.of_couple)):
            self._couple(n)
        for section, seats in self.seats.items():
            self._section(section, seats)
        for p in range(len(problem.persons)):
            self._person(p)
        self.model.minimize(sum(self.terms))

    def _bool(self) -> Any:
        return self.model.new_bool_var("")

    def _placed(self, unit: Unit, literals: list[Any]) -> None:
        if unit.must:
            self.model.add_exactly_one(literals)
            return
        self.model.add_at_most_one(literals)
        self.terms.append(self.problem.costs.wish * (1 - sum(literals)))

    def _own(self, unit: Unit) -> None:
        """A start with a domain, by clinician, day and whether it is a preferred hour."""
        groups: dict[tuple[int, int, int], list[Place]] = defaultdict(list)
        for place in unit.places:
            groups[place.staff, place.day, place.cost].append(place)
        literals, made = [], []
        for (staff, day, cost), places in groups.items():
            here = self._bool()
            starts = [p.start for p in places]
            start = self.model.new_int_var_from_domain(self.cp.Domain.from_values(starts), "")
            pause = self.problem.pause
            helper = self.problem.helpers[staff].pause
            optional = self.model.new_optional_fixed_size_interval_var
            for p in unit.persons:
                self.persons[p].append(optional(start, unit.length + pause, here, ""))
                self.on_day[p, day].append((unit, start, here))
                if len(unit.persons) == 1:
                    self.actual[p].append((optional(start, unit.length, here, ""), -1))
            self.staff[staff].append(optional(start, unit.length + helper, here, ""))
            if cost:
                self.terms.append(cost * here)
            literals.append(here)
            made.append((places, here, start))
        self._placed(unit, literals)
        self.chosen[unit.index] = made

    def _seat(self, unit: Unit) -> None:
        literals, made = [], []
        for place in self.problem.places(unit, self.calendar):
            here = self._bool()
            optional = self.model.new_optional_fixed_size_interval_var
            for p in unit.persons:
                size = place.length + self.problem.pause
                self.persons[p].append(optional(place.start, size, here, ""))
                self.on_day[p, place.day].append((unit, place.start, here))
                if len(unit.persons) == 1:
                    interval = optional(place.start, place.length, here, "")
                    self.actual[p].append((interval, place.section))
            self.seats[place.section].append((unit, here))
            if place.cost:
                self.terms.append(place.cost * here)
            literals.append(here)
            made.append(([place], here, place.start))
        self._placed(unit, literals)
        self.chosen[unit.index] = made

    def _section(self, section: int, seats: list[tuple[Unit, Any]]) -> None:
        where, problem = self.problem.sections[section], self.problem
        people = sum(len(unit.persons) * here for unit, here in seats)
        self.model.add(people <= where.capacity)
        by_person: dict[int, list[Any]] = defaultdict(list)
        for unit, here in seats:
            for p in unit.persons:
                by_person[p].append(here)
        for p, literals in by_person.items():
            other = problem.persons[p].other
            apart = [other] if where.kind.attendance == "apart" else []
            for q in [*problem.persons[p].apart, *apart]:
                if p < q and q in by_person:
                    self.model.add(sum(literals) + sum(by_person[q]) <= 1)
        if where.kind.least:
            open_, short = self._bool(), self._bool()
            for _unit, here in seats:
                self.model.add_implication(here, open_)
            self.model.add(people >= where.kind.least).only_enforce_if(open_, ~short)
            self.terms.append(problem.costs.least * short)

    def _couple(self, n: int) -> None:
        """Rooms, child care and classes together."""
        problem = self.problem
        one, two = 2 * n, 2 * n + 1
        fixed = []
        care, slot = problem.care[n], 0
        while care >> slot:
            if care >> slot & 1:
                length = 0
                while care >> (slot + length) & 1:
                    length += 1
                fixed.append((slot, length))
                slot += length
            slot += 1
        if fixed:  # two sessions at once are one too many inside these hours
            for start, length in fixed:
                for at in range(start, start + length):
                    here = [
                        x
                        for p in (one, two)
                        for x in self._covering(p, at)
                    ]  # fmt: skip
                    self.model.add(sum(here) <= 1)
        both = self._shared(n)
        if problem.instance.couples[n].rooms < 2:
            outside = [i for p in (one, two) for i, s in self.actual[p] if s not in both]
            for section, together in both.items():
                start, _leaders = problem.sections[section].options[self.calendar[section]]
                length = problem.sections[section].length
                mine = [here for p in (one, two) for here in self._seat_of(p, section)]
                some = self._bool()
                self.model.add(some == sum(mine) - together)
                outside.append(
                    self.model.new_optional_fixed_size_interval_var(start, length, some, "")
                )
            self.model.add_no_overlap(outside)

    def _seat_of(self, p: int, section: int) -> list[Any]:
        return [here for unit, here in self.seats.get(section, ()) if p in unit.persons]

    def _covering(self, p: int, slot: int) -> list[Any]:
        """Whether a person is in an own, apart or side session at a slot."""
        found = []
        for u in self.problem.persons[p].units:
            unit = self.problem.units[u]
            if len(unit.persons) == 2:
                continue
            for places, here, start in self.chosen[u]:
                reaching = [q for q in places if q.start <= slot < q.start + q.length]
                if not reaching:
                    continue
                if isinstance(start, int):
                    found.append(here)
                    continue
                at = self._bool()
                self.model.add_implication(at, here)
                starts = self.cp.Domain.from_values([q.start for q in reaching])
                self.model.add_linear_expression_in_domain(start, starts).only_enforce_if(at)
                rest = starts.complement()
                self.model.add_linear_expression_in_domain(start, rest).only_enforce_if(here, ~at)
                found.append(at)
        return found

    def _shared(self, n: int) -> dict[int, Any]:
        problem, found = self.problem, {}
        kinds: dict[str, set[int]] = defaultdict(set)
        for u in problem.of_couple[n]:
            unit = problem.units[u]
            if unit.kind.attendance == "side":
                kinds[unit.kind.key].update(p % 2 for p in unit.persons)
        for section in problem.sections:
            if section.kind.key not in kinds:
                continue
            mine, other = (
                self._seat_of(2 * n, section.index),
                self._seat_of(2 * n + 1, section.index),
            )
            if mine and other:
                together = found[section.index] = self._bool()
                self.model.add_multiplication_equality(together, [sum(mine), sum(other)])
                self.terms.append(-problem.costs.classes * together)
            if mine and len(kinds[section.kind.key]) == 2:
                self.terms.append(problem.costs.classes * sum(mine))
        return found

    def _person(self, p: int) -> None:
        problem, person = self.problem, self.problem.persons[p]
        programme, costs = problem.instance.programme, problem.costs
        full, counted = [], []
        for day in range(7):
            parts = self.on_day.get((p, day))
            if not parts:
                continue
            first, last = problem.week.days[day : day + 2]
            begin = self.model.new_int_var(first, last, "")
            end = self.model.new_int_var(first, last, "")
            used = self._bool()
            self.model.add_max_equality(used, [here for _unit, _start, here in parts])
            for unit, start, here in parts:
                self.model.add(begin <= start).only_enforce_if(here)
                self.model.add(end >= start + unit.length).only_enforce_if(here)
            taken = sum(unit.length * here for unit, _start, here in parts)
            self.model.add(end - begin >= taken)
            self.terms += [costs.day * used, costs.wait * (end - begin - taken)]
            minutes = sum(unit.kind.minutes * here for unit, _start, here in parts)
            self.model.add(minutes <= problem.day_minutes)
            counting = sum(u.kind.minutes * here for u, _start, here in parts if u.kind.counts)
            counted.append(counting)
            enough = self._bool()
            self.model.add(counting >= programme.per_diem_minutes).only_enforce_if(enough)
            full.append(enough)
        self.model.add(sum(counted) >= person.least)
        self.model.add(sum(counted) <= person.most)
        if person.judged:
            miss = self.model.new_int_var(0, programme.per_diem_days, "")
            self.model.add(miss >= programme.per_diem_days - sum(full))
            self.terms.append(costs.per_diem * miss)

    def solve(self, seconds: float, workers: int) -> State | None:
        """The best week that CP-SAT finds in the time, or None."""
        solver = self.cp.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = workers
        status = solver.solve(self.model)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None
        choice: dict[int, Place | None] = {}
        for u, made in self.chosen.items():
            choice[u] = None
            for places, here, start in made:
                if solver.boolean_value(here):
                    at = start if isinstance(start, int) else solver.value(start)
                    choice[u] = next(p for p in places if p.start == at)
        empty = State(self.problem, list(self.calendar))
        return moved_state(self.problem, empty, Outcome("better", choice, {}, 0, 0))
