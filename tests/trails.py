"""The trail as the privacy officer reads it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from django.db import connection

Line = tuple[str, str | None, str]


def trail(
    act: Callable[[str], AbstractContextManager[object]], action: str, subject: UUID
) -> list[Line]:
    """Kind, under which right, and reason of the lines of one action on a person or couple."""
    with act("pia"), connection.cursor() as cursor:
        cursor.execute(
            "select kind, under, reason from wall.audit_page(null, %s, null, %s, null, null, null,"
            " 100)",
            [[subject], [action]],
        )
        return cursor.fetchall()
