"""Addresses of styles and scripts, worked out once: every page names more than a dozen."""

from __future__ import annotations

from django.contrib.staticfiles.storage import StaticFilesStorage


class Statics(StaticFilesStorage):
    """Django's storage with its answers kept; they never change while a process runs."""

    def __init__(self) -> None:
        super().__init__()
        self._urls: dict[str, str] = {}

    def url(self, name: str | None) -> str:
        """The address of a file."""
        known = self._urls.get(name or "")
        if known is None:
            known = self._urls[name or ""] = super().url(name)
        return known
