"""What clinicians do with notes: keep a draft, sign, add, co-sign (C-66, C-69 to C-74)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.crypto import seal
from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Staff
from mutual.plan.queries import has_plan, objectives_on
from mutual.record import patterns, rules
from mutual.record.content import (
    late_columns,
    plan_subject,
    signed_content,
    subject_public_id,
    text_of,
    unchanged,
    zone,
)
from mutual.record.models import SEALED, Addendum, CoSignature, Note, NoteBody
from mutual.record.signals import note_cosigned, note_signed
from mutual.record.starting import sqlstate, start_note
from mutual.record.templates import KINDS, MODALITIES, TEMPLATES
from mutual.wall import audit
from mutual.wall.context import Actor

__all__ = [
    "Draft",
    "DraftMoved",
    "add_addendum",
    "claimable",
    "cosign",
    "plan_subject",
    "save_draft",
    "sign_note",
    "signed_content",
    "start_note",
    "subject_public_id",
    "text_of",
    "unchanged",
    "zone",
]


class DraftMoved(Refused):
    """Another page saved this draft meanwhile: nothing was overwritten (F-14).

    Attributes:
        theirs: the words that are kept, by section.
        version: their version; saving with it puts one's own words in their place.
    """

    def __init__(self, theirs: dict[str, str], version: int) -> None:
        super().__init__(
            _("This note was changed in another window. Both texts are kept; choose one."),
            rule="F-14",
        )
        self.theirs = theirs
        self.version = version


@dataclass(frozen=True)
class Draft:
    """What a page sends of a draft; ``None`` leaves a thing as it is.

    Attributes:
        sections: words by section.
        version: of the draft when the page was opened.
        tab: a random name of the page, so that a page never meets its own saves.
        patterns: keys and own words, of a couple note.
        subject: public id of whose record the form was opened for (F-12).
    """

    sections: Mapping[str, str]
    version: int = 0
    tab: str = ""
    place: str | None = None
    objectives: Sequence[str] | None = None
    patterns: Sequence[str] | None = None
    template: str | None = None
    modality: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    subject: UUID | None = None


def save_draft(actor: Actor, note: Note, draft: Draft) -> int:
    """Keep what was typed; returns the draft's new version.

    Raises:
        DraftMoved: if another page saved since this one was opened; nothing is overwritten.
        Refused: if the note is signed (F-11), or the form is of another record (F-12).
    """
    _refuse_other_record(note, draft)
    body = NoteBody.objects.filter(note_id=note.id, author_id=actor.sure_id).first()
    if body is None:
        raise NotThere
    if note.status == "signed" or body.signed:
        raise Refused(_("This note is signed. Add an addendum instead."), rule="C-71")
    if body.version != draft.version and not (draft.tab and body.tab == draft.tab):
        raise DraftMoved(text_of(body), body.version)
    _facts(note, draft)
    words = rules.kept(note.template, {**text_of(body), **draft.sections})
    changes: dict[str, Any] = {
        "version": body.version + 1,
        "tab": draft.tab,
        "saved_at": timezone.now(),
        **_words(note, words),
    }
    if draft.place is not None:
        changes["place"] = draft.place.strip()[:200]
    if draft.objectives is not None:
        changes["objectives"] = [str(key) for key in draft.objectives]
    if draft.patterns is not None and note.kind == "conjoint_note":
        changes["patterns"] = patterns.kept(draft.patterns)
    saved = NoteBody.objects.filter(note_id=note.id, version=body.version).update(**changes)
    if not saved:
        body.refresh_from_db()
        raise DraftMoved(text_of(body), body.version)
    audit.note("write", note.kind, note.subject_id, note.id, "draft")
    return int(changes["version"])


def sign_note(
    actor: Actor, note: Note, *, now: datetime | None = None, late_reason: str = ""
) -> Note:
    """Sign a note; from then on it is closed (C-71). A repeat gets the first answer (F-13).

    Raises:
        Refused: with an empty section (C-69), without place (C-69), without an objective active
            on the service date (C-66), or late without a reason (C-70).
        NotThere: for anybody but its author.
    """
    moment = now or timezone.now()
    # The row's lock makes the second of two presses wait, and then find the first one's answer.
    fresh = Note.objects.select_for_update().filter(id=note.id, author_id=actor.sure_id).first()
    if fresh is None:
        raise NotThere
    if fresh.status == "signed":
        return fresh
    body = NoteBody.objects.get(note_id=fresh.id)
    words = text_of(body)
    _refuse_unready(actor, fresh, body, words)
    late = rules.is_late(fresh.kind, fresh.service_date, fresh.ends_at, moment, zone())
    if late and not late_reason.strip():
        raise Refused(_("Say why this note is late."), rule="C-70", field="late_reason")
    author = Staff.objects.get(id=actor.sure_id)
    fresh.content_hash = rules.content_hash(signed_content(fresh, body))
    fresh.status = "signed"
    fresh.signed_at = moment
    fresh.late = late
    fresh.cosign_by = author.supervisor_id
    why = late_reason.strip()[:200] if late else ""
    NoteBody.objects.filter(note_id=fresh.id).update(signed=True, **late_columns(fresh, why))
    fresh.save()
    audit.note("sign", fresh.kind, fresh.subject_id, fresh.id, "late" if late else "")
    note_signed.send(sender=Note, note=fresh, actor=actor)
    return fresh


def add_addendum(
    actor: Actor,
    note: Note,
    text: str,
    reason: str,
    *,
    now: datetime | None = None,
    key: UUID | None = None,
) -> Addendum:
    """Add to a signed note, with its own author, time and reason (C-71, F-11).

    ``key`` is the id that the form carries: a repeat finds the first (F-13).

    Raises:
        Refused: without text or reason, or while the note is a draft.
    """
    if note.status != "signed":
        raise Refused(_("Sign the note first; until then it can be changed."), rule="C-71")
    if not text.strip():
        raise Refused(_("Write what you add."), rule="C-71", field="text")
    if not reason.strip():
        raise Refused(_("Say why you add it."), rule="C-71", field="reason")
    if key is not None:
        first = Addendum.objects.filter(id=key, note=note).first()
        if first is not None:
            return first
    made = Addendum(
        **({"id": key} if key else {}),
        note=note,
        kind=note.kind,
        subject_id=note.subject_id,
        author_id=actor.sure_id,
        reason=reason.strip()[:200],
        signed_at=now or timezone.now(),
    )
    if note.kind in SEALED:
        made.sealed = seal(text.strip(), str(made.id))
    else:
        made.text = text.strip()
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except DatabaseError as error:
        if sqlstate(error) == "42501":
            raise NotThere from error
        raise
    audit.note("sign", note.kind, note.subject_id, note.id, "addendum")
    return made


def cosign(actor: Actor, note: Note, *, now: datetime | None = None) -> CoSignature:
    """The supervisor signs under the note of somebody they supervise (C-72).

    Raises:
        NotThere: if this note waits for another supervisor's signature, or for none.
    """
    if note.status != "signed" or note.cosign_by is None or note.cosign_by != actor.id:
        raise NotThere
    first = CoSignature.objects.filter(note=note).first()
    if first is not None:
        return first
    made = CoSignature(
        note=note,
        kind=note.kind,
        subject_id=note.subject_id,
        supervisor_id=actor.sure_id,
        signed_at=now or timezone.now(),
    )
    made.save(force_insert=True)
    audit.note("sign", note.kind, note.subject_id, note.id, "co-signed")
    note_cosigned.send(sender=Note, note=note, actor=actor)
    return made


def claimable(note: Note) -> bool:
    """Whether a note may stand behind a charge: signed, and co-signed where needed (C-72)."""
    if note.status != "signed":
        return False
    return note.cosign_by is None or CoSignature.objects.filter(note=note).exists()


def _refuse_unready(actor: Actor, note: Note, body: NoteBody, words: dict[str, str]) -> None:
    empty = rules.first_empty(note.template, words)
    if empty is not None:
        raise Refused(_("%(part)s is empty") % {"part": empty.word}, rule="C-69", field=empty.key)
    if not body.place:
        raise Refused(_("Say where the person was."), rule="C-69", field="place")
    if note.kind == "group_note":
        from mutual.record.group import refuse_other_names

        refuse_other_names(actor, note, words)
    where = plan_subject(note)
    if where is None:
        return
    active = [str(c.key) for c in objectives_on(actor, *where, note.service_date)]
    chosen = [str(key) for key in body.objectives]
    if rules.lacking_objective(note.kind, chosen, active, has_plan(*where, note.service_date)):
        raise Refused(_("Choose an active objective"), rule="C-66", field="objectives")


def _refuse_other_record(note: Note, draft: Draft) -> None:
    if draft.subject is not None and draft.subject != subject_public_id(note):
        raise Refused(
            _("This text was written for another record. Nothing was saved; your text is below."),
            rule="F-12",
        )


def _facts(note: Note, draft: Draft) -> None:
    """Template, modality and times of a draft, if the page sends other ones."""
    changed = []
    if draft.template and draft.template != note.template:
        if draft.template not in KINDS[note.kind].templates or draft.template not in TEMPLATES:
            raise Refused(_("This kind of note has other sections."), field="template")
        note.template = draft.template
        changed.append("template")
    if draft.modality and draft.modality != note.modality:
        if draft.modality not in MODALITIES:
            raise Refused(_("Choose how the contact was held."), rule="C-69", field="modality")
        note.modality = draft.modality
        changed.append("modality")
    if draft.starts_at and draft.ends_at:
        if draft.ends_at < draft.starts_at:
            raise Refused(_("The end is before the start."), rule="C-69", field="ends_at")
        note.starts_at, note.ends_at = draft.starts_at, draft.ends_at
        note.minutes = rules.minutes_between(note.starts_at, note.ends_at)
        note.service_date = note.starts_at.astimezone(zone()).date()
        changed += ["starts_at", "ends_at", "minutes", "service_date"]
    if changed:
        note.save(update_fields=changed)


def _words(note: Note, words: dict[str, str]) -> dict[str, Any]:
    if note.kind in SEALED:
        return {"sealed": seal(json.dumps(words, ensure_ascii=False), str(note.id))}
    return {"sections": words}
