"""Notes: the unsigned list, the editor with its drafts, signing, addenda, co-signatures."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutual.base import zones
from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import shown_names
from mutual.people.models import CoupleMember, Person
from mutual.record import actions, group, queries, rules
from mutual.record.actions import DraftMoved
from mutual.record.models import Note
from mutual.record.patterns import PATTERNS
from mutual.record.queries import NoteView
from mutual.record.templates import KINDS, TEMPLATES
from mutual.staff.gate import staff_only
from mutual.staff.views.note_forms import AddendumForm, NewForm
from mutual.staff.views.note_forms import NoteForm as NoteForm
from mutual.wall.context import Actor
from mutual.wall.web import ActorRequest
from mutual.week.kinds import KINDS as SESSION_KINDS
from mutual.week.models import Session


@require_safe
@staff_only()
def unsigned(request: ActorRequest) -> HttpResponse:
    """The actor's own notes that wait, oldest first, and those that wait for a co-signature."""
    waiting = queries.unsigned(request.actor)
    under = queries.cosign_waiting(request.actor)
    zone = settings.PROGRAMME_ZONE
    return render(
        request,
        "staff/notes/unsigned.html",
        {
            "rail": "today",
            "waiting": [
                {
                    "title": _title(u.session),
                    "when": f"{zones.day(u.session.during.lower, zone)}"
                    f" {zones.when(u.session.during.lower, zone)}",
                    "due": zones.day(u.due, zone),
                    "overdue": u.overdue,
                    "started": u.started,
                    "href": reverse("staff-notes-for", args=[u.session.public_id]),
                }
                for u in waiting
            ],
            "under": [
                (KINDS[n.kind].word, n, reverse("staff-note", args=[n.public_id])) for n in under
            ],
        },
    )


