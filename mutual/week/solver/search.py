"""Solves a week: a first one at once, then better by the second (anytime).

Stage one sets the hours of groups that have none, stage two the couples' weeks on that calendar.
Stage two frees a few couples at a time (large-neighbourhood search) and keeps what is no worse;
now and then one section may move with everybody who sits in it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from mutual.week.solver.calendar import first_calendar, is_open
from mutual.week.solver.greedy import first_week
from mutual.week.solver.model import Part
from mutual.week.solver.outcome import Limits, Outcome, moved_state
from mutual.week.solver.problem import Problem
from mutual.week.solver.ruin import Ruin
from mutual.week.solver.state import State

WHOLE = 4  # couples up to which the whole week is one model
_MOST_OPTIONS = 24


@dataclass(frozen=True)
class Progress:
    """Told whenever the week got better: seconds so far, sessions missing, its cost and bound."""

    seconds: float
    missing: int
    cost: int
    bound: int


@dataclass(frozen=True)
class Effort:
    """How hard to try: seconds by the clock, threads, seed, and a limit of rounds for tests."""

    seconds: float = 10.0
    workers: int = 2
    seed: int = 1
    rounds: int = 0


Tell = Callable[[Progress], None]


class Search:
    """One solving of one problem."""

    def __init__(self, problem: Problem, effort: Effort, tell: Tell | None = None) -> None:
        self.problem, self.effort, self.tell = problem, effort, tell
        self.began = monotonic()
        self.until = self.began + effort.seconds
        self.chance = random.Random(effort.seed)
        self.bounds: dict[int, int] = {}
        self.open = is_open(problem)
        self.state = State(problem, [-1] * len(problem.sections))
        self.rounds = 0
        self.size = 4
        self._next_bound = 0
        self.proved = False

    @property
    def left(self) -> float:
        """Seconds left."""
        return self.until - monotonic()

    @property
    def bound(self) -> int:
        """No week on this calendar costs less: the couples' own best weeks added up."""
        return sum(self.bounds.values()) if not self.open else 0

    def report(self) -> None:
        """Tell how far it is."""
        if self.tell:
            seconds = monotonic() - self.began
            self.tell(Progress(seconds, len(self.state.missing), self.state.cost(), self.bound))

    def first(self) -> State:
        """A first week, without the solver."""
        calendar = first_calendar(self.problem)
        share = self.began + min(self.effort.seconds * 0.4, 20.0)
        self.state = first_week(self.problem, calendar, self.effort.seed, share,
                                self.effort.rounds and 20)  # fmt: skip
        self.report()
        return self.state

    def limits(self, seconds: float, work: float = 0.0) -> Limits:
        """Limits of one solve, inside what is left."""
        by_rounds = bool(self.effort.rounds)
        return Limits(max(0.05, min(seconds, self.left)) if not by_rounds else 60.0,
                      self.effort.workers, self.effort.seed + self.rounds,
                      work or (seconds if by_rounds else 0.0))  # fmt: skip

    def more(self) -> bool:
        """Whether to go on."""
        if self.proved:
            return False
        if self.effort.rounds:
            return self.rounds < self.effort.rounds
        return self.left > 0.1

    def fill(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Try to place what is missing, a stuck couple and its rivals at a time."""
        idle = 0
        while self.state.missing and self.more() and idle < 12 and not stop():
            self.rounds += 1
            before = self.state.penalty()
            unit = self.problem.units[self.chance.choice(self.state.missing)]
            around = self.near(unit.couple, self.size + 2 * idle)
            self._attempt(around, self._section_near(around), 1.5)
            idle = 0 if self.state.penalty() < before else idle + 1

    def improve(self) -> None:
        """Better the week until the time or the rounds are used up, or nothing can be better."""
        count = len(self.problem.of_couple)
        small = count <= WHOLE and not self.open
        if not self.state.missing:
            self._anneal(0.15 if small else 0.8)
        if small and not self.effort.rounds:
            part = Part(self.state, range(count))
            outcome = part.solve(self.limits(self.left))
            self._take(outcome)
            if outcome.status == "optimal":
                self.bounds = {0: self.state.cost()}
                self.proved = True
                self.report()
            elif outcome.status == "better":
                self.bounds = {0: max(0, math.ceil(outcome.bound - 0.01))}
            return
        self.size = 2
        while self.more():
            self.rounds += 1
            self._bound_some()
            whole = len(self.bounds) == count and not self.open
            if whole and not self.state.missing and self.state.cost() <= self.bound:
                self.proved = True
                self.report()
                break
            couples = self._choose()
            section = self._section_near(couples) if self._turn_of_sections() else None
            self._attempt(couples, section, 1.0)

    def _anneal(self, share: float) -> None:
        """Most of the time: small ruins, many a second (see the decision record)."""
        rounds = self.effort.rounds * 40
        ruin = Ruin(self.state, self.chance)

        def better(cost: int) -> None:
            if self.tell:
                self.tell(Progress(monotonic() - self.began, 0, cost, self.bound))

        ruin.run(monotonic() + self.left * share, rounds, better)
        self.report()

    def _turn_of_sections(self) -> bool:
        return self.open and self.rounds % 3 == 0

    def _bound_some(self) -> None:
        """Best weeks of single couples with nobody else there: bounds, and where to look."""
        if self.open:
            return
        count = len(self.problem.of_couple)
        quick = monotonic()
        while self._next_bound < count and (self.effort.rounds or monotonic() - quick < 0.4):
            n = self._next_bound
            self._next_bound += 1
            empty = State(self.problem, list(self.state.calendar))
            for u in self.problem.of_couple[n]:  # a hint: of the others nobody is there
                empty.choice[u] = self.state.choice[u]
            outcome = Part(empty, [n], alone=True).solve(self.limits(0.4))
            if outcome.bound > float("-inf"):
                self.bounds[n] = max(0, round(outcome.bound - 0.499))
            if self.effort.rounds and n % 4 == 3:
                break

    def _gap(self, couple: int) -> int:
        return self.state.couple_cost(couple) - self.bounds.get(couple, 0)

    def _choose(self) -> list[int]:
        """Couples to free: ones far from their own best, and ones that share with them."""
        count = len(self.problem.of_couple)
        if count <= self.size:
            return list(range(count))
        gaps = [max(1, self._gap(n)) for n in range(count)]
        start = self.chance.choices(range(count), gaps)[0]
        if self.chance.random() < 0.35:
            found = {start}
            while len(found) < self.size:
                found.add(self.chance.choices(range(count), gaps)[0])
            return sorted(found)
        return self.near(start, self.size)

    def near(self, couple: int, size: int) -> list[int]:
        """A couple and others with the same clinicians or in the sections that it could use."""
        problem = self.problem
        units = [problem.units[u] for u in problem.of_couple[couple]]
        staff = {p.staff for u in units for p in u.places}
        sections = {s for u in units for s in u.sections}
        weight: dict[int, float] = {}
        for unit in problem.units:
            place = self.state.choice[unit.index]
            if unit.couple == couple:
                continue
            if place is not None and place.staff in staff:
                weight[unit.couple] = weight.get(unit.couple, 0.0) + 3.0
            elif place is not None and place.section in sections:
                weight[unit.couple] = weight.get(unit.couple, 0.0) + 0.2
        ranked = sorted(weight, key=lambda n: -weight[n] * (0.3 + self.chance.random()))
        return sorted([couple, *ranked[: size - 1]])

    def _section_near(self, couples: list[int]) -> int | None:
        """One of the sections that the couples sit in, if it may move."""
        found = sorted({
            p.section for n in couples for u in self.problem.of_couple[n]
            if (p := self.state.choice[u]) is not None and p.section >= 0
            and len(self.problem.sections[p.section].options) > 1
        })  # fmt: skip
        empty = [s.index for s in self.problem.sections
                 if len(s.options) > 1 and not self.state.filled[s.index]]  # fmt: skip
        return self.chance.choice([*found, *empty]) if found or empty else None

    def _attempt(self, couples: list[int], section: int | None, seconds: float) -> None:
        moving: dict[int, list[int]] = {}
        if section is not None:
            options = list(range(len(self.problem.sections[section].options)))
            if len(options) > _MOST_OPTIONS:
                options = self.chance.sample(options, _MOST_OPTIONS)
            if self.state.calendar[section] >= 0:
                options = sorted({*options, self.state.calendar[section]})
            moving[section] = options
            sitting = {
                u.couple
                for u in self.problem.units
                if (p := self.state.choice[u.index]) is not None and p.section == section
            }
            couples = sorted(sitting | set(couples[: max(2, self.size - len(sitting))]))
        part = Part(self.state, couples, moving)
        outcome = part.solve(self.limits(seconds))
        if outcome.status == "optimal":
            self.size = min(self.size + 1, 16)
        elif self.size > 2:
            self.size -= 1
        self._take(outcome)

    def _take(self, outcome: Outcome) -> None:
        """Keep an outcome that is no worse."""
        if outcome.status == "none":
            return
        fresh = moved_state(self.problem, self.state, outcome)
        now = self.state.penalty() + self.state.cost()
        then = fresh.penalty() + fresh.cost()
        if then <= now:
            self.state = fresh
            if then < now:
                self.report()
