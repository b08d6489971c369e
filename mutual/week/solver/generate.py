"""Random programmes for trying the solver: `mutual week instance --couples N --seed S`.

A generated week is made around a week that exists: a whole week is placed first with everybody
free, then each person's hours are narrowed around it, so that it can be solved. Seeds that end in
7 get one flaw that makes them impossible (docs/reference/week-instance.md lists the flaws).
"""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from typing import Any

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.episode.asam import weekly_minutes
from mutual.week.kinds import KINDS, SessionKind
from mutual.week.solver.greedy import first_week
from mutual.week.solver.instance import DAYS, VERSION
from mutual.week.solver.parse import read
from mutual.week.solver.problem import Option, Problem
from mutual.week.solver.reading import InstanceError
from mutual.week.solver.spoil import FLAWS, spoil
from mutual.week.solver.state import State

MOST_COUPLES = 500
_WEEKS = (date(2026, 11, 2), date(2026, 10, 26), date(2027, 3, 8), date(2027, 1, 11))
_STATES = (("IL", "America/Chicago", 6), ("TN", "America/New_York", 2), ("CO", "America/Denver", 1))
_HOURS = {"evening": ("16:00", "21:30"), "day": ("08:30", "15:00")}
_SHARED = ("skills_group", "psychoeducation", "process_group", "couples_skills", "individual",
           "boundaries", "conjoint", "relapse_prevention")  # fmt: skip
_APART = ("skills_group", "psychoeducation", "process_group", "own_skills", "individual",
          "boundaries", "second_individual", "relapse_prevention")  # fmt: skip
#: For each group kind: which of a pattern's days, minutes after the evening's (or day's) start.
_STANDS = {"skills_group": (0, 0), "psychoeducation": (0, 120), "process_group": (1, 0),
           "couples_skills": (1, 120), "own_skills": (1, 120), "boundaries": (2, 0),
           "relapse_prevention": (3, 0)}  # fmt: skip
_PATTERNS = ((0, 2, 3, 5), (1, 3, 2, 5), (0, 2, 1, 5), (2, 3, 4, 5), (3, 1, 0, 5), (1, 2, 4, 5))
_LOWER = frozenset({"process_group", "boundaries"})
_LEAD_OUT = {"conjoint": "couples_therapist", "couples_skills": "couples_therapist"}


