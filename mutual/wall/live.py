"""Access that ends, ends in open pages too (P-8, P-21): what the database says, told to sockets.

The database notifies (triggers.sql) with every commit that takes a grant or a sign-in away, and
names whose. One connection of this process listens and tells the sockets of that actor, and each
looks for itself whether what it shows may still be shown. Nothing is pushed to anybody whose page
doesn't change by it, so that a message never tells that somebody did something (P-54).
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from django.utils import timezone

from mutual.base import database
from mutual.base.crypto import SealBroken, open_sealed, seal_alike

logger = logging.getLogger(__name__)
CHANNEL = "mutual_live"
#: Pairs of (record kind, subject).
Pairs = frozenset[tuple[str, UUID]]
Callback = Callable[[], Awaitable[None]]
_BOUND = "live"
_MOST = 60
_hearers: dict[UUID, set[Callback]] = {}
_shown: ContextVar[set[tuple[str, UUID]] | None] = ContextVar("live_shown", default=None)
_tasks: set[asyncio.Task[None]] = set()


@dataclass
class _Ear:
    task: asyncio.Task[None] | None = None
    loop: asyncio.AbstractEventLoop | None = None


_ear = _Ear()


def signal(actor_id: UUID) -> None:
    """When this transaction commits, let every open page of an actor look whether it may stay."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, str(actor_id)])


def begin() -> None:
    """Start noting what a request shows."""
    _shown.set(set())


def shows(kind: str, subject: UUID) -> None:
    """This answer shows records of a kind; what is audited as read need not be said again."""
    noted = _shown.get()
    if noted is not None:
        noted.add((kind, subject))


def shown() -> Pairs:
    """What was noted since :func:`begin`."""
    return frozenset(_shown.get() or ())


# What a page carries along: sealed, because it holds inner ids (P-52)


def watch_of(pairs: Iterable[tuple[str, UUID]], *, sure: bool = False) -> str:
    """A sealed note for the page: what it shows; ``sure`` when all of it was granted once."""
    kept = sorted((kind, str(subject)) for kind, subject in pairs)[:_MOST]
    if not kept:
        return ""
    text = json.dumps({"pairs": kept, "sure": sure})
    return base64.urlsafe_b64encode(seal_alike(text, _BOUND)).decode("ascii")


def read_watch(note: str) -> tuple[Pairs, bool]:
    """The pairs of a page's note and whether all were granted; a note not ours holds nothing."""
    try:
        raw = base64.urlsafe_b64decode(note.encode("ascii", "replace"))
        found = json.loads(open_sealed(raw, _BOUND))
    except (ValueError, SealBroken):
        return frozenset(), False
    pairs = frozenset((str(kind), UUID(subject)) for kind, subject in found["pairs"])
    return pairs, bool(found["sure"])


def granted(pairs: Pairs) -> Pairs:
    """Which of the pairs the actor of this transaction has any grant on."""
    left: set[tuple[str, UUID]] = set()
    by_kind: dict[str, set[UUID]] = {}
    for kind, subject in pairs:
        by_kind.setdefault(kind, set()).add(subject)
    with connection.cursor() as cursor:
        for kind, subjects in by_kind.items():
            opened = [kind + suffix for suffix in ("", ".facts", ".extract", ".author")]
            cursor.execute(
                "select wall.subjects_any(%s::text[]),"
                " (select bool_or(wall.everyone(c)) from unnest(%s::text[]) as c)",
                [opened, opened],
            )
            mine, everybody = cursor.fetchone() or ((), False)
            left |= {(kind, s) for s in subjects if everybody or s in mine}
    return frozenset(left)


def browser_open(key: str) -> bool:
    """Whether a browser's session still is signed in and not locked by a quick exit (P-66)."""
    from django.contrib.sessions.models import Session

    row = Session.objects.filter(session_key=key, expire_date__gt=timezone.now()).first()
    data: dict[str, Any] = row.get_decoded() if key and row else {}
    return "_auth_user_id" in data and not data.get("locked")


# Hearing


@contextlib.contextmanager
def hearing(actor_id: UUID, callback: Callback) -> Any:
    """Call ``callback`` whenever something of the actor's access may have ended."""
    listen()
    _hearers.setdefault(actor_id, set()).add(callback)
    try:
        yield
    finally:
        _hearers[actor_id].discard(callback)
        if not _hearers[actor_id]:
            del _hearers[actor_id]


def listen() -> None:
    """Listen in the running event loop; once for each loop, whoever asks."""
    loop = asyncio.get_running_loop()
    if _ear.task is None or _ear.task.done() or _ear.loop is not loop:
        _ear.loop = loop
        _ear.task = loop.create_task(_listen())


async def stop() -> None:
    """Stop listening: the process ends."""
    task, _ear.task = _ear.task, None
    if task is not None and _ear.loop is asyncio.get_running_loop():
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def tell(actor_id: UUID | None) -> None:
    """Let the sockets of an actor (``None``: all) look now."""
    chosen = _hearers.values() if actor_id is None else [_hearers.get(actor_id, set())]
    for callbacks in list(chosen):
        for callback in list(callbacks):
            task = asyncio.ensure_future(callback())
            _tasks.add(task)
            task.add_done_callback(_tasks.discard)


async def _listen() -> None:
    wait = 0.5
    while True:
        try:
            name = str(connection.settings_dict["NAME"])
            link = await psycopg.AsyncConnection.connect(
                **database.dsn(database.APP, name), autocommit=True
            )
            async with link:
                await link.execute(f"listen {CHANNEL}")
                wait = 0.5
                tell(None)  # what was said while nobody listened
                async for notice in link.notifies():
                    with contextlib.suppress(ValueError):
                        tell(UUID(notice.payload))
        except (psycopg.Error, OSError):
            logger.warning("not listening for ended access; trying again")
        await asyncio.sleep(wait)
        wait = min(wait * 2, 15)
