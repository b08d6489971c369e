"""Stage one, by hand: an hour and leaders for every group that has none yet.

Sections are set one after the other where the most people who still need a seat can come; each
takes its people with it, so that the next section of the kind looks after the others. The result
is a hint: stage two may still move a section.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mutual.week.solver.problem import Problem, Section, Unit
from mutual.week.solver.state import State
from mutual.week.solver.windows import run


def held(problem: Problem) -> list[int]:
    """The calendar as the instance has it: option 0 of a fixed section, -1 for one to be set.

    A fixed section whose leader is away is to be set as well: somebody else may lead it.
    """
    return [0 if s.group.at is not None and len(s.options) == 1 else -1 for s in problem.sections]


def is_open(problem: Problem) -> bool:
    """Whether any section waits for an hour."""
    return any(s.group.at is None and s.options for s in problem.sections)


def first_calendar(problem: Problem, keep: Sequence[int] | None = None) -> list[int]:
    """An option for every section; `keep` holds options that stand already (-1: to be set).

    A section stays at -1 if none of its leaders is free at any hour.
    """
    state = State(problem, list(keep) if keep is not None else held(problem))
    waiting = {u.index for u in problem.units if u.kind.scope == "group"}
    for section in problem.sections:
        if state.calendar[section.index] >= 0:
            _seat_members(problem, state, section, waiting)
    for section in _order(problem, state.calendar):
        option = _best(problem, state, section, waiting)
        if option is not None:
            state.lead(section.index, option)
            _seat_members(problem, state, section, waiting)
    return state.calendar


def _order(problem: Problem, calendar: Sequence[int]) -> list[Section]:
    """Sections with few hours first; those of one kind spread, so that no kind starves."""
    open_ones = [s for s in problem.sections if calendar[s.index] < 0 and s.options]
    seen: dict[tuple[str, str, str], int] = {}
    ranked = []
    for section in sorted(open_ones, key=lambda s: (len(s.options), s.index)):
        group = section.group
        key = (group.kind, group.track, group.language)
        seen[key] = seen.get(key, 0) + 1
        ranked.append((seen[key], len(section.options), section.index))
    return [problem.sections[index] for _turn, _options, index in sorted(ranked)]


def _best(problem: Problem, state: State, section: Section, waiting: set[int]) -> int | None:
    by_start: dict[int, list[int]] = {}
    for n, option in enumerate(section.options):
        by_start.setdefault(option.start, []).append(n)
    people = [problem.units[u] for u in section.members if u in waiting]
    best: tuple[int, int, int] | None = None
    for start, options in by_start.items():
        mask = run(start, section.length)
        wide = run(start, section.length + problem.pause)
        day = problem.week.day_of[start]
        comers = [u for u in people if _can(problem, state, u, mask, wide, day)]
        room = min(sum(len(u.persons) for u in comers), section.capacity)
        liked = sum(not problem.preference(p, mask) for u in comers for p in u.persons)
        used = sum(bool(state.minutes[p][day]) for u in comers for p in u.persons)
        score = room * 1000 + min(liked, section.capacity) * 4 + min(used, section.capacity) * 8
        if best is not None and score <= best[0]:
            continue
        leading = next((n for n in options if state.may_lead(section.index, n)), None)
        if leading is not None:
            best = (score, start, leading)
    return best[2] if best else None


def _can(problem: Problem, state: State, unit: Unit, mask: int, wide: int, day: int) -> bool:
    minutes = unit.kind.minutes
    for p in unit.persons:
        if mask & ~problem.persons[p].free or state.busy[p] & wide:
            return False
        if state.minutes[p][day] + minutes > problem.day_minutes:
            return False
    return not (len(unit.persons) == 2 and mask & problem.care[unit.couple])


def _seat_members(problem: Problem, state: State, section: Section, waiting: set[int]) -> None:
    option = state.calendar[section.index]
    people: Iterable[Unit] = (problem.units[u] for u in section.members if u in waiting)
    for unit in sorted(people, key=lambda u: (_choices(problem, u), u.index)):
        place = problem.seat(unit, section.index, option)
        if place is not None and state.fits(unit, place):
            state.put(unit, place)
            waiting.discard(unit.index)


def _choices(problem: Problem, unit: Unit) -> int:
    """How much time a unit's people have: those with little are seated first."""
    return min(problem.persons[p].free.bit_count() for p in unit.persons)
