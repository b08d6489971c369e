"""The parts of an instance, each from what was read; clock times are wall clock (F-1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from mutual.base import zones
from mutual.episode.asam import weekly_minutes
from mutual.week.bridge.question import (
    DAY_MINUTES,
    GRID,
    OPEN,
    PAUSE,
    PROCESS_LEAST,
    Question,
    Section,
    Wanted,
)
from mutual.week.bridge.reading import Pairing, Programme
from mutual.week.kinds import KINDS
from mutual.week.models import Session
from mutual.week.solver.instance import DAYS


def programme(week: Programme) -> dict[str, Any]:
    """The programme's clock, hours and levels of care."""
    levels = {facts.level or "2.1" for facts in week.facts.values()} | {"2.1"}
    limits = {level: weekly_minutes(level) or (0, None) for level in sorted(levels)}
    days = [week.monday + timedelta(days=n) for n in range(7)]
    return {
        "zone": week.zone.key,
        "monday": week.monday.isoformat(),
        "slot_minutes": GRID,
        "hours": OPEN,
        "holidays": [d.isoformat() for d in days if d in week.standing.closed],
        "partner_day_minutes": DAY_MINUTES if not week.repair else 600,
        # A repair leaves what stands, close together as it may stand.
        "partner_break": PAUSE if not week.repair else 0,
        "levels": {
            level: {"least": least, **({"most": most} if most is not None else {})}
            for level, (least, most) in limits.items()
        },
    }


def kinds(sections: list[Section]) -> list[dict[str, Any]]:
    """Every kind of session that fits the grid."""
    shared = {s.kind for s in sections if s.taken}
    return [
        {
            "key": kind.key, "title": str(kind.title), "minutes": kind.minutes,
            "breaks": kind.breaks, "attendance": kind.attendance,
            "scope": {"P": "own", "C": "couple", "G": "group"}[kind.subject],
            "roles": list(kind.leads), "counts": kind.counts, "capacity": kind.capacity,
            "capacity_two": kind.capacity_two, "clearance": kind.needs_clearance,
            "process": kind.key == "process_group",
            "least": PROCESS_LEAST
            if kind.key == "process_group" and kind.key not in shared else 0,
        }
        for kind in KINDS.values()
        if kind.whole_minutes % GRID == 0
    ]  # fmt: skip


def clinician(week: Programme, key: UUID, obstacles: list[Session]) -> dict[str, Any]:
    """One member of staff: hours, times away and what else holds them."""
    staff = week.standing.staff[key]
    here = zones.zone(staff.zone)
    away = [*week.standing.away.get(key, []), *week.supervision(key)]
    away += [
        (s.during.lower, s.during.upper) for s in obstacles
        if s.clinician_id == key and s.during.lower and s.during.upper
    ]  # fmt: skip
    hours = [
        {"days": [DAYS[s.day]], "from": f"{s.start:%H:%M}", "to": _until(s.end)}
        for s in week.standing.work.get(key, ())
        if s.what == "work"
    ]
    return {
        "id": week.names[key],
        "roles": list(staff.roles),
        "zone": staff.zone,
        "hours": hours or OPEN,
        "time_off": [
            {"from": _clock(start, here), "to": _clock(end, here)} for start, end in away
        ],
        "licences": [
            {"state": state, "until": (
                (valid.upper - timedelta(days=1)).isoformat() if valid.upper else "2200-01-01"
            )}
            for state, valid in week.standing.licences.get(key, ())
            if valid.lower <= week.monday
        ],
    }  # fmt: skip


def group(week: Programme, section: Section) -> dict[str, Any]:
    """One section, where it stands if it stands."""
    kind = KINDS[section.kind]
    able = [
        week.names[s.id]
        for s in week.standing.staff.values()
        if set(s.roles) & set(kind.leads) or s.id == section.leader
    ]
    found: dict[str, Any] = {
        "id": section.name, "kind": section.kind, "leaders": able, "taken": section.taken,
    }  # fmt: skip
    if section.start is not None and section.leader in week.standing.staff:
        local = section.start.astimezone(week.zone)
        found["at"] = {
            "day": DAYS[local.weekday()], "time": f"{local:%H:%M}",
            "leaders": [week.names[section.leader]],
        }  # fmt: skip
    return found


def couple(
    week: Programme, pair: Pairing, question: Question, obstacles: list[Session]
) -> dict[str, Any]:
    """One couple with what it is to have."""
    mine = [w for w in question.wants.values() if w.pair is pair]
    care = [s for p in pair.people for s in week.standing.said.get(p, ()) if s.what == "care"]
    known = week.standing.staff
    team = {
        "therapist": pair.therapist,
        **{pair.sides[p]: c for p, c in pair.counselors.items()},
    }
    return {
        "id": pair.key,
        "conjoint": pair.conjoint,
        "team": {k: week.names[v] for k, v in team.items() if v in known},
        "child_care": [_window(s) for s in care],
        "partners": {pair.sides[p]: _partner(week, pair, p, obstacles) for p in pair.people},
        "wants": [_want(week, w) for w in mine],
    }


