"""The two files as the checker understands them: moments in UTC, plain dictionaries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}


class Unreadable(ValueError):
    """A file that is no instance or no solution."""


@dataclass(frozen=True)
class Held:
    """One session of the solution."""

    id: str
    kind: dict[str, Any]
    start: datetime
    end: datetime
    staff: tuple[str, ...]
    who: tuple[str, ...]
    group: str | None

    @property
    def sides(self) -> dict[str, list[str]]:
        """Attendees by couple."""
        found: dict[str, list[str]] = {}
        for person in self.who:
            couple, _dot, side = person.rpartition(".")
            found.setdefault(couple, []).append(side)
        return found


class Facts:
    """Everything that is known, and what was found so far."""

    def __init__(self, instance: Any, solution: Any) -> None:
        self.violations: list[dict[str, Any]] = []
        self.warnings: list[dict[str, Any]] = []
        programme = instance["programme"]
        self.programme = programme
        self.zone = ZoneInfo(programme["zone"])
        self.monday = date.fromisoformat(programme["monday"])
        self.begin = self.at(self.monday, 0, self.zone)
        self.finish = self.at(self.monday + timedelta(days=7), 0, self.zone)
        self.kinds = {k["key"]: k for k in instance["kinds"]}
        self.staff = {s["id"]: s for s in instance["staff"]}
        self.groups = {g["id"]: g for g in instance.get("groups", [])}
        self.couples = {c["id"]: c for c in instance["couples"]}
        self.apart = [tuple(pair) for pair in instance.get("keep_apart", [])]
        self.prices = {
            "wish": 120, "per_diem": 60, "least": 20, "day": 8, "other_staff": 6, "prefer": 4,
            "classes": 4, "wait": 1, **instance.get("costs", {}),
        }  # fmt: skip
        self.partners = {
            f"{key}.{side}": partner
            for key, couple in self.couples.items()
            for side, partner in couple["partners"].items()
        }
        self.sessions: list[Held] = []
        for raw in solution["sessions"]:
            self._add(raw)

    def broken(self, rule: str, text: str, *sessions: Held) -> None:
        """Note a violation."""
        self.violations.append({"rule": rule, "text": text, "sessions": [s.id for s in sessions]})

    def warn(self, rule: str, text: str, *sessions: Held) -> None:
        """Note what only warns."""
        self.warnings.append({"rule": rule, "text": text, "sessions": [s.id for s in sessions]})

    def _add(self, raw: dict[str, Any]) -> None:
        key = raw["id"]
        strange = [p for p in raw["attendees"] if p not in self.partners]
        strange += [s for s in raw["staff"] if s not in self.staff]
        if raw["kind"] not in self.kinds:
            strange.append(raw["kind"])
        if raw.get("group") is not None and raw["group"] not in self.groups:
            strange.append(raw["group"])
        if strange:
            text = f"{key} names what the instance does not know: {', '.join(map(str, strange))}"
            self.violations.append({"rule": "shape", "text": text, "sessions": [key]})
            return
        start = datetime.fromisoformat(raw["start"].replace("Z", "+00:00"))
        end = datetime.fromisoformat(raw["end"].replace("Z", "+00:00"))
        if start.tzinfo is None or end.tzinfo is None:
            raise ValueError(f"{key}: give moments with their offset")
        held = Held(key, self.kinds[raw["kind"]], start.astimezone(UTC), end.astimezone(UTC),
                    tuple(raw["staff"]), tuple(raw["attendees"]), raw.get("group"))  # fmt: skip
        if held.end <= held.start:
            self.violations.append({"rule": "shape", "text": f"{key} ends before it starts",
                                    "sessions": [key]})  # fmt: skip
            return
        self.sessions.append(held)

    @staticmethod
    def at(day: date, minute: int, zone: ZoneInfo) -> datetime:
        """A wall-clock minute of a day."""
        clock = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
        return clock.replace(tzinfo=zone).astimezone(UTC)

    @staticmethod
    def minute(text: str) -> int:
        """Minutes after midnight."""
        hour, minute = text.split(":")
        return int(hour) * 60 + int(minute)

    def spans(
        self, windows: list[dict[str, Any]], zone: ZoneInfo, partner: dict[str, Any] | None = None
    ) -> list[tuple[datetime, datetime]]:
        """Weekly windows as stretches of this week, overlapping ones joined."""
        found = []
        for n in range(-1, 8):
            day = self.monday + timedelta(days=n)
            there = self.zone_of(partner, day) if partner is not None else zone
            for window in windows:
                if day.weekday() in [_DAYS[d] for d in window["days"]]:
                    found.append((self.at(day, self.minute(window["from"]), there),
                                  self.at(day, self.minute(window["to"]), there)))  # fmt: skip
        joined: list[tuple[datetime, datetime]] = []
        for start, end in sorted(found):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((start, end))
        return joined

    def zone_of(self, partner: dict[str, Any], day: date) -> ZoneInfo:
        """The zone in which a partner is on a day."""
        trip = self._trip(partner, day)
        return ZoneInfo((trip or {}).get("zone") or partner.get("zone") or self.programme["zone"])

    def state_of(self, partner: dict[str, Any], day: date) -> str:
        """The state in which a partner is on a day."""
        trip = self._trip(partner, day)
        return str((trip or {}).get("state") or partner["state"])

    @staticmethod
    def _trip(partner: dict[str, Any], day: date) -> dict[str, Any] | None:
        trips: list[dict[str, Any]] = partner.get("travel", [])
        for trip in trips:
            if date.fromisoformat(trip["from"]) <= day <= date.fromisoformat(trip["to"]):
                return trip
        return None

    def day(self, held: Held) -> date:
        """The programme's date on which a session starts."""
        return held.start.astimezone(self.zone).date()

    def clock(self, held: Held) -> str:
        """When a session is, for people."""
        return held.start.astimezone(self.zone).strftime("%a %H:%M")

    def of(self, person: str) -> list[Held]:
        """A partner's sessions by start."""
        return sorted((s for s in self.sessions if person in s.who), key=lambda s: s.start)

    def limits(self, partner: dict[str, Any]) -> tuple[int, int | None]:
        """Least and most counting minutes of a partner's week."""
        level = self.programme["levels"][partner["level"]]
        least, most = level.get("least", 0), level.get("most")
        authorised = partner.get("authorised_minutes")
        if authorised is not None:
            least, most = min(least, authorised), min(most or authorised, authorised)
        return (0 if partner.get("partial", False) else least), most


def inside(start: datetime, end: datetime, spans: list[tuple[datetime, datetime]]) -> bool:
    """Whether a stretch lies whole in one of the others."""
    return any(a <= start and end <= b for a, b in spans)


def overlap(one: Held, two: Held) -> bool:
    """Whether two sessions share a moment."""
    return one.start < two.end and two.start < one.end
