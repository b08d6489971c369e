"""Who works here and what they may do: leaving in one action, the quarterly review (P-86)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutual.base.refusal import Refused
from mutual.outcomes import access_review, leaving
from mutual.people.models import Departure
from mutual.people.recheck import rechecked
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest


@staff_only(*leaving.MAY)
@require_safe
def listing(request: ActorRequest) -> HttpResponse:
    """Everybody with their roles and keys, and the review."""
    context = {
        "rail": "programme" if request.actor.has("director") else "privacy",
        "rows": access_review.colleagues(request.actor),
        "review": access_review.state(request.actor),
    }
    return render(request, "staff/access/listing.html", context)


@staff_only(*leaving.MAY)
@require_POST
def begin(request: ActorRequest) -> HttpResponse:
    """Begin the review of this quarter."""
    access_review.begin(request.actor)
    return redirect("staff-access")


@staff_only(*leaving.MAY)
@rechecked
@require_POST
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One role: still needed, or taken away at once."""
    keep = request.POST.get("what") != "end"
    access_review.answer(request.actor, public_id, keep=keep)
    messages.success(request, _("Noted.") if keep else _("Taken away, from this second."))
    return redirect("staff-access")


@staff_only(*leaving.MAY)
@rechecked
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Somebody leaves: what ends, one action, and the report."""
    staff = leaving.colleague(request.actor, public_id)
    departure = Departure.objects.filter(staff=staff).select_related("by").first()
    refusal, status = "", 200
    if request.method == "POST":
        if request.POST.get("sure") == "yes":
            try:
                leaving.leave(request.actor, staff)
                return redirect("staff-access-one", public_id=public_id)
            except Refused as refused:
                refusal, status = refused.text, 422
        else:
            refusal, status = _("Tick the box first, if you are sure."), 422
    context = {
        "rail": "programme" if request.actor.has("director") else "privacy",
        "staff": staff,
        "roles": [access_review.words_of(role) for role in staff.roles],
        "departure": departure,
        "lines": leaving.report(departure) if departure else [],
        "refusal": refusal,
    }
    return render(request, "staff/access/one.html", context, status=status)
