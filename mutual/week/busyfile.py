"""Busy times out of a calendar file that somebody's own calendar wrote (RFC 5545).

The file is read whole or refused with the line; of what it says only times are kept. Recurrence,
moved and cancelled occurrences are read by `recurring-ical-events`; what it would guess at (an
event without a start, a zone that nobody defines, a rule that never stops) is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import available_timezones

import recurring_ical_events
from django.utils.translation import gettext as _
from icalendar import Calendar, vPeriod
from icalendar.parser import Contentline, Parameters
from icalendar.prop import TypesFactory
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from mutual.base.refusal import Refused
from mutual.base.uploads import what_it_is
from mutual.week.minutes import Span, union

#: Bytes of a file, and occurrences in the time asked for; more is no calendar of one person.
MOST_BYTES = 2_000_000
MOST_TIMES = 5_000
#: Outlook writes the name it shows instead of the one it knows; those of the United States.
SHOWN_ZONES = {
    "Eastern Time (US & Canada)": "America/New_York",
    "Indiana (East)": "America/Indiana/Indianapolis",
    "Central Time (US & Canada)": "America/Chicago",
    "Mountain Time (US & Canada)": "America/Denver",
    "Arizona": "America/Phoenix",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Alaska": "America/Anchorage",
    "Hawaii": "Pacific/Honolulu",
}
#: What must be well written, since times are made of it.
_TYPED = frozenset(
    {"DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID", "FREEBUSY",
     "TZOFFSETFROM", "TZOFFSETTO"}
)  # fmt: skip
#: Rules that run faster than a person lives; a file could ask for millions of times.
_TOO_FAST = ("SECONDLY", "MINUTELY")
_SHOWN = re.compile(r"^\(UTC[^)]*\)\s*")


@dataclass(frozen=True)
class _Line:
    """An unfolded line: its number in the file, name, parameters, value."""

    number: int
    name: str
    parameters: Parameters
    value: str


@dataclass
class _Part:
    """A component: its name, the number of its first line, its own lines, and what it holds."""

    name: str
    number: int
    lines: list[_Line] = field(default_factory=list)
    parts: list[_Part] = field(default_factory=list)

    def line(self, name: str) -> _Line | None:
        """Its first line of this name."""
        return next((line for line in self.lines if line.name == name), None)

    def all(self, *names: str) -> Iterator[_Part]:
        """Parts of these names, at any depth, in the order of the file."""
        for part in self.parts:
            if part.name in names:
                yield part
            yield from part.all(*names)


def busy_times(raw: bytes, *, zone: tzinfo, first: date, last: date) -> tuple[Span, ...]:
    """When the owner of a calendar is busy from ``first`` to ``last``, both days included.

    Args:
        raw: the file's bytes.
        zone: the owner's clock, for times that name none and for whole days.

    Returns:
        Times without overlaps, in order. What is cancelled, marked as free or lasts no time is
        not among them; a whole day is busy from midnight to midnight of ``zone``.

    Raises:
        Refused: with the line and what is wrong there; nothing of the file is used then.
    """
    if len(raw) > MOST_BYTES:
        raise Refused(_("The file is too large for a calendar: at most 2 MB."), field="file")
    if known := what_it_is(raw):
        raise Refused(
            _("This file is %(what)s, not a calendar. Nothing was taken from it.")
            % {"what": known},
            field="file",
        )
    lines = _unfolded(raw)
    calendars = _parsed(lines)
    window = Span(
        datetime.combine(first, time(), zone),
        datetime.combine(last + timedelta(days=1), time(), zone),
    )
    found: list[Span] = []
    for part, text in calendars:
        _check(part)
        found += _occurrences(part, text, zone, window)
        if len(found) > MOST_TIMES:
            raise Refused(
                _("The calendar holds more than %(most)s times. Save a shorter stretch of it.")
                % {"most": MOST_TIMES},
                field="file",
            )
    kept = (
        Span(max(span.start, window.start), min(span.end, window.end))
        for span in found
        if span.start < window.end and span.end > window.start
    )
    return union(kept)


def _refuse(number: int, words: str) -> Refused:
    return Refused(
        _("Line %(line)s: %(words)s Nothing was taken from the file.")
        % {"line": number, "words": words},
        field="file",
    )


# Lines and parts -----------------------------------------------------------------------------


def _unfolded(raw: bytes) -> list[tuple[int, str]]:
    """Number and text of each line; folds are taken out of the bytes, before they are read."""
    joined: list[tuple[int, bytes]] = []
    for number, piece in enumerate(raw.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if piece[:1] in (b" ", b"\t") and joined:
            joined[-1] = (joined[-1][0], joined[-1][1] + piece[1:])
        elif piece.strip():
            joined.append((number, piece))
    lines = []
    for number, piece in joined:
        try:
            lines.append((number, piece.decode("utf-8")))
        except UnicodeDecodeError as error:
            raise _refuse(number, _("These letters are not UTF-8.")) from error
    return lines


def _parsed(lines: list[tuple[int, str]]) -> list[tuple[_Part, str]]:
    """The calendars of a file, each with its own text, zones named as the world names them."""
    if not lines or lines[0][1].strip().upper() != "BEGIN:VCALENDAR":
        number = lines[0][0] if lines else 1
        raise _refuse(number, _("This is no calendar file: it begins with BEGIN:VCALENDAR."))
    found: list[tuple[_Part, str]] = []
    open_parts: list[_Part] = []
    texts: list[str] = []
    for number, text in lines:
        line = _content(number, text)
        if line.name == "BEGIN":
            part = _Part(line.value.strip().upper(), number)
            if not open_parts and part.name != "VCALENDAR":
                raise _refuse(number, _("Something stands outside of the calendar."))
            if open_parts:
                open_parts[-1].parts.append(part)
            else:
                texts = []
            open_parts.append(part)
        elif not open_parts:
            raise _refuse(number, _("Something stands outside of the calendar."))
        elif line.name == "END":
            closed = open_parts.pop()
            if line.value.strip().upper() != closed.name:
                raise _refuse(
                    number,
                    _("%(end)s ends what began as %(begin)s in line %(line)s.")
                    % {"end": line.value, "begin": closed.name, "line": closed.number},
                )
            if not open_parts:
                found.append((closed, "\r\n".join([*texts, text]) + "\r\n"))
        else:
            open_parts[-1].lines.append(line)
            text = _zoned(line, text)
        texts.append(text)
    if open_parts:
        part = open_parts[-1]
        raise _refuse(part.number, _("%(name)s begins here and never ends.") % {"name": part.name})
    return found


def _content(number: int, text: str) -> _Line:
    try:
        name, parameters, value = Contentline(text).parts()
    except ValueError as error:
        raise _refuse(number, _("This line can't be read: a name, a colon, a value.")) from error
    return _Line(number, name.upper(), parameters, value)


def _zoned(line: _Line, text: str) -> str:
    """The line, its zone named by the name that is known everywhere when only shown names are."""
    shown = str(line.parameters.get("TZID", ""))
    known = SHOWN_ZONES.get(_SHOWN.sub("", shown))
    if known is None or shown == known:
        return text
    parameters = Parameters(line.parameters)
    parameters["TZID"] = known
    return str(Contentline.from_parts(line.name, parameters, line.value))


# What would be guessed at --------------------------------------------------------------------


def _check(calendar: _Part) -> None:
    """Raise `Refused` for what times can't be made of, with its line."""
    zones = {str(line.value) for part in calendar.all("VTIMEZONE") for line in part.lines
             if line.name == "TZID"}  # fmt: skip
    for part in calendar.all("VEVENT", "VFREEBUSY", "VTIMEZONE", "STANDARD", "DAYLIGHT"):
        for line in part.lines:
            if line.name in _TYPED:
                _check_value(line, zones)
        if part.name == "VEVENT":
            _check_event(part)


