"""The relay's sockets and clock: one UDP port for all pages, the same port on TCP beside it."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, cast

from mutual.room.relay import bandwidth, rtp, sdp, stun
from mutual.room.relay.dtls import Identity
from mutual.room.relay.peer import Event, Path, Peer
from mutual.room.relay.rooms import Room, name
from mutual.room.relay.tcp import TcpLink

SILENT_AFTER = 6.0
"""Seconds without a sign of life until a page counts as disconnected (pages check every 2.5 s)."""
FORGET_AFTER = 30.0
"""Seconds until a silent page loses its seat."""
EMPTY_ROOM_KEPT = 24 * 3600.0
TICK = 0.025
_PATHS_PER_PEER = 16


class UdpPath:
    """The way to a page over UDP."""

    __slots__ = ("_address", "_transport", "key")

    def __init__(self, transport: asyncio.DatagramTransport, address: tuple[Any, ...]) -> None:
        self._transport = transport
        self._address = address
        self.key: Hashable = address

    def send(self, data: bytes) -> None:
        """Send one datagram; a full socket drops it, as a network would."""
        if not self._transport.is_closing():
            self._transport.sendto(data, self._address)


class Relay:
    """All rooms of one process. Everything happens in one event loop, so routing is atomic."""

    def __init__(self, addresses: Iterable[str], *, udp: bool = True) -> None:
        self.port = 0
        self.rooms: dict[str, Room] = {}
        self.peers: dict[str, Peer] = {}
        self._identity = Identity()
        self._addresses = list(addresses)
        self._udp = udp
        self._by_ufrag: dict[str, Peer] = {}
        self._by_key: dict[Hashable, Peer] = {}
        self._emptied: dict[str, float] = {}
        self._closers: list[Callable[[], object]] = []

    async def start(self, host: str, port: int) -> None:
        """Listen on UDP and TCP. With ``port`` 0 a port that is free for both is chosen.

        Raises ``OSError`` when the port is taken.
        """
        loop = asyncio.get_running_loop()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        for tries_left in range(9, -1, -1):
            udp = socket.socket(family, socket.SOCK_DGRAM)
            tcp = socket.socket(family, socket.SOCK_STREAM)
            try:
                tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                udp.bind((host, port))
                tcp.bind((host, udp.getsockname()[1]))
                break
            except OSError:
                udp.close()
                tcp.close()
                if port or not tries_left:
                    raise
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        udp.setblocking(False)
        tcp.setblocking(False)
        self.port = udp.getsockname()[1]
        transport, _ = await loop.create_datagram_endpoint(lambda: _Udp(self), sock=udp)
        server = await loop.create_server(lambda: TcpLink(self), sock=tcp)
        self._closers += [transport.close, server.close]
        for every, what in ((TICK, self._tick), (1.0, self._second)):
            task = loop.create_task(_repeat(every, what))
            self._closers.append(task.cancel)

    def stop(self) -> None:
        """Say goodbye to every page and close the sockets."""
        for peer in list(self.peers.values()):
            self.drop(peer)
        for close in self._closers:
            close()
        self._closers.clear()

    # Orders of the application

    def join(self, room: object, seat: object, notify: Callable[[Event], None]) -> tuple[Peer, str]:
        """Seat a page and return its offer; a page that sat there before is replaced.

        Raises ``ValueError`` when the room is full or a name is unusable.
        """
        room_name, seat_name = name(room, "room"), name(seat, "seat")
        place = self.rooms.setdefault(room_name, Room(room_name))
        peer = Peer(room_name, seat_name, self._identity, notify)
        try:
            before = place.enter(peer)
        except ValueError:
            self._note_if_empty(place)
            raise
        self.peers[peer.id] = peer
        self._by_ufrag[peer.ufrag] = peer
        self._emptied.pop(room_name, None)
        if before is not None:
            before.tell("replaced")
            self.drop(before)
        addresses = [(address, self.port) for address in self._addresses]
        transport = sdp.Transport(
            peer.ufrag, peer.password, self._identity.fingerprint, addresses, self._udp
        )
        return peer, peer.offer(transport)

    def route(self, room: object, matrix: Mapping[str, Iterable[str]]) -> None:
        """Say who hears and sees whom in a room, whole. Media stops with the very next packet."""
        room_name = name(room, "room")
        place = self.rooms.setdefault(room_name, Room(room_name))
        place.route(matrix)
        self._note_if_empty(place)

    def answered(self, peer: Peer, text: str) -> None:
        """Take a page's answer. Raises ``ValueError`` when it doesn't fit."""
        peer.answer(text)
        if peer.connected:
            self._changed(peer)

    def drop(self, peer: Peer) -> None:
        """Take a page out; its tile goes wherever it was seen."""
        peer.close()
        self.peers.pop(peer.id, None)
        self._by_ufrag.pop(peer.ufrag, None)
        for key in peer.keys:
            if self._by_key.get(key) is peer:
                del self._by_key[key]
                if isinstance(key, TcpLink):
                    key.close()
        if place := self.rooms.get(peer.room):
            place.leave(peer)
            self._note_if_empty(place)

    def close_room(self, room: object) -> None:
        """End a room: every page out, the matrix forgotten."""
        if place := self.rooms.get(name(room, "room")):
            for peer in list(place.seats.values()):
                peer.tell("gone")
                self.drop(peer)
            self.rooms.pop(place.name, None)
            self._emptied.pop(place.name, None)

    def _note_if_empty(self, place: Room) -> None:
        if not place.seats:
            self._emptied.setdefault(place.name, time.monotonic())
            if not place.matrix:
                self.rooms.pop(place.name, None)
                self._emptied.pop(place.name, None)

    # The network

    def received(self, data: bytes, key: Hashable, path: Callable[[], Path], host: str) -> None:
        """One datagram, whichever way it came. ``host`` is only echoed to its own page (STUN)."""
        now = time.monotonic()
        if data and data[0] < 4:
            self._stun(data, key, path, host, now)
        elif data and (peer := self._by_key.get(key)) and peer.received(data, now):
            self._changed(peer)

    def _stun(
        self, data: bytes, key: Hashable, path: Callable[[], Path], host: str, now: float
    ) -> None:
        check = stun.check(data, self._password)
        if check is None:
            return
        peer = self._by_ufrag[check.ufrag]
        holder = self._by_key.get(key)
        if not peer.knows(check.remote_ufrag) or (
            # Nobody takes over a path that another page is alive on.
            holder is not None and holder is not peer and now - holder.heard < SILENT_AFTER
        ):
            return
        way = path()
        if holder is not peer:
            self._by_key[key] = peer
            peer.keys.append(key)
            if len(peer.keys) > _PATHS_PER_PEER:
                self._by_key.pop(peer.keys.pop(0), None)
        if peer.path is None or (check.nominates and peer.path.key != key):
            peer.path = way
        peer.heard = now
        way.send(check.answer(host, _port_of(key)))

    def _password(self, ufrag: str) -> str | None:
        peer = self._by_ufrag.get(ufrag)
        return peer.password if peer else None

    def lost(self, key: Hashable) -> None:
        """A TCP connection ended."""
        peer = self._by_key.pop(key, None)
        if peer is not None:
            peer.keys.remove(key)
            if peer.path is not None and peer.path.key == key:
                peer.path = None

    # The clock

    def _changed(self, peer: Peer) -> None:
        if peer.connected:
            peer.tell("connected")
        else:
            peer.tell("disconnected", reason="closed" if peer.ended else "silent")
        if place := self.rooms.get(peer.room):
            place.announce()

    def _tick(self) -> None:
        now = time.monotonic()
        for peer in self.peers.values():
            peer.tick(now)

    def _second(self) -> None:
        now = time.monotonic()
        for peer in list(self.peers.values()):
            self._check_alive(peer, now)
        for place in self.rooms.values():
            _share_bandwidth(place, now)
        for room_name, since in list(self._emptied.items()):
            if now - since > EMPTY_ROOM_KEPT:
                del self._emptied[room_name]
                self.rooms.pop(room_name, None)

    def _check_alive(self, peer: Peer, now: float) -> None:
        silent = now - peer.heard
        if silent > FORGET_AFTER:
            peer.tell("gone")
            self.drop(peer)
        elif not peer.ended and peer.alive(silent <= SILENT_AFTER):
            self._changed(peer)


def _share_bandwidth(place: Room, now: float) -> None:
    limits = {peer.id: peer.measure(now) for peer in place.seats.values()}
    for source in place.seats.values():
        viewers = [
            limits[viewer.id]
            for viewer in place.seats.values()
            if any(slot.source is source for slot in viewer.slots)
        ]
        cap = bandwidth.next_cap(
            source.upstream[rtp.VP8].cap,
            [limit for limit, _ in viewers],
            max((pictures for _, pictures in viewers), default=1),
        )
        source.report(now, cap)


def _port_of(key: Hashable) -> int:
    if isinstance(key, TcpLink):
        return key.port
    return int(key[1]) if isinstance(key, tuple) else 0


async def _repeat(every: float, what: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(every)
        what()


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # uvloop's isn't a subclass

    def datagram_received(self, data: bytes, address: tuple[Any, ...]) -> None:
        if (transport := self._transport) is not None:
            self._relay.received(
                data, address, lambda: UdpPath(transport, address), str(address[0])
            )

    def error_received(self, error: Exception) -> None:
        """A page's port is gone (ICMP); its silence will tell."""
