"""What this room does when a room below has news (house.md: news travels upward as signals)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.dispatch import receiver
from django.utils import timezone

from mutual.episode.actions.clearing import refresh_clearance
from mutual.episode.actions.leaving import end_joint_work
from mutual.privacy.signals import couple_parted


@receiver(couple_parted)
def parted(sender: object, couple_id: UUID, at: datetime, **_: object) -> None:
    """The joint work ends and with it the clearance; each one's own stay goes on (P-71, C-97)."""
    day = timezone.localdate(at)
    end_joint_work(couple_id, day)
    refresh_clearance(couple_id, day)
