"""What partners asked about their times; one click answers with a time that keeps every rule."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mutual.base import zones
from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import shown_names
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest
from mutual.week import answering, asks
from mutual.week.kinds import KINDS
from mutual.week.templates import programme_zone

ROLES = (
    "couples_therapist", "counselor", "prescriber", "nurse", "admissions", "care_coordinator",
)  # fmt: skip


@staff_only(*ROLES)
def page(request: ActorRequest) -> HttpResponse:
    """Everything that waits for an answer of the actor's."""
    rows = answering.waiting(request.actor)
    return render(
        request,
        "staff/asks/page.html",
        {"rail": "week", "rows": rows, "zone": settings.PROGRAMME_ZONE},
    )


@staff_only(*ROLES)
def one(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One ask with the times that keep every rule."""
    found = answering.look(request.actor, public_id, timezone.now())
    zone = programme_zone()
    names = shown_names([found.ask.person_id])
    kind = KINDS.get(found.ask.kind)
    return render(
        request,
        "staff/asks/one.html",
        {
            "rail": "week",
            "ask": found.ask,
            "name": names.get(found.ask.person_id, ("", ""))[0],
            "title": kind.title if kind else found.ask.kind,
            "clinician": found.clinician.name,
            "session": found.session,
            "slots": [
                (slot, zones.day(slot.start, zone), zones.span(slot.start, slot.end, zone),
                 slot.start == found.ask.wished)
                for slot in found.slots
            ],
            "lines": found.lines,
            "zone": settings.PROGRAMME_ZONE,
        },
    )  # fmt: skip


@require_POST
@staff_only(*ROLES)
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Book it there, let it go, or do not offer it."""
    try:
        if "start" in request.POST:
            start = datetime.fromisoformat(request.POST["start"])
            if start.tzinfo is None:
                raise NotThere
            asks.answer_with(request.actor, public_id, start)
            messages.success(request, _("Done. Everybody who comes is told."))
        elif "let" in request.POST:
            asks.let_go(request.actor, public_id)
            messages.success(request, _("Cancelled. Everybody who would have come is told."))
        else:
            asks.decline(request.actor, public_id)
            messages.success(request, _("They read “Not offered”, without a reason."))
    except ValueError:
        raise NotThere from None
    except Refused as refusal:
        messages.error(request, refusal.text)
        if refusal.rule != "F-13":
            return redirect("staff-ask", public_id=public_id)
    return redirect("staff-asks")
