"""*Who looked*: who of the staff opened my record, on which day, why; behind the PIN (P-87)."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mutual.base import zones
from mutual.portal.gate import private
from mutual.privacy import trail
from mutual.wall.web import ActorRequest


@private
@require_safe
def page(request: ActorRequest) -> HttpResponse:
    """A month, and the month before it one link away."""
    zone = getattr(request.user, "zone", "") or settings.PROGRAMME_ZONE
    today = timezone.localdate(timezone.now(), zones.zone(zone))
    until = min(_day(request.GET.get("until", "")) or today, today)
    context = {
        "tab": "me",
        "days": trail.who_looked(request.actor, zone, until),
        "until": until,
        "first": until - timedelta(days=trail.DAYS - 1),
        "before": until - timedelta(days=trail.DAYS),
        "after": until + timedelta(days=trail.DAYS) if until < today else None,
    }
    return render(request, "portal/looked/page.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
