"""Incident reports: written by whoever was there, closed by somebody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mutual.base.forms import MomentInput
from mutual.base.refusal import Refused
from mutual.people.models import Person
from mutual.record import incidents
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest


class ReportForm(forms.Form):
    """What happened and what was done at once."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=gettext_lazy("What it is about"))
    happened_at = forms.DateTimeField(
        label=gettext_lazy("When"),
        widget=MomentInput,
        help_text=gettext_lazy("On the programme's clock."),
    )
    what = forms.CharField(
        label=gettext_lazy("What happened"),
        help_text=gettext_lazy("Facts, in order. Not in the chart, and not of the partner."),
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )
    done = forms.CharField(
        label=gettext_lazy("What was done"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    told = forms.CharField(
        label=gettext_lazy("Who was told"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [("", "–"), *((k, _(words)) for k, words in incidents.KINDS.items())]

    def report(self) -> incidents.Report:
        """What was sent, as the record takes it."""
        said = dict(self.cleaned_data)
        zone = ZoneInfo(settings.PROGRAMME_ZONE)
        said["happened_at"] = timezone.make_naive(said["happened_at"]).replace(tzinfo=zone)
        return incidents.Report(**said)


@require_safe
@staff_only()
def listing(request: ActorRequest) -> HttpResponse:
    """Incidents one wrote, has to look at, or supervises."""
    lines = incidents.incidents(request.actor)
    return render(request, "staff/safety/incidents.html", {"rail": "today", "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def new(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Report one about a person; a refusal keeps what was typed."""
    person = Person.objects.visible_to(request.actor).sole(public_id=public_id)
    form = ReportForm(request.POST or None, initial={"happened_at": timezone.localtime()})
    if request.method == "POST" and form.is_valid():
        try:
            row = incidents.report(request.actor, person, form.report())
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
        else:
            messages.success(request, _("Kept, and sent on."))
            return redirect("staff-incident", row.public_id)
    return render(
        request,
        "staff/safety/incident_new.html",
        {"rail": "couples", "person": person, "form": form},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def one(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One incident, and closing it with what was found."""
    line = incidents.incident(request.actor, public_id)
    error, finding = "", ""
    if request.method == "POST":
        finding = request.POST.get("finding", "")
        try:
            incidents.close(request.actor, public_id, finding)
        except Refused as refusal:
            error = refusal.text
        else:
            messages.success(request, _("Closed."))
            return redirect("staff-incidents")
    return render(
        request,
        "staff/safety/incident.html",
        {
            "rail": "today",
            "line": line,
            "may_close": line.incident.closed_at is None
            and incidents.may_close(request.actor, line.incident),
            "error": error,
            "finding": finding,
        },
        status=422 if error else 200,
    )
