"""Level of care, care team, readiness, admission, end of a stay (C-4, C-10, C-25, C-31)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mutual.base.forms import DayInput
from mutual.base.refusal import NotThere, Refused
from mutual.episode import actions, asam, queries
from mutual.episode.models import Closing, CoupleEpisode, Readiness
from mutual.people.lookups import couple_of
from mutual.people.models import Couple, CoupleMember, Person, Staff
from mutual.staff.gate import staff_only
from mutual.staff.views.note_forms import Part
from mutual.wall.context import Actor
from mutual.wall.web import ActorRequest

_LEVELS = [("", "…"), *((level, level) for level in asam.LEVELS[4])]


class LevelForm(forms.Form):
    """Five minimums with reasons, the sixth in words, another level with a reason (C-25, C-26)."""

    use_required_attribute = False

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        for number in range(1, 6):
            words = gettext(asam.DIMENSIONS[number])
            self.fields[f"minimum_{number}"] = forms.ChoiceField(
                label=f"{number}. {capfirst(words)}", choices=_LEVELS
            )
            self.fields[f"reason_{number}"] = Part(
                label=gettext("Why"), widget=forms.Textarea(attrs={"rows": 2})
            )
        for name, label in (
            ("barriers", _("6. Barriers")),
            ("preferences", _("Preferences")),
            ("agreed", _("What was agreed")),
        ):
            self.fields[name] = forms.CharField(
                label=label, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )
        self.fields["chosen"] = forms.ChoiceField(
            label=_("Another level than the highest minimum"), choices=_LEVELS, required=False
        )
        self.fields["reason"] = forms.CharField(label=_("Why another"), required=False)

    def minimums(self) -> dict[int, tuple[str, str]]:
        """Dimension to minimum and reason."""
        given = self.cleaned_data
        return {n: (given[f"minimum_{n}"], given[f"reason_{n}"]) for n in range(1, 6)}


class ChangeForm(forms.Form):
    """Who receives the person at another level, and from when (C-30)."""

    use_required_attribute = False

    receiver = forms.CharField(label=_("Who receives them"), max_length=200, required=False)
    first_date = forms.DateField(label=_("First day there"), required=False, widget=DayInput)


@staff_only("counselor", "admissions", "prescriber", "supervisor", "director")
def level(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Rate the six dimensions of one person; earlier ratings beside it."""
    person = queries.person_in_care(request.actor, public_id)
    do = request.POST.get("do", "rate") if request.method == "POST" else ""
    form = LevelForm(request.POST if do == "rate" else None)
    change = ChangeForm(request.POST if do == "change" else None)
    may_rate = queries.may_rate(person)
    if do and not may_rate:
        raise NotThere
    ratings = queries.ratings_of(request.actor, person)
    rated = ratings[0].chosen if ratings else ""
    status = 200
    sent = {"rate": form, "change": change}.get(do)
    if sent is not None and sent.is_valid():
        given = sent.cleaned_data
        try:
            if do == "change":
                actions.change_level(request.actor, person, rated, **given)
                said = gettext("Level %(level)s from now on.") % {"level": rated}
            else:
                sixth = asam.PersonCentered(
                    given["barriers"], given["preferences"], given["agreed"]
                )
                row = actions.rate_level(
                    request.actor,
                    person,
                    form.minimums(),
                    sixth,
                    chosen=given["chosen"],
                    reason=given["reason"],
                )
                said = gettext("Signed: level %(level)s.") % {"level": row.chosen}
            messages.success(request, said)
            return redirect("staff-level", public_id)
        except Refused as refusal:
            sent.add_error(refusal.field if refusal.field in sent.fields else None, refusal.text)
            status = 409 if do == "change" else 200
    episode = queries.open_episode_of(person.id)
    now = episode.level if episode is not None and episode.stage == "admitted" else ""
    context = {
        "rail": "couples",
        "person": person,
        "form": form,
        "change": change if may_rate and now and rated and rated != now else None,
        "now": now,
        "rated": rated,
        "may_rate": may_rate,
        "couple": couple_of(person.id),
        "ratings": ratings,
        "moves": queries.moves_of(request.actor, person),
        "may_see_stay": bool(now) and not request.actor.has("admissions"),
    }
    return render(request, "staff/admit/level.html", context, status=status)


class ReadyForm(forms.Form):
    """What one partner has at hand (C-10)."""

    own_device = forms.BooleanField(label=_("A device of their own"), required=False)
    headphones = forms.BooleanField(label=_("Headphones"), required=False)
    private_place = forms.BooleanField(label=_("A place to speak alone"), required=False)


