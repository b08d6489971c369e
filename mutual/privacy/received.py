"""Records that came from elsewhere: their Part 2 label stays with them (P-29, 2.12(d))."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person
from mutual.privacy.models import ReceivedRecord
from mutual.wall import audit
from mutual.wall.context import Actor


def may_write(actor: Actor, person_id: UUID) -> bool:
    """Whether the actor files such records of a person: the own counselor."""
    with connection.cursor() as cursor:
        cursor.execute("select %s = any(wall.subjects('received_record.write'))", [person_id])
        row = cursor.fetchone()
    return bool(row and row[0])


def receive(actor: Actor, person: Person, given: Mapping[str, Any]) -> ReceivedRecord:
    """File a record that came from elsewhere.

    Raises:
        NotThere: for anybody but the own counselor.
        Refused: without its source or text.
    """
    if not may_write(actor, person.id):
        raise NotThere
    for name in ("source", "title", "text"):
        if not str(given.get(name, "")).strip():
            raise Refused(_("Fill this in."), rule="P-29", field=name)
    row = ReceivedRecord(person_id=person.id, by_id=actor.sure_id, **given)
    row.save(force_insert=True)
    audit.note("write", "received_record", person.id, row.id)
    return row


def of_person(actor: Actor, person_id: UUID) -> list[ReceivedRecord]:
    """Those of a person, the newest first; a read of each is audited as one."""
    rows = list(
        ReceivedRecord.objects.visible_to(actor)
        .filter(person_id=person_id)
        .order_by("-received_on", "-id")
    )
    if rows:
        audit.read("received_record", person_id)
    return rows
