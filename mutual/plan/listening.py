"""What this room does when a room below has news (house.md: news travels upward as signals)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.dispatch import receiver

from mutual.episode.signals import level_changed
from mutual.plan.actions import review_at_once


@receiver(level_changed)
def another_level(sender: object, person_id: UUID, on: date, **_: object) -> None:
    """Another level of care brings the review of that person's plan forward (C-65)."""
    review_at_once(person_id, "level", on)