class TeamForm(forms.Form):
    """The empty places of a couple's care team; each choice is checked by C-3, C-4 and C-6."""

    use_required_attribute = False

    def __init__(self, data: object, places: list[Place]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        for place in places:
            if place.holder is None:
                self.fields[place.key] = forms.ModelChoiceField(
                    label=place.words,
                    queryset=Staff.objects.filter(roles__contains=[place.role]).order_by("name"),
                    required=False,
                    empty_label=gettext("Not yet"),
                )


@dataclass(frozen=True)
class Place:
    """One place on a care team, and who holds it."""

    key: str
    role: str
    words: str
    holder: Staff | None


class AdmitForm(forms.Form):
    """The day of admission."""

    on = forms.DateField(label=_("From"), widget=DayInput, initial=timezone.localdate)


@staff_only("admissions")
def admission(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Care team from screening on, readiness of each, and the admission, or what it lacks."""
    couple = Couple.objects.visible_to(request.actor).sole(public_id=public_id)
    members = list(
        CoupleMember.objects.filter(couple=couple).order_by("side").select_related("person")
    )
    running = CoupleEpisode.objects.filter(couple=couple).exclude(status="closed").first()
    places = _places(members)
    do = next((name for name in ("ready", "team", "admit") if name in request.POST), "")
    team_form = TeamForm(request.POST if do == "team" else None, places)
    form = AdmitForm(request.POST if do == "admit" else None)
    status = 200
    if do == "ready":
        person = _member(members, request.POST["ready"])
        ready = ReadyForm(request.POST)
        if ready.is_valid():
            actions.record_readiness(request.actor, person, **ready.cleaned_data)
            messages.success(request, gettext("Saved."))
            return redirect("staff-admission", public_id)
    sent = {"team": team_form, "admit": form}.get(do)
    if sent is not None and sent.is_valid():
        try:
            # A savepoint: of a team with one refused place nobody is assigned.
            with transaction.atomic():
                said = _do(request.actor, couple, do, sent.cleaned_data)
            messages.success(request, said)
            return redirect("staff-admission", public_id)
        except Refused as refusal:
            sent.add_error(refusal.field if refusal.field in sent.fields else None, refusal.text)
            status = 409
    ready_rows = {
        row.person_id: row
        for row in Readiness.objects.filter(person_id__in=[m.person_id for m in members])
    }
    context = {
        "rail": "admissions",
        "couple": couple,
        "running": running,
        "places": places,
        "team_form": team_form,
        "form": form,
        "sides": [(m.side, m.person, _ready(ready_rows.get(m.person_id))) for m in members],
        "gaps": [] if running else queries.admission_gaps(couple, timezone.localdate()),
    }
    return render(request, "staff/admit/admission.html", context, status=status)


def _do(actor: Actor, couple: Couple, do: str, given: dict[str, Any]) -> str:
    """Assign or admit; what to say after."""
    if do == "admit":
        actions.admit_couple(actor, couple, given["on"])
        return gettext("Admitted.")
    if not actions.assign_team(actor, couple, actions.CareTeam(**given), timezone.localdate()):
        raise Refused(gettext("Choose at least one clinician."))
    return gettext("Assigned from today.")


def _places(members: list[CoupleMember]) -> list[Place]:
    """The places on the team of both, with their holders today."""
    teams = {m.side.lower(): queries.team_of(m.person_id) for m in members}

    def of_both(role: str) -> Staff | None:
        held = [team[role] for team in teams.values() if role in team]
        return held[0] if len(held) == len(teams) else None

    def shared(role: str, words: str) -> Place:
        return Place(role, role, words, of_both(role))

    return [
        shared("couples_therapist", gettext("Couples therapist")),
        *(
            Place(
                f"counselor_{m.side.lower()}",
                "counselor",
                gettext("Counselor of %(name)s") % {"name": m.person.given_name},
                teams[m.side.lower()].get("counselor"),
            )
            for m in members
        ),
        shared("prescriber", gettext("Prescriber")),
        shared("nurse", gettext("Nurse")),
        shared("supervisor", gettext("Clinical supervisor")),
    ]


def _member(members: list[CoupleMember], side: str) -> Person:
    for member in members:
        if member.side == side:
            return member.person
    raise NotThere


def _ready(row: Readiness | None) -> ReadyForm:
    names = ("own_device", "headphones", "private_place")
    return ReadyForm(initial={n: bool(row and getattr(row, n)) for n in names}, auto_id=False)


class EndForm(forms.Form):
    """Why one person's stay ends without a discharge by the own counselor (C-31)."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In words"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data: object, reasons: tuple[str, ...]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        known = Closing._meta.get_field("reason").choices or []
        field.choices = [pair for pair in known if pair[0] in reasons]


@staff_only("admissions", "director")
def end_stay(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End a stay without a discharge: administratively, or before admission (C-31, C-97).

    The own counselor discharges on the record's page, with a summary and a recovery plan.
    """
    person = queries.person_in_care(request.actor, public_id)
    episode = queries.open_episode_of(person.id)
    reasons: tuple[str, ...] = ()
    if episode is not None and request.actor.has("director"):
        reasons = ("administrative",)
    elif episode is not None and episode.stage == "screening":
        reasons = ("own_choice", "lost", "transferred", "died")
    form = EndForm(request.POST or None, reasons)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.close_episode(request.actor, person, given["reason"], given["words"])
            messages.success(request, gettext("Closed."))
            return redirect("staff-end-stay", public_id)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
            status = 409
    context = {
        "rail": "couples",
        "person": person,
        "form": form,
        "episode": episode,
        "may_end": bool(reasons),
        "couple": couple_of(person.id),
    }
    return render(request, "staff/admit/end.html", context, status=status)
