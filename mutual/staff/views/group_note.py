"""One page for the notes of a group session: a shared part and a line for each (C-73)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mutual.base import zones
from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import shown_names
from mutual.plan.queries import objectives_on
from mutual.record import group
from mutual.record.actions import Draft, save_draft, text_of
from mutual.record.models import Note, NoteBody
from mutual.staff.gate import staff_only
from mutual.wall.context import Actor
from mutual.wall.web import ActorRequest
from mutual.week.kinds import KINDS as SESSION_KINDS
from mutual.week.models import Session


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def page(request: ActorRequest, session: UUID) -> HttpResponse:
    """Write and sign the notes of a group in one sitting; each note stays one person's own."""
    row = Session.objects.visible_to(request.actor).sole(public_id=session)
    if row.subject_of != "G":
        raise NotThere
    notes = group.start_notes(request.actor, row)
    lines = [_line(request.actor, note) for note in notes]
    shared = next((line["shared"] for line in lines if line["shared"]), "")
    place, error, status = _("Video"), "", 200
    if request.method == "POST":
        shared, place = request.POST.get("shared", ""), request.POST.get("place", "")
        for line in lines:
            line["own"] = request.POST.get(f"own-{line['key']}", "")
            line["chosen"] = request.POST.getlist(f"goal-{line['key']}")
        try:
            with transaction.atomic():
                _save(request, row, notes, lines, shared, place)
        except Refused as refusal:
            error, status = refusal.text, 409
        else:
            signed = request.POST.get("do") == "sign"
            messages.success(request, _("Signed.") if signed else _("Saved."))
            return redirect("staff-notes-group", session)
    zone = settings.PROGRAMME_ZONE
    start, end = row.during.lower, row.during.upper
    kind = SESSION_KINDS.get(row.kind)
    return render(
        request,
        "staff/notes/group.html",
        {
            "rail": "today",
            "title": str(kind.title) if kind else row.kind,
            "when": f"{zones.day(start, zone)} {zones.span(start, end, zone)}",
            "lines": lines,
            "shared": shared,
            "place": place,
            "error": error,
            "open": any(note.status != "signed" for note in notes),
        },
        status=status,
    )


def _save(
    request: ActorRequest,
    session: Session,
    notes: list[Note],
    lines: list[dict[str, Any]],
    shared: str,
    place: str,
) -> None:
    own = {line["person"]: line["own"] for line in lines}
    group.save_group(request.actor, session, shared, own, place=place)
    for note, line in zip(notes, lines, strict=True):
        if note.status != "signed":
            body = NoteBody.objects.get(note_id=note.id)
            chosen = Draft({}, body.version, objectives=line["chosen"])
            save_draft(request.actor, note, chosen)
    if request.POST.get("do") == "sign":
        group.sign_group(request.actor, notes, late_reason=request.POST.get("late_reason", ""))


def _line(actor: Actor, note: Note) -> dict[str, Any]:
    body = NoteBody.objects.get(note_id=note.id)
    words = text_of(body)
    return {
        "key": str(note.public_id),
        "person": note.subject_id,
        "name": shown_names([note.subject_id]).get(note.subject_id, ("?", ""))[0],
        "shared": words.get("shared", ""),
        "own": words.get("own", ""),
        "chosen": [str(key) for key in body.objectives],
        "goals": [
            (str(c.key), c.words)
            for c in objectives_on(actor, "P", note.subject_id, note.service_date)
        ],
        "signed": note.status == "signed",
    }