@require_safe
@staff_only()
def for_session(request: ActorRequest, session: UUID) -> HttpResponse:
    """Start or open what a session asks its clinician to write: two clicks from Today."""
    row = Session.objects.visible_to(request.actor).sole(public_id=session)
    notes = group.start_notes(request.actor, row)
    if row.subject_of == "G" and notes:
        return redirect("staff-notes-group", session)
    open_one = next((n for n in notes if n.status != "signed"), notes[0] if notes else None)
    if open_one is None:
        messages.warning(
            request,
            _("This record is no longer open to you. Ask who keeps the care team to open it."),
        )
        return redirect("staff-notes")
    return redirect("staff-note", open_one.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A note: the editor of a draft for its author, the closed note for those who may read it."""
    view = queries.note(request.actor, public_id)
    if view.signed:
        if request.method == "POST":  # F-13: a repeat of Sign gets the first answer.
            return redirect("staff-note", public_id)
        return _reading(request, view)
    if view.note.session is not None and view.note.session.subject_of == "G":
        # A leader knows no profile of a member: these are written on the group's own page.
        return redirect("staff-notes-group", view.note.session.public_id)
    late = _late(view.note)
    if request.method != "POST":
        return _editor(request, view, NoteForm(view, late, initial=_initial(view)))
    form = NoteForm(view, late, request.POST)
    if not form.is_valid():
        return _editor(request, view, form, status=422)
    try:
        actions.save_draft(request.actor, view.note, form.draft())
        if request.POST.get("do") == "sign":
            actions.sign_note(
                request.actor, view.note, late_reason=form.cleaned_data.get("late_reason", "")
            )
            messages.success(request, _("Signed."))
    except DraftMoved as moved:
        return _editor(request, view, form, moved=moved, status=409)
    except Refused as refusal:
        field = refusal.field if refusal.field in form.fields else f"part-{refusal.field}"
        form.add_error(field if field in form.fields else None, refusal.text)
        view = queries.note(request.actor, public_id)
        form.keep_version(view.version)
        return _editor(request, view, form, status=409)
    return redirect("staff-note", public_id)


@require_POST
@staff_only()
def draft(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Keep what is being typed (F-10); 409 when another window, or another record, is meant."""
    view = queries.note(request.actor, public_id)
    form = NoteForm(view, late=False, data=request.POST)
    if not form.is_valid():
        return JsonResponse({"words": _("Some of it could not be kept.")}, status=422)
    try:
        version = actions.save_draft(request.actor, view.note, form.draft())
    except Refused as refusal:
        return JsonResponse({"words": refusal.text}, status=409)
    return JsonResponse({"version": version})


@require_POST
@staff_only()
def addendum(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Add to a signed note."""
    view = queries.note(request.actor, public_id)
    form = AddendumForm(request.POST)
    if form.is_valid():
        try:
            actions.add_addendum(
                request.actor,
                view.note,
                form.cleaned_data["text"],
                form.cleaned_data["reason"],
                key=form.cleaned_data["key"],
            )
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
        else:
            messages.success(request, _("Added."))
            return redirect("staff-note", public_id)
    return _reading(request, view, form, status=422)


@require_POST
@staff_only()
def cosign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Sign under the note of somebody the actor supervises (C-72)."""
    view = queries.note(request.actor, public_id)
    actions.cosign(request.actor, view.note)
    messages.success(request, _("Co-signed."))
    return redirect("staff-note", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def new(request: ActorRequest, public_id: UUID, lane: str) -> HttpResponse:
    """Start a note without a session in one partner's record."""
    from mutual.staff.views.couples import header

    head = header(request.actor, public_id, lane)
    if lane == "ours":
        raise NotThere
    partner = head["row"].partner(lane)
    subject = Person.objects.visible_to(request.actor).sole(id=partner.person_id)
    kinds = _kinds_of(request.actor)
    first = {
        "kind": kinds[0],
        "minutes": 15,
        "key": uuid4(),
        "subject": subject.public_id,
        "starts_at": timezone.now().astimezone(actions.zone()).replace(second=0, tzinfo=None),
    }
    form = NewForm(kinds, request.POST or None, initial=first)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and form.cleaned_data["subject"] != subject.public_id:
            # F-12: the form was opened for another record than the address names.
            form.add_error(None, _("This form was opened for another record. Start it again here."))
            status = 409
        elif form.is_valid():
            begin: datetime = form.cleaned_data["starts_at"].replace(tzinfo=actions.zone())
            try:
                note = actions.start_note(
                    request.actor,
                    None,
                    form.cleaned_data["kind"],
                    subject,
                    starts_at=begin,
                    ends_at=begin + timedelta(minutes=form.cleaned_data["minutes"]),
                    key=form.cleaned_data["key"],
                )
            except Refused as refusal:
                form.add_error(None, refusal.text)
            else:
                return redirect("staff-note", note.public_id)
    return render(request, "staff/notes/new.html", {**head, "form": form}, status=status)


def _kinds_of(actor: Actor) -> list[str]:
    """What a clinician may start without a session, by role."""
    if actor.has("counselor"):
        return ["contact_note", "crisis_note", "progress_note", "sud_counseling_note",
                "psychotherapy_note"]  # fmt: skip
    if actor.has("prescriber", "nurse"):
        return ["medical_note", "crisis_note", "contact_note"]
    if actor.has("couples_therapist"):
        return ["couple_solo_note", "contact_note", "crisis_note"]
    raise NotThere


def _late(note: Note) -> bool:
    return rules.is_late(note.kind, note.service_date, note.ends_at, timezone.now(), actions.zone())


def _initial(view: NoteView) -> dict[str, Any]:
    return {
        **{f"part-{section.key}": text for section, text in view.parts},
        "place": view.place,
        "modality": view.note.modality,
        "objectives": view.chosen,
        "patterns": [tag for tag in view.patterns if tag in PATTERNS],
        "own_patterns": ", ".join(tag for tag in view.patterns if tag not in PATTERNS),
        "version": view.version,
        "tab": secrets.token_hex(8),
        "subject": actions.subject_public_id(view.note),
    }


def _title(session: Session) -> str:
    kind = SESSION_KINDS.get(session.kind)
    return str(kind.title) if kind else session.kind


def _whose(note: Note) -> dict[str, Any]:
    """Name, side and lane of whose record a note lies in."""
    if note.subject_of == "C":
        rows = CoupleMember.objects.filter(couple_id=note.subject_id).order_by("side")
    else:
        own = CoupleMember.objects.filter(person_id=note.subject_id).values("couple_id")
        rows = CoupleMember.objects.filter(couple_id__in=own).order_by("side")
    members = list(rows.values_list("person_id", "side", "couple__public_id"))
    names = shown_names([m[0] for m in members] or [note.subject_id])
    known = {person: names.get(person, ("", ""))[0] for person, _side, _couple in members}
    side = next((s.lower() for p, s, _c in members if p == note.subject_id), "")
    mine = names.get(note.subject_id, ("", ""))[0]
    other = next((n for p, n in known.items() if p != note.subject_id), "")
    couple = members[0][2] if members else None
    lane = "ours" if note.subject_of == "C" else side
    if lane == "ours":
        name = _("%(a)s and %(b)s") % dict(zip("ab", known.values(), strict=False))
        where = _("You are in their shared record.")
    else:
        name = mine
        where = _("You are in %(name)s’s own record.") % {"name": mine}
    return {
        "name": name,
        "where": where,
        "lane": lane,
        "hue": {"a": "in-a", "b": "in-b"}.get(lane, ""),
        "mine": mine,
        "other": other,
        "readers": queries.reader_line(note.kind, mine, other),
        "back": reverse("staff-couple-lane", args=[couple, lane]) if couple and lane else "",
    }


def _siblings(actor: Actor, note: Note) -> list[tuple[str, str, bool, bool]]:
    """The other notes the actor writes about the same session: words, address, open, signed."""
    if note.session_id is None:
        return []
    rows = list(
        Note.objects.visible_to(actor)
        .filter(session_id=note.session_id, author_id=actor.sure_id)
        .order_by("-subject_of", "id")
    )
    if len(rows) < 2:
        return []
    rows.sort(key=lambda n: n.subject_of != "C")
    names = shown_names([n.subject_id for n in rows if n.subject_of == "P"])
    return [
        (
            KINDS[n.kind].word if n.subject_of == "C" else names.get(n.subject_id, ("?", ""))[0],
            reverse("staff-note", args=[n.public_id]),
            n.id == note.id,
            n.status == "signed",
        )
        for n in rows
    ]


def _common(request: ActorRequest, view: NoteView) -> dict[str, Any]:
    zone = settings.PROGRAMME_ZONE
    return {
        "rail": "couples",
        "view": view,
        "note": view.note,
        "whose": _whose(view.note),
        "siblings": _siblings(request.actor, view.note),
        "when": f"{zones.day(view.note.starts_at, zone)}"
        f" {zones.span(view.note.starts_at, view.note.ends_at, zone)}",
        "template": TEMPLATES[view.note.template].word,
    }


def _editor(
    request: ActorRequest,
    view: NoteView,
    form: NoteForm,
    *,
    moved: DraftMoved | None = None,
    status: int = 200,
) -> HttpResponse:
    theirs = []
    if moved is not None:
        theirs = [(s.word, moved.theirs.get(s.key, "")) for s, _text in view.parts]
        form.keep_version(moved.version)
    return render(
        request,
        "staff/notes/editor.html",
        {
            **_common(request, view),
            "form": form,
            "moved": moved,
            "theirs": theirs,
            "templates": [
                (key, TEMPLATES[key].word, key == view.note.template)
                for key in KINDS[view.note.kind].templates
            ],
            "draft_url": reverse("staff-note-draft", args=[view.note.public_id]),
        },
        status=status,
    )


def _reading(
    request: ActorRequest, view: NoteView, form: AddendumForm | None = None, *, status: int = 200
) -> HttpResponse:
    mine = view.note.author_id == request.actor.id
    waits = view.note.cosign_by is not None and view.cosigned_at is None
    return render(
        request,
        "staff/notes/note.html",
        {
            **_common(request, view),
            "form": form or (AddendumForm(initial={"key": uuid4()}) if mine else None),
            "may_cosign": waits and view.note.cosign_by == request.actor.id,
            "waits": waits,
            "zone": settings.PROGRAMME_ZONE,
        },
        status=status,
    )
