"""A CP-SAT model that carries the week as it stands as its hint, and how it is run.

What stands is a whole solution: every variable is made with its value in it, so that a search
starts from there. OR-Tools is imported on first use (it takes
a second or two).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mutual.week.solver.outcome import Limits


class Hinted:
    """A model, the value of each boolean in the week as it stands, and the terms of the cost."""

    def __init__(self) -> None:
        """An empty model."""
        from ortools.sat.python import cp_model

        self.cp = cp_model
        self.model = cp_model.CpModel()
        self.terms: list[tuple[Any, int]] = []
        self.now: dict[int, int] = {}

    def _bool(self, now: bool) -> Any:
        """A boolean with its value in the week as it stands: the hint is a whole solution."""
        literal = self.model.new_bool_var("")
        self.now[literal.index] = int(now)
        self.model.add_hint(literal, int(now))
        return literal

    def _whole(self, least: int, most: int, now: int) -> Any:
        number = self.model.new_int_var(least, most, "")
        self.model.add_hint(number, min(max(now, least), most))
        return number

    def _value(self, parts: Iterable[tuple[Any, int]]) -> int:
        return sum(self.now[literal.index] * weight for literal, weight in parts)

    def _at_most(self, parts: list[tuple[Any, int]], most: int) -> None:
        if sum(weight for _literal, weight in parts) > most:
            self.model.add(self._sum(parts) <= most)

    def _sum(self, parts: Iterable[tuple[Any, int]]) -> Any:
        listed = list(parts)
        return self.cp.LinearExpr.weighted_sum([p[0] for p in listed], [p[1] for p in listed])

    def _any(self, literals: list[Any]) -> Any:
        if len(literals) == 1:
            return literals[0]
        some = self._bool(any(self.now[x.index] for x in literals))
        for literal in literals:
            self.model.add_implication(literal, some)
        return some

    def _run(self, limits: Limits) -> tuple[Any, Any]:
        """Run CP-SAT within the limits: the solver with its values, and its status."""
        solver = self.cp.CpSolver()
        settings = solver.parameters
        settings.max_time_in_seconds = max(limits.seconds, 0.01)
        settings.num_workers = limits.workers
        settings.random_seed = limits.seed
        # Small models, solved many times: presolve costs more than it brings.
        settings.symmetry_level = 0
        settings.cp_model_probing_level = 0
        settings.max_presolve_iterations = 1
        settings.linearization_level = 1
        if limits.work:
            settings.max_deterministic_time = limits.work
        return solver, solver.solve(self.model)
