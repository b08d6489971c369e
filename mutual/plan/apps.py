"""Connects what this room hears of the rooms below it."""

from __future__ import annotations

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """Plans; listens for another level of care."""

    name = "mutual.plan"

    def ready(self) -> None:
        """Connect the listeners."""
        from mutual.plan import listening  # noqa: F401
