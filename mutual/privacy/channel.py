"""By which way a person is reached: what they chose, and no other (P-38, 164.522(b)).

Everything that goes out to a person asks here. A choice needs no reason and nobody asks for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from mutual.people.models import Account, ContactLocation, ShownName
from mutual.wall.context import as_service
from mutual.wall.models import Notice


@dataclass(frozen=True)
class Way:
    """How one person may be reached.

    Attributes:
        route: ``portal``, ``call``, ``sms`` or ``mail``.
        address: the mailbox or number for that route; empty for the portal.
        hours: safe hours in the person's words.
        name: the name that may be said or written.
    """

    route: str
    address: str
    hours: str
    name: str
    voicemail: bool


def way(person_id: UUID) -> Way:
    """The way a person chose; without a choice it is the portal alone."""
    with as_service("safe_channel"):
        row = ContactLocation.objects.filter(person_id=person_id).first()
        name = ShownName.objects.filter(person_id=person_id).values_list("name", flat=True).first()
    if row is None:
        return Way("portal", "", "", name or "", False)
    address = row.phone if row.safe_route in ("call", "sms") else ""
    if row.safe_route == "mail":
        found = Account.objects.filter(actor_id=person_id).values_list("email", flat=True).first()
        address = found or ""
    return Way(row.safe_route, address, row.safe_hours, name or "", row.voicemail)


def may_go_by(person_id: UUID, route: str) -> bool:
    """Whether something may go to a person by ``mail``, ``sms``, ``call``, or ``post``.

    "No mail" also means no paper in the letterbox: statements then stay in the portal (P-38).
    """
    chosen = way(person_id).route
    return route == "portal" or chosen == route or (route == "post" and chosen == "mail")


def tell(person_id: UUID, occasion: str, *, now: datetime | None = None) -> str:
    """Leave a neutral notice for a person; returns the way it may take (P-49).

    The notice is one row of the outbox, whose sender asks :func:`way` again before it goes.
    """
    Notice.objects.bulk_create(
        [Notice(viewer_id=person_id, occasion=occasion[:80], due=now or timezone.now())],
        ignore_conflicts=True,
    )
    return way(person_id).route
