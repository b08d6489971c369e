"""Telling those who come that a session changed: one neutral notice each, once (P-49, F-6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from mutual.wall import outbox
from mutual.wall.context import as_service
from mutual.week.feeds import drafts_of
from mutual.week.models import Session
from mutual.week.templates import monday_of


def tell(
    session: Session, people: Sequence[UUID], what: str, now: datetime, *, until: datetime
) -> None:
    """Leave each of these people one notice that something of theirs changed.

    None about what is over, and none about a week that the team is still planning.

    Args:
        what: names this change of this session: the same change twice is one notice.
        until: when it is no news any more.
    """
    start = session.during.lower
    if until <= now or not people or start is None:
        return
    with as_service("reminders"):
        drafts = drafts_of(people)
    for person in people:
        if monday_of(start) not in drafts.get(person, ()):
            outbox.leave(person, f"change:{session.public_id.hex}:{what}", now, until=until)
