"""One session: what moving or cancelling it does, before it is done; one, the following, or all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from mutual.base import typed, zones
from mutual.base.forms import ClockInput, DayInput
from mutual.base.refusal import Refused
from mutual.people.models import Couple
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest
from mutual.week import booking, consequences
from mutual.week.kinds import KINDS
from mutual.week.models import Session
from mutual.week.queries import roster
from mutual.week.series import cancel_series, change_series, meetings_left
from mutual.week.templates import moment, monday_of, programme_zone

ROLES = (
    "couples_therapist", "counselor", "prescriber", "nurse", "supervisor", "director",
    "admissions", "group_leader", "care_coordinator",
)  # fmt: skip
WHICH = [
    ("this", gettext_lazy("This one")),
    ("following", gettext_lazy("This and the following")),
    ("all", gettext_lazy("All to come")),
]


class TimeForm(forms.Form):
    """A day and a time on the programme's clock."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=DayInput)
    time = forms.TimeField(
        label=gettext_lazy("Start, on the programme's clock"),
        widget=ClockInput,
    )

    def start(self) -> datetime:
        """The instant that was typed."""
        return moment(self.cleaned_data["day"], self.cleaned_data["time"])


class WhichForm(forms.Form):
    """Which meetings of a weekly series are meant."""

    which = forms.ChoiceField(
        label=gettext_lazy("Which"), choices=WHICH, initial="this", widget=forms.RadioSelect
    )

    def __init__(self, left: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not left:
            del self.fields["which"]

    def chosen(self) -> Any:
        """This, the following or all; without a series this."""
        return self.cleaned_data.get("which") or "this"


class MoveForm(WhichForm, TimeForm):
    """When instead; and whether they agreed where their week says otherwise."""

    agreed = forms.BooleanField(label=gettext_lazy("They said yes to this time"), required=False)


class CancelForm(WhichForm):
    """Why a session is cancelled."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why is it cancelled?"),
        choices=booking.WHY_CANCELLED,
    )


def refusing(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether an action went through; a refusal stands at its field, what was typed stays."""
    try:
        act()
    except Refused as refusal:
        names = {"start": "time"}
        field = names.get(refusal.field, refusal.field)
        form.add_error(field if field in form.fields else None, refusal.text)
        return False
    return True


def _sole(request: ActorRequest, public_id: UUID) -> Session:
    return Session.objects.visible_to(request.actor).sole(public_id=public_id)


@staff_only(*ROLES)
def session(
    request: ActorRequest, public_id: UUID, *, cancelling: CancelForm | None = None
) -> HttpResponse:
    """One session: who, when, and moving it with the consequences before it is done."""
    found = _sole(request, public_id)
    local = found.during.lower.astimezone(programme_zone())
    left = meetings_left(found)
    sent: Any = request.POST if request.method == "POST" and cancelling is None else None
    to = typed.clock(request.GET.get("to", "")) if request.method == "GET" else None
    if to is not None:
        # Dragged there on the grid: looked at first, as with the button.
        sent = {"day": to.date(), "time": to.time(), "which": "this", "look": "1"}
    form = MoveForm(
        left, sent,
        initial={"day": local.date().isoformat(), "time": local.time(), "which": "this"},
    )  # fmt: skip
    lines: list[consequences.Line] = []
    lost: list[consequences.Line] = []
    couple = _couple_of(request, found)
    plans = couple is not None and consequences.may_publish(couple.id)
    if form.is_bound and form.is_valid():
        if "look" not in sent:
            if refusing(form, lambda: _move(request, found, form)):
                return redirect("staff-session", public_id=public_id)
        elif couple is not None and plans:
            lines = consequences.of_move(request.actor, found, couple.id, form.start())
    elif cancelling is not None and couple is not None and plans:
        lost = consequences.of_cancel(found, couple.id)
    kind = KINDS.get(found.kind)
    return render(
        request,
        "staff/week/session.html",
        {
            "rail": "week",
            "session": found,
            "title": kind.title if kind else _("Session"),
            "people": [name for _id, name in roster(request.actor, public_id)],
            "when": zones.span(found.during.lower, found.during.upper, programme_zone()),
            "day": zones.day(found.during.lower, programme_zone()),
            "leads": found.clinician.name,
            "form": form,
            "cancel_form": cancelling or CancelForm(left, initial={"which": "this"}),
            "lines": lines,
            "lost": lost,
            "preview": bool(lines),
            "meetings": left,
            "planned": found.status == "planned",
            "back": (
                f"/staff/week/{couple.public_id}/?monday={monday_of(local)}" if couple
                else "/staff/week/"
            ),
        },
        status=409 if form.errors or (cancelling and cancelling.errors) else 200,
    )  # fmt: skip


def _move(request: ActorRequest, found: Session, form: MoveForm) -> None:
    moved = change_series(
        request.actor, found, form.chosen(), form.start(), agreed=form.cleaned_data["agreed"]
    )
    words = ngettext("Moved.", "%(n)d meetings moved.", len(moved))
    messages.success(request, words % {"n": len(moved)} if len(moved) > 1 else _("Moved."))


def _couple_of(request: ActorRequest, found: Session) -> Couple | None:
    visible = Couple.objects.visible_to(request.actor)
    if found.subject_of == "C":
        return visible.filter(id=found.subject_id).first()
    if found.subject_of == "P":
        return visible.filter(members__person_id=found.subject_id, ended_on__isnull=True).first()
    return None


@require_POST
@staff_only(*ROLES)
def cancel(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Cancel a session, or the following with it; first what it does, if that is asked."""
    found = _sole(request, public_id)
    form = CancelForm(meetings_left(found), request.POST)
    if "look" in request.POST or not form.is_valid():
        return session(request, public_id, cancelling=form)
    gone = cancel_series(request.actor, found, form.chosen(), reason=form.cleaned_data["reason"])
    words = ngettext("Cancelled.", "%(n)d meetings are cancelled.", len(gone))
    messages.success(request, words % {"n": len(gone)} if len(gone) > 1 else _("Cancelled."))
    return redirect("staff-session", public_id=public_id)
