"""The person's own safety plan: behind the PIN, one tile for everyone, filled or not (P-69)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mutual.base.forms import PartsForm
from mutual.base.refusal import Refused
from mutual.people.models import Person
from mutual.portal.gate import private
from mutual.privacy.readers import readers
from mutual.record import safety
from mutual.wall.web import ActorRequest


class PlanForm(PartsForm):
    """The six parts, and the wish that only the person states (C-82)."""

    partner = forms.BooleanField(
        label=gettext_lazy("My partner is one of the people I ask"),
        help_text=gettext_lazy("Only if you want it. Your partner doesn't see this plan."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(safety.boxes(), *args, longest=safety.LONGEST, **kwargs)
        self.order_fields([*self.keys, "partner"])


@require_http_methods(["GET", "HEAD", "POST"])
@private
def plan(request: ActorRequest) -> HttpResponse:
    """Read and write the own plan; a refusal keeps what was typed."""
    person = Person.objects.visible_to(request.actor).sole(id=request.actor.sure_id)
    found = safety.plan_of(request.actor, person)
    form = PlanForm(
        request.POST or None,
        initial={**found.text, "version": found.version, "partner": found.partner},
    )
    theirs: list[tuple[str, str]] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            safety.save_plan(
                request.actor,
                person,
                form.texts(),
                version=form.seen(),
                partner=form.cleaned_data["partner"],
            )
        except Refused as refusal:
            theirs = form.refused(refusal, found.text, found.version)
        else:
            messages.success(request, _("Saved. It is here whenever you need it."))
            return redirect("portal-safety-plan")
    if form.errors:
        status = 422
    return render(
        request,
        "portal/record/safety.html",
        {
            "tab": "me",
            "form": form,
            "theirs": theirs,
            "readers": readers("safety_plan", _("you")),
        },
        status=status,
    )
