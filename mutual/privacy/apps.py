"""Connects what this room has to say after a restore."""

from __future__ import annotations

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Consents, disclosures, separation."""

    name = "mutual.privacy"

    def ready(self) -> None:
        """Register how consents and couples that had ended are ended again."""
        from mutual.privacy import conflicts, joint, journal, separation  # noqa: F401
