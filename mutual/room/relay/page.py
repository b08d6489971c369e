"""One page's link to the relay: the messages between ``media.js`` and ``RelayClient``.

From the page: ``{"type": "join"}``, ``{"type": "answer", "peer", "sdp"}``,
``{"type": "devices", "microphone", "camera"}``, ``{"type": "leave"}``. To the page:
``{"type": "offer", "peer", "sdp"}``, ``{"type": "slots", "peer", "slots"}``,
``{"type": "state", "peer", "state"}`` and ``{"type": "closed", "reason"}``; the reason ``again``
asks the page to try anew, the others (``replaced``, ``gone``, ``refused``) end it.

Whoever owns the socket decides admission *before* making a link, and routing at any time.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from mutual.room.relay.client import LOST, Joined, RelayClient, RelayError, RelayRefused

Message = dict[str, Any]
KINDS = frozenset({"join", "answer", "devices", "leave"})
"""Types of the messages that belong to a link; a socket may carry others beside them."""
SOCKETLESS = 60.0
"""Seconds that a page whose socket broke may keep its seat: without it nobody can speak to it."""


class PageLink:
    """Carries one admitted page's media messages, for one seat of one room."""

    def __init__(
        self,
        client: RelayClient,
        room: str,
        seat: str,
        send: Callable[[Message], Awaitable[None]],
        *,
        on_event: Callable[[Message], Awaitable[None]] | None = None,
    ) -> None:
        """``send`` writes to the page; ``on_event`` hears the relay's events (attendance)."""
        self.room, self.seat = room, seat
        self._client = client
        self._send = send
        self._on_event = on_event
        self._joined: Joined | None = None
        self._follower: asyncio.Task[None] | None = None
        self._expiry: asyncio.Task[None] | None = None
        self._detached = False

    async def receive(self, message: Message) -> None:
        """One message from the page. What doesn't fit is answered with ``closed``, never raised."""
        kind = message.get("type")
        try:
            if kind == "join":
                await self.join()
            elif kind == "leave":
                await self.close()
            elif self._joined is None:
                return  # of a connection that ended meanwhile
            elif kind == "answer":
                if message.get("peer") == self._joined.peer:
                    await self._client.answer(self._joined.peer, str(message.get("sdp", "")))
            elif kind == "devices":
                await self._client.devices(
                    self._joined.peer,
                    microphone=message.get("microphone") is True,
                    camera=message.get("camera") is True,
                )
        except RelayError:
            await self._tell({"type": "closed", "reason": "again"})

    async def join(self) -> None:
        """Take the seat, anew if it was taken, and send the page its offer.

        A refusal (the room is full) is told to the page. Raises ``RelayError`` if the relay can't
        be reached.
        """
        await _cancel(self._follower)
        try:
            self._joined = joined = await self._client.join(self.room, self.seat)
        except RelayRefused:
            self._joined = None
            await self._tell({"type": "closed", "reason": "refused"})
            return
        await self._tell({"type": "offer", "peer": joined.peer, "sdp": joined.offer_sdp})
        self._follower = asyncio.create_task(self._follow(joined))

    async def close(self) -> None:
        """Leave the seat, unless another page has taken it: the person left, or was let out."""
        await _cancel(self._expiry)
        await _cancel(self._follower)
        joined, self._joined = self._joined, None
        if joined is not None:
            await self._client.leave(joined.peer)

    def detach(self) -> None:
        """The socket is gone. Call it when that happens.

        The seat stays for ``SOCKETLESS``: others see "reconnecting" at worst, and the same person's
        next socket takes it over (F-8). Events still reach ``on_event``.
        """
        self._detached = True
        if self._joined is not None and self._expiry is None:
            self._expiry = asyncio.create_task(self._expire())

    async def _expire(self) -> None:
        await asyncio.sleep(SOCKETLESS)
        self._expiry = None
        await self.close()

    async def _tell(self, message: Message) -> None:
        if not self._detached:
            await self._send(message)

    async def _follow(self, joined: Joined) -> None:
        while True:
            event = await joined.events.get()
            name = event["event"]
            if self._on_event is not None:
                await self._on_event(event)
            if name == "slots":
                await self._tell({"type": "slots", "peer": joined.peer, "slots": event["slots"]})
            elif name in ("connected", "disconnected"):
                await self._tell({"type": "state", "peer": joined.peer, "state": name})
            else:
                break
        self._joined = self._follower = None
        if name != LOST or self._detached:
            await _cancel(self._expiry)
            await self._tell({"type": "closed", "reason": name})
            return
        try:  # the new relay gets this page at once, without waiting for it to notice
            await self.join()
        except RelayError:
            await self._tell({"type": "closed", "reason": "again"})


async def _cancel(task: asyncio.Task[None] | None) -> None:
    if task is not None and task is not asyncio.current_task():
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
