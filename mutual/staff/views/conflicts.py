"""Conflicts of interest: one's own declarations; the register for who manages them (P-6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mutual.base.forms import DayInput
from mutual.base.refusal import Refused
from mutual.people.models import Staff
from mutual.privacy import conflicts
from mutual.privacy.models import ConflictOfInterest
from mutual.staff.gate import staff_only
from mutual.staff.views.duties import show_refusal
from mutual.wall.web import ActorRequest


class ConflictForm(forms.ModelForm):  # type: ignore[type-arg]
    """A name and a connection; who manages conflicts chooses whose it is."""

    staff = forms.ModelChoiceField(
        label=_("Who works here"), queryset=Staff.objects.order_by("name"), required=False,
        empty_label=_("I myself"),
    )  # fmt: skip

    class Meta:
        model = ConflictOfInterest
        fields = ("staff", "name", "born", "relation")
        widgets = {  # noqa: RUF012
            "born": DayInput,
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
        }

    def __init__(self, manages: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not manages:
            del self.fields["staff"]


@staff_only()
def page(request: ActorRequest) -> HttpResponse:
    """Declare, and what one declared; the answer is one and the same whoever is named."""
    manages = request.actor.has(*conflicts.MANAGERS)
    form = ConflictForm(manages, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            conflicts.declare(
                request.actor, given["name"], given["relation"], staff=given.get("staff"),
                born=given["born"],
            )  # fmt: skip
            messages.success(
                request, gettext("Written down. It holds at once, whether they are here or not.")
            )
            return redirect("staff-conflicts")
        except Refused as refusal:
            show_refusal(form, refusal)
    context = {
        "rail": "privacy" if request.actor.has("privacy_officer") else "oncall",
        "form": form,
        "mine": conflicts.mine(request.actor),
        "lines": conflicts.register(request.actor) if manages else [],
        "manages": manages,
    }
    return render(request, "staff/conflicts/page.html", context)


@staff_only(*conflicts.MANAGERS)
@require_POST
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End one, with a reason."""
    try:
        conflicts.end(request.actor, public_id, request.POST.get("why", ""))
        messages.success(request, gettext("Ended. It stays in the history."))
    except Refused as refusal:
        messages.error(request, refusal.text)
    return redirect("staff-conflicts")


@staff_only(*conflicts.MANAGERS)
@require_POST
def match(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Somebody else of that name, or the person meant after all."""
    conflicts.rule_out(request.actor, public_id, again=request.POST.get("do") == "meant")
    messages.success(request, gettext("Saved."))
    return redirect("staff-conflicts")
