"""The queue of what people ask about their records, on its clocks (P-40 to P-43)."""

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

from mutual.base.forms import DayInput
from mutual.base.refusal import Refused
from mutual.people.models import Staff
from mutual.privacy import answering, clocks, requests
from mutual.privacy.models.requests import KINDS
from mutual.staff.gate import staff_only
from mutual.staff.views.duties import show_refusal
from mutual.wall.web import ActorRequest

YES_NO = [("yes", _("Agree")), ("no", _("Do not agree"))]


class DecideForm(forms.Form):
    """The answer."""

    decision = forms.ChoiceField(label=_("Decision"), choices=YES_NO, widget=forms.RadioSelect)
    ground = forms.ChoiceField(label=_("Ground, if not agreed"), required=False)
    answer = forms.CharField(
        label=_("Answer in plain words"),
        help_text=_("The person reads it, nobody else."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    prepared = forms.CharField(
        label=_("Prepared copy"),
        help_text=_("Without what the other partner said in confidence. Kept sealed."),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
    )

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = [(g, requests.GROUNDS[g]) for g in requests.GROUNDS_FOR[kind]]
        self.fields["ground"].choices = [("", "–"), *grounds]  # type: ignore[attr-defined]
        if kind != "conjoint":
            del self.fields["prepared"]


class ReviewForm(forms.Form):
    """The second professional's decision."""

    decision = forms.ChoiceField(label=_("Decision"), choices=YES_NO, widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("Answer in plain words"), widget=forms.Textarea(attrs={"rows": 4})
    )


class PersonForm(forms.Form):
    """Whom to ask."""

    staff = forms.ModelChoiceField(
        label=_("Clinician"), queryset=Staff.objects.none(), to_field_name="public_id"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Staff.objects.exclude(credential="").order_by("name")
        self.fields["staff"].queryset = rows  # type: ignore[attr-defined]


class PaperForm(forms.Form):
    """A request that came on paper."""

    kind = forms.ChoiceField(label=_("What was asked"), choices=KINDS)
    words = forms.CharField(label=_("In its words"), widget=forms.Textarea(attrs={"rows": 3}))
    asked_on = forms.DateField(label=_("Received on"), widget=DayInput)


@staff_only()
def queue(request: ActorRequest) -> HttpResponse:
    """What waits, the least days left first; a clinician sees what they were asked to decide."""
    lines = answering.queue(request.actor)
    waits = [x for x in lines if x.row.state == "open" or x.waits_for_review]
    context = {
        "rail": "privacy",
        "waits": waits,
        "done": [x for x in lines if x not in waits][:100],
        "alarms": sum(1 for x in waits if x.alarm),
        "officer": request.actor.has("privacy_officer"),
    }
    return render(request, "staff/requests/queue.html", context)


@staff_only()
def one(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One request: its words, its clock, and the decision."""
    line = answering.request(request.actor, public_id)
    row, actor = line.row, request.actor
    do = request.POST.get("do", "")
    forms_ = {
        "decide": DecideForm(row.kind, request.POST if do == "decide" else None),
        "review": ReviewForm(request.POST if do == "review" else None),
        "decider": PersonForm(request.POST if do == "decider" else None, prefix="decider"),
        "reviewer": PersonForm(request.POST if do == "reviewer" else None, prefix="reviewer"),
    }
    error = ""
    if request.method == "POST":
        form = forms_.get(do)
        try:
            if do == "extend":
                answering.extend(actor, row, request.POST.get("why", ""))
                messages.success(request, gettext("Extended. The person reads the reason."))
                return redirect("staff-request", public_id)
            if form is not None and form.is_valid():
                _act(actor, do, row, form.cleaned_data)
                messages.success(request, gettext("Saved."))
                return redirect("staff-request", public_id)
        except Refused as refusal:
            if form is None or not show_refusal(form, refusal):
                error = refusal.text
    officer = actor.has("privacy_officer")
    context = {
        "rail": "privacy",
        "line": line,
        "row": row,
        "officer": officer,
        "ground": requests.GROUNDS.get(row.ground, ""),
        "people": _people(row),
        "forms": forms_,
        "may_decide": row.state == "open" and (officer or row.decider_id == actor.id),
        "may_review": line.waits_for_review and row.reviewer_id == actor.id,
        "may_extend": officer
        and row.state == "open"
        and row.extended_on is None
        and clocks.extended(row.kind, row.due_on) is not None
        and timezone.localdate() <= row.due_on,
        "error": error,
    }
    return render(request, "staff/requests/one.html", context)


def _act(actor: Any, do: str, row: Any, given: dict[str, Any]) -> None:
    if do == "decide":
        answering.decide(
            actor, row, given["decision"] == "yes", given["answer"], ground=given["ground"],
            prepared=given.get("prepared", ""),
        )  # fmt: skip
    elif do == "review":
        answering.review(actor, row, given["decision"] == "yes", given["answer"])
    elif do == "decider":
        answering.name_decider(actor, row, given["staff"])
    elif do == "reviewer":
        answering.name_reviewer(actor, row, given["staff"])


def _people(row: Any) -> dict[str, str]:
    ids = {
        "decider": row.decider_id,
        "by": row.decided_by_id,
        "reviewer": row.reviewer_id,
    }
    names = dict(
        Staff.objects.filter(id__in=[v for v in ids.values() if v]).values_list("id", "name")
    )
    return {key: names.get(value, "") for key, value in ids.items()}


@staff_only("privacy_officer")
def on_paper(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Write down a request that came on paper; ``public_id`` is of a consent of the person."""
    form = PaperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = answering.receive_on_paper(
                request.actor, public_id, given["kind"], given["words"], given["asked_on"]
            )
            messages.success(request, gettext("Saved."))
            return redirect("staff-request", made.public_id)
        except Refused as refusal:
            show_refusal(form, refusal)
    context = {"rail": "privacy", "form": form, "title": gettext("A request on paper")}
    return render(request, "staff/duties/form.html", context)
