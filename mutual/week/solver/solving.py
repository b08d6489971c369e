"""One call: an instance in, a solution out, with progress on the way."""

from __future__ import annotations

from time import monotonic
from typing import Any

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.week.solver import explain
from mutual.week.solver.instance import Instance
from mutual.week.solver.problem import Problem
from mutual.week.solver.repairing import repair
from mutual.week.solver.result import Result, read_before, sessions_of
from mutual.week.solver.search import Effort, Search, Tell
from mutual.week.solver.state import State


def solve(
    instance: Instance, effort: Effort, *, before: object | None = None, tell: Tell | None = None
) -> Result:
    """A week for the instance, or what stands against it.

    Args:
        instance: what is asked for.
        effort: seconds, threads, seed.
        before: an earlier solution to repair with the fewest moves.
        tell: called whenever the week gets better (from this thread).

    Raises:
        InstanceError: if `before` is no solution.
    """
    began = monotonic()
    problem = Problem(instance)
    search = Search(problem, effort, tell)
    moved, moves, proved = None, [], False
    conflicts = explain.asked(problem)
    if before is not None:
        mended = repair(problem, search, read_before(problem, before))
        moves = mended.words()
        moved, proved = len(mended.moved(mended.state)) + len(mended.led), mended.proved
    else:
        search.first()
    if search.state.missing:
        conflicts += _stuck(problem, search, before is None)
    if before is None and not conflicts and not search.state.missing:
        search.improve()
        proved = search.proved
    state = search.state
    feasible = not conflicts and not state.missing and not state.penalty()
    if not feasible and not conflicts:
        conflicts = _short(problem, state)
    return Result(
        feasible, sessions_of(problem, state), state.cost() if feasible else None,
        search.bound if feasible and before is None else None, moved, moves, proved and feasible,
        [problem.units[u].id for u in state.missing], [c.text for c in conflicts],
        any(c.proved for c in conflicts), _notes(problem, state), monotonic() - began,
    )  # fmt: skip


def _stuck(problem: Problem, search: Search, filling: bool) -> list[explain.Conflict]:
    """Sessions are missing: near causes first, then try harder, then the solver's word."""
    near = [c for u in search.state.missing for c in explain.no_place(problem, problem.units[u])]
    near += [*explain.short_staff(problem), *explain.short_seats(problem)]
    if near:
        return list(dict.fromkeys(near))
    if filling:
        search.fill()
        if not search.state.missing:
            return []
    return explain.explain(problem, search.state, search.limits(max(search.left, 2.0)))


def _short(problem: Problem, state: State) -> list[explain.Conflict]:
    found = []
    for person in problem.persons:
        short = person.least - state.counted[person.index]
        if short > 0:
            words = say(_("{who} is {n} minutes short (C-35)"), who=person.id, n=short)
            found.append(explain.Conflict(words, proved=False))
    return found


def _notes(problem: Problem, state: State) -> list[str]:
    """What only warns: billable days (C-35), small process groups (C-43), dropped wishes."""
    found = []
    programme = problem.instance.programme
    for person in problem.persons:
        counted = [0] * 7
        for u in person.units:
            place: Any = state.choice[u]
            if place is not None and problem.units[u].kind.counts:
                counted[place.day] += problem.units[u].kind.minutes
        full = sum(m >= programme.per_diem_minutes for m in counted)
        if person.judged and full < programme.per_diem_days:
            words = _("{who} has {n} billable days this week, {usual} are usual (C-35)")
            found.append(say(words, who=person.id, n=full, usual=programme.per_diem_days))
    for section in problem.sections:
        if state.section_cost(section.index):
            words = _("{group} has {n} clients: with fewer than {least} it runs as skills (C-43)")
            found.append(say(words, group=section.id, n=state.filled[section.index],
                             least=section.kind.least))  # fmt: skip
    for unit in problem.units:
        if not unit.must and state.choice[unit.index] is None:
            found.append(say(_("{id} was wished for and has no place"), id=unit.id))
    return found
