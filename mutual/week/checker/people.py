"""Rules of people: each partner's own week, and what binds the two."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from mutual.week.checker.facts import Facts, Held, inside, overlap


def check_couples(facts: Facts) -> None:
    """Every partner for himself or herself, then every couple."""
    for person, partner in facts.partners.items():
        _times(facts, person, partner)
        _minutes(facts, person, partner)
    for key, couple in facts.couples.items():
        _wanted(facts, key, couple)
        _home(facts, key, couple)


def _times(facts: Facts, person: str, partner: dict[str, Any]) -> None:
    free = facts.spans(partner.get("free", []), facts.zone, partner)
    never = facts.spans(partner.get("never", []), facts.zone, partner)
    mine = facts.of(person)
    pause = timedelta(minutes=facts.programme.get("partner_break", 15))
    for held in mine:
        shut = any(a < held.end and held.start < b for a, b in never)
        if shut or (free and not inside(held.start, held.end, free)):
            facts.broken("free", f"{person} cannot come on {facts.clock(held)}", held)
    for before, after in zip(mine, mine[1:], strict=False):
        if after.start < before.end:
            facts.broken("C-36", f"{person} is in two sessions on {facts.clock(after)}",
                         before, after)  # fmt: skip
        elif after.start < before.end + pause:
            facts.broken("break", f"{person} has no break before {facts.clock(after)}",
                         before, after)  # fmt: skip


def _minutes(facts: Facts, person: str, partner: dict[str, Any]) -> None:
    days: dict[date, int] = {}
    counted: dict[date, int] = {}
    for held in facts.of(person):
        day = facts.day(held)
        days[day] = days.get(day, 0) + held.kind["minutes"]
        if held.kind.get("counts", True):
            counted[day] = counted.get(day, 0) + held.kind["minutes"]
    for day, minutes in days.items():
        if minutes > facts.programme.get("partner_day_minutes", 300):
            facts.broken("day", f"{person} has {minutes} minutes of sessions on {day}")
    least, most = facts.limits(partner)
    total = sum(counted.values())
    if total < least:
        facts.broken("C-35", f"{person} is {least - total} minutes short of {least}")
    if most is not None and total > most:
        facts.broken("C-35", f"{person} is {total - most} minutes over {most}")
    usual = facts.programme.get("per_diem", {})
    full = sum(m >= usual.get("minutes", 180) for m in counted.values())
    if least and full < usual.get("days", 3):
        facts.warn("C-35", f"{person} has {full} billable days, {usual.get('days', 3)} are usual")


def _wanted(facts: Facts, key: str, couple: dict[str, Any]) -> None:
    """What is asked for is held, no more and no less; pinned sessions stay (C-45)."""
    asked: Counter[tuple[str, str]] = Counter()
    must: Counter[tuple[str, str]] = Counter()
    for want in couple["wants"]:
        for side in ("A", "B") if want["who"] == "both" else (want["who"],):
            at = (want["kind"], f"{key}.{side}")
            asked[at] += want.get("times", 1)
            must[at] += want.get("times", 1) if want.get("must", True) else 0
        if want.get("pin"):
            _pinned(facts, key, want)
    held = Counter(
        (s.kind["key"], p) for s in facts.sessions for p in s.who if p.rpartition(".")[0] == key
    )
    for (kind, person), times in must.items():
        if held[kind, person] < times:
            facts.broken("C-45", f"{person} has {held[kind, person]} of {times} {kind}")
    for (kind, person), times in held.items():
        if times > asked[kind, person]:
            facts.broken("wanted", f"nobody asked for {times} {kind} of {person}")
    for side in ("A", "B"):
        person = f"{key}.{side}"
        if facts.limits(couple["partners"][side])[0] and not any(
            s.kind["scope"] == "own" and s.kind.get("counts", True) for s in facts.of(person)
        ):
            facts.broken("C-45", f"{person} has no individual session")
    judged = facts.limits(couple["partners"]["A"])[0] > 0
    if (
        couple.get("conjoint", True)
        and judged
        and not any(
            s.kind["scope"] == "couple" and s.kind.get("clearance") for s in facts.of(f"{key}.A")
        )
    ):
        facts.broken("C-45", f"{key} has no conjoint session")


def _pinned(facts: Facts, key: str, want: dict[str, Any]) -> None:
    clock = datetime.fromisoformat(want["pin"]["start"])
    start = clock.replace(tzinfo=facts.zone)
    who = {f"{key}.A", f"{key}.B"} if want["who"] == "both" else {f"{key}.{want['who']}"}
    if want.get("must", True) and not any(
        s.kind["key"] == want["kind"] and s.start == start and set(s.who) == who
        for s in facts.sessions
    ):
        facts.broken("pin", f"{want['kind']} of {key} is not at {want['pin']['start']}")


def _home(facts: Facts, key: str, couple: dict[str, Any]) -> None:
    """C-41: private rooms, and hours in which one of the two stays with the children."""
    first = couple["partners"]["A"]
    care = facts.spans(couple.get("child_care", []), facts.zone, first)
    for one in facts.of(f"{key}.A"):
        for two in facts.of(f"{key}.B"):
            if not overlap(one, two):
                continue
            if _during(one, two, care):
                facts.broken("C-41", f"{key}: nobody is with the children on {facts.clock(one)}",
                             one, two)  # fmt: skip
            if couple.get("rooms", 2) < 2 and one is not two:
                facts.broken("C-41", f"{key} has one private room on {facts.clock(one)}", one, two)


def _during(one: Held, two: Held, spans: list[tuple[datetime, datetime]]) -> bool:
    start, end = max(one.start, two.start), min(one.end, two.end)
    return any(a < end and start < b for a, b in spans)
