"""Connects what this room hears of the rooms below it."""

from __future__ import annotations

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """The record; answers what the record knows of use."""

    name = "mutual.record"

    def ready(self) -> None:
        """Connect the listeners."""
        from mutual.record import listening  # noqa: F401
