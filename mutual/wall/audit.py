"""The audit trail: who did what to whose record, why, when; never content (P-88).

Lines are collected during the request and appended in one statement as its last act, so that
the chain's lock is held for a moment only. If they can't be written, the request fails (P-90).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection

_lines: ContextVar[list[dict[str, Any]] | None] = ContextVar("audit_lines", default=None)
_request: ContextVar[str] = ContextVar("audit_request", default="")


def begin(request_id: str) -> None:
    """Start collecting for a request, job or socket message."""
    _lines.set([])
    _request.set(request_id)


def note(
    action: str,
    kind: str,
    subject: UUID | None = None,
    obj: UUID | None = None,
    reason: str = "",
) -> None:
    """Note an event: ``action`` such as ``read``, ``write``, ``sign``, ``refused``, ``export``.

    Outside a request (a command, a test) the line is appended at once.
    """
    line = {
        "action": action,
        "kind": kind,
        "subject": str(subject) if subject else None,
        "object": str(obj) if obj else None,
        "reason": reason,
        "request": _request.get(),
    }
    waiting = _lines.get()
    if waiting is None:
        _append([line])
    else:
        waiting.append(line)


def read(kind: str, subject: UUID | None, obj: UUID | None = None, reason: str = "") -> None:
    """Note that a clinical record was read."""
    note("read", kind, subject, obj, reason)


def read_so_far() -> set[tuple[str, UUID]]:
    """(kind, subject) of the reads collected in this request."""
    return {
        (line["kind"], UUID(line["subject"]))
        for line in _lines.get() or ()
        if line["action"] == "read" and line["subject"]
    }


def flush() -> None:
    """Append what was collected; the last act before the commit."""
    waiting = _lines.get()
    if waiting:
        _append(waiting)
    _lines.set(None)


@contextmanager
def gathered() -> Iterator[None]:
    """Outside a request: append what one actor does in this block in one statement, at its end.

    What was collected around the block waits unchanged. A block that raises appends nothing: its
    transaction is rolled back.
    """
    around = _lines.get()
    mine: list[dict[str, Any]] = []
    _lines.set(mine)
    try:
        yield
        if mine:
            _append(mine)
    finally:
        _lines.set(around)


def drop() -> None:
    """Forget what was collected: its transaction was rolled back."""
    _lines.set(None)


def _append(lines: list[dict[str, Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select wall.append_audit(%s::jsonb)", [json.dumps(lines)])
