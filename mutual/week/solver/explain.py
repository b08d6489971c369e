"""Says in words what could not be met, and whether it is proved that it cannot be.

From the nearest cause outwards: what is asked for itself, one session without any hour, one
couple's sessions against each other, clinicians and seats that are too few, and at last the
solver's own proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.week.solver.instance import Couple, Instance, Partner, Window
from mutual.week.solver.model import Part
from mutual.week.solver.outcome import Limits
from mutual.week.solver.problem import Problem, Unit
from mutual.week.solver.state import State

_ALWAYS = tuple(Window(day, 0, 1440) for day in range(7))


@dataclass(frozen=True)
class Conflict:
    """One thing that could not be met; `proved` if no week can meet it."""

    text: str
    proved: bool = True


def asked(problem: Problem) -> list[Conflict]:
    """What contradicts itself before any hour is looked at (C-14, C-35, C-45)."""
    found = []
    for n, couple in enumerate(problem.instance.couples):
        for p in (2 * n, 2 * n + 1):
            found += list(_minutes(problem, p))
            units = [problem.units[u] for u in problem.persons[p].units]
            if problem.persons[p].judged and not any(
                u.kind.scope == "own" and u.kind.counts for u in units
            ):
                found.append(Conflict(say(_("{who} has no individual session asked for (C-45)"),
                                          who=problem.persons[p].id)))  # fmt: skip
        kinds = [problem.units[u].kind for u in problem.of_couple[n]]
        conjoint = any(k.clearance and k.scope == "couple" for k in kinds)
        if couple.conjoint and not conjoint and problem.persons[2 * n].judged:
            found.append(Conflict(say(_("{couple} has no conjoint session asked for (C-45)"),
                                      couple=couple.id)))  # fmt: skip
        if not couple.conjoint and any(k.clearance for k in kinds):
            words = _("{couple} has the side-by-side week: its sessions with the couples therapist"
                      " cannot be placed (C-17)")  # fmt: skip
            found.append(Conflict(say(words, couple=couple.id)))
    return found


def _minutes(problem: Problem, p: int) -> Iterator[Conflict]:
    person = problem.persons[p]
    units = [problem.units[u] for u in person.units if problem.units[u].kind.counts]
    most = sum(u.kind.minutes for u in units)
    least = sum(u.kind.minutes for u in units if u.must)
    if most < person.least:
        words = _("{who}: the sessions asked for come to {n} minutes, {short} short of {least}"
                  " (C-35)")  # fmt: skip
        yield Conflict(say(words, who=person.id, n=most, short=person.least - most,
                           least=person.least))  # fmt: skip
    if least > person.most:
        words = _("{who}: the sessions asked for come to {n} minutes, {over} over {most} (C-35)")
        yield Conflict(say(words, who=person.id, n=least, over=least - person.most,
                           most=person.most))  # fmt: skip


def explain(problem: Problem, state: State, limits: Limits) -> list[Conflict]:
    """Why these sessions are missing; the last word is the solver's if nothing nearer is found."""
    found: list[Conflict] = []
    missing = [problem.units[u] for u in state.missing]
    for unit in missing:
        found += no_place(problem, unit)
    if not found:
        for couple in sorted({u.couple for u in missing}):
            found += _within(problem, state, couple, limits)
    shortages = [*short_staff(problem), *short_seats(problem)]
    found += [one for one in shortages if one not in found]
    if not found and missing:
        found += _together(problem, state, missing, limits)
    return list(dict.fromkeys(found))


def no_place(problem: Problem, unit: Unit) -> list[Conflict]:
    """A session without a single hour, and what takes the last of them."""
    who = ", ".join(problem.persons[p].id for p in unit.persons)
    if unit.kind.scope == "group":
        return _no_section(problem, unit, who)
    if unit.places or (unit.kind.clearance and not problem.instance.couples[unit.couple].conjoint):
        return []
    staff = problem.staff_for(unit)
    names = ", ".join(problem.helpers[s].id for s in staff)
    blank = {"who": who, "kind": unit.kind.title, "staff": names}
    if not staff:
        words = say(_("{kind} of {who}: nobody on the staff may hold it (C-3, C-4)"), **blank)
        return [Conflict(words)]
    if any(True for _place in problem.own_places(unit, staff, licence=False)):
        state = ", ".join(sorted({s for p in unit.persons for s in problem.persons[p].states}))
        words = _("{kind} of {who}: {staff} is not licensed in {state} on any day that both can"
                  " (C-46)")  # fmt: skip
        return [Conflict(say(words, **blank, state=state))]
    if any(True for _place in problem.own_places(unit, staff, care=False)):
        words = _("{kind} of {who}: every hour in which all can is an hour of child care (C-41)")
        return [Conflict(say(words, **blank))]
    if any(True for _place in problem.own_places(unit, staff, hours=False)):
        return [Conflict(say(_("{kind} of {who}: {staff} works at no hour that is free for it"),
                             **blank))]  # fmt: skip
    for p in unit.persons:
        person = problem.persons[p]
        room = problem.week.open & person.free
        if not any(room >> s & ((1 << unit.length) - 1) == (1 << unit.length) - 1
                   for s in range(problem.week.count)):  # fmt: skip
            words = _("{who} has no free {n} minutes in the programme's hours on any day")
            return [Conflict(say(words, who=person.id, n=unit.kind.minutes))]
    return [Conflict(say(_("{kind} of {who}: no hour is free for all of {who} and {staff}"),
                         **blank))]  # fmt: skip


