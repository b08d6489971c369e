"""News of this room for the rooms above it (house.md: news travels upward as signals)."""

from __future__ import annotations

from django.dispatch import Signal

#: A person's level of care changed: ``person_id``, ``on`` (the day).
level_changed = Signal()
