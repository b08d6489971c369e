"""Break-glass: open one person's record in an emergency, read it for an hour, end it (P-10)."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from mutual.base.forms import DayInput
from mutual.base.refusal import NotThere, Refused
from mutual.people.recheck import rechecked_to_send
from mutual.privacy import glass
from mutual.privacy.models import BreakGlass
from mutual.record import emergency_view
from mutual.staff.gate import staff_only
from mutual.staff.views.duties import show_refusal
from mutual.wall.web import ActorRequest


class OpenForm(forms.Form):
    """Whom, what kind of emergency, why it can't wait."""

    name = forms.CharField(
        label=_("First and last name"),
        max_length=161,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    born = forms.DateField(
        label=_("Date of birth"),
        help_text=_("Only needed where two people share a name."),
        required=False,
        widget=DayInput,
    )
    kind = forms.ChoiceField(
        label=_("What kind of emergency"),
        choices=BreakGlass._meta.get_field("kind").choices or [],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why it can't wait"),
        help_text=_("At least 20 characters. The privacy officer reads it."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


@staff_only()
@rechecked_to_send
def page(request: ActorRequest) -> HttpResponse:
    """What it opens, for how long, who is told; the form; and the actor's own openings."""
    if not glass.may_open(request.actor):
        raise NotThere
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = glass.open_record(
                request.actor, given["name"], given["kind"], given["reason"], born=given["born"]
            )
            return redirect("staff-glass-record", row.public_id)
        except Refused as refusal:
            show_refusal(form, refusal)
    context = {
        "rail": "oncall",
        "form": form,
        "opens": glass.opens(),
        "shut": glass.stays_shut(),
        "mine": glass.mine(request.actor),
        "minutes": glass.MINUTES,
    }
    return render(request, "staff/emergency/page.html", context)


@staff_only()
@require_safe
def record(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The record, while the hour lasts."""
    row, parts = emergency_view.in_emergency(request.actor, public_id)
    context = {"rail": "oncall", "row": row, "parts": parts, "name": str(row.person)}
    return render(request, "staff/emergency/record.html", context)


@staff_only()
@require_POST
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End it by hand."""
    row = BreakGlass.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotThere
    glass.end(request.actor, row)
    messages.success(request, gettext("Closed. The privacy officer looks at every opening."))
    return redirect("staff-glass" if row.by_id == request.actor.id else "staff-glass-queue")
