"""Groups: places, rosters, waiting lists that fill themselves and say so."""

from __future__ import annotations

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

from mutual.base import typed
from mutual.base.forms import DayInput
from mutual.base.refusal import Refused
from mutual.people.lookups import members
from mutual.people.models import Couple, CoupleMember, Staff
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest
from mutual.week import groups, waiting
from mutual.week.kinds import KINDS
from mutual.week.models import Group, Waiting
from mutual.week.templates import programme_zone

ROLES = ("admissions", "group_leader", "counselor", "couples_therapist", "supervisor", "director")


class GroupForm(forms.Form):
    """A new group or section."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(k.key, k.title) for k in KINDS.values() if k.subject == "G"],
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, required=False)
    leader = forms.ChoiceField(label=gettext_lazy("Leader"))
    second_leader = forms.ChoiceField(label=gettext_lazy("Second leader"), required=False)
    starts_on = forms.DateField(
        label=gettext_lazy("Begins on, if it is a fixed group"), required=False,
        widget=DayInput,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = {
            str(s.public_id): s
            for s in Staff.objects.filter(active_until__isnull=True).order_by("name")
        }
        names = [(key, s.name) for key, s in self.staff.items()]
        leader, second = self.fields["leader"], self.fields["second_leader"]
        leader.choices = names  # type: ignore[attr-defined]
        second.choices = [("", _("nobody")), *names]  # type: ignore[attr-defined]


class WaitForm(forms.Form):
    """Who waits: one person or both of a couple."""

    who = forms.ChoiceField(label=gettext_lazy("Who waits"))

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["who"]
        field.choices = choices


@staff_only(*ROLES)
def page(request: ActorRequest) -> HttpResponse:
    """All groups the actor may read; a new one for who plans."""
    plans = groups.may_keep_rosters(request.actor)
    form = GroupForm(request.POST or None) if plans else None
    if request.method == "POST" and form is not None and form.is_valid():
        data = form.cleaned_data
        try:
            made = groups.make_group(
                request.actor, data["kind"], form.staff[data["leader"]], name=data["name"],
                second_leader=form.staff.get(data["second_leader"]),
                starts_on=data["starts_on"],
            )  # fmt: skip
            messages.success(request, _("The group is there."))
            return redirect("staff-group", public_id=made.public_id)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
    today = timezone.localdate(timezone=programme_zone())
    rows = [
        (line, KINDS[line.group.kind].title if line.group.kind in KINDS else line.group.kind)
        for line in waiting.group_lines(request.actor, today)
    ]
    return render(
        request,
        "staff/groups/page.html",
        {"rail": "week", "rows": rows, "form": form},
        status=409 if form is not None and form.errors else 200,
    )


@staff_only(*ROLES)
def group(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One group: its roster, who waits, what was offered."""
    found = (
        Group.objects.visible_to(request.actor).select_related("leader").sole(public_id=public_id)
    )
    keeps = groups.may_keep_rosters(request.actor, found)
    choices = _choices(request) if keeps else []
    form = WaitForm(choices, request.POST if "who" in request.POST else None)
    today = timezone.localdate(timezone=programme_zone())
    if request.method == "POST" and keeps:
        try:
            if "leaves" in request.POST:
                groups.leave_group(request.actor, found, typed.key(request.POST["leaves"]), today)
                messages.success(request, _("Taken off the roster."))
                return redirect("staff-group", public_id=public_id)
            if form.is_valid():
                people = [typed.key(one) for one in form.cleaned_data["who"].split(" ")]
                rows = waiting.wait_for(request.actor, found, people)
                messages.success(request, _wait_words(rows[0].party, request))
                return redirect("staff-group", public_id=public_id)
        except Refused as refusal:
            form.add_error("who", refusal.text) if form.is_bound else messages.error(
                request, refusal.text
            )
    inside, listed = waiting.roster_of(request.actor, found, today)
    free = waiting.free_places(found, today)
    return render(
        request,
        "staff/groups/group.html",
        {
            "rail": "week", "group": found, "inside": inside, "listed": listed, "free": free,
            "title": KINDS[found.kind].title if found.kind in KINDS else found.kind,
            "form": form if keeps and choices else None, "keeps": keeps,
            "zone": settings.PROGRAMME_ZONE,
        },
        status=409 if form.errors else 200,
    )  # fmt: skip


def _wait_words(party: UUID, request: ActorRequest) -> str:
    offered = Waiting.objects.filter(party=party, state="offered").exists()
    return _("A place is free and is offered.") if offered else _("On the waiting list.")


def _choices(request: ActorRequest) -> list[tuple[str, str]]:
    """Couples and single persons the actor may see, by name."""
    open_ = Couple.objects.visible_to(request.actor).filter(ended_on__isnull=True)
    rows = members(CoupleMember.objects.visible_to(request.actor).filter(couple__in=open_))
    pairs: dict[UUID, list[Any]] = {}
    for row, partner in rows:
        pairs.setdefault(row.couple_id, []).append(partner)
    found = []
    for both in pairs.values():
        if len(both) == 2:
            a, b = both
            words = _("%(a)s and %(b)s") % {"a": a.name, "b": b.name}
            found.append((f"{a.person_id} {b.person_id}", words))
        found += [(str(p.person_id), p.name) for p in both]
    return found
