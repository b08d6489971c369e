"""When a member of staff works: hours of the week, times away, licences; and the holidays."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mutual.base import typed, zones
from mutual.base.forms import ClockInput, DayInput
from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Licence, Staff
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest
from mutual.week import availability, busyfile
from mutual.week.availability_models import WORK
from mutual.week.clocks import Stretch
from mutual.week.models import ClosedDay, WorkTime


class WorkForm(forms.Form):
    """One stretch of work for some days of the week."""

    what = forms.ChoiceField(label=gettext_lazy("For"), choices=WORK)
    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days"), choices=list(WEEKDAYS.items()), coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    start = forms.TimeField(label=gettext_lazy("From"), widget=ClockInput)
    end = forms.TimeField(label=gettext_lazy("Until"), widget=ClockInput)


class AwayForm(forms.Form):
    """A time away; why is not asked."""

    off_from = forms.DateField(label=gettext_lazy("First day away"), widget=DayInput)
    off_time = forms.TimeField(
        label=gettext_lazy("From"), required=False,
        help_text=gettext_lazy("Leave it empty for the whole day."),
        widget=ClockInput,
    )  # fmt: skip
    off_to = forms.DateField(label=gettext_lazy("Last day away"), widget=DayInput)


class ClosedForm(forms.Form):
    """A holiday of the programme."""

    holiday = forms.DateField(label=gettext_lazy("Day"), widget=DayInput)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)


def _whose(request: ActorRequest) -> Staff:
    """The actor's own hours, or those of a colleague for who keeps them."""
    if not (request.actor.has(*availability.KEEPERS) and request.GET.get("who")):
        return Staff.objects.get(id=request.actor.sure_id)
    found = Staff.objects.filter(public_id=typed.key(request.GET["who"])).first()
    if found is None:
        raise NotThere
    return found


@staff_only()
def page(request: ActorRequest) -> HttpResponse:
    """Hours, times away, licences of one member of staff; holidays for who keeps them."""
    staff = _whose(request)
    rows = availability.work_of(staff.id)
    keeps = request.actor.has(*availability.KEEPERS)
    work, away, closed, unread = WorkForm(), AwayForm(), ClosedForm(), ""
    if request.method == "POST":
        if "calendar" in request.POST:
            words, unread = _take_file(request, staff)
        else:
            work, away, closed, done = _act(request, staff, rows)
            words = _("Kept.") if done else ""
        if words:
            messages.success(request, words)
            who = f"?who={staff.public_id}" if staff.id != request.actor.id else ""
            return redirect(f"/staff/week/work/{who}")
    today = timezone.localdate()
    aways = availability.away_of(staff.id)
    licences = [
        (row.state, row.kind, zones.day(row.valid.upper) if row.valid.upper else "",
         bool(row.valid.upper and row.valid.upper <= today))
        for row in Licence.objects.filter(staff=staff).order_by("state")
    ]  # fmt: skip
    return render(
        request,
        "staff/work/page.html",
        {
            "rail": "week",
            "staff": staff,
            "mine": staff.id == request.actor.id,
            "work": work,
            "away": away,
            "closed": closed if keeps else None,
            "times": [(r.key, r.get_what_display(), r.words) for r in rows],
            "aways": [
                (row.public_id, _span(row.during.lower, row.during.upper, staff.zone))
                for row in aways
                if not row.from_file
            ],
            "unread": unread,
            "filed": sum(row.from_file for row in aways),
            "licences": licences,
            "holidays": (
                [(row.day, row.name) for row in ClosedDay.objects.filter(day__gte=today)[:20]]
                if keeps else []
            ),
            "colleagues": Staff.objects.filter(active_until__isnull=True).order_by("name")
            if keeps else [],
        },
        status=409 if work.errors or away.errors or closed.errors or unread else 200,
    )  # fmt: skip


def _take_file(request: ActorRequest, staff: Staff) -> tuple[str, str]:
    """Read the calendar's file: what to say, or why it isn't read."""
    given = request.FILES.get("file")
    if given is None:
        return "", _("Choose the calendar's file first.")
    try:
        kept, meets = availability.take_busy_file(
            request.actor, staff, given.read(busyfile.MOST_BYTES + 1)
        )
    except Refused as refusal:
        return "", refusal.text
    said = ngettext("%(n)d busy time is kept.", "%(n)d busy times are kept.", kept) % {"n": kept}
    if not meets:
        return said, ""
    words = ngettext(
        "%(n)d session stands in one: find who stands in, or move it.",
        "%(n)d sessions stand in them: find who stands in, or move them.",
        meets,
    )
    return f"{said} {words % {'n': meets}}", ""


def _act(
    request: ActorRequest, staff: Staff, rows: list[WorkTime]
) -> tuple[WorkForm, AwayForm, ClosedForm, bool]:
    """Do what was sent; the form that was refused comes back as it was typed."""
    post, actor = request.POST, request.actor
    work, away, closed = WorkForm(), AwayForm(), ClosedForm()
    if "drop" in post:
        rest = [row.stretch for row in rows if row.key != post["drop"]]
        availability.set_work_times(actor, staff, rest)
        return work, away, closed, True
    if "back" in post:
        availability.give_back(actor, typed.key(post["back"]))
        return work, away, closed, True
    if "nofile" in post:
        availability.drop_busy_file(actor, staff)
        return work, away, closed, True
    if "open" in post:
        availability.open_day(actor, datetime.fromisoformat(post["open"]).date())
        return work, away, closed, True
    form: forms.Form
    if "off_from" in post:
        form = away = AwayForm(post)
    elif "holiday" in post:
        form = closed = ClosedForm(post)
    else:
        form = work = WorkForm(post)
    if not form.is_valid():
        return work, away, closed, False
    data = form.cleaned_data
    try:
        if form is away:
            here = zones.zone(staff.zone)
            start = datetime.combine(data["off_from"], data["off_time"] or time(), here)
            end = datetime.combine(data["off_to"], time.max, here)
            availability.take_time_off(actor, staff, start, end)
        elif form is closed:
            availability.close_day(actor, data["holiday"], data["name"])
        else:
            more = [Stretch(d, data["start"], data["end"], data["what"]) for d in data["days"]]
            availability.set_work_times(actor, staff, [*(row.stretch for row in rows), *more])
    except Refused as refusal:
        fields = {"times": "end", "end": "off_to" if form is away else "end"}
        form.add_error(fields.get(refusal.field), refusal.text)
        return work, away, closed, False
    return work, away, closed, True


def _span(start: Any, end: Any, zone: str) -> str:
    here = zones.zone(zone)
    first, last = start.astimezone(here), end.astimezone(here)
    if first.date() == last.date():
        return f"{zones.day(first, here)}, {zones.span(start, end, here)}"
    return f"{zones.day(first, here)} {zones.when(start, here)} – {zones.day(last, here)}"
