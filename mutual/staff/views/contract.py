"""The recovery contract as staff keep it: each one's readiness alone, then the couple's (C-47)."""

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
from mutual.base.refusal import NotThere, Refused
from mutual.daily import contracts
from mutual.daily.actions import contract as actions
from mutual.daily.models import PARTS
from mutual.episode.queries import person_to_screen
from mutual.people.lookups import couple_of
from mutual.people.models import Couple
from mutual.record import portal
from mutual.staff.gate import staff_only
from mutual.staff.views.couples import header
from mutual.wall.web import ActorRequest

ANSWERS = [("yes", _("Yes")), ("no", _("No")), ("undecided", _("Undecided"))]
_SAID = {"yes": True, "no": False, "undecided": None}


class ContractForm(forms.Form):
    """The two sentences of the evening, what else they promise, and since when it runs."""

    use_required_attribute = False

    statement = forms.CharField(
        label=_("What each says"), max_length=300, required=False,
        help_text=_("In the couple's own words."), widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    thanks = forms.CharField(
        label=_("What the other answers"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    promises = forms.CharField(
        label=_("What else they promise, one a line"), max_length=1500, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    on = forms.DateField(label=_("From"), widget=DayInput)


@staff_only("couples_therapist")
def page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Start, rest, take up again or end a couple's contract; no half of it shows whose it is."""
    head = header(request.actor, public_id, "ours")
    couple = Couple.objects.visible_to(request.actor).sole(public_id=public_id)
    running = contracts.contract_of(request.actor, couple.id)
    form = ContractForm(request.POST or None, initial={"on": timezone.localdate()})
    status, refused = 200, ""
    do = request.POST.get("do", "")
    try:
        if do in ("pause", "resume", "end"):
            {
                "pause": actions.pause_contract,
                "resume": actions.resume_contract,
                "end": actions.end_contract,
            }[do](request.actor, couple)
            messages.success(request, gettext("Saved, for both at once."))
            return redirect("staff-contract", public_id)
        if do == "start" and form.is_valid():
            given = form.cleaned_data
            actions.start_contract(
                request.actor,
                couple,
                given["statement"],
                given["thanks"],
                promises=[(line, "") for line in _lines(given["promises"])],
                on=given["on"],
            )
            messages.success(request, gettext("The contract runs. Both see it on their page."))
            return redirect("staff-contract", public_id)
    except Refused as refusal:
        status = 409
        if refusal.field in form.fields:
            form.add_error(refusal.field, refusal.text)
        else:
            refused = refusal.text
    context = {**head, "running": running, "form": form, "refused": refused}
    return render(request, "staff/contract/page.html", context, status=status)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class ReadyForm(forms.Form):
    """What one partner said, alone (C-47)."""

    has_sud = forms.BooleanField(label=_("In care for substance use"), required=False)
    accepts_abstinence = forms.ChoiceField(
        label=_("Accepts at least temporary abstinence"), choices=ANSWERS,
        widget=forms.RadioSelect,
    )  # fmt: skip
    means_to_stay = forms.ChoiceField(
        label=_("Means to stay together or reconcile"), choices=ANSWERS,
        widget=forms.RadioSelect,
    )  # fmt: skip


@staff_only("counselor")
def alone(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What the own counselor hears in private: readiness, parts taken back, the portal's record."""
    person = person_to_screen(request.actor, public_id)
    if not contracts.counsels(request.actor, person.id):
        raise NotThere
    known = contracts.readiness_of(request.actor, person.id)
    words = {True: "yes", False: "no", None: "undecided"}
    initial: dict[str, Any] = {"has_sud": True}
    if known is not None:
        initial = {
            "has_sud": known.has_sud,
            "accepts_abstinence": words[known.accepts_abstinence],
            "means_to_stay": words[known.means_to_stay],
        }
    do = request.POST.get("do", "")
    form = ReadyForm(request.POST if do == "ready" else None, initial=initial)
    if do == "ready" and form.is_valid():
        given = form.cleaned_data
        actions.record_contract_readiness(
            request.actor,
            person,
            has_sud=given["has_sud"],
            accepts_abstinence=_SAID[given["accepts_abstinence"]],
            means_to_stay=_SAID[given["means_to_stay"]],
        )
    elif do == "close":
        portal.close_record(request.actor, person.id)
    elif do == "open":
        portal.open_record(request.actor, person.id)
    elif do == "spoke":
        actions.spoke_about_part(request.actor, person, request.POST.get("code", ""))
    if request.method == "POST" and (do != "ready" or form.is_valid()):
        messages.success(request, gettext("Saved."))
        return redirect("staff-alone", public_id)
    titles = dict(PARTS)
    context = {
        "rail": "couples",
        "person": person,
        "couple": couple_of(person.id),
        "form": form,
        "asked_at": known.asked_at if known else None,
        "closed": portal.closed_since(request.actor, person.id),
        "parts": [(c, titles[c]) for c in contracts.parts_to_speak_of(request.actor, person.id)],
    }
    return render(request, "staff/contract/alone.html", context, status=422 if form.errors else 200)
