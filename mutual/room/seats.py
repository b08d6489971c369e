"""Names of rooms and seats that other pages see: random-looking, the same all evening."""

from __future__ import annotations

import hmac
from uuid import UUID

from mutual.base.home import secret


def room_name(session_id: UUID) -> str:
    """What the relay calls a session's room."""
    return _named(f"room {session_id}")


def seat_name(session_id: UUID, actor_id: UUID) -> str:
    """What the relay and other pages call somebody's seat; says nothing about whose it is."""
    return _named(f"seat {session_id} {actor_id}")


def _named(text: str) -> str:
    return hmac.new(secret("room"), text.encode(), "sha256").hexdigest()[:32]
