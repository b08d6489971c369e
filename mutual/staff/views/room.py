"""The room as its clinician runs it: faces, who waits, the note, attendance (C-55, C-78, C-83)."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mutual.base.headers import uses_camera
from mutual.base.refusal import NotThere, Refused
from mutual.record import actions as record
from mutual.record import queries as notes
from mutual.record.group import start_notes
from mutual.room import actions, queries
from mutual.room import attendance as presence
from mutual.room.seats import seat_name
from mutual.staff.gate import staff_only
from mutual.staff.views.notes import NoteForm
from mutual.wall.context import Actor
from mutual.wall.web import ActorRequest
from mutual.week.actions import confirm_attendance, excuse, mark_no_show, may_end_with_one
from mutual.week.models import Session


@uses_camera
@require_safe
@staff_only()
def page(request: ActorRequest, session: UUID) -> HttpResponse:
    """Faces, controls and the side pane with people and note; once it is over, the attendance."""
    row = actions.held_session(request.actor, session)
    desk = queries.desk(request.actor, row)
    more: dict[str, Any] = {"note": None}
    if desk.ended:
        return redirect("staff-room-attendance", session)
    if desk.door == "open":
        more["note"] = _note(request.actor, row)
    return render(
        request,
        "staff/room/page.html",
        {
            "rail": "today",
            "with_side": True,
            "desk": desk,
            "me": seat_name(row.id, request.actor.sure_id),
            **more,
        },
    )


@require_safe
@staff_only()
def people(request: ActorRequest, session: UUID) -> HttpResponse:
    """The pane with people alone, fetched anew when something changes."""
    row = actions.held_session(request.actor, session)
    desk = queries.desk(request.actor, row)
    return render(request, "staff/room/people.html", {"desk": desk})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def attendance(request: ActorRequest, session: UUID) -> HttpResponse:
    """Measured minutes of each; confirmed, or corrected with a reason (C-55)."""
    row = actions.held_session(request.actor, session)
    lines = presence.lines(request.actor, row)
    problem: Refused | None = None
    typed: dict[str, str] = {}
    wrong: UUID | None = None
    if request.method == "POST":
        line = next((x for x in lines if str(x.public_id) == request.POST.get("seat")), None)
        if line is None:
            raise NotThere
        typed = {k: request.POST.get(k, "") for k in ("minutes", "reason", "excused")}
        try:
            _confirm(request.actor, row, line, typed)
        except Refused as refusal:
            problem, wrong = refusal, line.public_id
        else:
            messages.success(request, _("Confirmed."))
            return redirect("staff-room-attendance", session)
    desk = queries.desk(request.actor, row)
    return render(
        request,
        "staff/room/attendance.html",
        {
            "rail": "today", "desk": desk, "lines": lines, "problem": problem,
            "typed": typed, "wrong": wrong,
            "one_came": desk.door != "early" and may_end_with_one(row),
        },
        status=409 if problem else 200,
    )  # fmt: skip


def _confirm(actor: Actor, row: Session, line: presence.Line, typed: dict[str, str]) -> None:
    if typed["excused"]:
        excuse(actor, row, line.person_id, typed["reason"])
        return
    try:
        minutes = int(typed["minutes"])
    except ValueError:
        raise Refused(_("Enter whole minutes."), rule="C-55", field="minutes") from None
    if minutes == 0 and line.measured.minutes == 0:
        mark_no_show(actor, row, line.person_id)  # the own counselor gets the task to call (C-57)
        return
    confirm_attendance(
        actor,
        row,
        line.person_id,
        measured=line.measured.minutes,
        minutes=minutes,
        reason=typed["reason"],
        late=line.measured.late,
        left_early=line.measured.left_early,
    )


def _note(actor: Actor, row: Session) -> dict[str, Any] | None:
    """The draft of this session's note for the pane, or ``None`` where it asks for none."""
    try:
        started = [n for n in start_notes(actor, row) if n.status != "signed"]
    except (NotThere, Refused):
        return None
    if not started:
        return None
    view = notes.note(actor, started[0].public_id)
    first = {
        **{f"part-{section.key}": text for section, text in view.parts},
        "place": view.place,
        "modality": view.note.modality,
        "objectives": view.chosen,
        "version": view.version,
        "tab": secrets.token_hex(8),
        "subject": record.subject_public_id(view.note),
    }
    return {
        "title": view.kind.word,
        "ours": view.note.subject_of == "C",
        "draft": reverse("staff-note-draft", args=[view.note.public_id]),
        "href": reverse("staff-note", args=[view.note.public_id]),
        "form": NoteForm(view, late=False, initial=first),
    }