def generate(couples: int, seed: int, *, hard: str = "", calendar: str = "held") -> dict[str, Any]:
    """An instance as a JSON value; the same numbers give the same instance.

    Args:
        couples: 1 to 500.
        seed: any whole number from 0.
        hard: a flaw of `FLAWS`, ``none`` for no flaw, empty for the seed's own choice.
        calendar: ``held`` gives every group its hour, ``open`` leaves them to the solver.

    Raises:
        InstanceError: for a number or word outside of that.
    """
    if not 1 <= couples <= MOST_COUPLES:
        raise InstanceError("couples", say(_("1 to {most}"), most=MOST_COUPLES))
    if hard not in ("", "none", *FLAWS):
        raise InstanceError("hard", say(_("one of {words}"), words=", ".join(("none", *FLAWS))))
    chance = random.Random(seed * 7919 + couples)
    if not hard:
        hard = FLAWS[seed // 10 % len(FLAWS)] if seed % 10 == 7 else "none"
    for _attempt in range(6):
        raw = _wide(couples, seed, chance)
        if _narrow(raw, chance):
            break
    else:  # pragma: no cover - every size and seed tried so far finds one at once
        raise InstanceError("seed", say(_("no week was found for it; try another seed")))
    if calendar == "open":
        for group in raw["groups"]:
            del group["at"]
    if hard != "none":
        spoil(raw, hard, chance)
    return raw


def _kind(kind: SessionKind) -> dict[str, Any]:
    process = kind.key == "process_group"
    title = kind.key.replace("_", " ").capitalize()  # data: the same whoever writes the file
    return {
        "key": kind.key, "title": title, "minutes": kind.minutes, "breaks": kind.breaks,
        "attendance": kind.attendance,
        "scope": {"P": "own", "C": "couple", "G": "group"}[kind.subject],
        "roles": list(kind.leads), "counts": kind.counts, "capacity": kind.capacity,
        "capacity_two": kind.capacity_two, "least": 3 if process else 0,
        "clearance": kind.needs_clearance, "process": process,
    }  # fmt: skip


def _wide(couples: int, seed: int, chance: random.Random) -> dict[str, Any]:
    """Everybody, with all the hours of their track."""
    tracks = ["day" if couples >= 20 and n % 10 >= 7 else "evening" for n in range(couples)]
    spanish = {n for n in range(couples) if couples >= 60 and n % 8 == 5 and tracks[n] == "evening"}
    made = [_couple(n, tracks[n], "es" if n in spanish else "en", chance) for n in range(couples)]
    staff = _staff(couples, len(spanish), tracks.count("day"), chance)
    _teams(made, staff)
    return {
        "version": VERSION,
        "name": f"{couples} couples, seed {seed}",
        "programme": {
            "zone": "America/Chicago", "monday": _WEEKS[seed % len(_WEEKS)].isoformat(),
            "slot_minutes": 15, "partner_day_minutes": 300, "partner_break": 15,
            "hours": [{"days": list(DAYS[:5]), "from": "08:00", "to": "22:00"},
                      {"days": ["sat"], "from": "08:30", "to": "15:00"}],
            "holidays": [], "per_diem": {"minutes": 180, "days": 3},
            "levels": {k: {"least": _limits(k)[0], "most": _limits(k)[1]} for k in ("1.5", "2.1")},
        },
        "kinds": [_kind(k) for k in KINDS.values() if k.whole_minutes % 15 == 0],
        "staff": staff,
        "groups": _groups(made, staff),
        "couples": made,
        "keep_apart": [
            [f"{made[n]['id']}.A", f"{made[n + 3]['id']}.B"] for n in range(0, couples - 3, 12)
        ],
    }  # fmt: skip


def _limits(level: str) -> tuple[int, int | None]:
    return weekly_minutes(level) or (0, None)


def _couple(n: int, track: str, language: str, chance: random.Random) -> dict[str, Any]:
    key = f"c{n + 1:03}"
    conjoint = chance.random() < 0.8
    lower = chance.random() < 0.15
    first = not lower and chance.random() < 0.06
    state, zone, _weight = chance.choices(_STATES, [s[2] for s in _STATES])[0]
    partners = {}
    for side in "AB":
        partner: dict[str, Any] = {
            "name": f"{side} of {key}", "zone": zone, "state": state,
            "level": "1.5" if lower and side == "B" else "2.1",
            "authorised_minutes": None, "partial": first,
        }  # fmt: skip
        partners[side] = partner
    if chance.random() < 0.08:  # B works elsewhere in the second half of the week
        partners["B"]["travel"] = "later"
    wants: list[dict[str, Any]] = []
    for kind in _SHARED if conjoint else _APART:
        who = "A" if lower and kind in _LOWER else "both"
        wants.append({"kind": kind, "who": who})
    if first:
        wants += [{"kind": "orientation", "who": "both"}, {"kind": "intake", "who": "both"}]
    for side in "AB":
        if first or chance.random() < 0.3:
            wants.append({"id": f"{key}.visit.{side}", "kind": "medical_visit", "who": side})
        if chance.random() < 0.2:
            wants.append({"id": f"{key}.activity.{side}", "kind": "sober_activity", "who": side,
                          "must": False})  # fmt: skip
    return {
        "id": key, "track": track, "language": language,
        "rooms": 1 if chance.random() < 0.2 else 2, "conjoint": conjoint, "team": {},
        "child_care": [], "partners": partners, "wants": wants,
        "first": first, "care": chance.random() < 0.3,
    }  # fmt: skip


def _staff(couples: int, spanish: int, day: int, chance: random.Random) -> list[dict[str, Any]]:
    staff: list[dict[str, Any]] = []

    def hire(role: str, count: int, tracks: tuple[str, ...], languages: list[str]) -> None:
        for _n in range(count):
            number = sum(role in s["roles"] for s in staff) + 1
            start, end = {
                "evening": ("12:00", "22:00"), "day": ("08:00", "17:00"),
            }.get(" ".join(tracks), ("09:00", "21:30"))  # fmt: skip
            hours = [{"days": list(DAYS[:5]), "from": start, "to": end},
                     {"days": ["sat"], "from": "08:30", "to": "15:00"}]  # fmt: skip
            staff.append({
                "id": f"{role}-{number}", "name": f"{role.replace('_', ' ')} {number}",
                "roles": [role], "languages": languages, "hours": hours, "time_off": [],
                "licences": [{"state": s[0], "until": "2027-12-31"} for s in _STATES],
                "day_minutes": 480, "break_minutes": 0, "serves": list(tracks),
            })  # fmt: skip

    evening = couples - day
    for role, each in (("couples_therapist", 7), ("counselor", 5), ("group_leader", 3.5)):
        for count, tracks, languages in (
            (evening - spanish, ("evening",), ["en"]), (day, ("day",), ["en"]),
            (spanish, ("evening",), ["es", "en"]),
        ):  # fmt: skip
            if count:
                least = 2 if role != "couples_therapist" else 1
                hire(role, max(least, math.ceil(count / each)), tracks, languages)
    hire("prescriber", math.ceil(couples / 30), ("evening", "day"), ["en", "es"])
    hire("care_coordinator", math.ceil(couples / 40), ("evening", "day"), ["en", "es"])
    return staff


def _teams(couples: list[dict[str, Any]], staff: list[dict[str, Any]]) -> None:
    """Therapist and counselors in turn, the counselors of a couple never the same (C-4)."""
    turn: dict[tuple[str, str, str], int] = {}
    for couple in couples:
        for role, sides in (("couples_therapist", ("therapist",)), ("counselor", ("A", "B"))):
            able = [s["id"] for s in staff if _serves(s, role, couple["track"], couple["language"])]
            for side in sides:
                key = (role, couple["track"], couple["language"])
                couple["team"][side] = able[turn.get(key, 0) % len(able)]
                turn[key] = turn.get(key, 0) + 1


def _serves(one: dict[str, Any], role: str, track: str, language: str) -> bool:
    spoken = one["languages"] if one["serves"] == ["evening", "day"] else one["languages"][:1]
    return role in one["roles"] and track in one["serves"] and language in spoken


def _groups(couples: list[dict[str, Any]], staff: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sections enough for everybody of a track and language, an eighth to spare."""
    wanted: dict[tuple[str, str, str], int] = {}
    for couple in couples:
        for want in couple["wants"]:
            if KINDS[want["kind"]].subject == "G":
                key = (want["kind"], couple["track"], couple["language"])
                wanted[key] = wanted.get(key, 0) + (2 if want["who"] == "both" else 1)
    groups = []
    for (kind, track, language), seats in wanted.items():
        role = _LEAD_OUT.get(kind, "group_leader")
        leaders = [s["id"] for s in staff if _serves(s, role, track, language)]
        least = 2 if KINDS[kind].attendance == "apart" else 1
        count = max(least, math.ceil(seats * 1.15 / KINDS[kind].capacity))
        groups += [
            {"id": f"{kind}-{track}-{language}-{n + 1}", "kind": kind, "track": track,
             "language": language, "leaders": leaders, "leaders_needed": 1}
            for n in range(count)
        ]  # fmt: skip
    return groups


def _narrow(raw: dict[str, Any], chance: random.Random) -> bool:
    """Find a week with everybody's widest hours, then cut the hours down around it."""
    monday = date.fromisoformat(raw["programme"]["monday"])
    hidden = [(c.pop("first"), c.pop("care")) for c in raw["couples"]]
    for one in raw["staff"]:
        one.pop("serves")
    for couple in raw["couples"]:
        for partner in couple["partners"].values():
            low, high = _HOURS[couple["track"]]
            partner["free"] = [{"days": list(DAYS[:5]), "from": low, "to": high},
                               {"days": ["sat"], "from": "08:30", "to": "14:00"}]  # fmt: skip
            if partner.pop("travel", ""):
                partner["travel"] = [{"from": (monday + timedelta(days=3)).isoformat(),
                                      "to": (monday + timedelta(days=6)).isoformat(),
                                      "zone": "America/New_York", "state": "TN"}]  # fmt: skip
    for _attempt in range(12):
        problem = Problem(read(raw))
        state = first_week(problem, _spread(problem), 1, math.inf, tries=len(raw["couples"]))
        if not state.missing:
            break
        _ease(raw, problem, state.missing)
    else:
        return False
    week = problem.week
    for section, group in zip(problem.sections, raw["groups"], strict=True):
        option = section.options[max(state.calendar[section.index], 0)]
        clock = week.moment(option.start).astimezone(week.zone)
        group["at"] = {"day": DAYS[clock.weekday()], "time": clock.strftime("%H:%M"),
                       "leaders": [problem.helpers[s].id for s in option.leaders]}  # fmt: skip
    for n, couple in enumerate(raw["couples"]):
        for k, side in enumerate("AB"):
            taken = state.there[2 * n + k]
            _cut(problem, couple["partners"][side], 2 * n + k, taken, chance)
        if hidden[n][1]:
            _child_care(problem, couple, n, state.there, chance)
    return True


def _ease(raw: dict[str, Any], problem: Problem, missing: list[int]) -> None:
    """What a programme would do: a section more of what is full, a second room."""
    added = set()
    for index in missing:
        unit = problem.units[index]
        couple = raw["couples"][unit.couple]
        couple["rooms"] = 2
        like = [g for g in raw["groups"] if (g["kind"], g["track"], g["language"])
                == (unit.kind.key, couple["track"], couple["language"])]  # fmt: skip
        if like and like[0]["id"] not in added:
            added.add(like[0]["id"])
            name = like[0]["id"].rsplit("-", 1)[0]
            raw["groups"].append({**like[0], "id": f"{name}-{len(like) + 1}"})


def _spread(problem: Problem) -> list[int]:
    """A standing calendar near the hours of the programme's template weeks, leaders in turn."""
    state = State(problem, [-1] * len(problem.sections))
    turn: dict[tuple[str, str, str], int] = {}
    for section in problem.sections:
        group = section.group
        key = (group.kind, group.track, group.language)
        n = turn[key] = turn.get(key, -1) + 1
        which, minutes = _STANDS[group.kind]
        day = _PATTERNS[n % len(_PATTERNS)][which]
        base = (17 * 60 if group.track == "evening" else 9 * 60) if day < 5 else 9 * 60
        if n % 2:
            minutes = 120 - minutes
        if day == 5:
            minutes = 120 * (n % 2)
        first = problem.week.days[day] + (base + minutes) // problem.week.minutes

        def far(o: int, first: int = first, options: list[Option] = section.options) -> int:
            return abs(options[o].start - first)

        near = sorted(range(len(section.options)), key=lambda o: (far(o), o))
        free = (o for o in near if state.may_lead(section.index, o))
        found = next(free, None)
        if found is not None:
            state.lead(section.index, found)
    return state.calendar


def _cut(
    problem: Problem, partner: dict[str, Any], person: int, taken: int, chance: random.Random
) -> None:
    """Free hours by day: around what was placed, and at random beside it."""
    week = problem.week
    zone_on = week.zone_on(problem.instance.couples[person // 2].partners[person % 2])
    free = []
    for day in range(7):
        first, last = week.days[day], week.days[day + 1]
        spots = [s for s in range(first, last) if problem.persons[person].free >> s & 1]
        if not spots:
            continue
        busy = [s for s in spots if taken >> s & 1]
        if not busy and chance.random() < 0.5:
            continue
        low = chance.choice(spots[: max(1, len(spots) // 3)])
        high = chance.choice(spots[-max(1, len(spots) // 3) :])
        low, high = min([low, *busy]), max([high, *busy])
        zone = zone_on(week.date_of(first))
        start = week.moment(low).astimezone(zone)
        end = week.moment(high + 1).astimezone(zone)
        free.append(
            {
                "days": [DAYS[start.weekday()]],
                "from": start.strftime("%H:%M"),
                "to": end.strftime("%H:%M") if end.hour or end.minute else "24:00",
            }
        )
    partner["free"] = free
    if chance.random() < 0.4:
        partner["prefer"] = [chance.choice(free), chance.choice(free)]


def _child_care(
    problem: Problem, couple: dict[str, Any], n: int, there: list[int], chance: random.Random
) -> None:
    """Hours of one evening in which one of the two stays with the children, where it can be."""
    week = problem.week
    day = chance.randrange(5)
    first, last = week.days[day], week.days[day + 1]
    both = (there[2 * n] & there[2 * n + 1]) >> first & ((1 << (last - first)) - 1)
    hours = [(h, h + 2) for h in (8, 10, 13, 16, 17, 18, 19)]
    chance.shuffle(hours)
    zone = week.zone_on(problem.instance.couples[n].partners[0])(week.date_of(first))
    for start, end in hours:
        window = {"days": [DAYS[day]], "from": f"{start:02}:00", "to": f"{end:02}:00"}
        span = 0
        for s in range(first, last):
            clock = week.moment(s).astimezone(zone)
            if clock.weekday() == day and start <= clock.hour < end:
                span |= 1 << (s - first)
        if not both & span:
            couple["child_care"] = [window]
            return
