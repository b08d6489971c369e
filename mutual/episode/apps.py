"""Connects what this room hears of the rooms below it."""

from __future__ import annotations

from django.apps import AppConfig


class EpisodeConfig(AppConfig):
    """Stays here; listens for a separation."""

    name = "mutual.episode"

    def ready(self) -> None:
        """Connect the listeners."""
        from mutual.episode import listening  # noqa: F401
