"""The live board of the day: who is not there yet, and how to call them safely."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mutual.base import zones
from mutual.base.refusal import Refused
from mutual.room import board
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest
from mutual.week.groups import PLANNERS


@staff_only(*PLANNERS)
def page(request: ActorRequest) -> HttpResponse:
    """The sessions of this moment; the list comes anew by itself."""
    now = timezone.now()
    running = board.board(request.actor, now)
    context = {
        "rail": "week",
        "running": running,
        "late": sum(one.late for one in running),
        "zone": settings.PROGRAMME_ZONE,
        "at": zones.when(now, settings.PROGRAMME_ZONE),
    }
    part = "staff/board/list.html" if request.headers.get("HX-Request") else "staff/board/page.html"
    return render(request, part, context)


@require_POST
@staff_only(*PLANNERS)
def phone(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """This one takes part by phone."""
    try:
        board.takes_part_by_phone(request.actor, public_id)
        messages.success(request, _("Noted: audio only, modifier 93."))
    except Refused as refusal:
        messages.error(request, refusal.text)
    return redirect("staff-board")
