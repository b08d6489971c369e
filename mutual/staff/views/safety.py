"""A person's safety plan, filled in together with the own counselor (C-82)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mutual.base.forms import PartsForm
from mutual.base.refusal import Refused
from mutual.record import safety
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def plan(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Read the plan; the own counselor fills it in with the person."""
    person = safety.person_with_plan(request.actor, public_id)
    found = safety.plan_of(request.actor, person)
    writes = safety.may_write(request.actor, person)
    form = PartsForm(
        safety.boxes(),
        request.POST or None,
        initial={**found.text, "version": found.version},
        longest=safety.LONGEST,
    )
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            safety.save_plan(request.actor, person, form.texts(), version=form.seen())
        except Refused as refusal:
            theirs = form.refused(refusal, found.text, found.version)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff-safety-plan", public_id)
    return render(
        request,
        "staff/safety/plan.html",
        {
            "rail": "couples",
            "person": person,
            "plan": found,
            "parts": [(words, found.text.get(key, "")) for key, words, _hint in safety.boxes()],
            "writes": writes,
            "form": form,
            "theirs": theirs,
        },
        status=422 if form.errors else 200,
    )
