"""The real week as an instance for the solver, and what stands today as its earlier solution."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from uuid import UUID

from mutual.week.bridge import parts
from mutual.week.bridge.question import GRID, Question, Section, Wanted
from mutual.week.bridge.reading import Pairing, Programme
from mutual.week.kinds import KINDS
from mutual.week.models import Group, Session
from mutual.week.solver.instance import VERSION
from mutual.week.templates import moment


def ask(week: Programme) -> Question:
    """Write the instance of a programme week."""
    question = Question({})
    represented: set[UUID] = set()
    wants = [w for pair in week.couples for w in _wants(week, pair)]
    _match(week, wants)
    # What stands off the grid can't be moved by it: an obstacle, and no longer wanted.
    wants = [w for w in wants if w.session is None or on_grid(week, w.session)]
    for want in wants:
        question.wants[want.id] = want
        if want.session is not None and want.kind.subject != "G":
            represented.add(want.session.id)
            want.pinned = week.begun(want.session)
    _extras(week, question, represented)
    sections = _sections(week, wants, represented)
    question.sections = {s.name: s for s in sections}
    obstacles = [s for key, s in week.sessions.items() if key not in represented]
    question.raw = {
        "version": VERSION,
        "name": "",
        "programme": parts.programme(week),
        "kinds": parts.kinds(sections),
        "staff": [parts.clinician(week, key, obstacles) for key in week.standing.staff],
        "groups": [parts.group(week, s) for s in sections],
        "couples": [parts.couple(week, pair, question, obstacles) for pair in week.couples],
        "keep_apart": [[week.of_person[a].who(a), week.of_person[b].who(b)] for a, b in week.apart],
    }
    question.before = {
        "sessions": [*parts.before_own(week, question), *parts.before_groups(week, sections)]
    }
    return question


def on_grid(week: Programme, session: Session) -> bool:
    """Whether a session begins on the solver's grid and has its kind's length."""
    start, end = session.during.lower, session.during.upper
    assert start is not None and end is not None
    kind = KINDS.get(session.kind)
    length = int((end - start) / timedelta(minutes=1))
    return (
        kind is not None
        and length == kind.whole_minutes
        and length % GRID == 0
        and start.minute % GRID == 0
        and not start.second
        and week.start <= start < week.end
    )


def _wants(week: Programme, pair: Pairing) -> list[Wanted]:
    found: list[Wanted] = []
    counts: dict[tuple[str, tuple[UUID, ...]], int] = {}
    for kind, people in week.wanted(pair):
        number = counts[(kind, tuple(people))] = counts.get((kind, tuple(people)), 0) + 1
        side = "" if len(people) > 1 else f".{pair.sides[people[0]]}"
        found.append(Wanted(f"{pair.key}.{kind}.{number}{side}", KINDS[kind], pair, people))
    return found


def _match(week: Programme, wants: list[Wanted]) -> None:
    """Give each want the session that stands for it, the earliest first."""
    used: set[tuple[UUID, UUID]] = set()
    for session in sorted(week.sessions.values(), key=lambda s: s.during.lower):
        for person in week.seated(session.id):
            for want in wants:
                if (
                    want.session is None and want.kind.key == session.kind
                    and person in want.people and (session.id, person) not in used
                ):  # fmt: skip
                    want.session = session
                    used |= {(session.id, p) for p in want.people}
                    break


def _extras(week: Programme, question: Question, represented: set[UUID]) -> None:
    """Own and couple's sessions beside the template: they stay where they are."""
    for session in week.sessions.values():
        people = week.seated(session.id)
        pair = week.of_person.get(people[0]) if people else None
        if (
            session.id in represented or pair is None or session.subject_of == "G"
            or not on_grid(week, session)
        ):  # fmt: skip
            continue
        named = f"{pair.key}.x{len(question.wants)}"
        side = "" if len(people) > 1 else f".{pair.sides[people[0]]}"
        question.wants[named + side] = Wanted(
            named + side, KINDS[session.kind], pair, people, session, pinned=True
        )
        represented.add(session.id)


