"""The two ends of forwarding: a stream that arrives from a page, and one that leaves in a slot."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass, field
from typing import Literal, Protocol

from mutual.room.relay import rtcp, rtp

Kind = Literal["audio", "video"]
CLOCK: dict[Kind, int] = {"audio": 48_000, "video": 90_000}

HISTORY = 512
"""Packets kept for resends: about 3 s of picture at 150 packets a second."""
KEY_FRAME_PAUSE = 0.4
"""Seconds between key frame requests to one page, however many ask."""
_NACK_EVERY = 0.08  # seconds between two tries for one packet
_NACK_TRIES = 6
_NACK_AT_ONCE = 64  # a longer gap is a pause or a new source; a key frame heals it


def new_ssrc() -> int:
    """A random stream number, never 0."""
    return secrets.randbelow(0xFFFFFFFF) + 1


@dataclass(slots=True)
class _Missing:
    tries: int = 0
    next_try: float = 0.0


class Upstream:
    """One page's sound or picture as it arrives: what is kept for resends, reports and feedback."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.clock = CLOCK[kind]
        self.outlets: list[Outlet] = []
        """Where it goes now. Empty means that nobody hears it."""
        self.cap = 0
        """Bits per second last granted to the page (video only)."""
        self.packets = 0
        self.bytes = 0
        self.ssrc: int | None = None
        self.wants_key_frame = False
        self._key_frame_asked = float("-inf")
        self._reset()

    def _reset(self) -> None:
        self._kept: list[tuple[int, bytes, rtp.Packet] | None] = [None] * HISTORY
        self._missing: dict[int, _Missing] = {}
        self._base = self._highest = -1  # extended sequence numbers; -1 before the first packet
        self._received = 0
        self._expected_before = self._received_before = 0
        self._transit: float | None = None
        self._jitter = 0.0
        self._report: tuple[int, float] | None = None

    def receive(self, data: bytes, packet: rtp.Packet, now: float) -> None:
        """Count and keep one packet; ``now`` in monotonic seconds."""
        if packet.ssrc != self.ssrc:
            self.ssrc = packet.ssrc
            self._reset()
            for outlet in self.outlets:
                outlet.detach()
        self.packets += 1
        self.bytes += len(data)
        self._received += 1
        self._count(packet.sequence, now)
        transit = now * self.clock - packet.timestamp
        if self._transit is not None:
            change = abs(transit - self._transit)
            if change < self.clock:  # more than a second is a new start, not jitter
                self._jitter += (change - self._jitter) / 16
        self._transit = transit
        if self.kind == "video":
            self._kept[packet.sequence % HISTORY] = (packet.sequence, data, packet)

    def _count(self, sequence: int, now: float) -> None:
        if self._highest < 0:
            self._base = self._highest = sequence
            return
        ahead = (sequence - self._highest) & 0xFFFF
        if ahead >= 0x8000:
            self._missing.pop(sequence, None)
            return
        if self.kind == "video" and 1 < ahead <= _NACK_AT_ONCE:
            for gap in range(1, ahead):
                # One loop turn of patience, so that packets merely out of order aren't asked for.
                self._missing[(self._highest + gap) & 0xFFFF] = _Missing(next_try=now + 0.02)
        self._highest += ahead

    def kept(self, sequence: int) -> tuple[bytes, rtp.Packet] | None:
        """A packet of the last ``HISTORY``, if it's still there."""
        entry = self._kept[sequence % HISTORY]
        return (entry[1], entry[2]) if entry and entry[0] == sequence else None

    def to_nack(self, now: float) -> list[int]:
        """Sequence numbers to ask the page for now, in order."""
        if not self._missing:
            return []
        due = [number for number, gap in self._missing.items() if gap.next_try <= now]
        for number in due:
            gap = self._missing[number]
            gap.tries += 1
            gap.next_try = now + _NACK_EVERY
            if gap.tries > _NACK_TRIES:
                del self._missing[number]
        return [number for number in due if number in self._missing]

    def key_frame_due(self, now: float) -> bool:
        """Whether to send a key frame request now; remembers that it was sent."""
        if not self.wants_key_frame or now - self._key_frame_asked < KEY_FRAME_PAUSE:
            return False
        self.wants_key_frame = False
        self._key_frame_asked = now
        return True

    def sender_report(self, report: rtcp.SenderReport, now: float) -> None:
        """Remember the page's report, to answer it in the next receiver report."""
        self._report = (report.ntp >> 16 & 0xFFFFFFFF, now)

    def report_block(self, now: float) -> rtcp.ReportBlock | None:
        """What the relay says about this stream since the last call; ``None`` before any packet."""
        if self.ssrc is None or self._highest < 0:
            return None
        expected = self._highest - self._base + 1
        new_expected = expected - self._expected_before
        new_lost = new_expected - (self._received - self._received_before)
        self._expected_before, self._received_before = expected, self._received
        fraction = new_lost * 256 // new_expected if new_expected > 0 and new_lost > 0 else 0
        total = max(-0x800000, min(0x7FFFFF, expected - self._received))
        last, since = 0, 0
        if self._report is not None:
            last, since = self._report[0], int((now - self._report[1]) * 65536)
        return rtcp.ReportBlock(
            self.ssrc, min(fraction, 255), total, self._highest & 0xFFFFFFFF,
            int(self._jitter), last, since & 0xFFFFFFFF,
        )  # fmt: skip


