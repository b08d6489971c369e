"""Betters a week many times a second without the solver: take a few sessions out, put them back.

Simulated annealing over small ruins of one or two couples. CP-SAT then works on what is left:
see docs/adr/0006-week-solver.md for what was measured.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from time import monotonic

from mutual.week.solver.greedy import cheapest
from mutual.week.solver.problem import Place, Problem, Unit
from mutual.week.solver.state import State

_HOT, _COLD = 7.0, 0.4


class Ruin:
    """Annealing of one state; `best` is the best choice so far, put back at the end."""

    def __init__(self, state: State, chance: random.Random) -> None:
        self.state, self.problem, self.chance = state, state.problem, chance
        self.costs = [state.couple_cost(n) for n in range(len(self.problem.of_couple))]
        self.now = state.cost()
        self.best = self.now
        self.kept, self.stood = list(state.choice), list(state.calendar)
        self.movable = [s.index for s in self.problem.sections
                        if len(s.options) > 1 and state.calendar[s.index] >= 0]  # fmt: skip
        self.partners = _rivals(self.problem)

    def run(
        self, until: float, rounds: int = 0, better: Callable[[int], None] | None = None
    ) -> int:
        """Anneal until a moment of `monotonic`, or for so many rounds; how many were done."""
        began, done, told = monotonic(), 0, 0.0
        while True:
            if rounds:
                share = done / rounds
            elif done % 16 == 0:
                share = (monotonic() - began) / max(until - began, 1e-9)
            if share >= 1:
                break
            done += 1
            heat = _HOT * (_COLD / _HOT) ** share
            move = self.movable and self.chance.random() < 0.15
            found = self._move(heat) if move else self._round(heat)
            if found and better and monotonic() - told > 0.25:
                told = monotonic()
                better(self.best)
        self._restore()
        return done

    def _restore(self) -> None:
        """Put the best choice back."""
        for unit in self.problem.units:
            if self.state.choice[unit.index] != self.kept[unit.index]:
                self.state.take(unit)
        for section in self.movable:
            self._stand(section, self.stood[section])
        for unit in self.problem.units:
            place = self.kept[unit.index]
            if place is not None and self.state.choice[unit.index] is None:
                self.state.put(unit, place)

    def _round(self, heat: float) -> bool:
        """One ruin; True if the best became better."""
        units = self._pick()
        memory = [self.state.choice[u.index] for u in units]
        sections = {p.section for p in memory if p is not None and p.section >= 0}
        couples = {u.couple for u in units}
        for unit in units:
            self.state.take(unit)
        whole = self._rebuild(units)
        fresh = [self.state.choice[u.index] for u in units]
        if whole and fresh != memory:
            sections |= {p.section for p in fresh if p is not None and p.section >= 0}
            after = self._least(sections)
            self._swap(units, memory)
            before = self._least(sections)
            self._swap(units, fresh)
            new = {n: self.state.couple_cost(n) for n in couples}
            change = sum(new[n] - self.costs[n] for n in couples) + after - before
            if change <= 0 or self.chance.random() < math.exp(-change / heat):
                self.now += change
                for n, cost in new.items():
                    self.costs[n] = cost
                if self.now < self.best:
                    self.best, self.kept = self.now, list(self.state.choice)
                    self.stood = list(self.state.calendar)
                    return True
                return False
        self._swap(units, memory)
        return False

    def _stand(self, section: int, option: int) -> None:
        if self.state.calendar[section] != option:
            self.state.unlead(section)
            self.state.lead(section, option)

    def _move(self, heat: float) -> bool:
        """Another hour or leader for one section, with everybody who sits in it."""
        state, problem = self.state, self.problem
        section = self.chance.choice(self.movable)
        old = state.calendar[section]
        units = [problem.units[u] for u in problem.sections[section].members
                 if (p := state.choice[u]) is not None and p.section == section]  # fmt: skip
        memory = [state.choice[u.index] for u in units]
        for unit in units:
            state.take(unit)
        state.unlead(section)
        new = self.chance.randrange(len(problem.sections[section].options))
        if not state.may_lead(section, new):
            state.lead(section, old)
            self._swap(units, memory)
            return False
        state.lead(section, new)
        moved = [problem.seat(u, section, new) for u in units]
        rest = []
        for unit, place in zip(units, moved, strict=True):
            if place is not None and state.fits(unit, place):
                state.put(unit, place)
            else:
                rest.append(unit)
        if self._rebuild(rest):
            couples = {u.couple for u in units}
            fresh = {n: state.couple_cost(n) for n in couples}
            total = state.cost() if rest else 0
            change = total - self.now if rest else sum(fresh[n] - self.costs[n] for n in couples)
            if change <= 0 or self.chance.random() < math.exp(-change / heat):
                self.now += change
                self.costs = [fresh.get(n, cost) for n, cost in enumerate(self.costs)]
                if self.now < self.best:
                    self.best, self.kept = self.now, list(state.choice)
                    self.stood = list(state.calendar)
                    return True
                return False
        for unit in units:
            state.take(unit)
        self._stand(section, old)
        self._swap(units, memory)
        return False

    def _least(self, sections: set[int]) -> int:
        return sum(self.state.section_cost(s) for s in sections)

    def _swap(self, units: list[Unit], places: list[Place | None]) -> None:
        for unit in units:
            self.state.take(unit)
        for unit, place in zip(units, places, strict=True):
            if place is not None:
                self.state.put(unit, place)

    def _rebuild(self, units: list[Unit]) -> bool:
        random_ = self.chance.random
        order = sorted(
            units, key=lambda u: (u.must, -len(u.places or u.sections) * random_()), reverse=True
        )
        noise = self.chance if random_() < 0.7 else None
        for unit in order:
            found = cheapest(
                self.state, unit, self.problem.places(unit, self.state.calendar), noise
            )
            if found:
                self.state.put(unit, found[0])
            elif unit.must or self.state.counted[unit.persons[0]] < self._least_of(unit):
                return False
        return True

    def _least_of(self, unit: Unit) -> int:
        return self.problem.persons[unit.persons[0]].least

    def _pick(self) -> list[Unit]:
        """Which sessions to take out: of one couple by day, by chance, or of two rivals."""
        chance = self.chance
        couple = chance.randrange(len(self.costs))
        two = chance.randrange(len(self.costs))
        if self.costs[two] > self.costs[couple]:
            couple = two  # of two, the one whose week is worse
        units = [self.problem.units[u] for u in self.problem.of_couple[couple]]
        turn = chance.random()
        if turn < 0.4:
            days = set(chance.sample(range(7), 2))
            found = [u for u in units if (p := self.state.choice[u.index]) and p.day in days]
        elif turn < 0.6:
            side = 2 * couple + chance.randrange(2)
            found = [u for u in units if side in u.persons]
            found = chance.sample(found, min(len(found), 5))
        elif turn < 0.8 and self.partners[couple]:
            rival = chance.choice(self.partners[couple])
            more = [self.problem.units[u] for u in self.problem.of_couple[rival]]
            found = [*chance.sample(units, min(len(units), 3)),
                     *chance.sample(more, min(len(more), 3))]  # fmt: skip
        else:
            found = chance.sample(units, min(len(units), chance.randint(2, 6)))
        wishes = [u for u in units if not u.must and self.state.choice[u.index] is None]
        return list({u.index: u for u in [*found[:9], *wishes]}.values())


def _rivals(problem: Problem) -> list[list[int]]:
    """For each couple, the couples that could use the same clinicians or sections."""
    users: dict[tuple[str, int], set[int]] = {}
    for unit in problem.units:
        for s in {p.staff for p in unit.places}:
            users.setdefault(("staff", s), set()).add(unit.couple)
        for s in unit.sections:
            users.setdefault(("section", s), set()).add(unit.couple)
    found: list[set[int]] = [set() for _ in problem.of_couple]
    for group in users.values():
        if len(group) <= 60:
            for n in group:
                found[n] |= group
    return [sorted(one - {n}) for n, one in enumerate(found)]
