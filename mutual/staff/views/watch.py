"""The privacy officer's eyes on the trail: search, unusual access, emergencies (P-10, P-88)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from mutual.base.forms import DayInput
from mutual.base.refusal import Refused
from mutual.people.models import Staff
from mutual.privacy import glass, watch
from mutual.privacy import trail as audit_trail
from mutual.privacy.models import BreakGlass, UnusualAccess
from mutual.privacy.staff_words import ACTION_NAMES, KIND_NAMES
from mutual.staff.gate import staff_only
from mutual.staff.views.duties import show_refusal
from mutual.wall.web import ActorRequest

_ANY: list[tuple[str, Any]] = [("", _("any"))]


class SearchForm(forms.Form):
    """By person, by member of staff, by kind, by what was done, by days."""

    person = forms.ChoiceField(label=_("Person"), required=False)
    staff = forms.ChoiceField(label=_("Staff"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    action = forms.ChoiceField(label=_("What was done"), required=False)
    first = forms.DateField(label=_("From"), required=False, widget=DayInput)
    last = forms.DateField(label=_("Until"), required=False, widget=DayInput)

    def __init__(self, people: dict[UUID, tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Staff.objects.order_by("name").values_list("public_id", "name")
        choices: dict[str, list[tuple[str, Any]]] = {
            "person": sorted(people.values(), key=lambda pair: pair[1].casefold()),
            "staff": [(str(key), name) for key, name in staff],
            "kind": sorted(KIND_NAMES.items(), key=lambda pair: str(pair[1]).casefold()),
            "action": list(ACTION_NAMES.items()),
        }
        for name, some in choices.items():
            self.fields[name].choices = _ANY + some  # type: ignore[attr-defined]


class FindingForm(forms.ModelForm):  # type: ignore[type-arg]
    """What it is."""

    class Meta:
        model = UnusualAccess
        fields = ("disposition", "comment")
        widgets = {  # noqa: RUF012
            "disposition": forms.RadioSelect,
            "comment": forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["disposition"]
        field.choices = UnusualAccess._meta.get_field("disposition").choices  # type: ignore[attr-defined]


class ReviewForm(forms.ModelForm):  # type: ignore[type-arg]
    """Right or not, and what follows."""

    class Meta:
        model = BreakGlass
        fields = ("verdict", "comment", "follow_up")
        widgets = {  # noqa: RUF012
            "verdict": forms.RadioSelect,
            "comment": forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["verdict"]
        field.choices = BreakGlass._meta.get_field("verdict").choices  # type: ignore[attr-defined]


class WatchForm(forms.Form):
    """Whom many might be curious about."""

    person = forms.ChoiceField(label=_("Person"))
    why = forms.CharField(
        label=_("Why"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, people: dict[UUID, tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        some = sorted(people.values(), key=lambda pair: pair[1].casefold())
        self.fields["person"].choices = some  # type: ignore[attr-defined]


@staff_only("privacy_officer")
def trail(request: ActorRequest) -> HttpResponse:
    """A page of the trail. Searched by POST: no name stands in an address or a log (P-62)."""
    people = audit_trail.people(request.actor)
    form = SearchForm(people, request.POST or None)
    asked = audit_trail.Asked()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        before = request.POST.get("before", "")
        person = next((k for k, (key, _n) in people.items() if key == given["person"]), None)
        staff = Staff.objects.filter(public_id=given["staff"]).first() if given["staff"] else None
        asked = audit_trail.Asked(
            person,
            staff.id if staff else None,
            (given["kind"],) if given["kind"] else (),
            (given["action"],) if given["action"] else (),
            given["first"],
            given["last"],
            int(before) if before.isdecimal() and len(before) < 19 else None,
        )
    names = {key: name for key, (_key, name) in people.items()}
    entries, more = audit_trail.search(request.actor, asked, names)
    context = {
        "rail": "privacy",
        "form": form,
        "entries": entries,
        "more": more,
        "asked": {k: v for k, v in request.POST.items() if k in form.fields and v},
        "head": audit_trail.head_state(),
    }
    return render(request, "staff/watch/trail.html", context)


@staff_only("privacy_officer")
@require_safe
def unusual(request: ActorRequest) -> HttpResponse:
    """What somebody should look at, and what was put aside."""
    context = {
        "rail": "privacy",
        "waiting": watch.findings(request.actor),
        "done": watch.findings(request.actor, disposed=True),
    }
    return render(request, "staff/watch/unusual.html", context)


@staff_only("privacy_officer")
def finding(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One finding: the numbers, and what it is."""
    shown = watch.one(request.actor, public_id)
    form = FindingForm(request.POST or None, initial={"comment": shown.row.comment})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            watch.dispose(request.actor, public_id, given["disposition"], given["comment"])
            messages.success(request, gettext("Saved."))
            return redirect("staff-unusual")
        except Refused as refusal:
            show_refusal(form, refusal)
    context = {"rail": "privacy", "shown": shown, "form": form}
    return render(request, "staff/watch/finding.html", context)


@staff_only("privacy_officer")
def watched(request: ActorRequest) -> HttpResponse:
    """Who is watched, and a form to watch somebody."""
    people = audit_trail.people(request.actor)
    form = WatchForm(people, request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = next(k for k, (key, _n) in people.items() if key == form.cleaned_data["person"])
        try:
            watch.watch(request.actor, chosen, form.cleaned_data["why"])
            messages.success(request, gettext("Saved."))
            return redirect("staff-watched")
        except Refused as refusal:
            show_refusal(form, refusal)
    context = {"rail": "privacy", "rows": watch.watched(request.actor), "form": form}
    return render(request, "staff/watch/watched.html", context)


@staff_only("privacy_officer")
@require_POST
def unwatch(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """No longer."""
    watch.unwatch(request.actor, public_id)
    return redirect("staff-watched")


@staff_only("privacy_officer", "director")
@require_safe
def emergencies(request: ActorRequest) -> HttpResponse:
    """The review queue of openings."""
    waiting, done = glass.queue(request.actor)
    context = {"rail": _rail(request), "waiting": waiting, "done": done}
    return render(request, "staff/watch/emergencies.html", context)


@staff_only("privacy_officer", "director")
def emergency(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One opening with its review."""
    line = glass.one(request.actor, public_id)
    may = request.actor.has("privacy_officer") and line.row.by_id != request.actor.id
    form = ReviewForm(request.POST or None) if may and line.row.reviewed_at is None else None
    if request.method == "POST" and form is not None and form.is_valid():
        given = form.cleaned_data
        try:
            glass.review(
                request.actor, line.row, given["verdict"], given["comment"], given["follow_up"]
            )
            messages.success(request, gettext("Reviewed."))
            return redirect("staff-glass-queue")
        except Refused as refusal:
            show_refusal(form, refusal)
    context = {"rail": _rail(request), "line": line, "form": form, "may": may}
    return render(request, "staff/watch/emergency.html", context)


def _rail(request: ActorRequest) -> str:
    return "privacy" if request.actor.has("privacy_officer") else "programme"
