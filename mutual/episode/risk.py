"""Which risk a person's record knows of, said as yes or no to whoever has to act on it (C-57)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from uuid import UUID

from mutual.base.crypto import open_sealed
from mutual.episode.models import LiveScreen
from mutual.episode.screening_rules import SuicideLevel

#: How long a moderate or high C-SSRS makes a missed session urgent (C-57).
SCREEN_COUNTS = timedelta(days=30)
_URGENT = (SuicideLevel.MODERATE.value, SuicideLevel.HIGH.value)


def screen_was_grave(person_id: UUID, at: datetime) -> bool:
    """Whether a C-SSRS of the last 30 days, of those the actor may open, was moderate or high."""
    rows = LiveScreen.objects.filter(
        person_id=person_id, asked_at__gt=at - SCREEN_COUNTS, asked_at__lte=at
    )
    return any(
        json.loads(open_sealed(row.sealed, f"live_screen:{row.id}"))["level"] in _URGENT
        for row in rows
    )
