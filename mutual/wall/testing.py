"""For tests and the demo loader: act as somebody by opening a session for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from mutual.wall.context import Actor, acting, open_session


@contextmanager
def acting_as(actor_id: UUID, kind: str) -> Iterator[Actor]:
    """Open a session for an actor and act under it; needs a transaction."""
    with acting(open_session(actor_id, kind)) as actor:
        yield actor
