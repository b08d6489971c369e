"""New ways to sign in for those who lost every key: seen by two on video, then a day (P-85)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutual.base.refusal import Refused
from mutual.people.recheck import rechecked
from mutual.privacy import recovery
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest


@staff_only(*recovery.VERIFIERS)
@require_safe
def listing(request: ActorRequest) -> HttpResponse:
    """Who asks, and how far it is."""
    rows = recovery.waiting(request.actor)
    return render(request, "staff/access/renewals.html", {"rail": "today", "rows": rows})


@staff_only(*recovery.VERIFIERS)
@rechecked
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """How to reach them, what to look at, and "I have seen them"."""
    context: dict[str, object] = {"rail": "today"}
    status = 200
    if request.method == "POST":
        try:
            context["words"] = recovery.seen(
                request.actor, public_id, alone=request.POST.get("alone") == "yes"
            )
            if not context["words"]:
                messages.success(request, _("Noted. Now a second one of you looks, on this call."))
                return redirect("staff-renewal", public_id=public_id)
        except Refused as refusal:
            context["refusal"], status = refusal.text, 422
    context["row"] = recovery.one(request.actor, public_id)
    return render(request, "staff/access/renewal.html", context, status=status)


@staff_only(*recovery.VERIFIERS)
@require_POST
def stop(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Stop it: in doubt, always."""
    recovery.stop(request.actor, public_id)
    messages.success(request, _("Stopped. Their keys stay as they are."))
    return redirect("staff-renewals")
