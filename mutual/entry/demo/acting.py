"""Acting as somebody of the demo: each signs in once a load."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connection

from mutual.wall import audit
from mutual.wall.context import Actor, acting, open_session

#: Tokens by the transaction that made them: in another one they may never have been.
_open: WeakKeyDictionary[Any, dict[UUID, str]] = WeakKeyDictionary()


@contextmanager
def acting_as(actor_id: UUID, kind: str) -> Iterator[Actor]:
    """Act as somebody until the block ends; needs a transaction.

    As in a request, the block's lines of the audit trail are appended as its last act.
    """
    tokens = _open.setdefault(connection.atomic_blocks[0], {})
    if actor_id not in tokens:
        tokens[actor_id] = open_session(actor_id, kind)
    with acting(tokens[actor_id], active=True) as actor, audit.gathered():
        yield actor
