"""Starting notes: one about somebody, or one about each person of a session (F-13, C-73)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from mutual.base.crypto import seal
from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Couple, Person
from mutual.record import rules
from mutual.record.content import zone
from mutual.record.models import SEALED, Note, NoteBody
from mutual.record.templates import KINDS
from mutual.wall import audit
from mutual.wall.context import Actor
from mutual.week.models import Session


def start_note(
    actor: Actor,
    session: Session | None,
    kind: str,
    subject: Person | Couple,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    key: UUID | None = None,
    template: str | None = None,
) -> Note:
    """The note of a kind about somebody for a session; started if there is none yet (F-13).

    Without a session (a call, a crisis) ``starts_at`` and ``ends_at`` say when it was, and
    ``key`` (the public id that the form carries) makes a repeat find the first.

    Raises:
        Refused: if the kind isn't about such a subject, or somebody else writes this note.
        NotThere: if this record isn't the actor's to write.
    """
    entry = KINDS[kind]
    of = "C" if isinstance(subject, Couple) else "P"
    if entry.of != of:
        raise Refused(_("This kind of note belongs to another record."), rule="P-4")
    if template is not None and template not in entry.templates:
        raise Refused(_("This kind of note has other sections."), rule="C-69", field="template")
    found = _existing(session, kind, subject.id, key)
    if found is not None:
        return found
    if session is not None:
        starts_at, ends_at = session.during.lower, session.during.upper
    if starts_at is None or ends_at is None or ends_at < starts_at:
        raise Refused(_("Say when it began and ended."), rule="C-69", field="starts_at")
    note, body = _rows(actor, session, kind, subject.id, starts_at, ends_at)
    note.template = template or note.template
    if key:
        note.public_id = key
    try:
        with transaction.atomic():
            note.save(force_insert=True)
            body.save(force_insert=True)
    except IntegrityError:
        found = _existing(session, kind, subject.id, key)
        if found is None:
            raise Refused(
                _("Somebody else is writing this note. Ask who held the session."), rule="F-13"
            ) from None
        return found
    except DatabaseError as error:
        if sqlstate(error) == "42501":  # the row policy: as if there were no such record (P-2)
            raise NotThere from error
        raise
    audit.note("write", kind, subject.id, note.id, "started")
    return note


def start_each(actor: Actor, session: Session, kind: str, subjects: Sequence[Person]) -> list[Note]:
    """As :func:`start_note` for each person of a session, in their order; few queries for all.

    Raises:
        Refused: if the kind isn't about a person, or somebody else writes one of these notes.
        NotThere: if one of the records isn't the actor's to write; then none is started.
    """
    if KINDS[kind].of != "P":
        raise Refused(_("This kind of note belongs to another record."), rule="P-4")
    rows = Note.objects.filter(session=session, kind=kind, subject_id__in=[p.id for p in subjects])
    notes = {note.subject_id: note for note in rows}
    start, end = session.during.lower, session.during.upper
    fresh = [
        _rows(actor, session, kind, person.id, start, end)
        for person in subjects
        if person.id not in notes
    ]
    try:
        with transaction.atomic():
            Note.objects.bulk_create([note for note, _body in fresh])
            NoteBody.objects.bulk_create([body for _note, body in fresh])
    except IntegrityError:  # somebody began one meanwhile: each tells for itself
        return [start_note(actor, session, kind, person) for person in subjects]
    except DatabaseError as error:
        if sqlstate(error) == "42501":
            raise NotThere from error
        raise
    for note, _body in fresh:
        notes[note.subject_id] = note
        audit.note("write", kind, note.subject_id, note.id, "started")
    return [notes[person.id] for person in subjects]


def _rows(
    actor: Actor,
    session: Session | None,
    kind: str,
    subject_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
) -> tuple[Note, NoteBody]:
    breaks = session.break_minutes if session else 0
    note = Note(
        kind=kind,
        subject_of=KINDS[kind].of,
        subject_id=subject_id,
        session=session,
        author_id=actor.sure_id,
        service_date=starts_at.astimezone(zone()).date(),
        starts_at=starts_at,
        ends_at=ends_at,
        minutes=max(0, rules.minutes_between(starts_at, ends_at) - breaks),
        template=KINDS[kind].templates[0],
    )
    body = NoteBody(
        note=note,
        kind=kind,
        subject_id=subject_id,
        author_id=actor.sure_id,
        sealed=seal("{}", str(note.id)) if kind in SEALED else None,
    )
    return note, body


def _existing(
    session: Session | None, kind: str, subject_id: UUID, key: UUID | None
) -> Note | None:
    if session is not None:
        return Note.objects.filter(session=session, kind=kind, subject_id=subject_id).first()
    if key is None:
        return None
    return Note.objects.filter(public_id=key, kind=kind, subject_id=subject_id).first()


def sqlstate(error: BaseException) -> str:
    """The SQLSTATE behind a database error, or ``""``."""
    return str(getattr(error.__cause__ or error, "sqlstate", "") or "")
