"""What this room answers when a room below asks (house.md: news travels upward as signals)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.dispatch import receiver

from mutual.daily.models import CheckInBody
from mutual.week.outreach import asks_of_use


@receiver(asks_of_use)
def said_yes(
    sender: object, person_id: UUID, since: datetime, until: datetime, opioid: bool, **_: object
) -> bool:
    """Whether someone with an opioid diagnosis said in a check-in of those days that they used."""
    return (
        opioid
        and CheckInBody.objects.filter(
            person_id=person_id, used="yes", checkin__day__gte=since.date(),
            checkin__day__lte=until.date(),
        ).exists()
    )  # fmt: skip
