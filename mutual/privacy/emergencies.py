"""What was told in a medical emergency, and to whom: complete, or it stays open (P-31, 2.51)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person
from mutual.privacy.gate import Leaving, let_out
from mutual.privacy.models import EmergencyDisclosure
from mutual.wall import audit
from mutual.wall.context import Actor

#: The parts 2.51(c) asks for, and why consent could not be had; each is needed to close.
PARTS = ("recipient", "facility", "discloser", "told_at", "nature", "what", "why_no_consent")

LABELS = {
    field.name: field.verbose_name
    for field in EmergencyDisclosure._meta.concrete_fields
    if field.name in PARTS
}


def begin(actor: Actor, person: Person, *, now: datetime | None = None) -> EmergencyDisclosure:
    """Open the line at once; whoever treats the person may, and it waits until it is complete.

    Raises:
        NotThere: for who may not know the person.
    """
    if not actor.is_staff or not Person.objects.visible_to(actor).filter(id=person.id).exists():
        raise NotThere
    row = EmergencyDisclosure(
        person_id=person.id, opened_at=now or timezone.now(), by_id=actor.sure_id
    )
    row.save(force_insert=True)
    audit.note("write", "disclosure_log", person.id, row.id, "emergency")
    return row


def write(
    actor: Actor, row: EmergencyDisclosure, parts: Mapping[str, Any], *, close: bool = False,
    now: datetime | None = None,
) -> EmergencyDisclosure:  # fmt: skip
    """Write the parts down; ``close`` completes it and puts it on the person's list (P-31, P-35).

    Raises:
        Refused: to close with a part missing, naming it; to change what is closed.
    """
    if row.by_id != actor.id:
        raise NotThere
    if row.closed_at is not None:
        raise Refused(_("This is closed."), rule="P-31")
    for name in PARTS:
        if name in parts:
            setattr(row, name, parts[name] or ("" if name != "told_at" else None))
    with transaction.atomic():
        if close:
            for name in PARTS:
                if not getattr(row, name):
                    label = LABELS[name]
                    raise Refused(
                        _("This can't be closed yet. Missing: %(part)s.") % {"part": label},
                        rule="P-31",
                        field=name,
                    )
            row.closed_at = now or timezone.now()
        row.save()
        if close:
            told = Leaving(
                way="emergency",
                person_id=row.person_id,
                recipient=f"{row.recipient}, {row.facility}",
                what=row.what,
                purpose="emergency",
                exception="medical_emergency",
            )
            let_out(actor, [told], now=row.told_at)
    audit.note("write", "disclosure_log", row.person_id, row.id, "emergency")
    return row


def mine(actor: Actor) -> list[EmergencyDisclosure]:
    """Those that are open and the actor's own, and all open ones for the privacy officer."""
    return list(
        EmergencyDisclosure.objects.visible_to(actor)
        .filter(closed_at__isnull=True)
        .order_by("opened_at")
    )


def one(actor: Actor, key: UUID) -> EmergencyDisclosure:
    """One of them.

    Raises:
        NotThere: for who neither wrote it nor reads the log.
    """
    return EmergencyDisclosure.objects.visible_to(actor).sole(public_id=key)
