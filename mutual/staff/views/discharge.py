"""Discharge of one partner, and the papers that go with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mutual.base.documents import pdf_response
from mutual.base.forms import MomentInput
from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person
from mutual.record import discharge as actions
from mutual.record import papers
from mutual.record.discharge import RecoveryPlan, Words
from mutual.record.models import DischargeFacts, DischargeSummary
from mutual.staff.gate import staff_only
from mutual.staff.views.couples import header
from mutual.wall.web import ActorRequest

PAPERS = {"summary": papers.summary_pdf, "plan": papers.recovery_pdf}
_TEXT = forms.Textarea(attrs={"rows": 3})


class DischargeForm(forms.Form):
    """Reason, the counselor's words, the recovery plan with its first appointments."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=lambda: list(papers.reasons().items())
    )
    note = forms.CharField(
        label=gettext_lazy("What was tried, or the written reason"), required=False, widget=_TEXT
    )
    course = forms.CharField(
        label=gettext_lazy("Course of treatment"), required=False, widget=_TEXT
    )
    medication = forms.CharField(label=gettext_lazy("Medication"), required=False, widget=_TEXT)
    risk = forms.CharField(label=gettext_lazy("Risk"), required=False, widget=_TEXT)
    referrals = forms.CharField(label=gettext_lazy("Referrals"), required=False, widget=_TEXT)
    appointment_with = forms.CharField(
        label=gettext_lazy("First appointment with"), max_length=200, required=False
    )
    appointment_at = forms.DateTimeField(
        label=gettext_lazy("When is the first appointment?"), required=False, widget=MomentInput
    )
    joint_with = forms.CharField(
        label=gettext_lazy("First appointment of the couple with"), max_length=200, required=False
    )
    joint_at = forms.DateTimeField(
        label=gettext_lazy("When is the couple's first appointment?"),
        required=False,
        widget=MomentInput,
    )
    steps = forms.CharField(
        label=gettext_lazy("What the person goes on doing"), required=False, widget=_TEXT
    )
    warning_signs = forms.CharField(
        label=gettext_lazy("Signs to ask for help"), required=False, widget=_TEXT
    )
    supports = forms.CharField(label=gettext_lazy("Who to call"), required=False, widget=_TEXT)

    def words(self) -> Words:
        """The counselor's words."""
        said = self.cleaned_data
        return Words(said["medication"], said["risk"], said["referrals"], said["course"])

    def plan(self) -> RecoveryPlan:
        """The recovery plan; times are on the programme's clock."""
        said = self.cleaned_data
        zone = ZoneInfo(settings.PROGRAMME_ZONE)
        times = {
            name: said[name].replace(tzinfo=zone) if said[name] else None
            for name in ("appointment_at", "joint_at")
        }
        text = {
            name: said[name]
            for name in ("appointment_with", "joint_with", "steps", "warning_signs", "supports")
        }
        return RecoveryPlan(
            **text, appointment_at=times["appointment_at"], joint_at=times["joint_at"]
        )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only("counselor", "director")
def page(request: ActorRequest, public_id: UUID, lane: str) -> HttpResponse:
    """Discharge one partner; afterwards the same page signs the summary."""
    head = header(request.actor, public_id, lane)
    if f"leaving_{lane}" not in head["open"]:
        partner = head["row"].partner(lane)
        if lane == "ours" or not request.actor.has("director") or partner.public_id is None:
            raise NotThere
        return redirect("staff-end-stay", partner.public_id)
    person = Person.objects.visible_to(request.actor).sole(id=head["row"].partner(lane).person_id)
    facts = (
        DischargeFacts.objects.visible_to(request.actor)
        .filter(person=person)
        .order_by("-due_on")
        .first()
    )
    first: dict[str, Any] = {}
    if facts is not None:
        kept = DischargeSummary.objects.visible_to(request.actor).filter(facts=facts).first()
        first = {**kept.content, **kept.recovery_plan} if kept else {}
        for name in ("appointment_at", "joint_at"):
            first[name] = str(first.get(name, ""))[:16]
    form = DischargeForm(request.POST or None, initial=first)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            if facts is None:
                actions.discharge(
                    request.actor,
                    person,
                    form.cleaned_data["reason"],
                    plan=form.plan(),
                    words=form.words(),
                    note=form.cleaned_data["note"],
                )
                messages.success(request, _("Discharged. The partner's care goes on."))
            else:
                actions.save_summary(request.actor, facts, form.words(), form.plan())
                if request.POST.get("do") == "sign":
                    actions.sign_summary(request.actor, facts)
                    messages.success(request, _("Signed."))
            return redirect("staff-discharge", public_id, lane)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
            status = 409
    return render(
        request,
        "staff/couples/discharge.html",
        {**head, "form": form, "facts": facts, "who": head["row"].partner(lane).name},
        status=status,
    )


@require_safe
@staff_only()
def paper(request: ActorRequest, public_id: UUID, which: str) -> HttpResponse:
    """A paper as PDF: neutral name, kept nowhere, checked at each fetch (P-51)."""
    if which not in PAPERS:
        raise NotThere
    return pdf_response(PAPERS[which](request.actor, public_id))
