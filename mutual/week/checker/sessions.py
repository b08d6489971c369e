"""Rules of one session: hours, staff, licences, groups."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mutual.week.checker.facts import Facts, Held, inside


def check_sessions(facts: Facts) -> None:
    """Every session for itself, then each clinician's day."""
    opening = facts.spans(facts.programme["hours"], facts.zone)
    holidays = {date.fromisoformat(d) for d in facts.programme.get("holidays", [])}
    seen: set[str] = set()
    for held in facts.sessions:
        if held.id in seen:
            facts.broken("shape", f"{held.id} stands in the solution twice", held)
        seen.add(held.id)
        length = timedelta(minutes=held.kind["minutes"] + held.kind.get("breaks", 0))
        if held.end - held.start != length:
            facts.broken("shape", f"{held.id} does not last its {length}", held)
        if not (facts.begin <= held.start and held.end <= facts.finish):
            facts.broken("shape", f"{held.id} is outside of the programme week", held)
        elif not inside(held.start, held.end, opening) or facts.day(held) in holidays:
            facts.broken("hours", f"the programme is closed on {facts.clock(held)}", held)
        if not held.who or len(set(held.who)) < len(held.who):
            facts.broken("shape", f"{held.id} has nobody in it, or somebody twice", held)
        _attendance(facts, held)
        if held.kind["scope"] == "group":
            _group(facts, held)
        else:
            _own(facts, held)
        _licences(facts, held)
    for key, one in facts.staff.items():
        _clinician(facts, key, one)


def _attendance(facts: Facts, held: Held) -> None:
    """C-40: together needs both, apart refuses both."""
    for couple, sides in held.sides.items():
        if held.kind["attendance"] == "together" and len(sides) < 2:
            facts.broken("C-40", f"{held.id} needs both partners of {couple}", held)
        if held.kind["attendance"] == "apart" and len(sides) > 1:
            facts.broken("C-40", f"{held.id}: partners of {couple} attend different ones", held)
        if held.kind.get("clearance") and not facts.couples[couple].get("conjoint", True):
            facts.broken("C-17", f"{held.id}: {couple} has the side-by-side week", held)
    if held.kind["scope"] != "group" and len(held.sides) > 1:
        facts.broken("C-40", f"{held.id} holds more than one couple", held)


