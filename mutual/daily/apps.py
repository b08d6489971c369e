"""Connects what this room hears of the rooms below it."""

from __future__ import annotations

from django.apps import AppConfig


class DailyConfig(AppConfig):
    """Daily life; answers what the record knows of use."""

    name = "mutual.daily"

    def ready(self) -> None:
        """Connect the listeners."""
        from mutual.daily import listening  # noqa: F401
