"""How every week ends on today's plan, who was silent for days, and a make-up in one click."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base import zones
from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import shown_names
from mutual.people.models import Person, Staff
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest
from mutual.week import actions, forecast
from mutual.week.attending import own_counselor
from mutual.week.booking import may_write
from mutual.week.slots import slots
from mutual.week.templates import monday_of, programme_zone, week_span

ROLES = (
    "counselor", "couples_therapist", "admissions", "supervisor", "director", "nurse",
    "prescriber",
)  # fmt: skip
#: What a missed own hour is made up with (C-58).
MAKE_UP = "second_individual"


@staff_only(*ROLES)
def page(request: ActorRequest) -> HttpResponse:
    """The week of everybody whose attendance the actor may know."""
    now = timezone.now()
    lines = forecast.report(request.actor, monday_of(now), now)
    return render(
        request,
        "staff/forecast/page.html",
        {
            "rail": "week",
            "lines": lines,
            "short": sum(bool(one.forecast.short) for one in lines),
            "silent": [one for one in lines if one.silent],
            "zone": settings.PROGRAMME_ZONE,
        },
    )


@staff_only(*ROLES)
def make_up(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Hours of this week at which the own counselor can make up what is missing."""
    person = Person.objects.visible_to(request.actor).sole(public_id=public_id)
    if not may_write("schedule_own.write", person.id):
        raise NotThere
    now = timezone.now()
    counselor = own_counselor(person.id, timezone.localdate(now, programme_zone()))
    if counselor is None:
        raise NotThere
    staff = Staff.objects.get(id=counselor)
    end = week_span(monday_of(now))[1]
    if request.method == "POST":
        try:
            start = datetime.fromisoformat(request.POST.get("start", ""))
            if start.tzinfo is None:
                raise NotThere
            actions.book_session(
                request.actor, MAKE_UP, clinician=staff, start=start, persons=[person.id]
            )
            messages.success(request, _("Booked. It counts in the week in which it happens."))
            return redirect("staff-forecast")
        except ValueError:
            raise NotThere from None
        except Refused as refusal:
            messages.error(request, refusal.text)
    left = max(1, (end - now) // timedelta(days=1) + 1)
    zone = programme_zone()
    found = [
        (slot, zones.day(slot.start, zone), zones.span(slot.start, slot.end, zone))
        for slot in slots(MAKE_UP, staff, [person.id], now, days=left, limit=40)
        if slot.end <= end
    ][:10]
    one = forecast.forecast([person.id], monday_of(now), now)[person.id]
    return render(
        request,
        "staff/forecast/make_up.html",
        {
            "rail": "week", "name": shown_names([person.id]).get(person.id, ("", ""))[0],
            "slots": found, "forecast": one, "staff": staff, "person": person,
        },
    )  # fmt: skip
