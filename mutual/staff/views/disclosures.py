"""Copies to somebody outside, what came from elsewhere, and emergencies (P-27, P-29, P-31)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from mutual.base import typed
from mutual.base.documents import pdf_response
from mutual.base.forms import DayInput, MomentInput
from mutual.base.refusal import Refused
from mutual.people.models import Person
from mutual.people.recheck import rechecked, rechecked_to_send
from mutual.privacy import emergencies, received, sharing
from mutual.privacy.models import EmergencyDisclosure, ReceivedRecord
from mutual.record import release
from mutual.staff.gate import staff_only
from mutual.staff.views.duties import show_refusal
from mutual.wall.web import ActorRequest


class ReceivedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A record from elsewhere."""

    class Meta:
        model = ReceivedRecord
        fields = ("source", "title", "received_on", "text", "part2")
        widgets = {  # noqa: RUF012
            "received_on": DayInput,
            "text": forms.Textarea(attrs={"rows": 6}),
        }


class EmergencyForm(forms.ModelForm):  # type: ignore[type-arg]
    """The parts of 2.51(c)."""

    class Meta:
        model = EmergencyDisclosure
        fields = emergencies.PARTS
        widgets = {"told_at": MomentInput}  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in self.fields.values():
            one.required = False


@staff_only()
@rechecked_to_send
def outside(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What may go to somebody outside with a consent, what went, and what came in."""
    person = Person.objects.visible_to(request.actor).sole(public_id=public_id)
    may_write = received.may_write(request.actor, person.id)
    form = ReceivedForm(request.POST if request.POST.get("do") == "receive" else None)
    error = ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "prepare":
                release.prepare_release(
                    request.actor, person, typed.key(request.POST.get("consent"))
                )
                messages.success(request, gettext("Prepared. It goes within a minute."))
                return redirect("staff-outside", public_id)
            if request.POST.get("do") == "receive" and may_write and form.is_valid():
                received.receive(request.actor, person, form.cleaned_data)
                messages.success(request, gettext("Saved."))
                return redirect("staff-outside", public_id)
        except Refused as refusal:
            error = refusal.text
    context = {
        "rail": "couples",
        "person": person,
        "papers": sharing.papers_of(request.actor, person.id),
        "releases": release.releases(request.actor, person.id),
        "received": received.of_person(request.actor, person.id),
        "form": form if may_write else None,
        "error": error,
    }
    return render(request, "staff/disclosures/outside.html", context)


@staff_only()
@rechecked
@require_safe
def copy(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The document that was let go, with its notice, for who sends it on."""
    return pdf_response(release.release_paper(request.actor, public_id))


@staff_only()
@require_POST
def emergency(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Open the line of an emergency at once."""
    person = Person.objects.visible_to(request.actor).sole(public_id=public_id)
    row = emergencies.begin(request.actor, person)
    return redirect("staff-emergency", row.public_id)


@staff_only()
def emergency_line(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Its parts; it closes when none is missing (P-31)."""
    row = emergencies.one(request.actor, public_id)
    mine = row.by_id == request.actor.id and row.closed_at is None
    form = EmergencyForm(request.POST or None, instance=row)
    if request.method == "POST" and mine and form.is_valid():
        again = emergencies.one(request.actor, public_id)
        try:
            emergencies.write(
                request.actor, again, form.cleaned_data, close=request.POST.get("do") == "close"
            )
            messages.success(request, gettext("Saved."))
            return redirect("staff-emergency", public_id)
        except Refused as refusal:
            show_refusal(form, refusal)
    facts = [(emergencies.LABELS[name], getattr(row, name)) for name in emergencies.PARTS]
    context = {"rail": "today", "row": row, "form": form if mine else None, "facts": facts}
    return render(request, "staff/disclosures/emergency.html", context)
