"""Which WebSocket address belongs to which room."""

from __future__ import annotations

from typing import Any

socket_urls: list[Any] = []