def _group(facts: Facts, held: Held) -> None:
    group = facts.groups.get(held.group or "")
    if group is None or group["kind"] != held.kind["key"]:
        facts.broken("shape", f"{held.id} is no section of {held.kind['key']}", held)
        return
    needed = group.get("leaders_needed", 1)
    if len(set(held.staff)) != needed or not set(held.staff) <= set(group["leaders"]):
        facts.broken("leader", f"{held.id} is led by others than its leaders", held)
    room = held.kind["capacity"]
    if needed == 2:
        room = max(room, held.kind.get("capacity_two", 0))
    room = max(0, room - group.get("taken", 0))
    if len(held.who) > room:
        facts.broken("C-42", f"{held.id} has {len(held.who)} clients, {room} at most", held)
    if len(held.who) < held.kind.get("least", 0):
        facts.warn("C-43", f"{held.id} has {len(held.who)} clients and runs as skills", held)
    at = group.get("at")
    if at:
        day = facts.monday + timedelta(
            days=("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(at["day"])
        )
        start = facts.at(day, facts.minute(at["time"]), facts.zone)
        if held.start != start:
            facts.broken("calendar", f"{held.id} is not at {at['day']} {at['time']}", held)
        there = all(_works(facts, facts.staff[s], start, held.end) for s in at["leaders"])
        if there and set(held.staff) != set(at["leaders"]):
            facts.broken("calendar", f"{held.id} has another leader though its own works", held)
    for couple, sides in held.sides.items():
        made = facts.couples[couple]
        if group.get("track", "") not in ("", made.get("track", "")):
            facts.broken("track", f"{held.id} is not on the track of {couple}", held)
        if group.get("language", "") not in ("", made.get("language", "")):
            facts.broken("language", f"{held.id} is not in the language of {couple}", held)
        if held.kind.get("process"):
            for side in sides:
                other = made.get("team", {}).get("B" if side == "A" else "A", "")
                if other and other in held.staff:
                    facts.broken("C-5", f"{held.id} is led by the counselor of a client's partner",
                                 held)  # fmt: skip
    for one, two in facts.apart:
        if one in held.who and two in held.who:
            facts.broken("C-44", f"{held.id}: two of its clients are to be kept apart", held)


def _own(facts: Facts, held: Held) -> None:
    if held.group is not None or len(held.staff) != 1:
        facts.broken("shape", f"{held.id} has one clinician and no group", held)
        return
    wants = [w for w in facts.couples[next(iter(held.sides))]["wants"] if _meant(w, held)]
    couple = facts.couples[next(iter(held.sides))]
    team, roles = couple.get("team", {}), held.kind["roles"]
    helper = held.staff[0]
    named = [w for w in wants if w.get("staff") or w.get("pin", {}).get("staff")]
    if named:
        if not any(helper in (*w.get("staff", []), w.get("pin", {}).get("staff")) for w in named):
            facts.broken("staff", f"{held.id} is held by somebody it was not asked of", held)
    elif roles == ["couples_therapist"] and helper != team.get("therapist"):
        facts.broken("staff", f"{held.id} is not held by the couple's therapist", held)
    elif roles == ["counselor"] and held.kind["scope"] == "own":
        side = held.who[0].rpartition(".")[2]
        if helper != team.get(side):
            facts.broken("C-4", f"{held.id} is not held by the person's own counselor", held)
    elif not set(roles) & set(facts.staff[helper]["roles"]):
        facts.broken("staff", f"{held.id} is held by somebody without the role", held)
    elif couple.get("language", "") not in ("", *facts.staff[helper].get("languages", ["en"])):
        facts.broken("language", f"{held.id} is not in the couple's language", held)
    if held.kind["scope"] == "own":
        side = held.who[0].rpartition(".")[2]
        if helper == team.get("B" if side == "A" else "A", ""):
            facts.broken("C-4", f"{held.id} is held by the partner's counselor", held)
        if helper == team.get("therapist", ""):
            facts.broken("C-3", f"{held.id} is held by the couples therapist", held)


def _meant(want: dict[str, Any], held: Held) -> bool:
    sides = {s for sides in held.sides.values() for s in sides}
    who = {"A", "B"} if want["who"] == "both" else {want["who"]}
    return bool(want["kind"] == held.kind["key"] and sides <= who)


def _licences(facts: Facts, held: Held) -> None:
    """C-46: licensed that day where each client is that day."""
    day = facts.day(held)
    for helper in held.staff:
        valid = {one["state"] for one in facts.staff[helper]["licences"]
                 if date.fromisoformat(one["until"]) >= day}  # fmt: skip
        for person in held.who:
            if facts.state_of(facts.partners[person], day) not in valid:
                facts.broken("C-46", f"{helper} is not licensed where {person} is", held)


def _works(facts: Facts, one: dict[str, Any], start: datetime, end: datetime) -> bool:
    zone = ZoneInfo(one.get("zone") or facts.programme["zone"])
    if not inside(start, end, facts.spans(one["hours"], zone)):
        return False
    for leave in one.get("time_off", []):
        gone = datetime.fromisoformat(leave["from"]).replace(tzinfo=zone).astimezone(UTC)
        back = datetime.fromisoformat(leave["to"]).replace(tzinfo=zone).astimezone(UTC)
        if start < back and gone < end:
            return False
    return True


def _clinician(facts: Facts, key: str, one: dict[str, Any]) -> None:
    mine = sorted((s for s in facts.sessions if key in s.staff), key=lambda s: s.start)
    pause = timedelta(minutes=one.get("break_minutes", 0))
    for before, after in zip(mine, mine[1:], strict=False):
        if after.start < before.end + pause:
            facts.broken("F-4", f"{key} is booked twice on {facts.clock(after)}", before, after)
    days: dict[date, int] = {}
    for held in mine:
        if not _works(facts, one, held.start, held.end):
            facts.broken("hours", f"{key} does not work on {facts.clock(held)}", held)
        days[facts.day(held)] = days.get(facts.day(held), 0) + held.kind["minutes"]
    for day, minutes in days.items():
        if minutes > one.get("day_minutes", 480):
            facts.broken("day", f"{key} has {minutes} minutes of sessions on {day}")
