"""What both partners said of their hours, and where they travel: for who plans their week."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mutual.base import zones
from mutual.staff.gate import staff_only
from mutual.staff.views.session import ROLES
from mutual.staff.views.week import couple_of
from mutual.wall.web import ActorRequest
from mutual.week import availability
from mutual.week.templates import programme_zone


@staff_only(*ROLES)
def page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Each partner's stretches and journeys, as far as the actor may read them."""
    found, people = couple_of(request, public_id)
    today = timezone.localdate(timezone=programme_zone())
    panels = []
    for partner in people:
        times = [
            (row.get_what_display(), row.words)
            for row in availability.free_of(request.actor, partner.person_id)
        ]  # fmt: skip
        trips = [
            (trip.state, f"{zones.day(trip.during.lower)} – "
             f"{zones.day(availability.last_day(trip))}", trip.zone)
            for trip in availability.trips_of(request.actor, partner.person_id, today)
        ]  # fmt: skip
        panels.append((partner, times, trips))
    return render(
        request, "staff/week/said.html", {"rail": "week", "couple": found, "panels": panels}
    )
