"""Connects what this room has to say after a restore."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, couples, staff and accounts."""

    name = "mutual.people"

    def ready(self) -> None:
        """Register how closed accounts are closed again, and the trail's lines of sign-in."""
        from mutual.people import audit_events, journal  # noqa: F401
