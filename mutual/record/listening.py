"""What this room answers when a room below asks (house.md: news travels upward as signals)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.dispatch import receiver

from mutual.record.models import Specimen
from mutual.week.outreach import asks_of_use

#: A test that found one of these found an opioid that is no part of treatment.
OPIOIDS = frozenset({"opioids", "fentanyl"})


@receiver(asks_of_use)
def was_found(
    sender: object, person_id: UUID, since: datetime, until: datetime, **_: object
) -> bool:
    """Whether a test of those days found an opioid, unless the laboratory did not confirm it.

    A presumptive finding decides nothing about care (C-87); it may well bring a call forward.
    """
    rows = Specimen.objects.filter(
        person_id=person_id, outcome="positive", facts__collected_at__gt=since,
        facts__collected_at__lte=until,
    ).exclude(confirmed="negative")  # fmt: skip
    return any(OPIOIDS & set(row.substances) for row in rows)
