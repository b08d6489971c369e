"""Whether a person stays at this level of care: decided every 14 days or sooner (C-29)."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mutual.base.refusal import NotThere, Refused
from mutual.episode import actions, queries
from mutual.people.lookups import couple_of
from mutual.record.staying import due_days
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest


class StayForm(forms.Form):
    """The three answers, any of which is a reason to stay, and what they rest on."""

    use_required_attribute = False

    progressing = forms.BooleanField(
        label=_("Makes progress, and is not there yet"), required=False
    )
    able_to_progress = forms.BooleanField(
        label=_("No progress yet, and able to make it here"), required=False
    )
    new_problem = forms.BooleanField(
        label=_("A new problem that can be treated at this level"), required=False
    )
    words = forms.CharField(label=_("What this rests on"), widget=forms.Textarea(attrs={"rows": 4}))


@staff_only("counselor", "prescriber", "supervisor", "director")
def page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """When it is due, what was decided before, and the decision for who keeps the episode."""
    person = queries.person_in_care(request.actor, public_id)
    episode = queries.open_episode_of(person.id)
    if episode is None or episode.stage != "admitted" or episode.admitted_on is None:
        raise NotThere
    may_decide = request.actor.has("counselor") and queries.may_rate(person)
    if request.method == "POST" and not may_decide:
        raise NotThere
    form = StayForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.decide_stay(request.actor, person, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
            status = 409
        else:
            messages.success(
                request,
                gettext("Signed: stays at this level.")
                if row.outcome == "stay"
                else gettext("Signed. None of the three holds: plan a transfer or a discharge."),
            )
            return redirect("staff-stay", public_id)
    context = {
        "rail": "couples",
        "person": person,
        "couple": couple_of(person.id),
        "level": episode.level,
        "due": due_days({person.id: episode.admitted_on})[person.id],
        "form": form if may_decide else None,
        "decisions": queries.stays_of(request.actor, person),
    }
    return render(request, "staff/admit/stay.html", context, status=status)
