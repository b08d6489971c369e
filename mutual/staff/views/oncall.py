"""Who is on call, the planning of shifts, and what a shift opens while it runs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from mutual.base.forms import MomentInput
from mutual.base.refusal import Refused
from mutual.people.models import Staff
from mutual.privacy import glass, oncall
from mutual.record import emergency_view
from mutual.staff.gate import staff_only
from mutual.staff.views.duties import show_refusal
from mutual.wall.web import ActorRequest


class ShiftForm(forms.Form):
    """Who, from when, until when; on the programme's clock."""

    staff = forms.ModelChoiceField(label=_("Clinician"), queryset=Staff.objects.none())
    start = forms.DateTimeField(label=_("From"), widget=MomentInput)
    end = forms.DateTimeField(
        label=_("Until"), widget=MomentInput, help_text=_("72 hours at most; it ends by itself.")
    )

    def __init__(self, people: list[Staff], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Staff.objects.filter(id__in=[one.id for one in people]).order_by("name")
        self.fields["staff"].queryset = rows  # type: ignore[attr-defined]


@staff_only()
def page(request: ActorRequest) -> HttpResponse:
    """The roster for everybody on the staff; the form for who plans it."""
    form = None
    if oncall.may_plan(request.actor):
        form = ShiftForm(oncall.candidates(), request.POST or None)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            try:
                oncall.plan(request.actor, given["staff"], given["start"], given["end"])
                messages.success(request, gettext("Planned. It begins and ends by itself."))
                return redirect("staff-oncall")
            except Refused as refusal:
                show_refusal(form, refusal)
    context = {
        "rail": "oncall",
        "shifts": oncall.roster(request.actor),
        "form": form,
        "mine": oncall.is_on_call(request.actor),
        "emergency": glass.may_open(request.actor),
        "opens": oncall.opens(),
    }
    return render(request, "staff/oncall/page.html", context)


@staff_only()
@require_POST
def cut(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End a shift now, or take it back."""
    oncall.cut(request.actor, public_id)
    messages.success(request, gettext("Ended."))
    return redirect("staff-oncall")


@staff_only("on_call")
@require_safe
def people(request: ActorRequest) -> HttpResponse:
    """Everybody, by the name they show, during the shift."""
    context = {"rail": "oncall", "people": oncall.everybody(request.actor)}
    return render(request, "staff/oncall/people.html", context)


@staff_only("on_call")
@require_safe
def person(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """How to reach and help somebody during the shift."""
    name, parts = emergency_view.on_call(request.actor, public_id)
    context = {"rail": "oncall", "name": name, "parts": parts}
    return render(request, "staff/oncall/person.html", context)
