"""Weekly stretches of wall clock against moments: pure (F-1).

A stretch is of somebody's own clock, so it is laid on each day anew: 17:00 stays 17:00 when the
clocks change or the person travels.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mutual.week.minutes import Span, length, union, without


@dataclass(frozen=True)
class Stretch:
    """A weekly stretch: day (Monday 0), wall clock from and to, what it says."""

    day: int
    start: time
    end: time
    what: str = ""


def laid(stretches: Iterable[Stretch], on: date, zone: ZoneInfo) -> tuple[Span, ...]:
    """The stretches of one day as moments; one that ends before it begins ends the next day."""
    found = []
    for one in stretches:
        if one.day != on.weekday():
            continue
        start = datetime.combine(on, one.start, zone).astimezone(UTC)
        until = on + timedelta(days=1) if one.end <= one.start else on
        end = datetime.combine(until, one.end, zone).astimezone(UTC)
        if start < end:
            found.append(Span(start, end))
    return tuple(found)


def days_of(asked: Span, zone: ZoneInfo) -> list[date]:
    """The local days a time touches, and the one before, whose last stretch may reach over."""
    first = asked.start.astimezone(zone).date() - timedelta(days=1)
    last = (asked.end - timedelta(microseconds=1)).astimezone(zone).date()
    return [first + timedelta(days=n) for n in range(max(0, (last - first).days) + 1)]


def inside(stretches: Iterable[Stretch], asked: Span, zone: ZoneInfo) -> bool:
    """Whether the whole time lies in the stretches."""
    every = list(stretches)
    there = [span for day in days_of(asked, zone) for span in laid(every, day, zone)]
    return not length(without((asked,), union(there)))


def touches(stretches: Iterable[Stretch], asked: Span, zone: ZoneInfo) -> bool:
    """Whether any of the time lies in a stretch."""
    every = list(stretches)
    return any(
        span.start < asked.end and asked.start < span.end
        for day in days_of(asked, zone)
        for span in laid(every, day, zone)
    )


def has_time(stretches: Iterable[Stretch], asked: Span, zone: ZoneInfo) -> bool:
    """Whether a partner has time: outside "never", inside "I can" where any is said.

    "I prefer" says that one can; without a word of the person every hour is open.
    """
    every = list(stretches)
    if touches((s for s in every if s.what == "never"), asked, zone):
        return False
    can = [s for s in every if s.what in ("free", "prefer")]
    only = any(s.what == "free" for s in every)
    return not only or inside(can, asked, zone)


def prefers(stretches: Iterable[Stretch], asked: Span, zone: ZoneInfo) -> bool:
    """Whether the time lies in what the person prefers; true where nothing is preferred."""
    liked = [s for s in stretches if s.what == "prefer"]
    return not liked or inside(liked, asked, zone)


def at_work(stretches: Iterable[Stretch], asked: Span, zone: ZoneInfo) -> bool:
    """Whether a member of staff holds sessions then; whose hours nobody wrote down, always."""
    every = list(stretches)
    if touches((s for s in every if s.what == "supervision"), asked, zone):
        return False
    hours = [s for s in every if s.what == "work"]
    return not hours or inside(hours, asked, zone)
