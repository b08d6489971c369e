"""Times in words, in the reader's own zone, with the zone named.

Nobody in this programme shares a clock by default: two partners, their therapist and the
programme may sit in four zones, so a time without its zone is a missed session.
"""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext


def zone(name: str | ZoneInfo | None) -> ZoneInfo:
    """The named zone; UTC for an empty or unknown name, so that a page still renders."""
    if isinstance(name, ZoneInfo):
        return name
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def half(hour: int) -> str:
    """`am` or `pm` in the reader's language."""
    return pgettext("clock", "am") if hour % 24 < 12 else pgettext("clock", "pm")


def clock(value: datetime | time, minutes: bool = True, half_day: bool = True) -> str:
    """`6:00 pm`; `6 pm` for a full hour without `minutes`; `6:00` without `half_day`."""
    hour = value.hour % 12 or 12
    words = f"{hour}:{value.minute:02d}" if minutes or value.minute else str(hour)
    return f"{words} {half(value.hour)}" if half_day else words


def minute_of_day(minute: int, minutes: bool = True) -> str:
    """The clock for a minute of a day (0 to 1439, wrapped): 1080 is `6:00 pm`."""
    hour, rest = divmod(minute % 1440, 60)
    return clock(time(hour, rest), minutes)


def when(value: datetime, name: str | ZoneInfo | None) -> str:
    """`6:00 pm CST`: an aware moment on the clock of the named zone."""
    local = value.astimezone(zone(name))
    return f"{clock(local)} {local.tzname()}"


def span(start: datetime, end: datetime, name: str | ZoneInfo | None) -> str:
    """`6:00 – 7:00 pm CST`; both halves named when they differ."""
    here = zone(name)
    first, last = start.astimezone(here), end.astimezone(here)
    same = (first.hour < 12) == (last.hour < 12)
    return f"{clock(first, half_day=not same)} – {clock(last)} {last.tzname()}"


def day(value: date | datetime, name: str | ZoneInfo | None = None) -> str:
    """`Thu 15 Jan` in the reader's language, on the named zone's calendar."""
    local = value.astimezone(zone(name)) if isinstance(value, datetime) else value
    return date_format(local, "D j M")


def duration(minutes: int) -> str:
    """`8 h 40`, `9 h`, `40 min`, from whole minutes."""
    hours, rest = divmod(abs(int(minutes)), 60)
    if not hours:
        return ngettext("%(n)d min", "%(n)d min", rest) % {"n": rest}
    if not rest:
        return gettext("%(h)d h") % {"h": hours}
    return gettext("%(h)d h %(m)02d") % {"h": hours, "m": rest}
