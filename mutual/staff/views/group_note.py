"""One page for the notes of a group session: a shared part and a line for each (C-73)."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mutual.base import zones
from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import shown_names
from mutual.plan.queries import objectives_on
from mutual.record import group, rules
from mutual.record.actions import text_of
from mutual.record.actions import zone as record_zone
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
    row, notes = _notes(request, session)
    lines = [_line(request.actor, note) for note in notes]
    shared = next((line["shared"] for line in lines if line["shared"]), "")
    place = next((line["place"] for line in lines if line["place"]), "") or _("Video")
    tab, late_reason, error, moved, status = secrets.token_hex(8), "", None, None, 200
    late = any(_late(note) for note in notes)
    if request.method == "POST":
        shared, place, tab = (request.POST.get(name, "") for name in ("shared", "place", "tab"))
        late_reason = request.POST.get("late_reason", "")
        _take(request, lines)
        try:
            with transaction.atomic():
                group.save_group(request.actor, row, shared, _parts(lines), place=place, tab=tab)
                if request.POST.get("do") == "sign":
                    group.sign_group(request.actor, notes, late_reason=late_reason)
        except group.GroupMoved as found:
            moved, status = found, 409
            for line in lines:
                line["version"] = found.versions[line["person"]]
        except Refused as refusal:
            error, status = refusal, 409
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
            "tab": tab,
            "late": late,
            "late_reason": late_reason,
            "late_error": error.text if error and error.field == "late_reason" else "",
            "error": error.text if error and error.field != "late_reason" else "",
            "moved": moved,
            "theirs": _theirs(moved, lines) if moved else [],
            "open": any(note.status != "signed" for note in notes),
            "draft_url": reverse("staff-notes-group-draft", args=[session]),
        },
        status=status,
    )


@require_POST
@staff_only()
def draft(request: ActorRequest, session: UUID) -> HttpResponse:
    """Keep what is being typed (F-10); 409 when another window, or a name, is in the way."""
    row, notes = _notes(request, session)
    lines = [_line(request.actor, note) for note in notes]
    _take(request, lines)
    shared, place, tab = (request.POST.get(name, "") for name in ("shared", "place", "tab"))
    try:
        group.save_group(request.actor, row, shared, _parts(lines), place=place, tab=tab)
    except Refused as refusal:
        return JsonResponse({"words": refusal.text}, status=409)
    return JsonResponse({"saved": True})


def _notes(request: ActorRequest, session: UUID) -> tuple[Session, list[Note]]:
    row = Session.objects.visible_to(request.actor).sole(public_id=session)
    if row.subject_of != "G":
        raise NotThere
    return row, group.start_notes(request.actor, row)


def _late(note: Note) -> bool:
    return note.status != "signed" and rules.is_late(
        note.kind, note.service_date, note.ends_at, timezone.now(), record_zone()
    )


def _take(request: ActorRequest, lines: list[dict[str, Any]]) -> None:
    """Put what was sent into the lines that are still open."""
    for line in lines:
        if line["signed"]:
            continue
        line["own"] = request.POST.get(f"own-{line['key']}", "")
        line["chosen"] = request.POST.getlist(f"goal-{line['key']}")
        version = request.POST.get(f"version-{line['key']}", "")
        line["version"] = int(version) if version.isdigit() else 0


def _parts(lines: list[dict[str, Any]]) -> dict[UUID, group.Part]:
    return {
        line["person"]: group.Part(line["own"], line["version"], line["chosen"]) for line in lines
    }


def _theirs(moved: group.GroupMoved, lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The other window's words: the shared part, then who has a line there."""
    own = [(line["name"], moved.own.get(line["person"], "")) for line in lines]
    return [(_("Shared part"), moved.shared), *own]


def _line(actor: Actor, note: Note) -> dict[str, Any]:
    body = NoteBody.objects.get(note_id=note.id)
    words = text_of(body)
    return {
        "key": str(note.public_id),
        "person": note.subject_id,
        "name": shown_names([note.subject_id]).get(note.subject_id, ("?", ""))[0],
        "shared": words.get("shared", ""),
        "own": words.get("own", ""),
        "place": body.place,
        "version": body.version,
        "chosen": [str(key) for key in body.objectives],
        "goals": [
            (str(c.key), c.words)
            for c in objectives_on(actor, "P", note.subject_id, note.service_date)
        ],
        "signed": note.status == "signed",
    }
