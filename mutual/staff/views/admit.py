"""Level of care, readiness, admission of a couple, discharge of one person (C-10, C-25, C-31)."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mutual.base.refusal import NotThere, Refused
from mutual.episode import actions, asam, queries
from mutual.episode.models import Closing, CoupleEpisode, Readiness
from mutual.people.models import Couple, CoupleMember, Person, Staff
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest

_LEVELS = [("", "…"), *((level, level) for level in asam.LEVELS[4])]


class LevelForm(forms.Form):
    """Five minimums with reasons, the sixth in words, another level with a reason (C-25, C-26)."""

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        for number in range(1, 6):
            words = gettext(asam.DIMENSIONS[number])
            self.fields[f"minimum_{number}"] = forms.ChoiceField(
                label=f"{number}. {words}", choices=_LEVELS
            )
            self.fields[f"reason_{number}"] = forms.CharField(
                label=gettext("Why"), required=False, widget=forms.Textarea(attrs={"rows": 2})
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


@staff_only("counselor", "admissions", "prescriber", "supervisor")
def level(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Rate the six dimensions of one person; earlier ratings beside it."""
    person = queries.person_in_care(request.actor, public_id)
    form = LevelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        sixth = asam.PersonCentered(given["barriers"], given["preferences"], given["agreed"])
        try:
            row = actions.rate_level(
                request.actor,
                person,
                form.minimums(),
                sixth,
                chosen=given["chosen"],
                reason=given["reason"],
            )
            messages.success(request, gettext("Signed: level %(level)s.") % {"level": row.chosen})
            return redirect("staff-level", public_id)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {
        "rail": "couples",
        "person": person,
        "form": form,
        "ratings": queries.ratings_of(request.actor, person),
    }
    return render(request, "staff/admit/level.html", context)


class ReadyForm(forms.Form):
    """What one partner has at hand (C-10)."""

    own_device = forms.BooleanField(label=_("A device of their own"), required=False)
    headphones = forms.BooleanField(label=_("Headphones"), required=False)
    private_place = forms.BooleanField(label=_("A place to speak alone"), required=False)


class TeamForm(forms.Form):
    """The clinicians of a couple; each choice is checked by C-3 and C-4."""

    on = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}), initial=timezone.localdate
    )

    def __init__(self, data: object, names: list[str]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        places = (
            ("couples_therapist", "couples_therapist", _("Couples therapist"), True),
            ("counselor_a", "counselor", _("Counselor of %(name)s") % {"name": names[0]}, True),
            ("counselor_b", "counselor", _("Counselor of %(name)s") % {"name": names[1]}, True),
            ("prescriber", "prescriber", _("Prescriber"), False),
        )
        for name, role, label, required in places:
            self.fields[name] = forms.ModelChoiceField(
                label=label,
                queryset=Staff.objects.filter(roles__contains=[role]).order_by("name"),
                required=required,
            )


@staff_only("admissions")
def admission(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Readiness of each, care team, and the admission itself, refused with what is missing."""
    couple = Couple.objects.visible_to(request.actor).sole(public_id=public_id)
    members = list(
        CoupleMember.objects.filter(couple=couple).order_by("side").select_related("person")
    )
    running = CoupleEpisode.objects.filter(couple=couple).exclude(status="closed").first()
    form = TeamForm(
        request.POST if "admit" in request.POST else None, [m.person.given_name for m in members]
    )
    if request.method == "POST" and "ready" in request.POST:
        person = _member(members, request.POST["ready"])
        ready = ReadyForm(request.POST)
        if ready.is_valid():
            actions.record_readiness(request.actor, person, **ready.cleaned_data)
            return redirect("staff-admission", public_id)
    if request.method == "POST" and "admit" in request.POST and form.is_valid():
        given = dict(form.cleaned_data)
        on = given.pop("on")
        try:
            actions.admit_couple(request.actor, couple, on, care_team=actions.CareTeam(**given))
            messages.success(request, gettext("Admitted."))
            return redirect("staff-admission", public_id)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    ready_rows = {
        row.person_id: row
        for row in Readiness.objects.filter(person_id__in=[m.person_id for m in members])
    }
    context = {
        "rail": "admissions",
        "couple": couple,
        "running": running,
        "form": form,
        "sides": [(m.side, m.person, _ready(ready_rows.get(m.person_id))) for m in members],
        "gaps": [] if running else queries.admission_gaps(couple, timezone.localdate()),
    }
    return render(request, "staff/admit/admission.html", context)


def _member(members: list[CoupleMember], side: str) -> Person:
    for member in members:
        if member.side == side:
            return member.person
    raise NotThere


def _ready(row: Readiness | None) -> ReadyForm:
    names = ("own_device", "headphones", "private_place")
    return ReadyForm(initial={n: bool(row and getattr(row, n)) for n in names}, auto_id=False)


class DischargeForm(forms.Form):
    """Why one person's stay ends (C-31)."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=Closing._meta.get_field("reason").choices or [],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In words"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


@staff_only("counselor", "admissions", "director")
def discharge(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End one person's stay; the partner's goes on (C-31, C-97)."""
    person = queries.person_in_care(request.actor, public_id)
    form = DischargeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_episode(
                request.actor, person, form.cleaned_data["reason"], form.cleaned_data["words"]
            )
            messages.success(request, gettext("Closed."))
            return redirect("staff-discharge", public_id)
        except Refused as refusal:
            name = refusal.field if refusal.field in form.fields else None
            form.add_error(name, refusal.text)
    context = {
        "rail": "couples",
        "person": person,
        "form": form,
        "episode": queries.open_episode_of(person.id),
    }
    return render(request, "staff/admit/discharge.html", context)
