"""A person's calendar feed as iCalendar (RFC 5545): a word, start and end, nothing else (P-50)."""

from __future__ import annotations

from datetime import date, tzinfo

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event, Timezone

from mutual.week.feeds import BusyTime, busy_times
from mutual.week.templates import programme_zone

#: Says what made the file without saying which programme.
PRODUCT = "-//Calendar//EN"
#: The clock of the entries; its rules stand in the file, the name says no place (P-50).
CLOCK = "Local"


def as_calendar(times: list[BusyTime], clock: tzinfo) -> bytes:
    """The file: one event for each time, on ``clock``, without place, guest, link or alarm."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-published-ttl", "PT1H")
    if times:
        calendar.add_component(_rules(times, clock))
    for time in times:
        event = Event()
        event.add("uid", time.uid)
        event.add("dtstamp", time.stamp)
        for name, at in (("dtstart", time.start), ("dtend", time.end)):
            local = at.astimezone(clock).replace(tzinfo=None)
            event.add(name, local, parameters={"TZID": CLOCK})
        event.add("sequence", time.sequence)
        event.add("status", "CANCELLED" if time.cancelled else "CONFIRMED")
        event.add("summary", time.word)
        event.add("class", "PRIVATE")
        event.add("transp", "OPAQUE")
        calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made


def _rules(times: list[BusyTime], clock: tzinfo) -> Timezone:
    """When the clock changes in the year of each entry."""
    first = date(min(time.start for time in times).year, 1, 1)
    last = date(max(time.end for time in times).year + 1, 1, 1)
    rules: Timezone = Timezone.from_tzinfo(clock, CLOCK, first, last)
    for part in rules.subcomponents:
        part.pop("comment", None)
    return rules


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The feed with this secret; an unknown, renewed or closed one is absent (P-2)."""
    answer = HttpResponse(
        as_calendar(busy_times(token), programme_zone()), content_type="text/calendar"
    )
    answer["Cache-Control"] = "no-store"
    answer["Content-Disposition"] = "inline; filename=calendar.ics"
    return answer
