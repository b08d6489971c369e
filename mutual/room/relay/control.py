"""The relay's orders: JSON lines over a local socket that only its own user may open.

A line in: ``{"id": 7, "command": "join", "room": "…", "seat": "…"}``. A line out answers it,
``{"id": 7, "ok": true, …}`` or ``{"id": 7, "ok": false, "error": "…"}``, or reports an event,
``{"event": "slots", "peer": "…", …}``. The commands are the methods ``_do_…``, and no others: there
is none that hands media out (P-79), and no answer holds an address (P-72).
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from mutual.room.relay import rtp
from mutual.room.relay.peer import Peer
from mutual.room.relay.rooms import name
from mutual.room.relay.server import Relay

LINE = 512 * 1024
"""Bytes of one line at most."""
OWNERLESS = 30.0
"""Seconds that pages stay after the connection that seated them broke."""
_PATH_LENGTH = 100


class AlreadyRunning(Exception):
    """Another relay holds this socket."""


class Control:
    """Listens for the application and answers it."""

    def __init__(self, relay: Relay, path: Path) -> None:
        self.relay = relay
        self.connections: set[Connection] = set()
        self._path = path
        self._lock: IO[str] | None = None
        self._server: asyncio.Server | None = None
        self.alone_since: float = asyncio.get_running_loop().time()

    async def start(self) -> None:
        """Open the socket, mode 0600. Raises ``AlreadyRunning`` or ``ValueError``."""
        path = self._path
        if len(str(path)) > _PATH_LENGTH:
            raise ValueError(
                f"the socket's path is longer than {_PATH_LENGTH} characters; choose a shorter one"
            )
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = open(path.with_name(path.name + ".lock"), "w")  # noqa: SIM115 (held for life)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise AlreadyRunning(f"a relay is running already at {path}") from error
        self._lock = lock
        if path.exists():
            if not stat.S_ISSOCK(path.stat().st_mode):
                raise ValueError(f"{path} exists and is not a socket; choose another path")
            path.unlink()  # left by a killed relay: we hold the lock
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._serve, path, limit=LINE)
        finally:
            os.umask(before)

    def stop(self) -> None:
        """Close the socket and remove it."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self.relay, writer)
        self.connections.add(connection)
        try:
            while line := await reader.readline():
                connection.handle(line)
                await writer.drain()
        except (ValueError, ConnectionError):
            pass  # a line too long, or the other side is gone: this connection ends
        finally:
            self.connections.discard(connection)
            if not self.connections:
                self.alone_since = asyncio.get_running_loop().time()
            connection.orphan()
            writer.close()


class Connection:
    """One process of the application. Events about a page go to the process that seated it."""

    def __init__(self, relay: Relay, writer: asyncio.StreamWriter) -> None:
        self._relay = relay
        self._writer = writer
        self._peers: set[str] = set()
        self._held: list[dict[str, Any]] | None = None
        self._commands: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {
            "join": self._do_join,
            "answer": self._do_answer,
            "hear": self._do_hear,
            "route": self._do_route,
            "devices": self._do_devices,
            "leave": self._do_leave,
            "close": self._do_close,
            "stats": self._do_stats,
        }

    def handle(self, line: bytes) -> None:
        """Do one order. The answer leaves before the events that the order caused."""
        number: Any = None
        self._held = []
        try:
            order = json.loads(line)
            if not isinstance(order, dict):
                raise ValueError("an order is one JSON object on one line")
            number = order.get("id")
            command = self._commands.get(str(order.get("command")))
            if command is None:
                raise ValueError(f"no such command; there are {', '.join(sorted(self._commands))}")
            answer = {"id": number, "ok": True, **(command(order) or {})}
        except ValueError as error:
            answer = {"id": number, "ok": False, "error": str(error)}
        held, self._held = self._held, None
        for message in (answer, *held):
            self._write(message)

    def _event(self, event: dict[str, Any]) -> None:
        if event["event"] in ("replaced", "gone"):
            self._peers.discard(event["peer"])
        if self._held is not None:
            self._held.append(event)
        else:
            self._write(event)

    def _write(self, message: dict[str, Any]) -> None:
        if not self._writer.is_closing():
            self._writer.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")

    def orphan(self) -> None:
        """The process is gone: its pages may come back through another one for a while."""
        asyncio.get_running_loop().call_later(OWNERLESS, self._drop_all)

    def _drop_all(self) -> None:
        for peer in [self._relay.peers[key] for key in self._peers if key in self._relay.peers]:
            self._relay.drop(peer)

    def _peer(self, order: dict[str, Any]) -> Peer:
        peer = self._relay.peers.get(str(order.get("peer")))
        if peer is None:
            raise ValueError("no such peer; join again")
        return peer

    def _do_join(self, order: dict[str, Any]) -> dict[str, Any]:
        peer, offer = self._relay.join(order.get("room"), order.get("seat"), self._event)
        self._peers.add(peer.id)
        return {"peer": peer.id, "offer_sdp": offer}

    def _do_answer(self, order: dict[str, Any]) -> None:
        self._relay.answered(self._peer(order), str(order.get("sdp", "")))

    def _do_hear(self, order: dict[str, Any]) -> None:
        peer = self._peer(order)
        matrix = {**self._relay.rooms[peer.room].matrix, peer.seat: _seats(order.get("seats"))}
        self._relay.route(peer.room, matrix)

    def _do_route(self, order: dict[str, Any]) -> None:
        matrix = order.get("matrix")
        if not isinstance(matrix, dict):
            raise ValueError("matrix must map each seat to the seats that it hears")
        rows = {name(seat, "seat"): _seats(others) for seat, others in matrix.items()}
        self._relay.route(order.get("room"), rows)

    def _do_devices(self, order: dict[str, Any]) -> None:
        peer = self._peer(order)
        peer.microphone = order.get("microphone") is True
        peer.camera = order.get("camera") is True
        self._relay.rooms[peer.room].announce()

    def _do_leave(self, order: dict[str, Any]) -> None:
        peer = self._peer(order)
        self._peers.discard(peer.id)
        self._relay.drop(peer)

    def _do_close(self, order: dict[str, Any]) -> None:
        self._relay.close_room(order.get("room"))

    def _do_stats(self, order: dict[str, Any]) -> dict[str, Any]:
        room = order.get("room")
        peers = [p for p in self._relay.peers.values() if room is None or p.room == room]
        return {"peers": [_stats(peer) for peer in peers]}


def _seats(value: object) -> list[str]:
    if not isinstance(value, list):
        raise ValueError("the seats that a seat hears must be a list")
    return [name(seat, "seat") for seat in value]


def _stats(peer: Peer) -> dict[str, Any]:
    """Counts of one page since it joined. No address, and nothing of what was said or shown."""
    audio, video = peer.upstream[rtp.OPUS], peer.upstream[rtp.VP8]
    return {
        "peer": peer.id,
        "room": peer.room,
        "seat": peer.seat,
        "connected": peer.connected,
        "sound_only": peer.sound_only,
        "received": {
            "audio_packets": audio.packets,
            "video_packets": video.packets,
            "bytes": audio.bytes + video.bytes,
        },
        "granted_bits_per_second": video.cap,
        "slots": [
            {
                "seat": slot.seat,
                "audio_packets": slot.audio.packets,
                "video_packets": slot.video.packets,
                "resent": slot.audio.resent + slot.video.resent,
            }
            for slot in peer.slots
        ],
    }
