"""My hours of this programme week: attended, and documented."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mutual.base.zones import day as day_words
from mutual.base.zones import duration
from mutual.outcomes import queries
from mutual.portal.gate import private
from mutual.wall.web import ActorRequest


@private
@require_safe
def page(request: ActorRequest) -> HttpResponse:
    """This week, or the one of ``?week=`` (a Monday)."""
    monday = _monday(request.GET.get("week", ""))
    week = queries.clinical_minutes(request.actor, request.actor.sure_id, monday)
    rows = [
        [
            day_words(day.date, "UTC"),
            duration(day.attended),
            duration(day.documented),
            _("not confirmed yet") if day.waiting else "",
        ]
        for day in week.days
    ]
    context = {
        "tab": "me",
        "week": week,
        "rows": rows,
        "heads": [_("Day"), _("Attended"), _("Documented"), _("State")],
        "earlier": monday - dt.timedelta(days=7),
        "later": monday + dt.timedelta(days=7) if monday < queries.monday_of() else None,
        "readers": [_("you"), _("your counselor"), _("the medical team"), _("billing")],
    }
    return render(request, "portal/hours/page.html", context)


def _monday(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return queries.monday_of()
    return min(day - dt.timedelta(days=day.weekday()), queries.monday_of())
