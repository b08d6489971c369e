"""A couple's care team: who holds which place, and ending or handing over one (C-3 to C-6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mutual.base import typed, zones
from mutual.base.forms import DayInput
from mutual.base.refusal import NotThere, Refused
from mutual.episode import handing
from mutual.episode.models import CareAssignment
from mutual.episode.team import NEEDS
from mutual.people.lookups import at_work
from mutual.people.models import Couple, CoupleMember, Person, Staff
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest
from mutual.week import handover

WHO = ("admissions", "director")


@dataclass(frozen=True)
class Place:
    """A place on the team: its address, role, whose it is, who holds it from which day."""

    key: str
    role: str
    words: str
    people: tuple[Person, ...]
    rows: tuple[CareAssignment, ...]

    @property
    def staff(self) -> Staff:
        """Who holds it now."""
        return self.rows[0].staff

    @property
    def since(self) -> date:
        """From which day."""
        first: date = self.rows[0].during.lower
        return first


class ChangeForm(forms.Form):
    """Who follows, from when, why."""

    use_required_attribute = False

    successor = forms.ModelChoiceField(
        label=_("Who takes over"), queryset=Staff.objects.none(), required=False
    )
    on = forms.DateField(label=_("From"), widget=DayInput)
    why = forms.ChoiceField(label=_("Reason"), choices=handing.WHYS, widget=forms.RadioSelect)

    def __init__(self, data: object, place: Place) -> None:
        super().__init__(data, initial={"on": timezone.localdate()})  # type: ignore[arg-type]
        field = self.fields["successor"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = (
            at_work(timezone.localdate())
            .filter(roles__contains=[NEEDS[place.role]])
            .exclude(id=place.staff.id)
        )
        field.empty_label = gettext("Nobody for now")
        if place.role in handing.NEVER_EMPTY:
            field.empty_label = gettext("Choose")
            field.required = True
            field.error_messages["required"] = handing.NOT_WITHOUT


@staff_only(*WHO)
def page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Every place that is held, with a way to change it; who left and when."""
    couple, members = _couple(request, public_id)
    today = timezone.localdate()
    people = [m.person_id for m in members]
    past = (
        CareAssignment.objects.filter(
            couple=couple, person_id__in=people, during__endswith__lte=today
        )
        .select_related("staff", "person")
        .order_by("-during")[:20]
    )
    context = {
        "rail": "couples",
        "couple": couple,
        "places": _places(couple, members, today),
        "past": past,
        "may_fill": request.actor.has("admissions"),
    }
    return render(request, "staff/admit/team.html", context)


@staff_only(*WHO)
def place(request: ActorRequest, public_id: UUID, place: str) -> HttpResponse:
    """End or hand over one place: what is planned is shown before it is confirmed."""
    couple, members = _couple(request, public_id)
    today = timezone.localdate()
    found = next((p for p in _places(couple, members, today) if p.key == place), None)
    if found is None:
        raise NotThere
    form = ChangeForm(request.POST or None, found)
    status, successor, on = 200, None, today
    looked = False
    if form.errors:
        status = 422
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        successor, on = given["successor"], given["on"]
        looked = True
        if request.POST.get("do") == "change":
            try:
                done = _change(request, couple, found, given)
            except Refused as refusal:
                form.add_error(
                    refusal.field if refusal.field in form.fields else None, refusal.text
                )
                status = 409
            else:
                messages.success(request, _said(done))
                return redirect("staff-team", public_id)
    planned = handover.planned(
        found.people, couple, found.role, found.staff, max(on, today), successor
    )
    context = {
        "rail": "couples",
        "couple": couple,
        "place": found,
        "form": form,
        "looked": looked,
        "successor": successor,
        "planned": [_line(one, request) for one in planned],
    }
    return render(request, "staff/admit/place.html", context, status=status)


def _change(
    request: ActorRequest, couple: Couple, place: Place, given: dict[str, Any]
) -> handover.Handed:
    return handover.hand_over(
        request.actor,
        couple,
        place.people,
        place.role,
        given["on"],
        given["why"],
        given["successor"],
        {typed.key(one) for one in request.POST.getlist("take")},
    )


def _said(done: handover.Handed) -> str:
    said = [gettext("The care team is changed.")]
    if done.moved:
        said.append(
            ngettext(
                "%(n)d session is handed over.", "%(n)d sessions are handed over.", len(done.moved)
            )
            % {"n": len(done.moved)}
        )
    if done.left:
        said.append(
            ngettext(
                "%(n)d session still needs a clinician: it is among your tasks.",
                "%(n)d sessions still need a clinician: they are among your tasks.",
                len(done.left),
            )
            % {"n": len(done.left)}
        )
    return " ".join(said)


def _line(one: handover.Planned, request: ActorRequest) -> dict[str, Any]:
    zone = getattr(request.user, "zone", "") or settings.PROGRAMME_ZONE
    start, end = one.session.during.lower, one.session.during.upper
    key = str(one.session.public_id)
    return {
        "key": key,
        "title": one.title,
        "who": ", ".join(one.people),
        "when": f"{zones.day(start, zone)} {zones.span(start, end, zone)}",
        "against": one.against,
        "chosen": request.POST.get("do") != "change" or key in request.POST.getlist("take"),
    }


def _couple(request: ActorRequest, public_id: UUID) -> tuple[Couple, list[CoupleMember]]:
    couple = Couple.objects.visible_to(request.actor).sole(public_id=public_id)
    rows = CoupleMember.objects.filter(couple=couple).order_by("side").select_related("person")
    return couple, list(rows)


def _places(couple: Couple, members: list[CoupleMember], today: date) -> list[Place]:
    """The places held today; one of both partners where they have the same clinician."""
    rows: dict[tuple[str, UUID], dict[UUID, list[CareAssignment]]] = {}
    held = CareAssignment.objects.filter(couple=couple, during__contains=today)
    for row in held.select_related("staff", "person").order_by("during"):
        rows.setdefault((row.role, row.staff_id), {}).setdefault(row.person_id, []).append(row)
    titles = dict(CareAssignment._meta.get_field("role").choices or [])
    found = []
    for (role, _staff), by_person in rows.items():
        whose = [m for m in members if m.person_id in by_person]
        both = len(whose) == len(members)
        key = role if both else f"{role}-{whose[0].side.lower()}"
        words = str(titles[role])
        if not both or role == "counselor":
            names = ", ".join(m.person.given_name for m in whose)
            words = gettext("%(role)s of %(name)s") % {"role": words, "name": names}
        found.append(
            Place(
                key,
                role,
                words,
                tuple(m.person for m in whose),
                tuple(by_person[m.person_id][0] for m in whose),
            )  # fmt: skip
        )
    order = list(NEEDS)
    return sorted(found, key=lambda p: (order.index(p.role), p.key))
