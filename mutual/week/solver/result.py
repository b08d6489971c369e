"""A state as a solution file, and a solution file as places again (for a repair)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.week.solver.problem import Place, Problem
from mutual.week.solver.reading import InstanceError, Reader
from mutual.week.solver.state import State
from mutual.week.solver.windows import run

VERSION = 1


@dataclass
class Result:
    """A solved week; `conflicts` says in words what could not be met, `notes` what only warns."""

    feasible: bool
    sessions: list[dict[str, Any]]
    objective: int | None
    bound: int | None
    moved: int | None = None
    moves: list[str] = field(default_factory=list)
    proved: bool = False
    unplaced: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    impossible: bool = False
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The solution file's value."""
        return {"version": VERSION, **self.__dict__, "seconds": round(self.seconds, 3)}


def sessions_of(problem: Problem, state: State) -> list[dict[str, Any]]:
    """Every session that is held, by start; sections nobody sits in are left out."""
    found = []
    sitting: dict[int, list[str]] = {}
    for unit in problem.units:
        place = state.choice[unit.index]
        if place is None:
            continue
        who = [problem.persons[p].id for p in unit.persons]
        if place.section >= 0:
            sitting.setdefault(place.section, []).extend(who)
        else:
            staff = [problem.helpers[place.staff].id]
            found.append(_session(problem, unit.id, unit.kind.key, place.start, staff, who, None))
    for section, who in sitting.items():
        where = problem.sections[section]
        start, leaders = where.options[state.calendar[section]]
        staff = [problem.helpers[s].id for s in leaders]
        found.append(
            _session(problem, where.id, where.kind.key, start, staff, sorted(who), where.id)
        )
    return sorted(found, key=lambda s: (s["start"], s["id"]))


def _session(
    problem: Problem, key: str, kind: str, start: int, staff: list[str], who: list[str],
    group: str | None,
) -> dict[str, Any]:  # fmt: skip
    made = problem.instance.kinds[kind]
    begin = problem.week.moment(start)
    end = datetime.fromtimestamp(begin.timestamp() + 60 * (made.minutes + made.breaks), UTC)
    return {
        "id": key, "kind": kind, "start": _stamp(begin), "end": _stamp(end),
        "local": begin.astimezone(problem.week.zone).strftime("%a %Y-%m-%d %H:%M"),
        "staff": staff, "attendees": who, "group": group,
    }  # fmt: skip


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Before:
    """An earlier solution on this problem: places by unit, and where each section stood."""

    places: dict[int, Place]
    sections: dict[int, tuple[int, tuple[int, ...]]]


def read_before(problem: Problem, raw: object) -> Before:
    """Places of an earlier solution.

    Sessions that nobody asks for any more are left out.

    Raises:
        InstanceError: if the file is no solution.
    """
    at = {u.id: u for u in problem.units}
    section_at = {s.id: s for s in problem.sections}
    person_at = {p.id: p.index for p in problem.persons}
    found = Before({}, {})
    for one in Reader(raw, "").items("sessions"):
        key, start = one.text("id"), _slot(problem, one)
        staff = tuple(problem.staff_at[s] for s in one.texts("staff") if s in problem.staff_at)
        if start is None or not staff:
            continue
        day = problem.week.day_of[start]
        if not one.has("group"):
            unit = at.get(key)
            if unit is not None and unit.kind.key == one.text("kind"):
                found.places[unit.index] = _place(problem, start, unit.length, day, staff[0], -1)
            continue
        section = section_at.get(one.text("group"))
        if section is None:
            continue
        found.sections[section.index] = (start, staff)
        seated: set[int] = set()
        for who in one.texts("attendees"):
            if who not in person_at or person_at[who] in seated:
                continue
            for u in problem.persons[person_at[who]].units:
                unit = problem.units[u]
                if unit.kind.key == section.kind.key and u not in found.places:
                    place = _place(problem, start, section.length, day, -1, section.index)
                    found.places[u] = place
                    seated.update(unit.persons)
                    break
    return found


def _place(problem: Problem, start: int, length: int, day: int, staff: int, section: int) -> Place:
    return Place(start, length, day, staff, section, -1, 0, run(start, length),
                 run(start, length + problem.pause))  # fmt: skip


def _slot(problem: Problem, one: Reader) -> int | None:
    text = one.text("start")
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InstanceError(one.path + ".start", say(_("a moment such as 2026-11-05T18:00:00Z")))
    gap = (moment - problem.week.start).total_seconds() / 60
    slot = int(gap // problem.week.minutes)
    return slot if gap % problem.week.minutes == 0 and 0 <= slot < problem.week.count else None
