"""The decisions of daily life, without a database (C-16, C-47, C-49, C-50, C-53, I-22, P-68)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from mutual.measures.daily import open_days
from mutual.week.kinds import INSTEAD, KINDS

#: How long the other's tile stays after one took a part back, at most (C-50).
SHOWN_AFTER_REVOKING = timedelta(hours=72)
Greeting = Literal["morning", "afternoon", "evening", "night"]


class Planned(Protocol):
    """A place of a person in a session, as far as these rules look."""

    @property
    def kind(self) -> str: ...
    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...
    @property
    def status(self) -> str: ...


def greeting(local: datetime) -> Greeting:
    """Which greeting the person's own hour asks for: 5, 12, 17 and 22 o'clock part them."""
    if 5 <= local.hour < 12:
        return "morning"
    if 12 <= local.hour < 17:
        return "afternoon"
    return "evening" if 17 <= local.hour < 22 else "night"


def side_by_side(week: Sequence[Planned], now: datetime) -> bool:
    """Whether a week has the side-by-side shape, from its seats alone (C-15, C-16, C-53).

    First week, plan review and hold give the same answer for both partners, because their seats
    have the same shape; a hold within a week shows in what stands in for the couples sessions.
    """
    left = [s for s in week if s.status != "cancelled"]
    if any(_conjoint(s.kind) and s.end > now for s in left):
        return False
    if any(s.kind in INSTEAD.values() and s.end > now for s in left):
        return True
    return bool(left) and not any(_conjoint(s.kind) for s in left)


def _conjoint(kind: str) -> bool:
    return kind in KINDS and KINDS[kind].needs_clearance


def may_open_contract(halves: Iterable[tuple[bool, bool | None, bool | None]]) -> bool:
    """Whether a contract opens, from (treated for use, accepts abstinence, means to stay).

    Each partner with a substance use disorder accepts at least temporary abstinence, and both mean
    to stay or reconcile; undecided or not asked is no (C-47).
    """
    each = list(halves)
    return len(each) == 2 and all(
        stays is True and (accepts is True or not has_sud) for has_sud, accepts, stays in each
    )


@dataclass(frozen=True)
class TrustDot:
    """One day of the trust week: filled only when both said so; otherwise nothing (C-49)."""

    day: date
    both: bool
    today: bool


def trust_week(today: date, both: Collection[date]) -> tuple[TrustDot, ...]:
    """The seven days from Monday; a day without an entry looks like one to come (C-50)."""
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    return tuple(TrustDot(day, day in both, day == today) for day in days)


def tick_days(now: datetime, zone: ZoneInfo, both: Collection[date]) -> tuple[date, ...]:
    """The days that a partner may still confirm, the newest first: the state of the pair alone
    decides, never who has confirmed (C-49, I-21)."""
    return tuple(day for day in reversed(open_days(now, zone)) if day not in both)


def part_holds(consents: Collection[object], partners: int = 2) -> bool:
    """Whether a part takes entries: only while each of the two consents (C-50)."""
    return len(set(consents)) == partners


def part_shown(
    halves: Iterable[tuple[object, datetime | None, datetime | None]], now: datetime
) -> bool:
    """Whether a part's tile is shown, from (person, revoked at, shown until).

    After one took it back the tile stays as on a day without an entry until the own counselor has
    spoken with that person, at most 72 h (C-50).
    """
    alive = {
        who
        for who, revoked, until in halves
        if revoked is None or (until is not None and until > now)
    }
    return len(alive) == 2
