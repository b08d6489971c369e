"""A couples session to which one partner came: a short contact, or a new time (C-59, C-60)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mutual.base.refusal import NotThere, Refused
from mutual.room import actions as rooms
from mutual.room import attendance as presence
from mutual.room import queries
from mutual.staff.gate import staff_only
from mutual.wall.context import Actor
from mutual.wall.web import ActorRequest
from mutual.week.actions import may_end_with_one, one_partner_came
from mutual.week.attending import CONTACT_MOST
from mutual.week.models import Session


class OneCameForm(forms.Form):
    """Who came, how long the two spoke, and whether the other is a no-show."""

    present = forms.ChoiceField(label=gettext_lazy("Who came?"), widget=forms.RadioSelect)
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes of a practical contact"),
        help_text=gettext_lazy(
            "At most 25, once in 4 weeks. 0 if there was none: then the session is cancelled."
        ),
        min_value=0,
    )
    absent = forms.ChoiceField(
        label=gettext_lazy("And the other?"),
        choices=[
            ("no_show", gettext_lazy("Did not come: the own counselor gets the task to call")),
            ("held", gettext_lazy("A hold, or no licence where they are: nobody is marked")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, lines: list[presence.Line], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["present"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(line.public_id), line.name) for line in lines]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def page(request: ActorRequest, session: UUID) -> HttpResponse:
    """Say who came; what follows from it is written at once."""
    row = rooms.held_session(request.actor, session)
    lines = presence.lines(request.actor, row)
    if not may_end_with_one(row) or len(lines) != 2:
        raise NotThere
    form = OneCameForm(lines, request.POST or None, initial=_first(lines))
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            ended = _end(request.actor, row, lines, form.cleaned_data)
        except Refused as refusal:
            refused = refusal
            row.refresh_from_db()
        else:
            if ended.id != row.id:
                messages.success(request, _("Ended. Write the note of the contact."))
                return redirect("staff-notes-for", ended.public_id)
            messages.success(request, _("Cancelled. Offer both another time within 72 hours."))
            return redirect("staff-today")
    context = {
        "rail": "today",
        "desk": queries.desk(request.actor, row),
        "form": form,
        "problem": refused,
    }
    status = 409 if refused else 200
    return render(request, "staff/room/one_came.html", context, status=status)


def _first(lines: list[presence.Line]) -> dict[str, object]:
    """Who was measured, and for how long; nothing where both or neither were."""
    there = [line for line in lines if line.measured.minutes]
    if len(there) != 1:
        return {"minutes": 0, "absent": "no_show"}
    minutes = min(there[0].measured.minutes, CONTACT_MOST)
    return {"present": str(there[0].public_id), "minutes": minutes, "absent": "no_show"}


def _end(actor: Actor, row: Session, lines: list[presence.Line], said: dict[str, Any]) -> Session:
    present, absent = sorted(lines, key=lambda line: str(line.public_id) != said["present"])
    with transaction.atomic():
        ended = one_partner_came(
            actor,
            row,
            present.person_id,
            absent.person_id,
            contact_minutes=said["minutes"],
            held=said["absent"] == "held",
        )
        rooms.end_room(actor, row)
    return ended