class Viewer(Protocol):
    """The page at the far end of an outlet."""

    def send_rtp(self, data: bytes) -> None: ...

    def send_rtcp(self, data: bytes) -> None: ...


@dataclass(slots=True)
class Outlet:
    """One outgoing stream of a slot: its own number, sequence and clock, whoever is in it."""

    kind: Kind
    name: str
    """The slot's: it binds the slot's sound to its picture."""
    viewer: Viewer
    ssrc: int = field(default_factory=new_ssrc)
    packets: int = 0
    octets: int = 0
    lost_fraction: float = 0.0
    """Share lost by the receiver's last report, 0 to 1."""
    held: bool = True
    """Nothing leaves: the viewer isn't connected yet, or its network can't carry pictures."""
    resent: int = 0
    _sequence: int = field(default_factory=lambda: random.randrange(1, 0x7000))
    _timestamp: int = field(default_factory=lambda: secrets.randbits(31))
    _last: float | None = None
    _sequence_shift: int | None = None
    _timestamp_shift: int = 0
    _first: int = 0
    # For each of the last packets: sequence << 24 | the send time that went out with it.
    _sent: list[int] = field(default_factory=lambda: [-1] * HISTORY)

    def detach(self) -> None:
        """Forget the source: the next packet begins a new one, a picture with a key frame.

        What was sent before can't be asked for again, and nothing that the source sent meanwhile
        can be fetched later: after a caucus, its packets stay in the caucus.
        """
        self._sequence_shift = None
        self._sent = [-1] * HISTORY

    @property
    def attached(self) -> bool:
        """Whether it carries its present source already."""
        return self._sequence_shift is not None

    def forward(self, data: bytes, packet: rtp.Packet, now: float) -> bool:
        """Send one packet on, unless held; false when a key frame is wanted first."""
        if self.held:
            return True
        out = self.rewrite(data, packet, now)
        if out is not None:
            self.viewer.send_rtp(out)
        return out is not None or self.attached

    def rewrite(self, data: bytes, packet: rtp.Packet, now: float) -> bytes | None:
        """The packet as this slot sends it, or ``None`` if it must not leave here.

        A picture waits for a key frame (``attached`` stays false); packets from before the
        slot's start never leave.
        """
        shift = self._sequence_shift
        if shift is None:
            if self.kind == "video" and not rtp.starts_key_frame(data, packet):
                return None
            shift = self._attach(packet, now)
        sequence = (packet.sequence + shift) & 0xFFFF
        if not rtp.newer(sequence, self._first):
            return None
        if (sequence - self._first) & 0xFFFF > 0x4000:  # keep the start within half a round
            self._first = (sequence - 0x2000) & 0xFFFF
        sent_at = rtp.send_time(now)
        self._sent[sequence % HISTORY] = sequence << 24 | sent_at
        timestamp = (packet.timestamp + self._timestamp_shift) & 0xFFFFFFFF
        if rtp.newer(sequence, self._sequence):
            self._sequence, self._timestamp, self._last = sequence, timestamp, now
        self.packets += 1
        self.octets += packet.payload_end - packet.payload_start
        return self._pack(data, packet, sequence, timestamp, sent_at)

    def _attach(self, packet: rtp.Packet, now: float) -> int:
        """Go on where the old source stopped, so that the receiver sees one stream."""
        shift = (self._sequence + 1 - packet.sequence) & 0xFFFF
        pause = now - self._last if self._last is not None else 0.0
        start = self._timestamp + max(1, int(pause * CLOCK[self.kind]))
        self._timestamp_shift = (start - packet.timestamp) & 0xFFFFFFFF
        self._first = (packet.sequence + shift) & 0xFFFF
        self._sequence_shift = shift
        return shift

    def source_sequence(self, sequence: int) -> int | None:
        """The source's number of a packet that this outlet really sent, else ``None``."""
        sent = self._sent[sequence % HISTORY]
        if self._sequence_shift is None or sent < 0 or sent >> 24 != sequence:
            return None
        return (sequence - self._sequence_shift) & 0xFFFF

    def resend(self, stream: Upstream, sequences: tuple[int, ...]) -> None:
        """Answer a NACK with what is still kept and was really sent here."""
        for sequence in sequences:
            source = self.source_sequence(sequence)
            if source is not None and (kept := stream.kept(source)):
                self.viewer.send_rtp(self.repeat(*kept))

    def repeat(self, data: bytes, packet: rtp.Packet) -> bytes:
        """A packet again, byte for byte: under AES-GCM the same index must hide the same bytes."""
        sequence = (packet.sequence + (self._sequence_shift or 0)) & 0xFFFF
        timestamp = (packet.timestamp + self._timestamp_shift) & 0xFFFFFFFF
        self.resent += 1
        sent_at = self._sent[sequence % HISTORY] & 0xFFFFFF
        return self._pack(data, packet, sequence, timestamp, sent_at)

    def _pack(
        self, data: bytes, packet: rtp.Packet, sequence: int, timestamp: int, sent_at: int
    ) -> bytes:
        out = bytearray(data)
        rtp.HEADER.pack_into(
            out, 0, packet.flags, packet.marker_and_type, sequence, timestamp, self.ssrc
        )
        if at := packet.send_time_at:
            out[at : at + 3] = sent_at.to_bytes(3, "big")
        return bytes(out)

    def report(self, source: rtcp.SenderReport, ntp: int) -> None:
        """Pass on the source's report in this outlet's numbers, unless it carries nothing."""
        if self._sequence_shift is None or self.held:
            return
        timestamp = (source.timestamp + self._timestamp_shift) & 0xFFFFFFFF
        report = rtcp.SenderReport(self.ssrc, ntp, timestamp, self.packets, self.octets)
        self.viewer.send_rtcp(rtcp.sender_report(report, self.name))


class WallClock:
    """Turns a page's clock into the server's, alike for its sound and picture (lip sync)."""

    _JUMP = 1.0  # seconds; a difference beyond it means that the page's clock was set

    def __init__(self) -> None:
        self._offset: float | None = None

    def translate(self, ntp: int, now: float) -> int:
        """The server's NTP time of what the page stamped ``ntp``; ``now`` in Unix seconds."""
        stamped = rtcp.ntp_seconds(ntp)
        offset = now - stamped
        # The smallest difference is the one with the least delay on the way.
        if self._offset is None or offset < self._offset or offset - self._offset > self._JUMP:
            self._offset = offset
        return rtcp.ntp_time(stamped + self._offset)
