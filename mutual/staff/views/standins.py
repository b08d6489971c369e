"""Somebody falls ill: what is left open, who can stand in, one click each."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mutual.base import typed, zones
from mutual.base.forms import DayInput
from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Staff
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest
from mutual.week import standins
from mutual.week.groups import PLANNERS
from mutual.week.templates import programme_zone

#: How many are offered at a session; the best come first.
OFFERED = 4


class SickForm(forms.Form):
    """Who is away, from now or a day on, until the end of a day."""

    who = forms.ChoiceField(label=gettext_lazy("Who cannot work"))
    since = forms.DateField(label=gettext_lazy("From"), widget=DayInput)
    until = forms.DateField(label=gettext_lazy("Until the end of"), widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Staff.objects.filter(active_until__isnull=True).order_by("name")
        self.staff = {str(one.public_id): one for one in rows}
        field: Any = self.fields["who"]
        field.choices = [("", "---------"), *((key, one.name) for key, one in self.staff.items())]

    def clean_who(self) -> Staff:
        """The member of staff who was chosen."""
        return self.staff[self.cleaned_data["who"]]


def _span(since: datetime, form: SickForm) -> tuple[datetime, datetime]:
    zone = programme_zone()
    first = datetime.combine(form.cleaned_data["since"], time(), zone)
    last = datetime.combine(form.cleaned_data["until"] + timedelta(days=1), time(), zone)
    return max(first, since), last


@staff_only(*PLANNERS)
def page(request: ActorRequest) -> HttpResponse:
    """Choose who is away; then every session that is left open, with who can stand in."""
    now = timezone.now()
    today = timezone.localdate(now, programme_zone())
    asked = request.POST or request.GET
    form = SickForm(
        asked if "who" in asked else None,
        initial={"since": today.isoformat(), "until": today.isoformat()},
    )
    left, who = None, None
    if form.is_bound and form.is_valid():
        who = form.cleaned_data["who"]
        start, end = _span(now, form)
        try:
            if request.method == "POST":
                standins.call_in_sick(request.actor, who, start, end)
                messages.success(request, _("Kept as time away. Nothing new is booked then."))
                return redirect(
                    f"/staff/week/stand-ins/?who={who.public_id}"
                    f"&since={form.cleaned_data['since']}&until={form.cleaned_data['until']}"
                )
            left = standins.left_open(request.actor, who, start, end)
        except Refused as refusal:
            form.add_error("until", refusal.text)
    zone = settings.PROGRAMME_ZONE
    rows = [
        (one, zones.day(one.session.during.lower, programme_zone()),
         one.choices[:OFFERED], len(one.choices) - OFFERED)
        for one in left or ()
    ]  # fmt: skip
    return render(
        request,
        "staff/standins/page.html",
        {
            "rail": "week", "form": form, "rows": rows, "who": who, "asked": left is not None,
            "zone": zone, "back": request.get_full_path(),
        },
        status=409 if form.errors else 200,
    )  # fmt: skip


@require_POST
@staff_only(*PLANNERS)
def stand_in(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One click: this one stands in, everybody is told once."""
    found = standins.session_of(request.actor, public_id)
    staff = Staff.objects.filter(public_id=typed.key(request.POST.get("staff"))).first()
    if staff is None:
        raise NotThere
    try:
        standins.stand_in(request.actor, found, staff)
        messages.success(request, _("%(name)s stands in. Everybody is told.") % {
            "name": staff.name
        })  # fmt: skip
    except Refused as refusal:
        messages.error(request, refusal.text)
    who = found.clinician.public_id if found.clinician_id != staff.id else ""
    day = timezone.localdate(found.during.lower, programme_zone()).isoformat()
    asked = request.POST.get("who") or str(who)
    since, until = request.POST.get("since", day), request.POST.get("until", day)
    return redirect(f"/staff/week/stand-ins/?who={asked}&since={since}&until={until}")
