"""Styles and scripts: their addresses, worked out once, and the files themselves."""

from __future__ import annotations

from typing import Any

from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware


class Statics(StaticFilesStorage):
    """Django's storage with its answers kept; they never change while a process runs.

    Every page names more than a dozen.
    """

    def __init__(self) -> None:
        super().__init__()
        self._urls: dict[str, str] = {}

    def url(self, name: str | None) -> str:
        """The address of a file."""
        known = self._urls.get(name or "")
        if known is None:
            known = self._urls[name or ""] = super().url(name)
        return known


class StaticsMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise with the file read whole: ours are small, and a server of ASGI streams no file."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """The file as found, with WhiteNoise's headers (cache, type, range, not modified)."""
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file as file:
                content = file.read()
        answer = HttpResponse(content, status=int(found.status))
        del answer["content-type"]
        for key, value in found.headers:
            answer[key] = value
        return answer
