"""The web process's one client of the media relay, and who hears whom in it.

``MUTUAL_MEDIA_HOST`` and ``MUTUAL_MEDIA_PORT`` say where pages reach the relay (UDP, with TCP
beside it), ``MUTUAL_MEDIA_ANNOUNCE`` the addresses to name where that one is behind NAT, and
``MUTUAL_MEDIA_SOCKET`` another socket for orders.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from pathlib import Path

from django.db import transaction

from mutual.base.home import home
from mutual.base.threads import in_thread
from mutual.room.queries import routes
from mutual.room.relay.client import RelayClient
from mutual.room.seats import room_name
from mutual.week.models import Session

#: A UNIX socket's path must stay below about 108 bytes.
LONGEST = 100

_client: RelayClient | None = None
_starting: asyncio.Lock | None = None
_turns: dict[str, asyncio.Lock] = {}


def socket_path() -> Path:
    """Where the relay takes orders: in the installation's folder, or a short one of its own."""
    given = os.environ.get("MUTUAL_MEDIA_SOCKET")
    if given:
        return Path(given)
    folder = home() / "run"
    path = folder / "media.sock"
    if len(str(path).encode()) >= LONGEST:
        mark = hashlib.sha256(str(home()).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"mutual-{os.getuid()}-{mark}"
        path = folder / "media.sock"
    folder.mkdir(mode=0o700, exist_ok=True)
    return path


async def relay() -> RelayClient:
    """The relay's client, started on first use.

    Raises:
        RelayError: if the relay doesn't start within 10 s.
    """
    global _client, _starting
    if _starting is None:
        _starting = asyncio.Lock()
    async with _starting:
        if _client is None:
            announce = os.environ.get("MUTUAL_MEDIA_ANNOUNCE", "")
            _client = RelayClient(
                socket_path(),
                host=os.environ.get("MUTUAL_MEDIA_HOST", "127.0.0.1"),
                port=int(os.environ.get("MUTUAL_MEDIA_PORT", "0")),
                announce=[part for part in announce.split(",") if part],
            )
        await _client.start()
        return _client


async def reroute(session: Session) -> None:
    """Bring the relay to what the database says of a session, and no wider in between.

    Read and order happen in turn, and once more if it changed meanwhile, so that of two changes
    the later one stands.
    """
    client = await relay()
    room = room_name(session.id)
    turn = _turns.setdefault(room, asyncio.Lock())
    async with turn:
        wanted = await _read(session)
        while True:
            await client.route(room, wanted)
            again = await _read(session)
            if again == wanted:
                return
            wanted = again


@in_thread
def _read(session: Session) -> dict[str, list[str]]:
    with transaction.atomic():
        return routes(session)


async def close_room(session: Session) -> None:
    """A session is over: every page out."""
    client = await relay()
    await client.close_room(room_name(session.id))
    _turns.pop(room_name(session.id), None)


async def shutdown() -> None:
    """Let go of the relay when the web process stops."""
    global _client, _starting
    client, _client, _starting = _client, None, None
    if client is not None:
        await client.close()
