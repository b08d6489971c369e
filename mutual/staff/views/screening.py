"""Live screens keyed by the own counselor: handles only, and sealed at once (I-1, P-9).

For everybody but the own counselor and their supervisor these pages do not exist (C-13).
"""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from mutual.base.forms import DayInput
from mutual.base.refusal import NotThere, Refused
from mutual.episode import actions, queries
from mutual.episode.screening_rules import LIVE_QUESTIONS, SafetyFacts, SpokenCheck
from mutual.measures import queries as measures
from mutual.measures import registry, wordings
from mutual.measures.actions import assign_form
from mutual.people.lookups import couple_of
from mutual.people.models import Person, Staff
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest

YES_NO = [("yes", _("Yes")), ("no", _("No")), ("", _("Not given"))]
_VALUE = {"yes": True, "no": False}
FACTS = {
    "injury": _("Injured by the partner"),
    "protective_order": _("A protective order stands"),
    "coerced_to_attend": _("Made to attend"),
    "psychosis": _("Psychosis"),
    "delirium": _("Delirium"),
    "intoxicated_now": _("Intoxicated now"),
}


def _answer(label: object, *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,  # type: ignore[arg-type]
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=required,
    )


class CheckForm(forms.Form):
    """What is asked aloud first; anything but three times yes defers (C-12)."""

    alone = _answer(_("Alone, and a safe time?"))
    headphones = _answer(_("Headphones on?"))
    code_word = _answer(_("No code word heard, and it is known?"))

    def check(self) -> SpokenCheck:
        """The spoken check; what was not given is a doubt."""
        given = {n: _VALUE.get(self.cleaned_data[n]) for n in ("alone", "headphones", "code_word")}
        return SpokenCheck(**given)


class ViolenceForm(CheckForm):
    """HARK by handles, then our own live questions, then what is known otherwise."""

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        for item in wordings.get("hark").items:
            self.fields[f"item_{item.number}"] = _answer(item.text or gettext(item.handle))
        for name, words in LIVE_QUESTIONS.items():
            self.fields[f"fact_{name}"] = _answer(gettext(words))
        for name, label in FACTS.items():
            self.fields[f"fact_{name}"] = forms.BooleanField(label=label, required=False)

    def answers(self) -> list[bool | None]:
        """The four answers."""
        return [
            _VALUE.get(self.cleaned_data[f"item_{item.number}"])
            for item in registry.get("hark").items
        ]

    def facts(self) -> SafetyFacts:
        """What is known; fear is the screen's second item."""
        known = {
            name: self.cleaned_data[f"fact_{name}"] in (True, "yes")
            for name in (*LIVE_QUESTIONS, *FACTS)
        }
        return SafetyFacts(**known, fear=self.cleaned_data["item_2"] == "yes")


class RiskForm(forms.Form):
    """The suicide-risk screener by handles; 3 to 5 are asked when 2 is yes."""

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        for item in wordings.get("c_ssrs").items:
            words = item.text or gettext(item.handle)
            self.fields[f"item_{item.number}"] = _answer(f"{item.number}. {words}")

    def answers(self) -> list[bool | None]:
        """Items 1 to 6."""
        return [_VALUE.get(self.cleaned_data[f"item_{n}"]) for n in range(1, 7)]

    def recent(self) -> bool | None:
        """Whether item 6 was within three months."""
        return _VALUE.get(self.cleaned_data["item_6A"])


