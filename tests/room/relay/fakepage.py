"""A page without a browser: STUN, DTLS as client and SRTP over one UDP port or TCP connection."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pylibsrtp
from aioice import stun
from OpenSSL import SSL

from mutual.room.relay import rtcp, rtp
from mutual.room.relay.dtls import Identity, whole_records
from tests.room.relay.packets import packet

_KEY, _SALT = 16, 12


class FakePage(asyncio.DatagramProtocol):
    """Joins with an offer, sends numbered packets, and counts what comes."""

    def __init__(self, offer: str) -> None:
        self.offer = offer
        candidate = re.search(r"^a=candidate:\S+ 1 \w+ \d+ (\S+) (\d+) ", offer, re.M)
        assert candidate is not None
        self.relay = (candidate[1], int(candidate[2]))
        self.identity = Identity()  # a self-signed certificate like a browser's
        self.received: list[bytes] = []
        self.asked: list[rtcp.Feedback] = []
        self.own_address: tuple[str, int] | None = None
        self.connected = asyncio.Event()
        self.sequence = 100
        self._connection: Any = None
        self._sending: Any = None
        self._receiving: Any = None
        self._transport: Any = None
        self._writer: asyncio.StreamWriter | None = None
        self._reader: asyncio.Task[None] | None = None

    @property
    def answer(self) -> str:
        """The answer that a browser would give."""
        section = (
            f"a=ice-ufrag:page\r\na=ice-pwd:{'x' * 24}\r\na=setup:active\r\n"
            f"a=fingerprint:sha-256 {self.identity.fingerprint}\r\n"
        )
        return "".join(
            f"m={kind} 9 UDP/TLS/RTP/SAVPF 0\r\n{section}"
            for kind in re.findall(r"^m=(\w+)", self.offer, re.M)
        )

    async def connect(self, *, tcp: bool = False) -> None:
        """Check the path, then shake hands. Returns when keys are there."""
        if tcp:
            reader, self._writer = await asyncio.open_connection(*self.relay)
            self._reader = asyncio.create_task(self._read(reader))
        else:
            loop = asyncio.get_running_loop()
            self._transport, _ = await loop.create_datagram_endpoint(
                lambda: self, local_addr=("127.0.0.1", 0)
            )
        self.check()
        context: Any = SSL.Context(SSL.DTLS_METHOD)
        context.set_tlsext_use_srtp(b"SRTP_AEAD_AES_128_GCM")
        context.use_certificate(self.identity.certificate)
        context.use_privatekey(self.identity.key)
        context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        self._connection = SSL.Connection(context, None)
        self._connection.set_connect_state()
        self._connection.set_ciphertext_mtu(1200)
        self._shake()
        await asyncio.wait_for(self.connected.wait(), 5)

    def check(self, *, password: str | None = None) -> None:
        """Send one connectivity check."""
        ufrag = re.search(r"a=ice-ufrag:(\S+)", self.offer)
        known = re.search(r"a=ice-pwd:(\S+)", self.offer)
        assert ufrag is not None and known is not None
        message: Any = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{ufrag[1]}:page"
        message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity((password or known[1]).encode())
        self.send(bytes(message))

    def send(self, data: bytes) -> None:
        """Send one packet as it is."""
        if self._writer is not None:
            self._writer.write(len(data).to_bytes(2, "big") + data)
        else:
            self._transport.sendto(data, self.relay)

    def say(self, payload: bytes, kind: int = rtp.OPUS) -> None:
        """Send one protected RTP packet."""
        self.sequence += 1
        ssrc = 1000 + kind
        data = packet(self.sequence, timestamp=self.sequence * 960, ssrc=ssrc, kind=kind,
                      payload=payload)  # fmt: skip
        self.send(self._sending.protect(data))

    def feedback(self, data: bytes) -> None:
        """Send protected RTCP."""
        self.send(self._sending.protect_rtcp(data))

    def heard(self) -> list[bytes]:
        """Payloads that came, in order."""
        read = [(data, rtp.read(data)) for data in self.received]
        return [data[each.payload_start : each.payload_end] for data, each in read]

    def close(self) -> None:
        """Vanish without a word."""
        if self._reader is not None:
            self._reader.cancel()
        if self._writer is not None:
            self._writer.close()
        if self._transport is not None:
            self._transport.close()

    def goodbye(self) -> None:
        """End the DTLS connection, as a closed page does."""
        self._connection.shutdown()
        self._flush()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while True:
            try:
                size = int.from_bytes(await reader.readexactly(2), "big")
                self.datagram_received(await reader.readexactly(size), ("", 0))
            except asyncio.IncompleteReadError:
                return

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if data[0] < 4:
            message: Any = stun.parse_message(data)
            self.own_address = message.attributes["XOR-MAPPED-ADDRESS"]
        elif data[0] < 64:
            self._connection.bio_write(data)
            self._shake()
        elif self._receiving is None:
            return
        elif 192 <= data[1] <= 223:
            self.asked += rtcp.read(self._receiving.unprotect_rtcp(data))
        else:
            self.received.append(self._receiving.unprotect(data))

    def _shake(self) -> None:
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            self._flush()
            return
        self._flush()
        if self._sending is None:
            self._keys()
            self.connected.set()

    def _flush(self) -> None:
        try:
            data = self._connection.bio_read(65535)
        except SSL.Error:
            return
        for datagram in whole_records(data):
            self.send(datagram)

    def _keys(self) -> None:
        material = self._connection.export_keying_material(
            b"EXTRACTOR-dtls_srtp", 2 * (_KEY + _SALT), None
        )
        client = material[:_KEY] + material[2 * _KEY : 2 * _KEY + _SALT]
        server = material[_KEY : 2 * _KEY] + material[2 * _KEY + _SALT :]
        profile = pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM
        self._sending, self._receiving = (
            pylibsrtp.Session(pylibsrtp.Policy(key=key, ssrc_type=direction, srtp_profile=profile))
            for key, direction in (
                (client, pylibsrtp.Policy.SSRC_ANY_OUTBOUND),
                (server, pylibsrtp.Policy.SSRC_ANY_INBOUND),
            )
        )
