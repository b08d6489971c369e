"""A first week within the second: couple by couple, with a look back when one does not fit."""

from __future__ import annotations

import random
from collections.abc import Iterable
from time import monotonic

from mutual.week.solver.problem import Place, Problem, Unit
from mutual.week.solver.state import State

_NODES = 1500
_OUT = 4  # couples taken out to make room


def first_week(
    problem: Problem, calendar: list[int], seed: int, until: float, tries: int = 0
) -> State:
    """A week on this calendar; couples that did not fit are then given room (repair).

    `until` is a moment of :func:`time.monotonic`, `tries` the most attempts at making room;
    sessions may still be missing after them.
    """
    state = State(problem, list(calendar))
    order = sorted(range(len(problem.of_couple)), key=lambda n: (_room(problem, n), n))
    stuck = [n for n in order if not place_couple(state, n)]
    repair(state, stuck, seed, until, tries or 60 * len(order))
    for n in order:
        _add_wishes(state, n)
    return state


def _room(problem: Problem, couple: int) -> int:
    units = (problem.units[u] for u in problem.of_couple[couple])
    own = sum(len(u.places) for u in units if u.kind.scope != "group")
    free = problem.persons[2 * couple].free & problem.persons[2 * couple + 1].free
    return own + 8 * free.bit_count()


def repair(state: State, stuck: list[int], seed: int, until: float, most: int) -> None:
    """Take out couples that stand in the way, place the stuck one, then them again.

    Kept only if no more sessions are missing than before.
    """
    chance = random.Random(seed)
    problem = state.problem
    tries = 0
    while stuck and tries < most and monotonic() < until:
        tries += 1
        couple = stuck.pop(0)
        before = len(state.missing)
        rivals = _rivals(state, couple)
        out = chance.sample(rivals, min(len(rivals), chance.randint(1, _OUT)))
        memory = {u: state.choice[u] for n in (couple, *out) for u in problem.of_couple[n]}
        for u in memory:
            state.take(problem.units[u])
        failed = [n for n in (couple, *out) if not place_couple(state, n, chance)]
        if len(state.missing) > before:
            for u in memory:
                state.take(problem.units[u])
            for u, place in memory.items():
                if place is not None:
                    state.put(problem.units[u], place)
            failed = [couple]
        stuck += [n for n in failed if n not in stuck]


def _rivals(state: State, couple: int) -> list[int]:
    """Couples that sit where the stuck one could, or with the same clinicians."""
    problem = state.problem
    staff: set[int] = set()
    sections: set[int] = set()
    for u in problem.of_couple[couple]:
        unit = problem.units[u]
        if state.choice[u] is None:
            staff.update(place.staff for place in unit.places)
            sections.update(unit.sections)
    found = set()
    for unit in problem.units:
        place = state.choice[unit.index]
        if unit.couple == couple or place is None:
            continue
        if place.staff in staff or place.section in sections:
            found.add(unit.couple)
    return sorted(found)


def place_couple(state: State, couple: int, chance: random.Random | None = None) -> bool:
    """Place what a couple must have, searching back a little; False if something is missing.

    What could be placed stays, so that the rest is as whole as it can be.
    """
    problem = state.problem
    units = [problem.units[u] for u in problem.of_couple[couple]]
    wanted = [u for u in units if _needed(problem, u) and state.choice[u.index] is None]
    options = {u.index: problem.places(u, state.calendar) for u in wanted}
    wanted.sort(key=lambda u: len(options[u.index]) + (chance.random() * 4 if chance else 0))
    nodes = [_NODES]
    if _search(state, wanted, options, 0, nodes, chance):
        return True
    whole = True
    for unit in wanted:
        place = cheapest(state, unit, options[unit.index], chance)
        if place:
            state.put(unit, place[0])
        else:
            whole = False
    return whole


def _needed(problem: Problem, unit: Unit) -> bool:
    """What must be, and the wishes of someone whose hours depend on them."""
    if unit.must:
        return True
    for p in unit.persons:
        person = problem.persons[p]
        sure = sum(
            problem.units[u].kind.minutes
            for u in person.units
            if problem.units[u].must and problem.units[u].kind.counts
        )
        if unit.kind.counts and sure < person.least:
            return True
    return False


def _search(
    state: State, wanted: list[Unit], options: dict[int, list[Place]], depth: int,
    nodes: list[int], chance: random.Random | None,
) -> bool:  # fmt: skip
    if depth == len(wanted):
        return True
    unit = wanted[depth]
    for place in cheapest(state, unit, options[unit.index], chance):
        nodes[0] -= 1
        if nodes[0] < 0:
            return False
        state.put(unit, place)
        if _search(state, wanted, options, depth + 1, nodes, chance):
            return True
        state.take(unit)
    return False


def cheapest(
    state: State, unit: Unit, places: Iterable[Place], chance: random.Random | None
) -> list[Place]:
    """Places that fit, the ones that add least to the couple's week first; a little by chance."""
    problem = state.problem
    day_cost, wait = problem.costs.day, problem.costs.wait
    noise = chance.random if chance else None
    busy, taken = 0, [state.there[p] for p in unit.persons]
    for p in unit.persons:
        busy |= state.busy[p]
    days = problem.week.days
    ranked = []
    for place in places:
        if busy & place.wide or not state.fits(unit, place):
            continue
        score: float = place.cost
        first = days[place.day]
        size = (1 << (days[place.day + 1] - first)) - 1
        for there in taken:
            day = (there >> first) & size
            if not day:
                score += day_cost
            else:
                low = first + ((day & -day).bit_length() - 1)
                high = first + day.bit_length()
                # Outside the day's span it adds the gap, inside it fills waiting.
                if place.start >= high:
                    score += wait * (place.start - high)
                elif place.start + place.length <= low:
                    score += wait * (low - place.start - place.length)
                else:
                    score -= wait * place.length
        if noise:
            score += noise() * 6
        ranked.append((score, place.start, place.staff, place.section, place))
    ranked.sort(key=_rank)
    return [one[4] for one in ranked]


def _rank(one: tuple[float, int, int, int, Place]) -> tuple[float, int, int, int]:
    return one[:4]


def _add_wishes(state: State, couple: int) -> None:
    """What is wished for, where it still fits."""
    for u in state.problem.of_couple[couple]:
        unit = state.problem.units[u]
        if not unit.must and state.choice[u] is None:
            places = cheapest(state, unit, state.problem.places(unit, state.calendar), None)
            if places:
                state.put(unit, places[0])