def _check_value(line: _Line, zones: set[str]) -> None:
    zone = str(line.parameters.get("TZID", ""))
    if zone and not _known(zone, zones):
        raise _refuse(
            line.number, _("The time zone “%(zone)s” is defined nowhere.") % {"zone": zone}
        )
    try:
        for value in line.value.split(",") if line.name in ("RDATE", "FREEBUSY") else [line.value]:
            if line.name == "FREEBUSY" or "/" in value:
                vPeriod.from_ical(value)
            else:
                TypesFactory().from_ical(line.name, value)
    except (ValueError, OverflowError) as error:
        words = _("“%(value)s” can't be read as %(name)s.")
        raise _refuse(line.number, words % {"value": line.value[:60], "name": line.name}) from error


def _known(zone: str, defined: set[str]) -> bool:
    return (
        zone in defined
        or zone.lstrip("/") in available_timezones()
        or zone in WINDOWS_TO_OLSON
        or _SHOWN.sub("", zone) in SHOWN_ZONES
    )


def _check_event(event: _Part) -> None:
    start, end = event.line("DTSTART"), event.line("DTEND")
    if start is None:
        raise _refuse(event.number, _("This entry has no beginning (DTSTART)."))
    if end and event.line("DURATION"):
        raise _refuse(end.number, _("This entry has both an end and a duration."))
    for line in event.lines:
        if line.name != "RRULE":
            continue
        rule = dict(piece.upper().split("=", 1) for piece in line.value.split(";") if "=" in piece)
        if rule.get("FREQ") in _TOO_FAST:
            raise _refuse(line.number, _("This repeats every minute or more often."))
        if rule.get("RSCALE", "GREGORIAN") != "GREGORIAN" or rule.get("SKIP", "OMIT") != "OMIT":
            raise _refuse(line.number, _("This repeats by a calendar that we can't read."))


