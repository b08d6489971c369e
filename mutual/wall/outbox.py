"""The outbox of neutral notices: a room leaves one, the sender asks the room whether it holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from mutual.wall.models import Notice

#: Whether an occasion still holds: it was not cancelled, moved or taken back since.
Holds = Callable[[str, datetime], bool]
_holds: dict[str, Holds] = {}


def holds(prefix: str) -> Callable[[Holds], Holds]:
    """Register who knows whether an occasion ``prefix:...`` still holds; it gets the rest."""

    def register(ask: Holds) -> Holds:
        _holds[prefix] = ask
        return ask

    return register


def still_holds(occasion: str, due: datetime) -> bool:
    """Ask the room that left the notice; an occasion of nobody's always holds."""
    prefix, _, rest = occasion.partition(":")
    ask = _holds.get(prefix)
    return ask is None or ask(rest, due)


def leave(viewer_id: UUID, occasion: str, due: datetime, until: datetime | None = None) -> None:
    """Leave one notice for somebody; the same occasion twice is one (F-6, P-49).

    Args:
        until: after which it is no news any more and is not sent.
    """
    Notice.objects.bulk_create(
        [Notice(viewer_id=viewer_id, occasion=occasion[:80], due=due, until=until)],
        ignore_conflicts=True,
    )
