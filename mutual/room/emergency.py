"""An emergency in the room: one button, a timed log, closed with a crisis note (C-83)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Staff, StaffTask
from mutual.record.models import Note
from mutual.room.models import Admission, Emergency, RoomState
from mutual.wall import audit
from mutual.wall.context import Actor
from mutual.week.attending import own_counselor
from mutual.week.booking import local_day
from mutual.week.models import Session

#: How soon the second clinician is wanted.
NOW = timedelta(minutes=5)


def open_emergency(
    actor: Actor, session: Session, person_id: UUID, *, now: datetime | None = None
) -> Emergency:
    """Start the log, move the others to wait, and call a second clinician (C-83).

    The second is the clinician's supervisor, else the person's own counselor; nobody else is
    told, and the others learn only that they wait. A repeat finds the one that is open (F-13).
    """
    if actor.id != session.clinician_id:
        raise NotThere
    moment = now or timezone.now()
    open_one = Emergency.objects.filter(session=session, closed_at__isnull=True).first()
    if open_one is not None:
        return open_one
    with transaction.atomic():
        others = Admission.objects.filter(session=session, out_at__isnull=True).exclude(
            person_id=person_id
        )
        moved = others.update(out_at=moment)
        RoomState.objects.filter(session=session).update(alone_with=None)
        second = _second(actor, person_id, moment)
        row = Emergency(
            session=session,
            person_id=person_id,
            clinician_id=actor.sure_id,
            second_id=second,
            opened_at=moment,
            log=[[moment.isoformat(), _("Emergency opened; %(n)d moved to wait") % {"n": moved}]],
        )
        row.save(force_insert=True)
        if second is not None:
            StaffTask.objects.create(
                person_id=person_id,
                author_id=actor.sure_id,
                addressee_id=second,
                rule="C-83",
                text=_("Second clinician wanted now: an emergency in a session. Call the one who"
                       " holds it."),
                due=moment + NOW,
            )  # fmt: skip
    audit.note("write", "crisis_note", person_id, row.id, "emergency opened")
    return row


def note_in_emergency(
    actor: Actor, row: Emergency, words: str, *, now: datetime | None = None
) -> Emergency:
    """Add a line with its time to the log."""
    if actor.id != row.clinician_id or row.closed_at is not None:
        raise NotThere
    if not words.strip():
        raise Refused(_("Write what happened or whom you reached."), field="words")
    row.log = [*row.log, [(now or timezone.now()).isoformat(), words.strip()[:500]]]
    row.save(update_fields=["log"])
    return row


def close_emergency(actor: Actor, row: Emergency, *, now: datetime | None = None) -> Emergency:
    """Close the log.

    Raises:
        Refused: without a crisis note about this person from this session on (C-83).
    """
    if actor.id != row.clinician_id:
        raise NotThere
    written = Note.objects.filter(
        kind="crisis_note",
        subject_id=row.person_id,
        author_id=actor.sure_id,
        service_date__gte=local_day(row.opened_at),
    )
    if not written.exists():
        raise Refused(_("Write the crisis note first; a draft is enough to close."), rule="C-83")
    row.closed_at = now or timezone.now()
    row.log = [*row.log, [row.closed_at.isoformat(), _("Emergency closed")]]
    row.save(update_fields=["closed_at", "log"])
    audit.note("write", "crisis_note", row.person_id, row.id, "emergency closed")
    return row


def _second(actor: Actor, person_id: UUID, moment: datetime) -> UUID | None:
    me = Staff.objects.get(id=actor.sure_id)
    if me.supervisor_id is not None:
        return me.supervisor_id
    counselor = own_counselor(person_id, local_day(moment))
    return counselor if counselor != actor.id else None
