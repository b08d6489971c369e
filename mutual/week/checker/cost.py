"""What a whole week costs, computed anew from the sessions: the aim by which solvers compare."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from mutual.week.checker.facts import Facts, Held, inside


def cost(facts: Facts) -> int:
    """The sum of docs/reference/week-instance.md's terms."""
    price = facts.prices
    total = 0
    for person, partner in facts.partners.items():
        total += _person(facts, person, partner)
    for key, couple in facts.couples.items():
        total += _wishes(facts, key, couple) + _staff(facts, key, couple)
        total += price["classes"] * _classes(facts, key, couple)
    for held in facts.sessions:
        if held.group is not None and len(held.who) < held.kind.get("least", 0):
            total += price["least"]
    return total


def _person(facts: Facts, person: str, partner: dict[str, Any]) -> int:
    price = facts.prices
    slot = facts.programme.get("slot_minutes", 15)
    days: dict[date, list[Held]] = {}
    for held in facts.of(person):
        days.setdefault(facts.day(held), []).append(held)
    total = 0
    for mine in days.values():
        gap = (mine[-1].end - mine[0].start).total_seconds() / 60
        taken = sum(-(-(s.kind["minutes"] + s.kind.get("breaks", 0)) // slot) for s in mine)
        total += price["day"] + price["wait"] * (-int(-gap // slot) - taken)
    usual = facts.programme.get("per_diem", {})
    if facts.limits(partner)[0]:
        full = sum(
            sum(s.kind["minutes"] for s in mine if s.kind.get("counts", True))
            >= usual.get("minutes", 180)
            for mine in days.values()
        )
        total += price["per_diem"] * max(0, usual.get("days", 3) - full)
    liked = facts.spans(partner.get("prefer", []), facts.zone, partner)
    if liked:
        outside = [s for s in facts.of(person) if not inside(s.start, s.end, liked)]
        total += price["prefer"] * len(outside)
    return total


def _wishes(facts: Facts, key: str, couple: dict[str, Any]) -> int:
    """Sessions wished for (not needed) that are not held."""
    asked: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for want in couple["wants"]:
        kind = facts.kinds[want["kind"]]
        pair = kind["attendance"] == "together"
        sides = ("AB",) if pair else ("A", "B") if want["who"] == "both" else (want["who"],)
        for side in sides:
            asked[want["kind"], tuple(f"{key}.{s}" for s in side)] += want.get("times", 1)
    missing = 0
    for (kind, who), times in asked.items():
        held = sum(s.kind["key"] == kind and set(who) <= set(s.who) for s in facts.sessions)
        missing += max(0, times - held)
    return int(facts.prices["wish"] * missing)


def _staff(facts: Facts, key: str, couple: dict[str, Any]) -> int:
    """Own and couple's sessions with somebody else than usual."""
    others = 0
    team = couple.get("team", {})
    for held in facts.of(f"{key}.A") + [s for s in facts.of(f"{key}.B") if len(s.who) == 1]:
        if held.group is not None:
            continue
        side = held.who[0].rpartition(".")[2]
        who = "both" if len(held.who) == 2 else side
        usual = next((w.get("usual", "") for w in couple["wants"] if w["kind"] == held.kind["key"]
                      and w["who"] in (who, "both")), "")  # fmt: skip
        if not usual and held.kind["roles"] == ["couples_therapist"]:
            usual = team.get("therapist", "")
        if not usual and held.kind["roles"] == ["counselor"] and who != "both":
            usual = team.get(side, "")
        others += bool(usual) and held.staff[0] != usual
    return int(facts.prices["other_staff"] * others)


def _classes(facts: Facts, key: str, couple: dict[str, Any]) -> int:
    """Classes that both are to have and A attends without B."""
    wanted: dict[str, set[str]] = {}
    for want in couple["wants"]:
        if facts.kinds[want["kind"]]["attendance"] == "side":
            wanted.setdefault(want["kind"], set()).update(
                ("A", "B") if want["who"] == "both" else (want["who"],)
            )
    return sum(
        held.kind["attendance"] == "side" and f"{key}.B" not in held.who
        and len(wanted.get(held.kind["key"], ())) == 2
        for held in facts.of(f"{key}.A")
    )  # fmt: skip
