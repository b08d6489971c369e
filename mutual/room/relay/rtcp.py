"""RTCP: the few packets a forwarding relay reads and writes (RFC 3550, 4585, 5104, REMB draft)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SENDER_REPORT, RECEIVER_REPORT, DESCRIPTION, GOODBYE = 200, 201, 202, 203
TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK = 205, 206
_NACK, _PICTURE_LOSS, _FULL_INTRA, _APPLICATION = 1, 1, 4, 15
_NTP_EPOCH = 2_208_988_800  # seconds from 1900 to 1970


@dataclass(frozen=True, slots=True)
class SenderReport:
    """A sender's clock: which wall time belongs to which media timestamp."""

    ssrc: int
    ntp: int
    timestamp: int
    packets: int = 0
    octets: int = 0


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What a receiver says of a stream; ``fraction_lost`` in 1/256, ``jitter`` in clock units."""

    ssrc: int
    fraction_lost: int
    packets_lost: int
    highest_sequence: int
    jitter: int
    last_report: int
    since_last_report: int


@dataclass(frozen=True, slots=True)
class Nack:
    """Sequence numbers that a receiver misses."""

    ssrc: int
    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyFrameRequest:
    """A receiver can't go on without a whole picture (PLI or FIR)."""

    ssrc: int


@dataclass(frozen=True, slots=True)
class BandwidthEstimate:
    """REMB: what a receiver believes it can take, in bits per second, all video together."""

    bits_per_second: int


Feedback = SenderReport | ReportBlock | Nack | KeyFrameRequest | BandwidthEstimate


def read(data: bytes) -> Iterator[Feedback]:
    """The parts of a compound packet that matter here. Raises ``ValueError`` when cut off."""
    at = 0
    while at < len(data):
        if at + 4 > len(data):
            raise ValueError("RTCP packet is cut off")
        head, kind, words = struct.unpack_from("!BBH", data, at)
        end = at + 4 + 4 * words
        if head >> 6 != 2 or end > len(data):
            raise ValueError("RTCP packet is cut off or of another version")
        yield from _read_one(kind, head & 0x1F, data[at + 4 : end])
        at = end


def _read_one(kind: int, count: int, body: bytes) -> Iterator[Feedback]:
    try:
        if kind == SENDER_REPORT:
            ssrc, ntp, timestamp, packets, octets = struct.unpack_from("!LQLLL", body)
            yield SenderReport(ssrc, ntp, timestamp, packets, octets)
            yield from _read_blocks(body, 24, count)
        elif kind == RECEIVER_REPORT:
            yield from _read_blocks(body, 4, count)
        elif kind == TRANSPORT_FEEDBACK and count == _NACK:
            yield Nack(struct.unpack_from("!L", body, 4)[0], tuple(_read_nack(body)))
        elif kind == PAYLOAD_FEEDBACK and count == _PICTURE_LOSS:
            yield KeyFrameRequest(struct.unpack_from("!L", body, 4)[0])
        elif kind == PAYLOAD_FEEDBACK and count == _FULL_INTRA:
            for at in range(8, len(body) - 7, 8):
                yield KeyFrameRequest(struct.unpack_from("!L", body, at)[0])
        elif kind == PAYLOAD_FEEDBACK and count == _APPLICATION and body[8:12] == b"REMB":
            _, high, low = struct.unpack_from("!BBH", body, 12)
            yield BandwidthEstimate(((high & 0x03) << 16 | low) << (high >> 2))
    except struct.error as error:
        raise ValueError("RTCP packet is cut off") from error


def _read_blocks(body: bytes, at: int, count: int) -> Iterator[ReportBlock]:
    for start in range(at, at + 24 * count, 24):
        ssrc, lost, highest, jitter, last, since = struct.unpack_from("!LLLLLL", body, start)
        total = lost & 0xFFFFFF
        signed = total - 0x1000000 if total & 0x800000 else total
        yield ReportBlock(ssrc, lost >> 24, signed, highest, jitter, last, since)


def _read_nack(body: bytes) -> Iterator[int]:
    for at in range(8, len(body) - 3, 4):
        first, following = struct.unpack_from("!HH", body, at)
        yield first
        for bit in range(16):
            if following >> bit & 1:
                yield (first + bit + 1) & 0xFFFF


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def receiver_report(own: int, blocks: Iterable[ReportBlock] = ()) -> bytes:
    """RR: how well the relay receives a page's streams; also opens every compound packet."""
    packed = [
        struct.pack(
            "!LLLLLL",
            block.ssrc,
            block.fraction_lost << 24 | (block.packets_lost & 0xFFFFFF),
            block.highest_sequence,
            block.jitter,
            block.last_report,
            block.since_last_report,
        )
        for block in blocks
    ]
    return _packet(RECEIVER_REPORT, len(packed), struct.pack("!L", own) + b"".join(packed))


def sender_report(report: SenderReport, cname: str) -> bytes:
    """SR and the SDES with the name that binds a slot's sound to its picture."""
    body = struct.pack(
        "!LQLLL",
        report.ssrc,
        report.ntp,
        report.timestamp,
        report.packets & 0xFFFFFFFF,
        report.octets & 0xFFFFFFFF,
    )
    name = cname.encode()
    chunk = struct.pack("!LBB", report.ssrc, 1, len(name)) + name
    chunk += bytes(4 - len(chunk) % 4)  # at least one zero ends the list
    return _packet(SENDER_REPORT, 0, body) + _packet(DESCRIPTION, 1, chunk)


def nack(own: int, ssrc: int, sequences: Iterable[int]) -> bytes:
    """Ask a sender for missing packets."""
    pairs: list[list[int]] = []
    for sequence in sequences:
        distance = (sequence - pairs[-1][0]) & 0xFFFF if pairs else 0
        if pairs and 0 < distance <= 16:
            pairs[-1][1] |= 1 << (distance - 1)
        else:
            pairs.append([sequence, 0])
    body = struct.pack("!LL", own, ssrc) + b"".join(struct.pack("!HH", *pair) for pair in pairs)
    return receiver_report(own) + _packet(TRANSPORT_FEEDBACK, _NACK, body)


def picture_loss(own: int, ssrc: int) -> bytes:
    """Ask a sender for a key frame."""
    body = struct.pack("!LL", own, ssrc)
    return receiver_report(own) + _packet(PAYLOAD_FEEDBACK, _PICTURE_LOSS, body)


def bandwidth_estimate(own: int, ssrc: int, bits_per_second: int) -> bytes:
    """REMB alone: tell a sender how much it may send. Append it to a receiver report."""
    exponent = max(0, bits_per_second.bit_length() - 18)
    mantissa = bits_per_second >> exponent
    numbers = 1 << 24 | exponent << 18 | mantissa
    body = struct.pack("!LL", own, 0) + b"REMB" + struct.pack("!LL", numbers, ssrc)
    return _packet(PAYLOAD_FEEDBACK, _APPLICATION, body)


def ntp_time(seconds: float) -> int:
    """Unix seconds as a 64-bit NTP time."""
    return int((seconds + _NTP_EPOCH) * 4_294_967_296)


def ntp_seconds(ntp: int) -> float:
    """A 64-bit NTP time as Unix seconds."""
    return ntp / 4_294_967_296 - _NTP_EPOCH
