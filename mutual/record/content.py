"""What is in a note: its words, its place in a chart, what a signature stands for."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from mutual.base.crypto import open_sealed, seal
from mutual.base.refusal import NotThere
from mutual.people.models import Couple, CoupleMember, Person
from mutual.record import rules
from mutual.record.models import SEALED, Note, NoteBody
from mutual.record.templates import KINDS


def zone() -> ZoneInfo:
    """The programme's zone, in which service days and due days are counted."""
    return ZoneInfo(settings.PROGRAMME_ZONE)


def text_of(body: NoteBody) -> dict[str, str]:
    """The words of a note by section, opened if its kind is sealed (P-9)."""
    if body.kind in SEALED:
        if body.sealed is None:
            return {}
        return dict(json.loads(open_sealed(body.sealed, str(body.note_id))))
    return dict(body.sections)


def why_late(body: NoteBody) -> str:
    """Why a note was signed late, in its author's words; "" when it wasn't (C-70)."""
    if body.late_sealed is not None:
        return open_sealed(body.late_sealed, _late_binding(body.note_id))
    return body.late_reason


def late_columns(note: Note, why: str) -> dict[str, object]:
    """The columns that keep why a note is late, sealed where its text is (P-7, P-9)."""
    if why and note.kind in SEALED:
        return {"late_sealed": seal(why, _late_binding(note.id))}
    return {"late_reason": why}


def _late_binding(note_id: UUID) -> str:
    return f"{note_id} late"


def signed_content(note: Note, body: NoteBody) -> rules.Signed:
    """What a signature stands for, as :func:`rules.content_hash` takes it."""
    if body.kind in SEALED:
        text = bytes(body.sealed or b"").hex()
    else:
        words: dict[str, Any] = dict(body.sections)
        if body.patterns:
            words["patterns"] = body.patterns
        text = json.dumps(words, sort_keys=True, ensure_ascii=False)
    return rules.Signed(
        note=str(note.id),
        kind=note.kind,
        subject=str(note.subject_id),
        author=str(note.author_id),
        service_date=note.service_date.isoformat(),
        starts_at=note.starts_at.astimezone(ZoneInfo("UTC")).isoformat(),
        ends_at=note.ends_at.astimezone(ZoneInfo("UTC")).isoformat(),
        modality=note.modality,
        template=note.template,
        place=body.place,
        objectives=tuple(body.objectives),
        text=text,
    )


def unchanged(note: Note, body: NoteBody) -> bool:
    """Whether a signed note is what was signed, by its hash (F-11)."""
    return bytes(note.content_hash or b"") == rules.content_hash(signed_content(note, body))


def plan_subject(note: Note) -> tuple[str, UUID] | None:
    """In whose plan a note's objectives are: (``P`` or ``C``, id); ``None`` if in nobody's."""
    links = KINDS[note.kind].links
    if not links:
        return None
    if links == "own" or note.subject_of == "C":
        return note.subject_of, note.subject_id
    member = CoupleMember.objects.filter(
        person_id=note.subject_id, couple__ended_on__isnull=True
    ).first()
    return ("C", member.couple_id) if member else None


def subject_public_id(note: Note) -> UUID:
    """The public id of whose record a note lies in.

    Raises:
        NotThere: if the actor may not know the subject.
    """
    model: Any = Couple if note.subject_of == "C" else Person
    found = model.objects.filter(id=note.subject_id).values_list("public_id", flat=True).first()
    if found is None:
        raise NotThere
    return found  # type: ignore[no-any-return]