def _want(week: Programme, want: Wanted) -> dict[str, Any]:
    side = want.pair.sides[want.people[0]] if len(want.people) == 1 else "both"
    found: dict[str, Any] = {
        "id": want.id.removesuffix(f".{side}"), "kind": want.kind.key, "who": side,
    }  # fmt: skip
    if want.session is None or want.kind.subject == "G":
        return found
    holds = want.session.clinician_id
    if want.pinned:
        local = want.session.during.lower.astimezone(week.zone)
        found["pin"] = {"start": f"{local:%Y-%m-%dT%H:%M}"}
        if holds in week.standing.staff:
            found["pin"]["staff"] = week.names[holds]
    elif holds in week.standing.staff and holds not in _team(want):
        found["staff"] = [week.names[holds], *(
            week.names[s] for s in _team(want) if s in week.standing.staff
        )]  # fmt: skip
    return found


def _team(want: Wanted) -> list[UUID]:
    """Who holds this by the care team, for kinds that are bound to it."""
    pair = want.pair
    if want.kind.leads == ("couples_therapist",):
        return [pair.therapist] if pair.therapist else []
    if want.kind.leads == ("counselor",) and len(want.people) == 1:
        counselor = pair.counselors.get(want.people[0])
        return [counselor] if counselor else []
    return []


def _partner(
    week: Programme, pair: Pairing, person: UUID, obstacles: list[Session]
) -> dict[str, Any]:
    facts = week.facts[person]
    zone, state = week.standing.home[person]
    said = week.standing.said.get(person, ())
    end = week.monday + timedelta(days=7)
    partial = facts.admitted_on is None or facts.admitted_on > week.monday or (
        facts.closed_on is not None and facts.closed_on < end
    )  # fmt: skip
    never = [_window(s) for s in said if s.what == "never"]
    for session in obstacles:
        if person in week.seated(session.id):
            never += _busy(week, person, session)
    for n in range(7):
        day = week.monday + timedelta(days=n)
        early = facts.admitted_on is None or day < facts.admitted_on
        if early or (facts.closed_on is not None and day >= facts.closed_on):
            never.append({"days": [DAYS[n]], "from": "00:00", "to": "24:00"})
    only = any(s.what == "free" for s in said)
    return {
        "zone": zone.key, "state": state, "level": facts.level or "2.1", "partial": partial,
        "free": [_window(s) for s in said if only and s.what in ("free", "prefer")],
        "never": never,
        "prefer": [_window(s) for s in said if s.what == "prefer"],
        "travel": [
            {"from": gone.lower.isoformat(), "zone": where, "state": there,
             "to": (gone.upper - timedelta(days=1)).isoformat()}
            for who, gone, where, there in week.standing.trips if who == person
        ],
    }  # fmt: skip


def _busy(week: Programme, person: UUID, session: Session) -> list[dict[str, Any]]:
    """One session as a time in which its person can't, on their own clock."""
    start, end = session.during.lower, session.during.upper
    assert start is not None and end is not None
    here = week.standing.place(person, start.astimezone(week.zone).date())[0]
    first, last = start.astimezone(here), end.astimezone(here)
    day = DAYS[first.weekday()]
    if first.date() == last.date():
        return [{"days": [day], "from": f"{first:%H:%M}", "to": f"{last:%H:%M}"}]
    return [{"days": [day], "from": f"{first:%H:%M}", "to": "24:00"}]


def _window(stretch: Any) -> dict[str, Any]:
    return {
        "days": [DAYS[stretch.day]], "from": f"{stretch.start:%H:%M}", "to": _until(stretch.end)
    }  # fmt: skip


def _until(end: Any) -> str:
    return "24:00" if end.hour == 0 and end.minute == 0 else f"{end:%H:%M}"


def _clock(at: datetime, here: Any) -> str:
    return at.astimezone(here).strftime("%Y-%m-%dT%H:%M")


# What stands today --------------------------------------------------------------------------


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def before_own(week: Programme, question: Question) -> list[dict[str, Any]]:
    """Own and couple's sessions of today."""
    return [
        {
            "id": want.id, "kind": want.kind.key, "start": _stamp(want.session.during.lower),
            "staff": [week.names[want.session.clinician_id]],
            "attendees": [want.pair.who(p) for p in want.people], "group": None,
        }
        for want in question.wants.values()
        if want.session is not None and want.kind.subject != "G"
    ]  # fmt: skip


def before_groups(week: Programme, sections: list[Section]) -> list[dict[str, Any]]:
    """Groups' sessions of today with who sits in them."""
    found = []
    for section in sections:
        if section.session is None or section.start is None:
            continue
        inside = [p for p in week.seated(section.session.id) if p in week.of_person]
        found.append(
            {
                "id": section.name, "kind": section.kind, "start": _stamp(section.start),
                "staff": [week.names[section.session.clinician_id]],
                "attendees": [week.of_person[p].who(p) for p in inside], "group": section.name,
            }
        )  # fmt: skip
    return found
