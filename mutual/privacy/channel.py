"""By which way a person is reached: what they chose, and no other (P-38, 164.522(b)).

Everything that goes out to a person asks here. A choice needs no reason and nobody asks for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.formats import time_format

from mutual.people.contact_rules import QUIET, SafeHours, chosen
from mutual.people.models import Account, ContactLocation, ShownName
from mutual.wall.context import as_service
from mutual.wall.outbox import leave


@dataclass(frozen=True)
class Way:
    """How one person may be reached.

    Attributes:
        route: ``portal``, ``call``, ``sms`` or ``mail``.
        address: the mailbox or number for that route; empty for the portal.
        safe: the hours a sender obeys; ``None``: words that can't be read, nothing is sent.
        hours_words: the same for a person who calls.
        name: the name that may be said or written.
        code_word: what the person says when they can't speak freely.
    """

    route: str
    address: str
    safe: SafeHours | None
    hours_words: str
    name: str
    voicemail: bool
    code_word: str = ""


def way(person_id: UUID) -> Way:
    """The way a person chose; without a choice it is the portal alone."""
    with as_service("safe_channel"):
        row = ContactLocation.objects.filter(person_id=person_id).first()
        name = ShownName.objects.filter(person_id=person_id).values_list("name", flat=True).first()
    if row is None:
        return Way("portal", "", QUIET, "", name or "", False)
    address = row.phone if row.safe_route in ("call", "sms") else ""
    account = Account.objects.filter(actor_id=person_id).values_list("email", "zone").first()
    if row.safe_route == "mail":
        address = row.safe_mail or (account[0] if account else "")
    return Way(
        row.safe_route,
        address,
        chosen(row.safe_days, row.safe_from, row.safe_to, row.safe_hours),
        _words(row, account[1] if account else ""),
        name or "",
        row.voicemail,
        row.code_word,
    )


def _words(row: ContactLocation, zone: str) -> str:
    """ "weekdays, 5:00 pm – 9:00 pm, America/Chicago; after work": the hours for a caller."""
    parts = []
    if row.safe_days:
        parts.append(str(row.get_safe_days_display()))
    if row.safe_from and row.safe_to:
        parts.append(f"{time_format(row.safe_from)} – {time_format(row.safe_to)}")
    if parts and zone:
        parts.append(zone)
    said = ", ".join(parts)
    return "; ".join(p for p in (said, row.safe_hours.strip()) if p)


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
    leave(person_id, occasion, now or timezone.now())
    return way(person_id).route
