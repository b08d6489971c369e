"""Letting the couple's notes out needs both partners (C-74, P-42)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import partners
from mutual.people.models import Couple
from mutual.record.models import Note
from mutual.record.queries import bodies
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.wall.relations import has_consent


def missing_permission(couple_id: UUID, code: str) -> list[UUID]:
    """Whose half of a consent isn't in force; asked by a service, told to staff only."""
    both = partners([couple_id]).get(couple_id, [])
    with as_service("release"):
        return [p.person_id for p in both if not has_consent(p.person_id, code)]


def couple_notes_for_release(actor: Actor, couple: Couple, recipient: str) -> list[Note]:
    """The signed couple notes that may leave to a recipient (consent ``ext:<recipient>``).

    Raises:
        NotThere: if the actor may not read them.
        Refused: without the permission of both (C-74: "B's permission needed").
    """
    if not actor.is_staff:
        raise NotThere
    readable = bodies(actor).filter(kind="conjoint_note", subject_id=couple.id, signed=True)
    lacking = missing_permission(couple.id, f"ext:{recipient}")
    if lacking:
        names = [p.name for p in partners([couple.id])[couple.id] if p.person_id in lacking]
        raise Refused(
            _("%(name)s's permission needed") % {"name": names[-1] if names else "?"},
            rule="C-74",
        )
    notes = [body.note for body in readable.select_related("note").order_by("note__starts_at")]
    if not notes:
        raise NotThere
    audit.note("disclosure", "conjoint_note", couple.id, None, "released with both permissions")
    return notes
