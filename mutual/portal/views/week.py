"""A partner's own week, on their own clock; and the calendar feed."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

from django import forms
from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from mutual.base import zones
from mutual.base.refusal import Refused
from mutual.people.models import CoupleMember, Person
from mutual.portal.gate import partner_only, private
from mutual.wall.web import ActorRequest
from mutual.week import feeds, reminders
from mutual.week.availability import clock_on
from mutual.week.grid import own_blocks
from mutual.week.queries import (
    SeatRow,
    attended_minutes,
    planned_minutes,
    seats_between,
    side_by_side_words,
)
from mutual.week.templates import monday_of, week_span
from mutual.week.waiting import my_offers


@partner_only
def page(request: ActorRequest) -> HttpResponse:
    """Own sessions and what is together. Own sessions read "Session" until the PIN is given."""
    actor, now = request.actor, timezone.now()
    me = actor.sure_id
    open_ = request.session.get("pin_until", 0) >= time.time()
    monday = _monday(request, now)
    side_of = CoupleMember.objects.filter(person_id=OuterRef("pk")).order_by("-during")
    mine = Person.objects.annotate(
        my_side=Subquery(side_of.values("side")[:1]), clock=clock_on(now)
    )
    zone, side = mine.filter(id=me).values_list("clock", "my_side").first() or ("UTC", "A")
    start, end = week_span(monday)
    rows = seats_between(actor, me, start, end)
    blocks = own_blocks(rows, (side or "A").lower(), monday, zone, now, private=open_)
    local = now.astimezone(zones.zone(zone))
    agenda = _agenda(rows, zone, open_, now, local.date())
    sunday = monday + timedelta(days=6)
    return render(
        request,
        "portal/week/page.html",
        {
            "tab": "week",
            "monday": monday,
            "week_words": f"{date_format(monday, 'j M')} – {date_format(sunday, 'j M')}",
            "before": (monday - timedelta(days=7)).isoformat(),
            "after": (monday + timedelta(days=7)).isoformat(),
            "zone": zone,
            "zone_name": local.tzname(),
            "lane": (side or "A").lower(),
            "today": local.date(),
            "blocks": blocks,
            "days": 7 if any(b.day == 6 for b in blocks) else 6,
            "agenda": agenda,
            "joins": next((entry for entry in agenda if entry["join"]), None),
            "offers": len(my_offers(actor, now)),
            "sentence": side_by_side_words(actor, rows) if rows else "",
            "open": open_,
            "hours": (attended_minutes(me, monday), planned_minutes(me, monday)) if open_ else (),
        },
    )


def _monday(request: ActorRequest, now: datetime) -> date:
    try:
        asked = date.fromisoformat(request.GET.get("monday", ""))
    except ValueError:
        return monday_of(now)
    return asked - timedelta(days=asked.weekday())


def _agenda(
    rows: list[SeatRow], zone: str, open_: bool, at: datetime, today: date
) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for row in rows:
        local = row.start.astimezone(zones.zone(zone)).date()
        found.append(
            {
                "day": _("Today") if local == today else zones.day(row.start, zone),
                "when": zones.span(row.start, row.end, zone),
                "title": row.title if open_ else row.neutral,
                "who": row.clinician if open_ or row.attendance != "apart" else "",
                "mark": row.attendance,
                "join": (
                    f"/join/{row.session_public_id}/"
                    if row.opens(at) and row.session_public_id
                    else ""
                ),
                "past": row.end <= at,
                "change": (
                    f"/week/session/{row.session_public_id}/"
                    if row.start > at and row.status == "planned" and row.session_public_id
                    else ""
                ),
            }
        )
    return found


class WordForm(forms.Form):
    """What the calendar says instead of "Busy"."""

    word = forms.CharField(
        label=_("The word in your calendar"),
        required=False,
        max_length=40,
        help_text=_("Leave it empty for “Busy”. Choose one that tells nobody anything."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@private
def calendar(request: ActorRequest) -> HttpResponse:
    """Switch the own feed on, renew it, switch it off. The address is shown once."""
    form = WordForm(request.POST or None)
    address = ""
    if request.method == "POST":
        if "off" in request.POST:
            feeds.close_feed(request.actor)
            form = WordForm()
        elif form.is_valid():
            try:
                token = feeds.open_feed(request.actor, word=form.cleaned_data["word"])
                address = request.build_absolute_uri(f"/calendar/{token}.ics")
            except Refused as refusal:
                form.add_error("word", refusal.text)
    return render(
        request,
        "portal/week/calendar.html",
        {"tab": "week", "form": form, "address": address, "feed": feeds.has_feed(request.actor)},
    )


class RemindersForm(forms.Form):
    """When to be reminded."""

    leads = forms.TypedMultipleChoiceField(
        label=_("Remind me before a session"),
        required=False,
        coerce=int,
        choices=list(reminders.LEADS.items()),
        help_text=_("Choose none for no reminders."),
        widget=forms.CheckboxSelectMultiple,
    )


@private
def reminding(request: ActorRequest) -> HttpResponse:
    """When the person is reminded of sessions."""
    form = RemindersForm(
        request.POST or None, initial={"leads": reminders.chosen_by(request.actor)}
    )
    if request.method == "POST" and form.is_valid():
        reminders.choose(request.actor, form.cleaned_data["leads"])
        messages.success(request, _("Kept."))
        return redirect("portal-reminders")
    return render(request, "portal/week/reminders.html", {"tab": "week", "form": form})
