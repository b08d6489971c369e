"""One page's link to the relay: the messages between ``media.js`` and ``RelayClient``.

From the page: ``{"type": "join"}``, ``{"type": "answer", "peer", "sdp"}``,
``{"type": "devices", "microphone", "camera"}``, ``{"type": "leave"}``. To the page:
``{"type": "offer", "peer", "sdp"}``, ``{"type": "slots", "peer", "slots"}``,
``{"type": "state", "peer", "state"}`` and ``{"type": "closed", "reason"}``.

Whoever owns the socket decides admission *before* making a link, and routing at any time.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from mutual.room.relay.client import LOST, Joined, RelayClient, RelayError

Message = dict[str, Any]
KINDS = frozenset({"join", "answer", "devices", "leave"})
"""Types of the messages that belong to a link; a socket may carry others beside them."""


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
            await self._send({"type": "closed", "reason": "again"})

    async def join(self) -> None:
        """Take the seat, anew if it was taken, and send the page its offer."""
        await self._stop_following()
        self._joined = await self._client.join(self.room, self.seat)
        await self._send(
            {"type": "offer", "peer": self._joined.peer, "sdp": self._joined.offer_sdp}
        )
        self._follower = asyncio.create_task(self._follow(self._joined))

    async def close(self) -> None:
        """Leave the seat, unless another page has taken it. Call it when the socket closes."""
        await self._stop_following()
        joined, self._joined = self._joined, None
        if joined is not None:
            await self._client.leave(joined.peer)

    async def _stop_following(self) -> None:
        follower, self._follower = self._follower, None
        if follower is not None and follower is not asyncio.current_task():
            follower.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await follower

    async def _follow(self, joined: Joined) -> None:
        while True:
            event = await joined.events.get()
            name = event["event"]
            if self._on_event is not None:
                await self._on_event(event)
            if name == "slots":
                await self._send({"type": "slots", "peer": joined.peer, "slots": event["slots"]})
            elif name in ("connected", "disconnected"):
                await self._send({"type": "state", "peer": joined.peer, "state": name})
            elif name == LOST:
                await self._rejoin()
                return
            else:
                self._joined = None
                await self._send({"type": "closed", "reason": name})
                return

    async def _rejoin(self) -> None:
        """The relay died: the new one gets this page at once, without waiting for it to notice."""
        self._joined = None
        try:
            await self.join()
        except RelayError:
            await self._send({"type": "closed", "reason": "again"})