class ClearanceForm(forms.Form):
    """The signature, and after a hold the supervisor."""

    lifted_with = forms.ModelChoiceField(
        label=_("Decided with (after a hold)"), queryset=Staff.objects.none(), required=False
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        field = self.fields["lifted_with"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Staff.objects.filter(roles__contains=["supervisor"])


class AssignForm(forms.Form):
    """A form to give out; only what ships its wording, or has it installed, can be given (I-1)."""

    key = forms.ChoiceField(label=_("Form"))
    due_on = forms.DateField(label=_("Due"), widget=DayInput, initial=timezone.localdate)

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        field = self.fields["key"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (one.key, one.title)
            for one in wordings.worded(registry.all())
            if one.ships_wording
            and not one.live_only
            and one.visibility.trace_in_portal
            and one.key != "daily_checkin"
        ]


def _page(
    request: ActorRequest, person: Person, template: str, form: forms.Form, **more: object
) -> HttpResponse:
    context = {"rail": "couples", "person": person, "form": form, **more}
    return render(request, f"staff/screening/{template}.html", context)


@never_cache
@staff_only("counselor", "supervisor")
def screening(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What was asked and when, what stands, what to do next."""
    person = queries.person_to_screen(request.actor, public_id)
    violence, live = queries.screens_of(request.actor, person)
    team = queries.team_of(person.id)
    mine = "counselor" in team and team["counselor"].id == request.actor.id
    context = {
        "violence": violence,
        "live": live,
        "mine": mine,
        "signed": queries.signed_for(person.id),
        "couple": couple_of(person.id),
    }
    return _page(request, person, "overview", ClearanceForm(), **context)


@never_cache
@staff_only("counselor")
def violence(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Key a violence screen in while asking; any doubt defers it (C-12)."""
    person = queries.person_to_screen(request.actor, public_id)
    form = ViolenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_violence_screen(
                request.actor, person, form.check(), form.answers(), form.facts()
            )
            messages.success(request, gettext("Kept and sealed."))
            return redirect("staff-screening", public_id)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return _page(request, person, "violence", form)


@never_cache
@staff_only("counselor", "prescriber")
def risk(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Key the suicide-risk screener in while asking; its tasks are made at once (C-80)."""
    person = queries.person_to_screen(request.actor, public_id, "live_screen.write")
    form = RiskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            level = actions.record_suicide_screen(
                request.actor, person, form.answers(), recent=form.recent()
            )
        except Refused as refusal:
            form.add_error(None, refusal.text)
        else:
            words = gettext("Kept and sealed.")
            if level is None:
                words = gettext("Kept, not finished: finish it in this contact.")
            messages.success(request, words)
            own = request.actor.has("counselor")
            return redirect("staff-screening" if own else "staff-screening-risk", public_id)
    return _page(request, person, "risk", form)


@never_cache
@staff_only("counselor")
def clearance(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Sign, or withdraw, that joint work may go on for this person (C-15, C-18)."""
    person = queries.person_to_screen(request.actor, public_id)
    couple = couple_of(person.id)
    if couple is None or request.method != "POST":
        raise NotThere
    form = ClearanceForm(request.POST)
    if form.is_valid():
        if request.POST.get("do") == "withdraw":
            actions.withdraw_clearance(request.actor, couple, person)
        else:
            try:
                actions.sign_clearance(
                    request.actor,
                    couple,
                    person,
                    lifted_with=form.cleaned_data["lifted_with"],
                )
            except Refused as refusal:
                messages.warning(request, refusal.text)
    return redirect("staff-screening", public_id)


@staff_only("counselor", "prescriber", "nurse", "supervisor", "couples_therapist")
def forms_of(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Forms of a person: totals as lines, and giving one out (I-14)."""
    person = queries.person_in_care(request.actor, public_id)
    form = AssignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            assign_form(
                request.actor, person, form.cleaned_data["key"], form.cleaned_data["due_on"]
            )
            messages.success(request, gettext("Given out."))
            return redirect("staff-forms", public_id)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    responses = measures.responses_of(request.actor, person)
    rows = [(registry.get(one.key).title, one) for one in responses]
    return _page(request, person, "forms", form, rows=rows)


@never_cache
@staff_only("counselor", "prescriber", "nurse", "supervisor")
def answers(request: ActorRequest, public_id: UUID, response_id: UUID) -> HttpResponse:
    """The answers to one form, for those who may read them."""
    person = queries.person_in_care(request.actor, public_id)
    body = measures.answers_of(request.actor, response_id)
    if body.person_id != person.id:
        raise NotThere
    instrument = wordings.get(body.response.key)
    lines = []
    for item, value in zip(instrument.items, body.answers, strict=False):
        labels = dict(zip(item.values, item.labels, strict=False))
        given = gettext("not answered") if value is None else labels.get(value, str(value))
        lines.append((item.text or gettext(item.handle), given))
    return _page(request, person, "answers", forms.Form(), title=instrument.title, lines=lines)
