"""What one solve of part of a week may use and what it finds."""

from __future__ import annotations

from dataclasses import dataclass

from mutual.week.solver.problem import Place, Problem
from mutual.week.solver.state import State


@dataclass
class Outcome:
    """What one solve found: places of the free units, options of the free sections."""

    status: str  # "optimal", "better" (a solution, not proved), "none"
    choice: dict[int, Place | None]
    calendar: dict[int, int]
    objective: float
    bound: float


@dataclass(frozen=True)
class Limits:
    """How long and with what a solve may run."""

    seconds: float
    workers: int = 1
    seed: int = 1
    work: float = 0.0  # deterministic time, 0 for none


def same_place(one: Place, two: Place) -> bool:
    """Whether a session stays where it was: same start, clinician and section."""
    return (one.start, one.staff, one.section) == (two.start, two.staff, two.section)


def moved_state(problem: Problem, state: State, outcome: Outcome) -> State:
    """The state with an outcome's choices put in."""
    calendar = list(state.calendar)
    for section, option in outcome.calendar.items():
        calendar[section] = option
    fresh = State(problem, calendar)
    for unit in problem.units:
        place = outcome.choice.get(unit.index, state.choice[unit.index])
        if place is not None:
            fresh.put(unit, place)
    return fresh
