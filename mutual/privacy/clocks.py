"""The legal clocks of what people ask and of what went wrong (P-35, P-36, P-40, P-43). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Clock:
    """Days until an answer is due, and by how many it may be extended once, with a reason.

    ``legal``: whether the number is the law's; else it is the programme's own promise.
    """

    days: int
    extension: int
    legal: str


CLOCKS: Mapping[str, Clock] = {
    "access": Clock(30, 30, "45 CFR 164.524(b)(2)"),
    "conjoint": Clock(30, 30, "45 CFR 164.524(b)(2)"),
    "amendment": Clock(60, 30, "45 CFR 164.526(b)(2)"),
    "accounting": Clock(60, 30, "45 CFR 164.528(c)(1)"),
    "restriction": Clock(30, 0, ""),
    "confidential": Clock(10, 0, ""),
}
#: An open clock is an alarm from this many days before its end (P-36: day 50 of 60).
ALARM_DAYS = 10
BREACH_DAYS = 60
#: HHS is told at once from here on, media above it in one state (164.406, 164.408).
MANY = 500


def due(kind: str, asked: date) -> date:
    """The last day for the answer to a request."""
    return asked + timedelta(days=CLOCKS[kind].days)


def extended(kind: str, first_due: date) -> date | None:
    """The last day after the one extension, or ``None`` where there is none."""
    more = CLOCKS[kind].extension
    return first_due + timedelta(days=more) if more else None


def alarm(last_day: date, today: date) -> bool:
    """Whether an open clock needs somebody now."""
    return (last_day - today).days <= ALARM_DAYS


def breach_due(discovered: date) -> date:
    """By when each affected person must have been told (164.404(b))."""
    return discovered + timedelta(days=BREACH_DAYS)


def hhs_due(discovered: date, people: int) -> date:
    """By when HHS must be told: with the people from 500 on, else 60 days after the year's end."""
    if people >= MANY:
        return breach_due(discovered)
    return date(discovered.year, 12, 31) + timedelta(days=BREACH_DAYS)


def media_states(states: Sequence[str]) -> list[str]:
    """The states with more than 500 affected people: their media must be told (164.406)."""
    return sorted(s for s in set(states) if list(states).count(s) > MANY)


def in_accounting(at: date, today: date, *, with_consent: bool) -> bool:
    """Whether a disclosure stands on the person's list today (2.25 and 164.528).

    Made with consent: three years, treatment, payment and operations too; all others: six.
    """
    years = 3 if with_consent else 6
    # 29 February has no twin in most years.
    leap = (today.month, today.day) == (2, 29)
    return at > (today - timedelta(days=leap)).replace(year=today.year - years)