def _no_section(problem: Problem, unit: Unit, who: str) -> list[Conflict]:
    options = [(s, o) for s in unit.sections for o in range(len(problem.sections[s].options))]
    if any(problem.seat(unit, s, o) is not None for s, o in options):
        return []
    if not unit.sections:
        couple = problem.instance.couples[unit.couple]
        words = _("{kind} of {who}: no section for the {track} track in {language}")
        return [Conflict(say(words, kind=unit.kind.title, who=who, track=couple.track or "-",
                             language=couple.language or "-"))]  # fmt: skip
    if not options:
        words = _("{kind} of {who}: no section has a leader who works at its hour")
        return [Conflict(say(words, kind=unit.kind.title, who=who))]
    for p in unit.persons:
        free = problem.persons[p].free
        if not any(_inside(problem, s, o, free) for s, o in options):
            days = sorted({_clock(problem, s, o) for s, o in options[:6]})
            words = _("{who} is free at none of the hours of {kind} ({hours})")
            return [Conflict(say(words, who=problem.persons[p].id, kind=unit.kind.title,
                                 hours=", ".join(days)))]  # fmt: skip
    if len(unit.persons) == 2:
        care = problem.care[unit.couple]
        if (
            any(
                _inside(
                    problem,
                    s,
                    o,
                    problem.persons[unit.persons[0]].free & problem.persons[unit.persons[1]].free,
                )
                for s, o in options
            )
            and care
        ):
            words = _("{kind} of {who}: every hour in which both can is an hour of child care"
                      " (C-41)")  # fmt: skip
            return [Conflict(say(words, kind=unit.kind.title, who=who))]
    words = _("{kind} of {who}: no section is left whose leader may treat them (C-5, C-46)")
    return [Conflict(say(words, kind=unit.kind.title, who=who))]


def _inside(problem: Problem, section: int, option: int, free: int) -> bool:
    where = problem.sections[section]
    mask = ((1 << where.length) - 1) << where.options[option].start
    return not mask & ~free


def _clock(problem: Problem, section: int, option: int) -> str:
    start = problem.sections[section].options[option].start
    return problem.week.moment(start).astimezone(problem.week.zone).strftime("%a %H:%M")


