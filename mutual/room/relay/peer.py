"""One page's connection: its handshake, what it sends, and the slots in which it sees others."""

from __future__ import annotations

import secrets
import struct
import time
from collections.abc import Callable, Hashable
from typing import Any, Protocol

import pylibsrtp

from mutual.room.relay import bandwidth, rtcp, rtp, sdp
from mutual.room.relay.dtls import Handshake, Identity
from mutual.room.relay.streams import Kind, Outlet, Upstream, Viewer, WallClock, new_ssrc

SLOTS = 5
"""Others that one page can see: rooms of up to six people."""

Event = dict[str, Any]


class Path(Protocol):
    """A way to one page: a UDP address or a TCP connection."""

    @property
    def key(self) -> Hashable: ...

    def send(self, data: bytes) -> None: ...


class Slot:
    """A place in which a page sees one other seat."""

    def __init__(self, name: str, viewer: Viewer) -> None:
        self.name = name
        self.audio = Outlet("audio", name, viewer)
        self.video = Outlet("video", name, viewer)
        self.halves = (self.audio, self.video)
        self.seat: str | None = None
        self.source: Peer | None = None

    def point(self, source: Peer | None) -> None:
        """Show another page, or nobody; what was sent before stays before.

        A person who came back is a new source in the same seat.
        """
        if source is not self.source:
            self.seat, self.source = (source.seat if source else None), source
            for half in self.halves:
                half.detach()


