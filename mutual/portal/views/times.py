"""A partner's own hours: when they can, would rather, never; and where they are when they travel.

Nobody but they and those who plan their week reads it; so it opens with the PIN.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutual.base import typed, zones
from mutual.base.forms import ClockInput, DayInput
from mutual.base.refusal import Refused
from mutual.base.states import STATES
from mutual.portal.gate import private
from mutual.privacy import sight
from mutual.wall.web import ActorRequest
from mutual.week import availability
from mutual.week.clocks import Stretch
from mutual.week.models import FreeTime

WHAT = [
    ("free", gettext_lazy("I can then (other hours are not asked of me)")),
    ("prefer", gettext_lazy("I would rather then")),
    ("never", gettext_lazy("Never then")),
    ("care", gettext_lazy("One of us is with the children then: not both at once")),
]

ZONES = [
    ("America/New_York", gettext_lazy("Eastern, New York")),
    ("America/Chicago", gettext_lazy("Central, Chicago")),
    ("America/Denver", gettext_lazy("Mountain, Denver")),
    ("America/Phoenix", gettext_lazy("Arizona, Phoenix")),
    ("America/Los_Angeles", gettext_lazy("Pacific, Los Angeles")),
    ("America/Anchorage", gettext_lazy("Alaska, Anchorage")),
    ("Pacific/Honolulu", gettext_lazy("Hawaii, Honolulu")),
    ("America/Puerto_Rico", gettext_lazy("Atlantic, Puerto Rico")),
    ("Pacific/Guam", gettext_lazy("Chamorro, Guam")),
]


class TimesForm(forms.Form):
    """One stretch, for one or more days of every week."""

    what = forms.ChoiceField(
        label=gettext_lazy("What is this time?"), choices=WHAT, widget=forms.RadioSelect
    )
    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days"), choices=list(WEEKDAYS.items()), coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    start = forms.TimeField(label=gettext_lazy("From"), widget=ClockInput)
    end = forms.TimeField(label=gettext_lazy("Until"), widget=ClockInput)


class TripForm(forms.Form):
    """Days in another state or zone."""

    first = forms.DateField(label=gettext_lazy("First day"), widget=DayInput)
    last = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=STATES,
        help_text=gettext_lazy("Your team may treat you only where they hold a licence."),
    )  # fmt: skip
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=ZONES)


@private
def page(request: ActorRequest) -> HttpResponse:
    """What I said of my week; one stretch more, one less; journeys."""
    actor = request.actor
    me = actor.sure_id
    rows = availability.free_of(actor, me)
    form, trip_form = TimesForm(), TripForm()
    if request.method == "POST":
        if "drop" in request.POST:
            rest = [row.stretch for row in rows if row.key != request.POST["drop"]]
            availability.set_free_times(actor, me, rest)
            return redirect("portal-times")
        if "home" in request.POST:
            availability.drop_trip(actor, typed.key(request.POST["home"]))
            return redirect("portal-times")
        if "first" in request.POST:
            trip_form = TripForm(request.POST)
            if trip_form.is_valid() and _kept(trip_form, lambda: _add_trip(request, trip_form)):
                messages.success(request, _("Kept. Your times follow that clock on these days."))
                return redirect("portal-times")
        else:
            form = TimesForm(request.POST)
            if form.is_valid() and _kept(form, lambda: _add(request, rows, form)):
                messages.success(request, _("Kept."))
                return redirect("portal-times")
    return render(
        request,
        "portal/week/times.html",
        {
            "tab": "week",
            "form": form,
            "trip_form": trip_form,
            "times": [(row.key, row.get_what_display(), row.words) for row in rows],
            "trips": [
                (trip.public_id, _days(trip.during.lower, availability.last_day(trip)), trip.state)
                for trip in availability.trips_of(actor, me, timezone.localdate())
            ],
            "readers": sight.readers_of(actor, "contact_location", None),
        },
        status=409 if form.errors or trip_form.errors else 200,
    )


def _add(request: ActorRequest, rows: list[FreeTime], form: TimesForm) -> None:
    data = form.cleaned_data
    more = [Stretch(day, data["start"], data["end"], data["what"]) for day in data["days"]]
    availability.set_free_times(
        request.actor, request.actor.sure_id, [*(row.stretch for row in rows), *more]
    )


def _add_trip(request: ActorRequest, form: TripForm) -> None:
    data = form.cleaned_data
    availability.add_trip(
        request.actor, request.actor.sure_id, data["first"], data["last"],
        zone=data["zone"], state=data["state"],
    )  # fmt: skip


def _kept(form: forms.Form, act: Any) -> bool:
    try:
        act()
    except Refused as refusal:
        field = {"times": "end"}.get(refusal.field, refusal.field)
        form.add_error(field if field in form.fields else None, refusal.text)
        return False
    return True


def _days(first: date, last: date) -> str:
    return zones.day(first) if first == last else f"{zones.day(first)} – {zones.day(last)}"
