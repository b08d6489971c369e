"""Copies of the audit's head outside the database (P-89).

The chain itself shows what was changed, removed, inserted or swapped in its midst; that its tail
was cut only a copy of the head shows that lies elsewhere. Each line of
``MUTUAL_HOME/audit-heads/<database>`` is ``day sequence hash``; lines are appended, by the job of
each night and by each good ``mutual audit verify``. Copy the folder to another machine.
"""

from __future__ import annotations

import fcntl
import os
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from mutual.base.home import home


@dataclass(frozen=True)
class Head:
    """The last entry of the audit on a day: its number and its hash in hex."""

    day: str
    seq: int
    hash: str


def file_of(database: str) -> Path:
    """Where the heads of a database are kept."""
    folder = home() / "audit-heads"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / database


def kept(database: str) -> list[Head]:
    """All heads that were copied, oldest first.

    Raises:
        ValueError: when a line can't be read; it says which.
    """
    path = file_of(database)
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text("ascii", "replace").splitlines(), start=1):
        parts = line.split(" ")
        if len(parts) != 3 or not parts[1].isdigit() or len(parts[2]) != 64:
            raise ValueError(
                f"Line {number} of {path} is no head of the audit: somebody changed the file."
                " Compare it with the copy that you keep elsewhere."
            )
        found.append(Head(parts[0], int(parts[1]), parts[2]))
    return found


def keep(database: str, head: Head) -> bool:
    """Append a head unless the last one says the same; returns whether it was appended."""
    with open(file_of(database), "a", encoding="ascii") as out:
        fcntl.flock(out, fcntl.LOCK_EX)
        heads = kept(database)
        if heads and (heads[-1].seq, heads[-1].hash) == (head.seq, head.hash):
            return False
        out.write(f"{head.day} {head.seq} {head.hash}\n")
        out.flush()
        os.fsync(out.fileno())
    return True


def set_aside(database: str) -> None:
    """A database was dropped: its heads stay, under a name that no later database takes up."""
    path = file_of(database)
    if path.exists():
        path.rename(path.with_name(f"{database}.{int(time.time_ns())}"))


def copy_head(today: date) -> bool:
    """The job of each night: copy the head of the connected database; needs a transaction."""
    from django.db import connection

    from mutual.wall.context import as_service

    with as_service("audit_head"), connection.cursor() as cursor:
        cursor.execute("select seq, encode(hash, 'hex') from wall.audit_head()")
        row = cursor.fetchone()
        name = str(connection.settings_dict["NAME"])
    return row is not None and keep(name, Head(today.isoformat(), row[0], row[1]))


def find_break(link: Any, heads: list[Head]) -> tuple[int, int | None]:
    """(number of entries, the first that doesn't fit the chain or a copied head), as the owner.

    ``first`` is the number of the changed, inserted or swapped entry, the one behind a removed
    one, or the first missing one of a tail that was cut.
    """
    entries, bad = link.execute(
        "select count(*), wall.audit_first_bad() from wall.audit"
    ).fetchone()
    there = dict(
        link.execute(
            "select seq, encode(hash, 'hex') from wall.audit where seq = any(%s)",
            [[h.seq for h in heads]],
        ).fetchall()
    )
    wrong = [] if bad is None else [bad]
    # Past the end it is the first missing entry that doesn't fit, not the one that was copied.
    wrong += [min(h.seq, entries + 1) for h in heads if there.get(h.seq) != h.hash]
    return entries, min(wrong, default=None)


def verify(link: Any, database: str) -> tuple[int, int | None]:
    """Walk the chain as the owner; when all fits, the head of now is kept as well."""
    link.execute("begin isolation level repeatable read read only")
    entries, bad = find_break(link, kept(database))
    last = link.execute(
        "select seq, encode(hash, 'hex'), current_date from wall.audit order by seq desc limit 1"
    ).fetchone()
    link.execute("commit")
    if bad is None and last is not None:
        keep(database, Head(last[2].isoformat(), last[0], last[1]))
    return entries, bad
