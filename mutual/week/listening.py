"""What this room does when a room below has news (house.md: news travels upward as signals)."""

from __future__ import annotations

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from mutual.episode.models import ClearanceState
from mutual.wall.context import current
from mutual.week.holds import replace_conjoint


@receiver(post_save, sender=ClearanceState)
def clearance_ended(sender: object, instance: ClearanceState, created: bool, **_: object) -> None:
    """ "Not yet" for a couple: the side-by-side week from the next session on (C-17)."""
    if not created and not instance.go:
        replace_conjoint(current(), instance.couple_id, timezone.now())