# Occurrences ---------------------------------------------------------------------------------


def _occurrences(part: _Part, text: str, zone: tzinfo, window: Span) -> list[Span]:
    try:
        calendar = Calendar.from_ical(text)
        events = recurring_ical_events.of(calendar, skip_bad_series=False).between(
            window.start, window.end
        )
        found = [_span(event, zone) for event in events if _busy(event)]
    except (ValueError, KeyError, TypeError, OverflowError, AttributeError) as error:
        number = _suspect(part).number
        raise _refuse(number, _("The times of this entry can't be worked out.")) from error
    return [span for span in (*found, *_marked(part, zone)) if span is not None and span.length]


def _suspect(part: _Part) -> _Part | _Line:
    """Where to look: the first rule, else the first entry, else the calendar."""
    events = list(part.all("VEVENT"))
    rules = (line for event in events for line in event.lines if line.name == "RRULE")
    return next(rules, None) or (events[0] if events else part)


def _busy(event: Calendar) -> bool:
    free = str(event.get("TRANSP", "OPAQUE")).upper() == "TRANSPARENT"
    return not free and str(event.get("STATUS", "")).upper() != "CANCELLED"


def _span(event: Calendar, zone: tzinfo) -> Span | None:
    start, end = _moment(event.start, zone), _moment(event.end, zone)
    return Span(start, end) if end > start else None


def _moment(value: date, zone: tzinfo) -> datetime:
    """A day begins at midnight of the owner's clock; a time without a zone is on it."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone)
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _marked(calendar: _Part, zone: tzinfo) -> Iterable[Span]:
    """What a calendar publishes as busy without entries (VFREEBUSY)."""
    for part in calendar.all("VFREEBUSY"):
        for line in part.lines:
            kind = str(line.parameters.get("FBTYPE", "BUSY")).upper()
            if line.name != "FREEBUSY" or kind == "FREE":
                continue
            for value in line.value.split(","):
                start, end = vPeriod.from_ical(value)
                begin = _moment(start, zone)
                yield Span(begin, begin + end if isinstance(end, timedelta) else _moment(end, zone))