class Peer:
    """One page. It hears nobody, and nobody hears it, until ``Room.rewire`` says so."""

    def __init__(
        self, room: str, seat: str, identity: Identity, notify: Callable[[Event], None]
    ) -> None:
        self.id = secrets.token_urlsafe(12)
        self.room, self.seat = room, seat
        self.ufrag = secrets.token_hex(8)
        self.password = secrets.token_hex(16)
        self.path: Path | None = None
        self.keys: list[Hashable] = []
        """Every path that it proved, newest last."""
        self.joined = self.heard = time.monotonic()
        self.connected = False
        self.microphone = self.camera = False
        self.sound_only = False
        self.upstream: dict[int, Upstream] = {
            rtp.OPUS: Upstream("audio"),
            rtp.VP8: Upstream("video"),
        }
        self.slots = [Slot(f"slot-{number}", self) for number in range(SLOTS)]
        self._notify = notify
        self._own_ssrc = new_ssrc()
        self._handshake = Handshake(identity, self._send)
        self._answer: sdp.Answer | None = None
        self._receiving: Any = None
        self._sending: Any = None
        self._clock = WallClock()
        self._estimate: int | None = None
        self._weak = bandwidth.SoundOnly()
        self._octets_before = self._sent_before = 0

    def stream(self, kind: Kind) -> Upstream:
        """What this page sends of one kind."""
        return self.upstream[rtp.OPUS if kind == "audio" else rtp.VP8]

    # What the application says

    def offer(self, transport: sdp.Transport) -> str:
        """The offer for this page, slots included."""
        lines = [sdp.SlotLines(slot.name, slot.audio.ssrc, slot.video.ssrc) for slot in self.slots]
        return sdp.offer(secrets.randbits(62), transport, lines)

    def answer(self, text: str) -> None:
        """Take the page's answer. Raises ``ValueError`` if it doesn't fit or came already."""
        if self._answer is not None:
            raise ValueError("this peer has answered already; join again for a new offer")
        self._answer = sdp.read_answer(text, 2 + 2 * len(self.slots))
        self._settle()

    def tell(self, event: str, **more: Any) -> None:
        """Report to whoever joined this peer."""
        self._notify(
            {"event": event, "peer": self.id, "room": self.room, "seat": self.seat, **more}
        )

    def close(self) -> None:
        """End the connection and tell the page."""
        self._handshake.close()
        self._receiving = self._sending = None
        self._hold()

    # What the network says

    def knows(self, remote_ufrag: str) -> bool:
        """Whether a connectivity check's other half fits the answer, as far as there is one."""
        return self._answer is None or self._answer.ufrag == remote_ufrag

    def received(self, data: bytes, now: float) -> bool:
        """One datagram that isn't STUN. True when the connection changed state."""
        first = data[0]
        if 20 <= first <= 63:
            self._handshake.feed(data)
            if self._handshake.closed and self.connected:
                self.connected = False
                self._hold()
                return True
            return self._settle()
        if 128 <= first <= 191 and len(data) > 1 and self._receiving is not None:
            try:
                if 192 <= data[1] <= 223:
                    self._feedback(self._receiving.unprotect_rtcp(data), now)
                else:
                    self._forward(self._receiving.unprotect(data), now)
                self.heard = now
            except (pylibsrtp.Error, ValueError, struct.error):
                pass  # forged, repeated or broken: it's as if it hadn't come
        return False

    @property
    def ended(self) -> bool:
        """The page closed its side, or the handshake failed: only a new join helps."""
        return self._handshake.closed

    def alive(self, heard: bool) -> bool:
        """Note whether the page was heard lately. True when that changed its state."""
        connected = heard and self._receiving is not None
        changed = connected != self.connected
        self.connected = connected
        return changed

    def _settle(self) -> bool:
        """Open the media once the handshake is done and its certificate is the answer's."""
        if self._receiving is not None or self._answer is None or not self._handshake.done:
            return False
        answer = self._answer
        if not self._handshake.matches(answer.fingerprint_algorithm, answer.fingerprint):
            self._handshake.close()
            return False
        try:
            self._receiving, self._sending = self._handshake.sessions()
        except ValueError:
            self._handshake.close()
            return False
        self.connected = True
        self._hold()
        return True

    def _hold(self) -> None:
        for slot in self.slots:
            slot.audio.held = self._sending is None
            held = self._sending is None or self.sound_only
            if held and not slot.video.held:
                slot.video.detach()
            slot.video.held = held

    def _send(self, data: bytes) -> None:
        if self.path is not None:
            self.path.send(data)

    def send_rtp(self, data: bytes) -> None:
        """Protect one RTP packet for this page and send it."""
        if self._sending is not None:
            self._send(self._sending.protect(data))

    def send_rtcp(self, data: bytes) -> None:
        """Protect RTCP for this page and send it."""
        if self._sending is not None:
            self._send(self._sending.protect_rtcp(data))

    def _forward(self, data: bytes, now: float) -> None:
        packet = rtp.read(data)
        stream = self.upstream.get(packet.payload_type)
        if stream is None:
            return
        stream.receive(data, packet, now)
        for outlet in stream.outlets:
            if not outlet.forward(data, packet, now):
                stream.wants_key_frame = True

    def _feedback(self, data: bytes, now: float) -> None:
        for part in rtcp.read(data):
            if isinstance(part, rtcp.SenderReport):
                self._translate_report(part, now)
            elif isinstance(part, rtcp.BandwidthEstimate):
                self._estimate = part.bits_per_second
            elif found := self._outlet(part.ssrc):
                slot, outlet = found
                if isinstance(part, rtcp.ReportBlock):
                    outlet.lost_fraction = part.fraction_lost / 256
                elif slot.source is not None:
                    stream = slot.source.stream(outlet.kind)
                    if isinstance(part, rtcp.Nack):
                        outlet.resend(stream, part.sequences)
                    else:
                        stream.wants_key_frame = True

    def _outlet(self, ssrc: int) -> tuple[Slot, Outlet] | None:
        for slot in self.slots:
            for outlet in slot.halves:
                if outlet.ssrc == ssrc:
                    return slot, outlet
        return None

    def _translate_report(self, report: rtcp.SenderReport, now: float) -> None:
        ntp = self._clock.translate(report.ntp, time.time())
        for stream in self.upstream.values():
            if stream.ssrc == report.ssrc:
                stream.sender_report(report, now)
                for outlet in stream.outlets:
                    outlet.report(report, ntp)

    # What the clock says

    def tick(self, now: float) -> None:
        """Every 25 ms: lost handshake flights, missing packets, key frames."""
        if not self._handshake.done:
            self._handshake.tick()
        for stream in self.upstream.values():
            if stream.ssrc is None or not self.connected:
                continue
            missing = stream.to_nack(now)
            if missing and stream.outlets:
                self.send_rtcp(rtcp.nack(self._own_ssrc, stream.ssrc, missing))
            if stream.key_frame_due(now):
                self.send_rtcp(rtcp.picture_loss(self._own_ssrc, stream.ssrc))

    def measure(self, now: float) -> tuple[int | None, int]:
        """Once a second: what this page can take of each picture, and how many it gets."""
        videos = [slot.video for slot in self.slots if slot.seat is not None]
        octets = sum(slot.video.octets for slot in self.slots)
        now_sent, self._octets_before = 8 * (octets - self._octets_before), octets
        # An estimate speaks of what arrived a moment ago: while a picture grows, of less.
        sent, self._sent_before = min(now_sent, self._sent_before), now_sent
        lost = max((video.lost_fraction for video in videos), default=0.0)
        limit = bandwidth.viewer_limit(self._estimate, sent, len(videos), lost)
        sound_only = self._weak.decide(limit, now)
        if sound_only != self.sound_only:
            self.sound_only = sound_only
            self._hold()
        return (None if sound_only else limit), len(videos)

    def report(self, now: float, cap: int) -> None:
        """Once a second: tell the page how it arrives, and how much picture it may send."""
        if not self.connected:
            return
        blocks = [b for stream in self.upstream.values() if (b := stream.report_block(now))]
        data = rtcp.receiver_report(self._own_ssrc, blocks)
        video = self.upstream[rtp.VP8]
        video.cap = cap
        if video.ssrc is not None:
            data += rtcp.bandwidth_estimate(self._own_ssrc, video.ssrc, cap)
        self.send_rtcp(data)
