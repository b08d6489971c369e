"""The person's portal record, closed and opened again in a private contact (C-76)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from mutual.record.models import ClosedRecord
from mutual.wall import audit
from mutual.wall.context import Actor


def close_record(actor: Actor, person_id: UUID, *, now: datetime | None = None) -> ClosedRecord:
    """The own counselor closes a person's portal record at that person's word (C-76).

    From then on it looks empty in the portal, also to whoever else holds the person's phone.
    """
    row, made = ClosedRecord.objects.get_or_create(
        person_id=person_id,
        defaults={"closed_at": now or timezone.now(), "by_id": actor.sure_id},
    )
    if made:
        audit.note("write", "episode", person_id, None, "portal record closed")
    return row


def open_record(actor: Actor, person_id: UUID) -> None:
    """Open it again, likewise in a private contact; there is no button for it in the portal."""
    count, _ = ClosedRecord.objects.writable_by(actor).filter(person_id=person_id).delete()
    if count:
        audit.note("write", "episode", person_id, None, "portal record opened")


def closed_since(actor: Actor, person_id: UUID) -> datetime | None:
    """Since when a person's portal record is closed, for their own counselor (C-76)."""
    audit.read("episode", person_id)
    return (
        ClosedRecord.objects.visible_to(actor)
        .filter(person_id=person_id)
        .values_list("closed_at", flat=True)
        .first()
    )