def _sections(week: Programme, wants: list[Wanted], represented: set[UUID]) -> list[Section]:
    demand: dict[str, int] = {}
    for want in wants:
        if want.kind.subject == "G":
            demand[want.kind.key] = demand.get(want.kind.key, 0) + len(want.people)
    found: list[Section] = []
    for group in week.groups.values():
        held = [s for s in week.sessions.values() if s.subject_id == group.id]
        held = [s for s in held if s.kind == group.kind and on_grid(week, s)]
        if group.kind not in demand:
            continue
        if held:
            for session in held:
                represented.add(session.id)
                found.append(_held(week, group, session, len(found)))
        elif (old := week.usual.get(group.id)) is not None and group.leader_id in (
            week.standing.staff
        ):
            taken = len([p for p in week.rosters.get(group.id, ()) if p not in week.of_person])
            found.append(
                Section(_unique(group.name, found), group.kind, group, None, _again(week, old),
                        group.leader_id, taken)
            )  # fmt: skip
    for kind, seats in demand.items():
        there = [s for s in found if s.kind == kind]
        room = sum(KINDS[kind].capacity - s.taken for s in there)
        least = 2 if KINDS[kind].attendance == "apart" else 1
        more = max(least - len(there), math.ceil((seats - room) / KINDS[kind].capacity), 0)
        for _n in range(more):
            found.append(_fresh(week, kind, found))
    return found


def _fresh(week: Programme, key: str, found: list[Section]) -> Section:
    """A section to be made: at the template's hour under a free leader, else wherever it fits."""
    kind = KINDS[key]
    made = Section(_unique(str(kind.title), found), key)
    slot = next(
        (s for pair in week.couples for s in pair.template.slots if s.kind == key), None
    )  # fmt: skip
    if slot is None:
        return made
    start = moment(week.monday + timedelta(days=slot.day), slot.start)
    length = timedelta(minutes=kind.whole_minutes)
    counsels = {c for pair in week.couples for c in pair.counselors.values()}
    fit = [
        s
        for s in week.standing.staff.values()
        if set(s.roles) & set(kind.leads)
        and week.standing.staff_free(s.id, start, start + length)
        and not any(_over(other, s.id, start, length) for other in found)
        and week.standing.licensed(
            s.id, [p for pair in week.couples for p in pair.people], week.monday
        )
    ]
    # Who counsels nobody of the week leads first: no partner's counselor in a group (C-5).
    fit.sort(key=lambda s: (s.id in counsels, sum(o.leader == s.id for o in found), s.name))
    if fit:
        made.start, made.leader = start, fit[0].id
    return made


def _over(other: Section, leader: UUID, start: datetime, length: timedelta) -> bool:
    if other.leader != leader or other.start is None:
        return False
    end = other.start + timedelta(minutes=KINDS[other.kind].whole_minutes)
    return start < end and other.start < start + length


def _held(week: Programme, group: Group, session: Session, number: int) -> Section:
    inside = week.seated(session.id)
    taken = len([p for p in inside if p not in week.of_person])
    if week.begun(session):
        # Nobody new gets into what has begun.
        taken = KINDS[group.kind].capacity - (len(inside) - taken)
    name = f"{group.name} #{number + 1}"
    return Section(name, group.kind, group, session, session.during.lower,
                   session.clinician_id, max(0, taken))  # fmt: skip


def _again(week: Programme, old: Session) -> datetime:
    """The hour of an earlier week's session, on this week's wall clock (F-1)."""
    at = old.during.lower
    assert at is not None
    local = at.astimezone(week.zone)
    day = week.monday + timedelta(days=local.weekday())
    return datetime.combine(day, local.time(), week.zone).astimezone(UTC)


def _unique(name: str, found: list[Section]) -> str:
    return f"{name} #{len(found) + 1}"
