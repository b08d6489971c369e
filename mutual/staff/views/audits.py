"""Audits: the director opens one, the auditor sees its sample on its days (P-33)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from mutual.base.forms import DayInput
from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Staff
from mutual.privacy import engagements
from mutual.privacy.models import AuditEngagement
from mutual.record import release
from mutual.staff.gate import staff_only
from mutual.staff.views.duties import show_refusal
from mutual.wall.web import ActorRequest


class EngagementForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an audit names (2.53)."""

    sample = forms.MultipleChoiceField(
        label=_("Whose records"), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = AuditEngagement
        fields = (
            "auditor", "organisation", "purpose", "first_day", "last_day", "duty_signed_name",
            "duty_signed_on", "ends_with",
        )  # fmt: skip
        widgets = {"first_day": DayInput, "last_day": DayInput, "duty_signed_on": DayInput}  # noqa: RUF012

    def __init__(self, people: list[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Staff.objects.filter(roles__contains=["auditor"]).order_by("name")
        self.fields["auditor"].queryset = rows  # type: ignore[attr-defined]
        self.fields["auditor"].label = gettext("Auditor")
        self.fields["sample"].choices = [  # type: ignore[attr-defined]
            (str(p.public_id), str(p)) for p in people
        ]


@staff_only("director", "privacy_officer")
def listing(request: ActorRequest) -> HttpResponse:
    """All audits, and for the director a form to open one."""
    director = request.actor.has("director")
    people = engagements.candidates(request.actor) if director else []
    form = EngagementForm(people, request.POST or None)
    if request.method == "POST" and director and form.is_valid():
        given = dict(form.cleaned_data)
        chosen, auditor = set(given.pop("sample")), given.pop("auditor")
        sample = [p.id for p in people if str(p.public_id) in chosen]
        try:
            engagements.open_engagement(request.actor, auditor, engagements.Terms(**given), sample)
            messages.success(request, gettext("Open. Each person finds it on their own list."))
            return redirect("staff-audits")
        except Refused as refusal:
            show_refusal(form, refusal)
    context = {
        "rail": "programme" if director else "privacy",
        "rows": engagements.engagements(request.actor),
        "form": form if director else None,
        "today": timezone.localdate(),
    }
    return render(request, "staff/audits/list.html", context)


@staff_only("director")
@require_POST
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End an audit now; its copies were returned or destroyed."""
    row = AuditEngagement.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotThere
    engagements.end_engagement(request.actor, row, timezone.localdate())
    messages.success(request, gettext("Ended."))
    return redirect("staff-audits")


@staff_only("auditor")
@require_safe
def mine(request: ActorRequest) -> HttpResponse:
    """The auditor's own engagements."""
    rows = engagements.engagements(request.actor)
    context = {"rail": "audit", "rows": rows, "today": timezone.localdate()}
    return render(request, "staff/audits/mine.html", context)


@staff_only("auditor")
@require_safe
def sample(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Whose records are in it, by number: on the days of the audit only."""
    row, people = engagements.sample_of(request.actor, public_id)
    context = {"rail": "audit", "row": row, "people": people}
    return render(request, "staff/audits/sample.html", context)


@staff_only("auditor")
@require_safe
def record(request: ActorRequest, public_id: UUID, sample_id: UUID) -> HttpResponse:
    """One record of the sample."""
    parts = release.audit_view(request.actor, public_id, sample_id)
    context = {"rail": "audit", "parts": parts, "engagement": public_id}
    return render(request, "staff/audits/record.html", context)
