"""One flaw that makes a generated week impossible, for trying what the solver then says."""

from __future__ import annotations

import random
from typing import Any

#: Flaws in the order in which seeds that end in 7 take them.
FLAWS = ("no_time", "licence", "therapist_away", "too_few_seats", "one_room", "too_few_hours",
         "child_care", "overbooked")  # fmt: skip


def spoil(raw: dict[str, Any], flaw: str, chance: random.Random) -> None:
    """Put the flaw into the instance, in place."""
    couples: list[dict[str, Any]] = raw["couples"]
    couple = chance.choice([c for c in couples if c["conjoint"]] or couples)
    team = couple["team"]
    monday = raw["programme"]["monday"]
    if flaw == "no_time":
        # B can come for one hour of the week: enough for nothing.
        couple["partners"]["B"]["free"] = [{"days": ["thu"], "from": "10:00", "to": "10:30"}]
    elif flaw == "licence":
        gone = couple["partners"]["A"]["state"]
        helper = _staff(raw, team["A"])
        helper["licences"] = [
            {**one, "until": "2020-01-31"} if one["state"] == gone else one
            for one in helper["licences"]
        ]
    elif flaw == "therapist_away":
        away = {"from": f"{monday}T00:00", "to": f"{_sunday(monday)}T23:59"}
        _staff(raw, team["A"])["time_off"] = [away]
    elif flaw == "too_few_seats":
        kind = next(w["kind"] for w in couple["wants"] if w["kind"] == "skills_group")
        keep = [g for g in raw["groups"] if g["kind"] != kind or g["track"] != couple["track"]]
        same = [g for g in raw["groups"] if g["kind"] == kind and g["track"] == couple["track"]]
        raw["groups"] = keep + same[:1]
    elif flaw == "one_room":
        # One room, and both partners' free time is the same single short evening.
        couple["rooms"] = 1
        for partner in couple["partners"].values():
            partner["free"] = partner["free"][:2]
    elif flaw == "too_few_hours":
        couple["wants"] = [w for w in couple["wants"] if w["kind"] not in ("skills_group",
                           "process_group")]  # fmt: skip
    elif flaw == "child_care":
        couple["child_care"] = [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
                                 "from": "00:00", "to": "24:00"}]  # fmt: skip
    elif flaw == "overbooked":
        # The therapist works one hour in the week and has more couples, or groups, than that.
        helper = _staff(raw, team["therapist"] if couple["conjoint"] else team["A"])
        helper["hours"] = [{"days": ["thu"], "from": "18:00", "to": "18:45"}]


def _staff(raw: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(s for s in raw["staff"] if s["id"] == key)
    return found


def _sunday(monday: str) -> str:
    from datetime import date, timedelta

    return (date.fromisoformat(monday) + timedelta(days=6)).isoformat()
