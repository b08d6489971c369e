"""What stands in an address or a hidden field; what is none of ours is answered like nothing."""

from __future__ import annotations

from datetime import date, datetime
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


def clock(text: str) -> datetime | None:
    """A day and a wall-clock time such as `2026-01-15T18:15`; nothing typed is none.

    Raises:
        NotThere: for anything else, also for a time with a zone of its own.
    """
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise NotThere from None
    if found is not None and found.tzinfo is not None:
        raise NotThere
    return found
