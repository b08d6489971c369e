"""Connects what this room hears of the rooms below it."""

from __future__ import annotations

from django.apps import AppConfig


class WeekConfig(AppConfig):
    """The week; listens for an end of clearance."""

    name = "mutual.week"

    def ready(self) -> None:
        """Connect the listeners."""
        from mutual.week import listening  # noqa: F401
