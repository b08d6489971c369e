"""A partner's own session: what not coming does, saying so, asking for another time."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutual.base import typed, zones
from mutual.base.forms import ClockInput, DayInput
from mutual.base.refusal import Refused
from mutual.people.models import Person
from mutual.portal.gate import private
from mutual.privacy import sight
from mutual.wall.web import ActorRequest
from mutual.week import asks, waiting
from mutual.week.availability import clock_on
from mutual.week.kinds import KINDS
from mutual.week.models import ChangeAsk


class LeaveForm(forms.Form):
    """Why one cannot come."""

    reason = forms.CharField(
        label=gettext_lazy("Why, in a word or two"), max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class WishForm(forms.Form):
    """A day and a time on the person's own clock; both may stay empty."""

    day = forms.DateField(
        label=gettext_lazy("Day I would like"), required=False,
        widget=DayInput,
    )  # fmt: skip
    time = forms.TimeField(
        label=gettext_lazy("Time, on my clock"), required=False,
        widget=ClockInput,
    )  # fmt: skip
    why = forms.CharField(
        label=gettext_lazy("What your team should know"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A day without a time is no wish."""
        data = super().clean() or {}
        if bool(data.get("day")) != bool(data.get("time")):
            self.add_error("time", _("Give both a day and a time, or neither."))
        return data

    def wished(self, zone: str) -> datetime | None:
        """The moment that was typed, on the person's clock."""
        data = self.cleaned_data
        if not data.get("day"):
            return None
        return datetime.combine(data["day"], data["time"], zones.zone(zone))


class NewForm(WishForm):
    """What a time is asked for."""

    kind = forms.ChoiceField(
        label=gettext_lazy("For"), choices=[(key, KINDS[key].title) for key in asks.ASKABLE]
    )
    field_order = ("kind", "day", "time", "why")


def _zone(request: ActorRequest) -> str:
    row = Person.objects.filter(id=request.actor.sure_id).annotate(clock=clock_on(timezone.now()))
    return row.values_list("clock", flat=True).first() or "UTC"


@private
def session(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One own session: say that one cannot come, or ask for another time."""
    actor = request.actor
    seat, found = asks.own_seat(actor, public_id)
    zone = _zone(request)
    leave, wish = LeaveForm(), WishForm()
    if request.method == "POST":
        try:
            if "reason" in request.POST:
                leave = LeaveForm(request.POST)
                if leave.is_valid():
                    ask = asks.cannot_come(actor, public_id, leave.cleaned_data["reason"])
                    done = _("Given back. Thank you for saying so in time.")
                    waits = _("Your team knows. It stands until they answer.")
                    messages.success(request, done if ask.state == "done" else waits)
                    return redirect("portal-ask")
            else:
                wish = WishForm(request.POST)
                if wish.is_valid():
                    asks.ask_for_time(
                        actor, session_public_id=public_id, wished=wish.wished(zone),
                        reason=wish.cleaned_data["why"],
                    )  # fmt: skip
                    messages.success(
                        request, _("Asked. It stays as it is until your team answers.")
                    )
                    return redirect("portal-ask")
        except Refused as refusal:
            form: forms.Form = leave if "reason" in request.POST else wish
            field = {"wished": "time"}.get(refusal.field, refusal.field)
            form.add_error(field if field in form.fields else None, refusal.text)
    kind = KINDS.get(found.kind)
    return render(
        request,
        "portal/week/session.html",
        {
            "tab": "week",
            "title": kind.title if kind else _("Session"),
            "day": zones.day(seat.during.lower, zone),
            "when": zones.span(seat.during.lower, seat.during.upper, zone),
            "who": found.clinician.name,
            "together": kind is not None and kind.attendance == "together",
            "effect": asks.effect_of(actor, seat),
            "leave": leave,
            "wish": wish if found.subject_of != "G" else None,
            "readers": sight.readers_of(request.actor, "contact_location", None),
        },
        status=409 if leave.errors or wish.errors else 200,
    )


@private
def ask(request: ActorRequest) -> HttpResponse:
    """Ask for a time to meet; what was asked, and the answers."""
    zone = _zone(request)
    form = NewForm()
    if request.method == "POST":
        if "back" in request.POST:
            asks.take_back(request.actor, typed.key(request.POST["back"]))
            return redirect("portal-ask")
        form = NewForm(request.POST)
        if form.is_valid():
            try:
                asks.ask_for_time(
                    request.actor, kind=form.cleaned_data["kind"], wished=form.wished(zone),
                    reason=form.cleaned_data["why"],
                )  # fmt: skip
                messages.success(request, _("Asked. Your team answers here."))
                return redirect("portal-ask")
            except Refused as refusal:
                field = {"wished": "time"}.get(refusal.field, refusal.field)
                form.add_error(field if field in form.fields else None, refusal.text)
    return render(
        request,
        "portal/week/ask.html",
        {
            "tab": "week",
            "form": form,
            "rows": [_row(one, zone) for one in asks.my_asks(request.actor)],
            "readers": sight.readers_of(request.actor, "contact_location", None),
        },
        status=409 if form.errors else 200,
    )


def _row(one: ChangeAsk, zone: str) -> dict[str, object]:
    kind = KINDS.get(one.kind)
    tones = {"done": "ok", "open": "", "declined": "outline", "withdrawn": "outline"}
    return {
        "key": one.public_id,
        "title": kind.title if kind else _("Session"),
        "what": one.get_what_display(),
        "wished": (
            f"{zones.day(one.wished, zone)}, {zones.when(one.wished, zone)}" if one.wished else ""
        ),
        "state": one.get_state_display(),
        "tone": tones[one.state],
        "open": one.state == "open",
    }


@private
def offers(request: ActorRequest) -> HttpResponse:
    """Places in groups that are offered to me; yes or no."""
    if request.method == "POST":
        try:
            done = waiting.answer(
                request.actor, typed.key(request.POST.get("offer")), "yes" in request.POST
            )
        except Refused as refusal:
            messages.error(request, refusal.text)
        else:
            said = {
                "joined": _("You are on the roster."),
                "accepted": _("Kept. It is yours once both of you have said yes."),
                "declined": _("Given on to the next who waits."),
            }
            messages.success(request, said.get(done.state, ""))
        return redirect("portal-offers")
    found = waiting.my_offers(request.actor)
    return render(
        request,
        "portal/week/offer.html",
        {"tab": "week", "offers": found, "zone": _zone(request)},
    )
