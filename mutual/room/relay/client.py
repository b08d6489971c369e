"""The web process's end of the relay: starts it, keeps it alive, and gives it orders."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mutual

LOST = "lost"
"""Event of the client's own: the relay died; join again, which waits for the new one."""

_LINE = 512 * 1024
_ORDER_TIMEOUT = 5.0  # seconds
_START_TIMEOUT = 10.0
_EXIT_WHEN_ALONE = 60  # seconds the relay outlives the last web process

logger = logging.getLogger(__name__)

Event = dict[str, Any]


class RelayError(Exception):
    """The relay refused an order, or can't be reached. Its text says what to do."""


class RelayRefused(RelayError):
    """The relay is there and said no: a full room, an answer that doesn't fit, an unknown peer."""


@dataclass(slots=True)
class Joined:
    """A seated page: send ``offer_sdp`` to it, its answer to ``answer``, and read ``events``.

    Events are ``connected``, ``disconnected`` (with ``reason``), ``slots`` (with ``slots``: who is
    to be seen where), ``replaced`` (the seat was taken by a newer page), ``gone`` (dropped after
    long silence, or the room was closed) and ``lost`` (the relay died). The last three end it.
    """

    room: str
    seat: str
    peer: str
    offer_sdp: str
    events: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)


class RelayClient:
    """One per web process. Start it with the event loop, close it at shutdown.

    It starts a relay when none answers at ``socket``, and again when that one dies; several web
    processes may share one. Matrices given by ``route`` are remembered and given to a new relay
    before anybody joins it, so a restart never widens who hears whom.
    """

    def __init__(
        self,
        socket: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        announce: Iterable[str] = (),
        tcp_only: bool = False,
        spawn: bool = True,
    ) -> None:
        self._socket = socket
        self._command = [
            sys.executable, "-m", "mutual.room.relay", "--socket", str(socket),
            "--host", host, "--port", str(port), "--exit-when-alone", str(_EXIT_WHEN_ALONE),
            *(part for address in announce for part in ("--announce", address)),
            *(["--tcp-only"] if tcp_only else []),
        ]  # fmt: skip
        self._spawn = spawn
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._ready = asyncio.Event()
        self._waiting: dict[int, tuple[asyncio.Future[Event], Callable[[Event], None] | None]] = {}
        self._next = 0
        self._seated: dict[str, Joined] = {}
        self._routes: dict[str, dict[str, list[str]]] = {}
        self._keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the relay that this client started, if it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def start(self) -> None:
        """Connect, starting the relay if needed. Raises ``RelayError`` if that takes over 10 s."""
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep())
        await self._wait_ready()

    async def close(self) -> None:
        """Let go of the relay, and end it if this client started it."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()

    async def join(self, room: str, seat: str) -> Joined:
        """Seat a page. The seat's former page, if any, is replaced; nobody is heard unrouted."""
        joined = Joined(room, seat, "", "")

        def seated(answer: Event) -> None:  # before the next line, which may be its first event
            joined.peer, joined.offer_sdp = str(answer["peer"]), str(answer["offer_sdp"])
            self._seated[joined.peer] = joined

        await self._order("join", seated, room=room, seat=seat)
        return joined

    async def answer(self, peer: str, sdp: str) -> None:
        """Pass on a page's answer. Raises ``RelayError`` when it doesn't fit its offer."""
        await self._order("answer", peer=peer, sdp=sdp)

    async def hear(self, peer: str, seats: Iterable[str]) -> None:
        """Say whom one page hears and sees, leaving the rest of its room as it is."""
        joined, heard = self._seated.get(peer), list(seats)
        await self._order("hear", peer=peer, seats=heard)
        if joined is not None:
            self._routes.setdefault(joined.room, {})[joined.seat] = heard

    async def route(self, room: str, matrix: Mapping[str, Iterable[str]]) -> None:
        """Say who hears and sees whom in a room, whole; done when this returns, for all packets."""
        rows = {seat: list(others) for seat, others in matrix.items()}
        # Remembered first: if the relay dies on the way, the new one must know it all the same.
        self._routes[room] = rows
        await self._order("route", room=room, matrix=rows)

    async def devices(self, peer: str, *, microphone: bool, camera: bool) -> None:
        """Say which devices of a page are on, for the tiles of those who see it."""
        await self._order("devices", peer=peer, microphone=microphone, camera=camera)

    async def leave(self, peer: str) -> None:
        """Take a page out at once. One that is out already is no error."""
        if self._seated.pop(peer, None) is not None:
            with contextlib.suppress(RelayError):
                await self._order("leave", peer=peer)

    async def close_room(self, room: str) -> None:
        """End a session: every page out, its matrix forgotten."""
        self._routes.pop(room, None)
        await self._order("close", room=room)

    async def stats(self, room: str | None = None) -> list[dict[str, Any]]:
        """Counts per page (packets, bytes, slots); no addresses."""
        answer = await self._order("stats", room=room)
        return list(answer["peers"])

    # Orders and events

    async def _wait_ready(self) -> None:
        try:
            await asyncio.wait_for(self._ready.wait(), _START_TIMEOUT)
        except TimeoutError:
            raise RelayError(
                "the media relay doesn't start; see the log, then run it by hand: "
                "python -m mutual.room.relay --socket PATH"
            ) from None

    async def _order(
        self, command: str, seen: Callable[[Event], None] | None = None, **more: Any
    ) -> Event:
        if self._keeper is None:
            raise RelayError("the relay's client isn't started")
        await self._wait_ready()
        return await self._send(command, seen, more)

    async def _send(self, command: str, seen: Callable[[Event], None] | None, more: Event) -> Event:
        writer = self._writer
        if writer is None:
            raise RelayError("the media relay is restarting; try again")
        self._next += 1
        number = self._next
        future: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self._waiting[number] = (future, seen)
        order = {"id": number, "command": command, **more}
        try:
            writer.write(json.dumps(order).encode() + b"\n")
            answer = await asyncio.wait_for(future, _ORDER_TIMEOUT)
        except (TimeoutError, ConnectionError) as error:
            raise RelayError("the media relay doesn't answer; try again") from error
        finally:
            self._waiting.pop(number, None)
        if not answer.get("ok"):
            raise RelayRefused(str(answer.get("error")))
        return answer

    def _take(self, message: Event) -> None:
        if "event" in message:
            self._deliver(message)
            return
        future, seen = self._waiting.get(message.get("id", -1), (None, None))
        if future is not None and not future.done():
            if seen is not None and message.get("ok"):
                seen(message)
            future.set_result(message)

    def _deliver(self, event: Event) -> None:
        joined = self._seated.get(str(event.get("peer")))
        if joined is not None:
            if event["event"] in ("replaced", "gone"):
                del self._seated[joined.peer]
            joined.events.put_nowait(event)

    # Keeping it alive

    async def _keep(self) -> None:
        pause = 0.05
        while True:
            try:
                reader, self._writer = await self._connect()
                pause = 0.05
                receiver = asyncio.create_task(self._receive(reader))
                try:
                    for room, rows in self._routes.items():
                        await self._send("route", None, {"room": room, "matrix": rows})
                    self._ready.set()
                    await receiver
                finally:
                    receiver.cancel()
            except (OSError, RelayError) as error:
                logger.warning("media relay: %s", type(error).__name__)
            finally:
                self._lose()
            await asyncio.sleep(pause)
            pause = min(2 * pause, 2.0)

    async def _receive(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                self._take(json.loads(line))
        except (ValueError, ConnectionError):
            logger.warning("media relay: connection broken")

    def _lose(self) -> None:
        self._ready.clear()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        for future, _ in self._waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("relay died"))
        seated, self._seated = self._seated, {}
        for joined in seated.values():
            joined.events.put_nowait({"event": LOST, "peer": joined.peer})

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect, and start a relay where none answers. Raises ``OSError``."""
        deadline = asyncio.get_running_loop().time() + _START_TIMEOUT
        while True:
            try:
                return await asyncio.open_unix_connection(self._socket, limit=_LINE)
            except OSError:
                if asyncio.get_running_loop().time() > deadline:
                    raise
            if self._spawn and (self._process is None or self._process.returncode is not None):
                # Where another process was faster, ours finds the lock taken and ends.
                self._process = await self._start_process()
            await asyncio.sleep(0.05)

    async def _start_process(self) -> asyncio.subprocess.Process:
        # The relay needs this package and nothing of the web process's environment: no secrets.
        root = str(Path(mutual.__file__).resolve().parent.parent)
        environment = {"PYTHONPATH": root, "PATH": os.environ.get("PATH", os.defpath)}
        return await asyncio.create_subprocess_exec(
            *self._command,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C ends the web process, which then ends the relay
        )
