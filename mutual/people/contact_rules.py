"""Safe hours, so that a sender can obey them (C-19, P-38): days and a span on one's own clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from mutual.base.refusal import Refused

DAYS: dict[str, frozenset[int]] = {
    "any": frozenset(range(7)),
    "week": frozenset(range(5)),
    "weekend": frozenset({5, 6}),
}
#: Nobody is written to or called before and after these, unless they chose so.
EARLIEST, LATEST = time(8), time(21)


@dataclass(frozen=True)
class SafeHours:
    """Days of the week (Monday is 0) and a span of the day, on the person's own clock."""

    days: frozenset[int]
    start: time
    end: time

    def holds(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether a moment is a safe one."""
        local = moment.astimezone(zone)
        return local.weekday() in self.days and self.start <= local.time() < self.end

    def next(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The moment itself if it is safe, else the next safe one."""
        if self.holds(moment, zone):
            return moment
        local = moment.astimezone(zone)
        for ahead in range(9):
            day = local.date() + timedelta(days=ahead)
            begin = datetime.combine(day, self.start, zone)
            if begin > local and day.weekday() in self.days and self.holds(begin, zone):
                return begin
        raise AssertionError("every week has safe hours")


QUIET = SafeHours(DAYS["any"], EARLIEST, LATEST)


def chosen(days: str, start: time | None, end: time | None, words: str) -> SafeHours | None:
    """The hours somebody chose; those of their words; the quiet hours without either.

    ``None``: there are words that can't be read. Then nothing is sent: a guess may harm.
    """
    if start is not None and end is not None:
        return SafeHours(DAYS.get(days, DAYS["any"]), start, end)
    if not words.strip():
        span = DAYS.get(days)
        return SafeHours(span, EARLIEST, LATEST) if span else QUIET
    return read_words(words)


def refuse_hours(start: time | None, end: time | None) -> None:
    """Both or neither, the first before the second.

    Raises:
        Refused: saying which.
    """
    from django.utils.translation import gettext as _

    if (start is None) != (end is None):
        raise Refused(_("Say from when and until when."), rule="P-38", field="safe_to")
    if start is not None and end is not None and start >= end:
        raise Refused(_("The first hour comes before the second."), rule="P-38", field="safe_to")


_SPAN = {
    "noon": (time(12), time(13)), "lunch": (time(12), time(13)),
    "mornings": (time(8), time(12)), "morning": (time(8), time(12)),
    "afternoons": (time(12), time(17)), "afternoon": (time(12), time(17)),
    "evenings": (time(17), time(21)), "evening": (time(17), time(21)),
    "any time": (EARLIEST, LATEST), "anytime": (EARLIEST, LATEST),
}  # fmt: skip
_CLOCK = r"(\d{1,2})(?::(\d\d))?\s*(am|pm|a\.m\.|p\.m\.)?"
_TO = re.compile(rf"(?:from |between )?{_CLOCK}\s*(?:to|until|-|–|and)\s*{_CLOCK}")
_AFTER = re.compile(rf"(?:after|from) {_CLOCK}")
_BEFORE = re.compile(rf"(?:before|until) {_CLOCK}")


def read_words(words: str) -> SafeHours | None:
    """ "weekdays after 5 pm", "noon", "weekends 10 to 12"; ``None`` for anything else."""
    text = " ".join(words.lower().replace(",", " ").split()).rstrip(".")
    days = DAYS["any"]
    for word, named in (("weekdays", "week"), ("weekends", "weekend"), ("weekend", "weekend"),
                        ("daily", "any"), ("every day", "any"), ("any day", "any")):  # fmt: skip
        if text.startswith(word):
            days, text = DAYS[named], text[len(word) :].strip()
            break
    if not text:
        return SafeHours(days, EARLIEST, LATEST)
    if text in _SPAN:
        return SafeHours(days, *_SPAN[text])
    span: tuple[time | None, time | None] | None = None
    if found := _TO.fullmatch(text):
        span = _both(found.groups())
    elif found := _AFTER.fullmatch(text):
        span = (_clock(*found.groups()), LATEST)
    elif found := _BEFORE.fullmatch(text):
        span = (EARLIEST, _clock(*found.groups()))
    if span is None or span[0] is None or span[1] is None or span[0] >= span[1]:
        return None
    return SafeHours(days, span[0], span[1])


def _both(parts: tuple[str | None, ...]) -> tuple[time | None, time | None]:
    first, second = parts[:3], parts[3:]
    if not first[2] and not second[2]:
        # "12 to 1", "5 to 8": by day, as people say it.
        start, end = _clock(*first), _clock(*second)
        if start and end and end <= start:
            end = _clock(second[0], second[1], "pm")
        elif start and end and start < EARLIEST and end.hour < 12:
            return _clock(first[0], first[1], "pm"), _clock(second[0], second[1], "pm")
        return start, end
    return _clock(first[0], first[1], first[2] or second[2]), _clock(*second)


def _clock(hour: str | None, minute: str | None, half: str | None) -> time | None:
    number = int(hour or 0)
    if half and half[0] == "p" and number < 12:
        number += 12
    if half and half[0] == "a" and number == 12:
        number = 0
    if half and int(hour or 0) > 12:
        return None
    if number > 23 or int(minute or 0) > 59:
        return None
    return time(number, int(minute or 0))
