"""All rooms of a day: one column of time for each clinician, and how full the week is."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format

from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest
from mutual.week import utilisation
from mutual.week.groups import PLANNERS
from mutual.week.templates import programme_zone


@staff_only(*PLANNERS, "director", "supervisor")
def page(request: ActorRequest) -> HttpResponse:
    """The day of every room, filtered by ``?who=`` and ``?kind=``; the week in numbers."""
    zone = programme_zone()
    today = timezone.localdate(timezone=zone)
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = today
    rows = utilisation.rooms(request.actor, day)
    week = utilisation.week(request.actor, day - timedelta(days=day.weekday()))
    return render(
        request,
        "staff/board/rooms.html",
        {
            "rail": "week", "rows": rows, "week": week, "zone": settings.PROGRAMME_ZONE,
            "day_words": date_format(day, "l j F"), "day": day,
            "before": (day - timedelta(days=1)).isoformat(),
            "after": (day + timedelta(days=1)).isoformat(),
        },
    )  # fmt: skip
