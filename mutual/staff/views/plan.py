"""One plan, three lanes: who may look sees a lane, who may write adds to it and signs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutual.base.forms import DayInput
from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import staff_names
from mutual.people.models import Couple, Person
from mutual.plan import actions, library, queries, rules
from mutual.plan.actions import Moved, Objective, Plan
from mutual.plan.models import (
    CoupleObjective,
    CouplePlan,
    IndividualObjective,
    IndividualPlan,
)
from mutual.plan.queries import Lane
from mutual.record import couples
from mutual.record.couples import CoupleRow
from mutual.staff.gate import staff_only
from mutual.staff.views.couples import READERS, header
from mutual.staff.views.note_forms import Part
from mutual.wall.context import Actor
from mutual.wall.web import ActorRequest


class GoalForm(forms.Form):
    """A row of the plan; what is missing is said by the rule itself (C-63)."""

    use_required_attribute = False

    problem = Part(label=gettext_lazy("Problem"), widget=forms.Textarea(attrs={"rows": 2}))
    goal = Part(label=gettext_lazy("Goal"), widget=forms.Textarea(attrs={"rows": 2}))
    objective = Part(
        label=gettext_lazy("Objective"),
        help_text=gettext_lazy("One step that anybody can see was taken."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    measure = Part(label=gettext_lazy("How will you both know?"), max_length=200)
    target_date = forms.DateField(
        required=False,
        label=gettext_lazy("By when?"),
        widget=DayInput,
    )
    intervention = Part(label=gettext_lazy("What is done"), max_length=200)
    frequency = Part(label=gettext_lazy("How often"), max_length=120)
    responsible = Part(label=gettext_lazy("Who"), max_length=120)
    theme = forms.CharField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def row(self) -> rules.Row:
        """What was typed, as the plan takes it."""
        said = self.cleaned_data
        return rules.Row(
            **{name: said.get(name, "") for name in (*rules.WORDS, "theme")},
            target_date=said.get("target_date"),
        )


@require_safe
@staff_only(*READERS)
def lanes(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The lanes that the actor may see, side by side; the others leave no gap."""
    row = couples.couple(request.actor, public_id)
    found = queries.lanes(request.actor, Couple(id=row.id), row.a.person_id, row.b.person_id)
    if not found:
        raise NotThere
    home = next(k for k in ("ours", "a", "b") if k in found)
    return render(
        request,
        "staff/plan/lanes.html",
        {
            **header(request.actor, public_id, home),
            "lanes": [_shown(request.actor, row, key, lane) for key, lane in found.items()],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(*READERS)
def add(request: ActorRequest, public_id: UUID, lane: str) -> HttpResponse:
    """Add a goal, from the library or in own words."""
    head = header(request.actor, public_id, lane)
    row: CoupleRow = head["row"]
    _refuse_reader(request.actor, row, lane)
    goal = library.goal(request.GET.get("theme", ""))
    first: dict[str, Any] = {}
    if goal is not None:
        first = {
            **goal.said(),
            "theme": goal.theme,
            "target_date": timezone.localdate() + timedelta(weeks=goal.weeks),
            "responsible": _("Both") if lane == "ours" else row.partner(lane).name,
        }
    theirs = (
        queries.own_goals(request.actor, [row.a.person_id, row.b.person_id])
        if (lane == "ours")
        else []
    )
    cited = next((one for one in theirs if str(one.public_id) == request.GET.get("own")), None)
    status, refused = 200, ""
    if cited is not None:
        try:
            actions.cite(request.actor, Couple(id=row.id), cited)
        except Refused as refusal:
            status, refused, cited = 409, refusal.text, None
        else:
            first = {name: getattr(cited, name) for name in (*rules.WORDS, "target_date", "theme")}
    form = GoalForm(request.POST or None, initial=first)
    if request.method == "POST" and not refused and form.is_valid():
        try:
            plan = actions.open_plan(request.actor, _subject(row, lane))
            actions.add_objective(request.actor, plan, form.row())
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
            status = 409
        else:
            messages.success(request, _("Goal added."))
            return redirect("staff-plan", public_id)
    offered = library.offered("ours" if lane == "ours" else "own")
    return render(
        request,
        "staff/plan/goal.html",
        {
            **head,
            "form": form,
            "library": [(g.word, f"?theme={g.theme}", g == goal) for g in offered],
            "own_goals": [(g.objective, f"?own={g.public_id}", g == cited) for g in theirs],
            "refused": refused,
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(*READERS)
def change(request: ActorRequest, public_id: UUID, lane: str, goal: UUID) -> HttpResponse:
    """Change a goal, or end it as met or closed; a second writer sees both versions (F-14)."""
    head = header(request.actor, public_id, lane)
    row: CoupleRow = head["row"]
    _refuse_reader(request.actor, row, lane)
    model: Any = CoupleObjective if lane == "ours" else IndividualObjective
    owner = {"couple_id": row.id} if lane == "ours" else {"person_id": row.partner(lane).person_id}
    found: Objective = model.objects.writable_by(request.actor).sole(public_id=goal, **owner)
    names = (*rules.WORDS, "target_date", "theme", "version")
    form = GoalForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    theirs: list[tuple[str, str]] = []
    status = 200
    if request.method == "POST" and request.POST.get("do") in ("met", "close"):
        actions.close_objective(request.actor, found, met=request.POST["do"] == "met")
        return redirect("staff-plan", public_id)
    if request.POST.get("do") == "show" and isinstance(found, IndividualObjective):
        actions.show_to_group(request.actor, found)
        messages.success(request, _("Whoever leads this person's group sees the goal now."))
        return redirect("staff-plan", public_id)
    if request.method == "POST" and form.is_valid():
        changes = {n: form.cleaned_data[n] for n in (*rules.WORDS, "target_date")}
        try:
            actions.change_objective(
                request.actor, found, changes, form.cleaned_data["version"] or 0
            )
        except Moved as moved:
            theirs = [(str(form.fields[n].label), words) for n, words in moved.theirs.items()]
            data: Any = request.POST.copy()
            data["version"] = str(moved.version)
            form.data = data
            form.add_error(None, moved.text)
            status = 409
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
            status = 409
        else:
            messages.success(request, _("Goal changed."))
            return redirect("staff-plan", public_id)
    return render(
        request,
        "staff/plan/goal.html",
        {
            **head,
            "form": form,
            "theirs": theirs,
            "found": found,
            "shown": lane == "ours" or queries.is_shown(request.actor, found.public_id),
            "own": lane != "ours",
        },
        status=status,
    )


@require_POST
@staff_only(*READERS)
def sign(request: ActorRequest, public_id: UUID, lane: str) -> HttpResponse:
    """Sign a lane's plan as it stands."""
    row = couples.couple(request.actor, public_id)
    actions.sign_plan(request.actor, _plan(request.actor, row, lane))
    messages.success(request, _("Signed."))
    return redirect("staff-plan", public_id)


@require_POST
@staff_only(*READERS)
def reviewed(request: ActorRequest, public_id: UUID, lane: str) -> HttpResponse:
    """The plan was reviewed; the next review is in 30 days (C-65)."""
    row = couples.couple(request.actor, public_id)
    _refuse_reader(request.actor, row, lane)
    actions.review(request.actor, _plan(request.actor, row, lane))
    return redirect("staff-plan", public_id)


def _plan(actor: Actor, row: CoupleRow, lane: str) -> Plan:
    if lane == "ours":
        ours: Plan = (
            CouplePlan.objects.visible_to(actor).exclude(status="closed").sole(couple_id=row.id)
        )
        return ours
    own: Plan = (
        IndividualPlan.objects.visible_to(actor)
        .exclude(status="closed")
        .sole(person_id=row.partner(lane).person_id)
    )
    return own


def _subject(row: CoupleRow, lane: str) -> Person | Couple:
    return Couple(id=row.id) if lane == "ours" else Person(id=row.partner(lane).person_id)


def _may_write(actor: Actor, row: CoupleRow, lane: str) -> bool:
    kind = "plan_couple" if lane == "ours" else "plan_individual"
    subject = row.id if lane == "ours" else row.partner(lane).person_id
    return queries.may_read(actor, f"{kind}.write", subject)


def _refuse_reader(actor: Actor, row: CoupleRow, lane: str) -> None:
    if not _may_write(actor, row, lane):
        raise NotThere


def _shown(actor: Actor, row: CoupleRow, key: str, lane: Lane) -> dict[str, Any]:
    writes = _may_write(actor, row, key)
    names = {row.a.person_id: row.a.name, row.b.person_id: row.b.name}
    wanted = actions.needed(lane.plan) if lane.plan else []
    names |= staff_names([i for i in wanted if i not in names])
    words = {"signed": _("signed"), "declined": _("declined")}
    return {
        "key": key,
        "title": _("Ours") if key == "ours" else row.partner(key).name,
        "lane": lane,
        "writes": writes,
        "signs": lane.plan is not None and actor.id in wanted and not lane.mine and lane.rows,
        "signers": [
            (names.get(i, ""), words.get(lane.answers.get(i, ""), _("not yet"))) for i in wanted
        ],
        "rows": [
            (
                r,
                reverse("staff-goal", args=[row.public_id, key, r.public_id]) if writes else "",
            )
            for r in lane.rows
        ],
        "add": reverse("staff-goal-new", args=[row.public_id, key]) if writes else "",
        "sign": reverse("staff-plan-sign", args=[row.public_id, key]),
        "reviewed": reverse("staff-plan-reviewed", args=[row.public_id, key]),
    }
