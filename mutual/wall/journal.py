"""What has ended is also written outside the database: a restored backup can't revive it (P-21).

Each end (a consent, a place on a care team, a couple, an account, a feed) is a row written in the
transaction that ends it, and, once that is committed, a line of a 0600 file in the installation's
home. A process that dies between the two leaves the row, and the next start writes its line. After
a restore the file knows rows that the database doesn't have: those ends are applied again, before
anyone signs in (house.md, restored past).
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from mutual.base.home import home
from mutual.wall.context import as_service

#: Ends something again in a restored database; takes what was noted and when it ended.
Apply = Callable[[dict[str, str], datetime], None]
_apply: dict[str, Apply] = {}


@dataclass(frozen=True)
class Line:
    """One end: its row's id, its kind, whose (ids only), when."""

    id: str
    kind: str
    what: dict[str, str]
    at: datetime


def file_of(database: str) -> Path:
    """Where the ends of a database are kept, outside of it."""
    folder = home() / "ends"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{database}.jsonl"


def applies(kind: str) -> Callable[[Apply], Apply]:
    """Register how an end of this kind is applied again."""

    def register(apply: Apply) -> Apply:
        _apply[kind] = apply
        return apply

    return register


def ended(kind: str, at: datetime, **what: object) -> None:
    """Note an end, in the transaction that ends it: ids, codes and a time; a name only sealed."""
    from mutual.wall.models import Ended

    row = Ended(kind=kind, what={name: str(value) for name, value in what.items()}, at=at)
    row.save(force_insert=True)
    line = _text(Line(str(row.id), kind, row.what, at))
    transaction.on_commit(lambda: _append(_here(), [line]))


def kept(database: str) -> list[Line]:
    """All lines of the file; a torn last line (the machine died) is left out.

    Raises:
        ValueError: when another line can't be read; it says which.
    """
    path = file_of(database)
    if not path.exists():
        return []
    found = []
    texts = path.read_text("utf-8").split("\n")
    for number, text in enumerate(texts, start=1):
        if not text:
            continue
        try:
            one = json.loads(text)
            found.append(
                Line(one["id"], one["kind"], one["what"], datetime.fromisoformat(one["at"]))
            )
        except (ValueError, KeyError, TypeError) as error:
            if number < len(texts):
                raise ValueError(
                    f"Line {number} of {path} can't be read. Put your copy of the file in its"
                    " place before anyone signs in."
                ) from error
    return found


def apply_again() -> int:
    """Bring file and database together: what only the file knows is ended again (P-21).

    Runs at each start before the first answer; in a database that was never restored it finds
    nothing to do. Returns how many ends were applied.

    Raises:
        ValueError: for a file that can't be read, or a kind of end nobody knows how to apply.
    """
    from mutual.wall.models import Ended

    database = _here()
    with transaction.atomic():
        lines = kept(database)
        with as_service("revocations"):
            rows = list(Ended.objects.all())
        there = {str(row.id) for row in rows}
        missing = [line for line in lines if line.id not in there]
        for line in missing:
            if line.kind not in _apply:
                raise ValueError(f"No room of this release applies an end of kind {line.kind}.")
            _apply[line.kind](line.what, line.at)
            with as_service("revocations"):
                Ended(id=UUID(line.id), kind=line.kind, what=line.what, at=line.at).save(
                    force_insert=True
                )
    known = {line.id for line in lines}
    unwritten = [
        _text(Line(str(row.id), row.kind, row.what, row.at))
        for row in rows
        if str(row.id) not in known
    ]
    if unwritten:
        _append(database, unwritten)
    return len(missing)


def set_aside(database: str) -> None:
    """A database was dropped: its ends mean nothing to a later one of the same name."""
    import time

    path = file_of(database)
    if path.exists():
        path.rename(path.with_name(f"{database}.{time.time_ns()}"))


def _here() -> str:
    return str(connection.settings_dict["NAME"])


def _text(line: Line) -> str:
    fields: dict[str, Any] = {
        "id": line.id, "kind": line.kind, "what": line.what, "at": line.at.isoformat(),
    }  # fmt: skip
    return json.dumps(fields, sort_keys=True)


def _append(database: str, lines: list[str]) -> None:
    handle = os.open(file_of(database), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        # After a torn line a new one begins on its own.
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        os.write(handle, (("\n" if torn else "") + "\n".join(lines) + "\n").encode())
        os.fsync(handle)
    finally:
        os.close(handle)
