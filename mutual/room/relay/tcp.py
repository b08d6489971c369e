"""Media over TCP where a network blocks UDP: each packet behind its length (RFC 4571)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import Protocol, cast

_UNPROVED = 8.0
"""Seconds that a connection has for its first valid check."""
_BACKLOG = 256 * 1024
"""Bytes waiting to leave, above which packets are dropped as a network would."""
_LINKS = 512


class Receiver(Protocol):
    """Whoever takes the packets."""

    def received(
        self, data: bytes, key: Hashable, path: Callable[[], TcpLink], host: str
    ) -> None: ...

    def lost(self, key: Hashable) -> None: ...


class TcpLink(asyncio.Protocol):
    """One TCP connection; it is its own key and its own path."""

    _open = 0

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._deadline: asyncio.TimerHandle | None = None
        self.host, self.port = "", 0

    @property
    def key(self) -> Hashable:
        return self

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        link = cast(asyncio.Transport, transport)  # uvloop's isn't a subclass
        TcpLink._open += 1
        self._transport = link
        peer = link.get_extra_info("peername") or ("", 0)
        self.host, self.port = str(peer[0]), int(peer[1])
        if TcpLink._open > _LINKS:
            link.abort()
            return
        self._deadline = asyncio.get_running_loop().call_later(_UNPROVED, link.abort)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        while len(buffer) >= 2:
            end = 2 + int.from_bytes(buffer[:2], "big")
            if len(buffer) < end:
                return
            packet = bytes(buffer[2:end])
            del buffer[:end]
            self._receiver.received(packet, self, self._path, self.host)

    def _path(self) -> TcpLink:
        """Asked for only after a valid check: from now on the connection may stay."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        return self

    def send(self, data: bytes) -> None:
        """Send one packet, unless the page reads too slowly."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() < _BACKLOG:
            transport.write(len(data).to_bytes(2, "big") + data)

    def close(self) -> None:
        """End the connection: its page has left."""
        if self._transport is not None:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        TcpLink._open -= 1
        if self._deadline is not None:
            self._deadline.cancel()
        self._transport = None
        self._receiver.lost(self)
