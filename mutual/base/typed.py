"""What stands in an address or a hidden field; what is none of ours is answered like nothing."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from mutual.base.refusal import NotThere


def key(text: str | None) -> UUID:
    """A public id.

    Raises:
        NotThere: for anything else (P-2).
    """
    try:
        return UUID(text or "")
    except ValueError:
        raise NotThere from None


def day(text: str) -> date | None:
    """A day such as `2026-01-15`; nothing typed is no day.

    Raises:
        NotThere: for anything else.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotThere from None
