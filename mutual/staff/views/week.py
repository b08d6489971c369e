"""The week of a couple: plan, look, move, publish. The rules live in `week`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mutual.base.forms import DayInput
from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import Partner, members
from mutual.people.models import Couple, CoupleMember, Staff
from mutual.staff.gate import staff_only
from mutual.staff.views.session import TimeForm, refusing
from mutual.staff.views.week_tools import tools
from mutual.wall.web import ActorRequest
from mutual.week import actions, approved, consequences, office
from mutual.week.grid import week_blocks
from mutual.week.groups import may_keep_rosters
from mutual.week.kinds import KINDS, SessionKind
from mutual.week.models import WeekPlan
from mutual.week.queries import hours_of_couples
from mutual.week.series import start_series
from mutual.week.templates import TEMPLATES, moment, monday_of, programme_zone

ROLES = (
    "couples_therapist", "counselor", "prescriber", "nurse", "supervisor", "director",
    "admissions", "group_leader", "care_coordinator",
)  # fmt: skip

#: Roles that see whose week it is.
NAMING = tuple(role for role in ROLES if role != "care_coordinator")


class PlanForm(forms.Form):
    """The shape of the week; rules suggest one."""

    template = forms.ChoiceField(
        label=gettext_lazy("Shape of the week"),
        choices=[(key, t.title) for key, t in TEMPLATES.items()],
    )
    one_room = forms.BooleanField(label=gettext_lazy("They have one private room"), required=False)


class AddForm(TimeForm):
    """One session more."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    person = forms.ChoiceField(label=gettext_lazy("For"))
    clinician = forms.ModelChoiceField(
        label=gettext_lazy("Clinician"), queryset=Staff.objects.order_by("name")
    )

    until = forms.DateField(
        label=gettext_lazy("Every week until"), required=False,
        help_text=gettext_lazy("Leave it empty for one session. Holidays have none."),
        widget=DayInput,
    )  # fmt: skip
    agreed = forms.BooleanField(label=gettext_lazy("They said yes to this time"), required=False)

    def __init__(self, people: list[Partner], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        kinds.choices = [(k.key, k.title) for k in KINDS.values() if k.subject != "G"]
        persons: Any = self.fields["person"]
        persons.choices = [
            *((str(p.person_id), p.name) for p in people),
            ("both", _("both partners")),
        ]


def _monday(request: ActorRequest) -> date:
    try:
        asked = date.fromisoformat(request.GET.get("monday", ""))
    except ValueError:
        return monday_of(timezone.now())
    return asked - timedelta(days=asked.weekday())


def _navigation(monday: date) -> dict[str, Any]:
    sunday = monday + timedelta(days=6)
    return {
        "monday": monday,
        "before": (monday - timedelta(days=7)).isoformat(),
        "after": (monday + timedelta(days=7)).isoformat(),
        "week_words": f"{date_format(monday, 'j M')} – {date_format(sunday, 'j M')}",
    }


@staff_only(*ROLES)
def couples(request: ActorRequest) -> HttpResponse:
    """The couples whose week the actor may see, with hours and state."""
    monday = _monday(request)
    if request.actor.has("care_coordinator") and not request.actor.has(*NAMING):
        return _meetings(request, monday)
    rows = hours_of_couples(request.actor, monday)
    ids = [row.couple.id for row in rows]
    plans = {p.couple_id: p for p in WeekPlan.objects.filter(couple_id__in=ids, monday=monday)}
    lines = []
    for row in rows:
        plan = plans.get(row.couple.id)
        shape = TEMPLATES.get(plan.shape) if plan else None
        lines.append(
            {
                "couple": row.couple,
                "people": row.people,
                "shape": shape.title if shape else "",
                "published": bool(plan and plan.published_at),
                "drafted": bool(plan and not plan.published_at),
                "bars": row.bars,
            }
        )
    return render(
        request,
        "staff/week/couples.html",
        {
            "rail": "week",
            "lines": lines,
            "tools": tools(request.actor),
            **_navigation(monday),
        },
    )


def _meetings(request: ActorRequest, monday: date) -> HttpResponse:
    """The programme's sessions day by day, for who coordinates them and knows no names."""
    found = office.meetings(request.actor, monday)
    days = [
        (date_format(day, "l j F"), list(rows)) for day, rows in groupby(found, lambda one: one.day)
    ]
    context = {
        "rail": "week", "days": days, "zone": settings.PROGRAMME_ZONE,
        "tools": tools(request.actor),
    }  # fmt: skip
    return render(request, "staff/week/meetings.html", {**context, **_navigation(monday)})


def couple_of(request: ActorRequest, public_id: UUID) -> tuple[Couple, list[Partner]]:
    """A couple the actor may see, with both partners."""
    mine = CoupleMember.objects.visible_to(request.actor).select_related("couple")
    found = members(mine.filter(couple__public_id=public_id))
    if not found:
        raise NotThere
    return found[0][0].couple, [partner for _row, partner in found]


@staff_only(*ROLES)
def couple(
    request: ActorRequest,
    public_id: UUID,
    *,
    form: PlanForm | None = None,
    refused: str = "",
) -> HttpResponse:
    """The grid of one couple's week, what it holds in words, and what comes next."""
    found, people = couple_of(request, public_id)
    monday = _monday(request)
    zone = programme_zone()
    plan = WeekPlan.objects.filter(couple_id=found.id, monday=monday).first()
    plans = may_keep_rosters(request.actor)
    may_publish = consequences.may_publish(found.id)
    published = bool(plan and plan.published_at)
    sides = {p.person_id: p.side for p in people}
    if form is None and plans and not published:
        shape = plan.shape if plan else actions.template_for(found.id, monday, list(sides)).key
        form = PlanForm(initial={"template": shape})
    blocks = week_blocks(request.actor, found.id, monday, zone, sides=sides)
    noon = moment(monday, datetime.min.time().replace(hour=12)).astimezone(zone)
    title = TEMPLATES[plan.shape].title if plan and plan.shape in TEMPLATES else ""
    # An open page asks now and then; the grid it has already is not drawn again.
    mark = sha256(repr(blocks).encode()).hexdigest()[:16]
    if request.headers.get("HX-Request") and request.GET.get("have") == mark:
        return HttpResponse(status=204)
    holds: list[consequences.Line] = []
    if may_publish and blocks:
        holds = consequences.of_week(found.id, monday, people=people, plan=plan)
    if blocks:
        holds += [consequences.Line("warn", words) for words in _beyond(people, monday)]
    return render(
        request,
        "staff/week/couple.html",
        {
            "rail": "week",
            "with_side": True,
            "couple": found,
            "a": people[0].name,
            "b": people[1].name,
            "blocks": blocks,
            "mark": mark,
            "days": 7 if any(block.day == 6 for block in blocks) else 6,
            "today": timezone.localdate(timezone=zone),
            "zone": noon.tzname(),
            "shape": title,
            "published": published,
            "lines": holds,
            "form": form if plans and not published else None,
            "may_publish": may_publish and bool(plan) and not published,
            "may_add": may_publish or any(p for p in people),
            "refused": refused,
            **_navigation(monday),
        },
        status=409 if refused else 200,
    )


def _beyond(people: list[Partner], monday: date) -> list[str]:
    """What is planned beyond the authorizations that the actor may know (F-16)."""
    return approved.warnings({p.person_id: p.name for p in people}, monday)


def _back(request: ActorRequest, public_id: UUID, monday: date) -> HttpResponse:
    return redirect(f"/staff/week/{public_id}/?monday={monday.isoformat()}")


@require_POST
@staff_only(*ROLES)
def plan(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Plan the week as a draft."""
    found, _people = couple_of(request, public_id)
    monday = _monday(request)
    form = PlanForm(request.POST)
    if form.is_valid():
        try:
            actions.plan_week(
                request.actor,
                found.id,
                monday,
                form.cleaned_data["template"],
                one_room=form.cleaned_data["one_room"],
            )
        except Refused as refusal:
            return couple(request, public_id, form=form, refused=refusal.text)
        messages.success(request, _("Planned as a draft. Nothing is sent until you publish."))
    return _back(request, public_id, monday)


@require_POST
@staff_only(*ROLES)
def publish(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Publish the draft."""
    found, people = couple_of(request, public_id)
    monday = _monday(request)
    try:
        _plan, warnings = actions.publish_week(request.actor, found.id, monday)
    except Refused as refusal:
        return couple(request, public_id, refused=refusal.text)
    messages.success(request, _("Published. Both partners are told."))
    for words in (*warnings, *_beyond(people, monday)):
        messages.warning(request, words)
    return _back(request, public_id, monday)


def _book(
    request: ActorRequest, couple: Couple, kind: SessionKind, person: list[UUID], form: AddForm
) -> None:
    """One session, or one of every week until a day."""
    data, joint = form.cleaned_data, kind.subject == "C"
    persons, couple_id = ([], couple.id) if joint else (person, None)
    if data["until"]:
        start_series(
            request.actor, kind.key, clinician=data["clinician"], first=data["day"],
            at=data["time"], last=data["until"], persons=persons, couple_id=couple_id,
            agreed=data["agreed"],
        )  # fmt: skip
    else:
        actions.book_session(
            request.actor, kind, clinician=data["clinician"], start=form.start(),
            persons=persons, couple_id=couple_id, agreed=data["agreed"],
        )  # fmt: skip


@staff_only(*ROLES)
def add(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Book one session; a refusal keeps what was typed."""
    found, people = couple_of(request, public_id)
    form = AddForm(people, request.POST or None, initial={"day": request.GET.get("day", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        kind = KINDS[data["kind"]]
        person = [UUID(data["person"])] if data["person"] != "both" else []
        booked = refusing(form, lambda: _book(request, found, kind, person, form))
        if booked:
            messages.success(request, _("Booked."))
            return _back(request, public_id, monday_of(form.start()))
    return render(
        request,
        "staff/week/form.html",
        {
            "rail": "week", "form": form, "title": _("Book a session"), "button": _("Book it"),
            "back": f"/staff/week/{public_id}/",
        },
        status=409 if form.errors else 200,
    )  # fmt: skip