def _alone(instance: Instance, couple: Couple, limits: Limits) -> int | None:
    """Sessions that one couple must miss with nobody else in the programme; None: not decided."""
    problem = Problem(replace(instance, couples=(couple,), keep_apart=()))
    calendar = [0 if s.options else -1 for s in problem.sections]
    free = {s.index: list(range(len(s.options))) for s in problem.sections if len(s.options) > 1}
    part = Part(State(problem, calendar), [0], free, before={}, alone=True)
    outcome = part.solve(Limits(min(limits.seconds, 2.0), 1, limits.seed))
    if outcome.status == "none" or (outcome.status != "optimal" and outcome.bound < 5_000):
        return None if outcome.objective > 5_000 or outcome.status == "none" else 0
    return int(outcome.bound // 5_000)


def _within(problem: Problem, state: State, n: int, limits: Limits) -> list[Conflict]:
    """A couple whose own sessions do not fit together, and what would make room."""
    instance, couple = problem.instance, problem.instance.couples[n]
    if not _alone(instance, couple, limits):
        return []
    partners = couple.partners
    names = [p.id for p in partners]
    cures: list[tuple[str, Callable[[], tuple[Instance, Couple]]]] = [
        (say(_("the couple had two private rooms (C-41)")),
         lambda: (instance, replace(couple, rooms=2))),
        (say(_("nobody had to stay with the children (C-41)")),
         lambda: (instance, replace(couple, child_care=()))),
        (say(_("{who} were free at other hours"), who=names[0]),
         lambda: (instance, replace(couple, partners=(_freed(couple, 0), partners[1])))),
        (say(_("{who} were free at other hours"), who=names[1]),
         lambda: (instance, replace(couple, partners=(partners[0], _freed(couple, 1))))),
        (say(_("more minutes were allowed in one day")),
         lambda: (replace(instance, programme=replace(instance.programme, day_minutes=1440)),
                  couple)),
        (say(_("no breaks were needed")),
         lambda: (replace(instance, programme=replace(instance.programme, partner_break=0)),
                  couple)),
        (say(_("their own clinicians worked at other hours")),
         lambda: (_staffed(instance), couple)),
    ]  # fmt: skip
    cures = [c for k, c in enumerate(cures)
             if (k != 0 or couple.rooms < 2) and (k != 1 or couple.child_care)]  # fmt: skip
    helping = [words for words, changed in cures if _alone(*changed(), limits) == 0]
    what = ", ".join(sorted({problem.units[u].kind.title for u in problem.of_couple[n]
                             if state.choice[u] is None}))  # fmt: skip
    if helping:
        words = _("{couple}: not all sessions fit into one week ({what}); they would if {cures}")
        cure = say(_(", or if ")).join(helping)
        return [Conflict(say(words, couple=couple.id, what=what, cures=cure))]
    words = _("{couple}: not all sessions fit into one week ({what}), and no single change of"
              " hours, rooms or breaks makes room")  # fmt: skip
    return [Conflict(say(words, couple=couple.id, what=what))]


def _freed(couple: Couple, side: int) -> Partner:
    return replace(couple.partners[side], free=_ALWAYS, never=())


def _staffed(instance: Instance) -> Instance:
    staff = {key: replace(s, hours=_ALWAYS, time_off=()) for key, s in instance.staff.items()}
    return replace(instance, staff=staff)


def short_staff(problem: Problem) -> list[Conflict]:
    """A clinician whose own sessions alone are more than their hours hold."""
    asked_of: dict[int, list[Unit]] = {}
    for unit in problem.units:
        staff = {p.staff for p in unit.places} or set(
            problem.staff_for(unit) if unit.kind.scope != "group" else ()
        )
        if unit.must and len(staff) == 1:
            asked_of.setdefault(staff.pop(), []).append(unit)
    found = []
    for s, units in sorted(asked_of.items()):
        helper = problem.helpers[s]
        hours = (helper.hours & problem.week.open).bit_count()
        needed = sum(u.length for u in units)
        if needed > hours:
            words = _("{staff} has {n} sessions of {need} minutes in all and {have} minutes of"
                      " working hours")  # fmt: skip
            minutes = problem.week.minutes
            found.append(Conflict(say(words, staff=helper.id, n=len(units), need=needed * minutes,
                                      have=hours * minutes)))  # fmt: skip
    return found


def short_seats(problem: Problem) -> list[Conflict]:
    """A group kind with fewer seats than are asked for, by track and language (C-42)."""
    wanted: dict[tuple[str, tuple[int, ...]], list[Unit]] = {}
    for unit in problem.units:
        if unit.kind.scope == "group" and unit.must and unit.sections:
            wanted.setdefault((unit.kind.key, tuple(unit.sections)), []).append(unit)
    found = []
    for (key, sections), units in wanted.items():
        seats = sum(problem.sections[s].capacity for s in sections if problem.sections[s].options)
        people = sum(len(u.persons) for u in units)
        kind = problem.instance.kinds[key]
        couples = {u.couple for u in units if len(u.persons) == 1}
        both = [n for n in couples if sum(u.couple == n for u in units) > 1]
        if people > seats:
            words = _("{kind}: {n} places are asked for and {m} are offered (C-42)")
            found.append(Conflict(say(words, kind=kind.title, n=people, m=seats)))
        elif kind.attendance == "apart" and both and len(sections) < 2:
            words = _("{kind}: one section only, and partners attend different ones (C-40)")
            found.append(Conflict(say(words, kind=kind.title)))
    return found


def _together(
    problem: Problem, state: State, missing: list[Unit], limits: Limits
) -> list[Conflict]:
    """The solver's own proof over the whole week, or the honest word that there is none."""
    names = ", ".join(u.id for u in missing[:5]) + (", …" if len(missing) > 5 else "")
    fixed = all(len(s.options) < 2 for s in problem.sections)
    if fixed and len(problem.of_couple) <= 60 and limits.seconds > 0.3:
        part = Part(state, range(len(problem.of_couple)), before={}, alone=True)
        outcome = part.solve(limits)
        if outcome.status == "optimal" and outcome.bound > 5_000:
            words = _("Proved: not all of these can be held beside the others' sessions: {names}")
            return [Conflict(say(words, names=names))]
    words = _("No place was found in the time given, and none was proved impossible: {names}")
    return [Conflict(say(words, names=names), proved=False)]
