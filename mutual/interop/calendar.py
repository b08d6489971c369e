"""A person's calendar feed as iCalendar (RFC 5545): a word, start and end, nothing else (P-50)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from mutual.week.feeds import BusyTime, busy_times

#: Says what made the file without saying which programme.
PRODUCT = "-//Calendar//EN"


def as_calendar(times: list[BusyTime]) -> bytes:
    """The file: times in UTC, one event for each, without place, guest, link or alarm."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-published-ttl", "PT1H")
    for time in times:
        event = Event()
        event.add("uid", time.uid)
        event.add("dtstamp", time.stamp)
        event.add("dtstart", time.start)
        event.add("dtend", time.end)
        event.add("summary", time.word)
        event.add("class", "PRIVATE")
        event.add("transp", "OPAQUE")
        calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The feed with this secret; an unknown, renewed or closed one is absent (P-2)."""
    answer = HttpResponse(as_calendar(busy_times(token)), content_type="text/calendar")
    answer["Cache-Control"] = "no-store"
    answer["Content-Disposition"] = "inline; filename=calendar.ics"
    return answer
