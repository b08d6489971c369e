"""Copies of the audit's head outside the database (P-89).

The chain itself shows what was changed, removed, inserted or swapped in its midst; that its tail
was cut only a copy of the head shows that lies elsewhere. Each line of
``MUTUAL_HOME/audit-heads/<database>`` is ``day sequence hash``; lines are appended, by the job of
each night and by each good ``mutual audit verify``. ``MUTUAL_AUDIT_HEADS`` names a second folder,
on another machine's disk: each line goes there as well, or the job fails and says so.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

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


def elsewhere(database: str) -> Path | None:
    """The second file of heads, on another machine's disk, where one is set."""
    folder = os.environ.get("MUTUAL_AUDIT_HEADS", "")
    return Path(folder) / database if folder else None


def keep(database: str, head: Head) -> bool:
    """Append a head unless the last one says the same; returns whether it was appended.

    Raises:
        OSError: when a file can't be written; a copy that is not made is no quiet matter.
    """
    line = f"{head.day} {head.seq} {head.hash}\n"
    with open(file_of(database), "a", encoding="ascii") as out:
        fcntl.flock(out, fcntl.LOCK_EX)
        heads = kept(database)
        fresh = not heads or (heads[-1].seq, heads[-1].hash) != (head.seq, head.hash)
        far = elsewhere(database)
        if far is not None and (fresh or not far.exists()):
            # First there: what the near file has, the far one must have too.
            _append(far, line)
        if fresh:
            _write(out, line)
    return fresh


def _append(path: Path, line: str) -> None:
    with open(path, "a", encoding="ascii") as out:
        _write(out, line)


def _write(out: IO[str], line: str) -> None:
    out.write(line)
    out.flush()
    os.fsync(out.fileno())


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


#: What was done to the audit, in the words of ``mutual audit verify``.
WORDS = {
    "changed": "Entry {seq} was changed.",
    "removed": "Before entry {seq} something was removed.",
    "inserted": "Entry {seq} was inserted.",
    "swapped": "Entry {seq} stands in another's place: entries were swapped.",
    "cut": "The tail was cut off: entry {seq} is the first one missing.",
    "rewritten": "The chain up to entry {seq} was written anew: it fits itself, not its copy.",
}


def explain(link: Any, bad: int, entries: int) -> str:
    """What was done at the first entry that doesn't fit: a key of :data:`WORDS`.

    Each entry's hash covers its number, so that an entry betrays at which place it was written.
    """
    if bad > entries:
        return "cut"
    row = link.execute(
        "select seq, lag(seq) over (order by seq) from wall.audit where seq <= %s"
        " order by seq desc limit 1",
        [bad],
    ).fetchone()
    if row is None or row[0] != bad or (row[1] or 0) != bad - 1:
        return "removed"
    if _fits(link, bad, bad):
        before = link.execute("select wall.audit_first_bad()").fetchone()[0]
        # Its own hash is right: what it stands on is another entry than it was written after.
        return "rewritten" if before is None or before > bad else "changed"
    follower = _written_at(link, bad + 1, (bad,))
    origin = _written_at(link, bad, range(bad + 1, bad + 1000))
    if origin is not None:
        moved_here = _written_at(link, origin, (bad,))
        return "swapped" if moved_here is not None else "removed"
    return "inserted" if follower is not None else "changed"


def _fits(link: Any, seq: int, number: int) -> bool:
    found = link.execute(
        "select hash = wall.audit_hash(prev, %s, at, actor, actor_kind, request, action, kind,"
        " subject, object, reason, session, under) from wall.audit where seq = %s",
        [number, seq],
    ).fetchone()
    return bool(found and found[0])


def _written_at(link: Any, seq: int, numbers: Iterable[int]) -> int | None:
    """At which of these places the entry that stands at ``seq`` was written, if at any."""
    return next((n for n in numbers if _fits(link, seq, n)), None)


def _verdict_file(database: str) -> Path:
    folder = home() / "audit-verified"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / database


def verified(database: str) -> tuple[datetime, int, int | None] | None:
    """When the chain was last walked, over how many entries, and the first bad one, if any."""
    path = _verdict_file(database)
    if not path.exists():
        return None
    parts = path.read_text("ascii").split()
    bad = None if parts[2] == "-" else int(parts[2])
    return datetime.fromisoformat(parts[0]), int(parts[1]), bad


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
    walked = datetime.now(UTC).isoformat(timespec="seconds")
    _verdict_file(database).write_text(f"{walked} {entries} {'-' if bad is None else bad}\n")
    return entries, bad
