"""RTP packets: reading the header, and finding where a picture can start (RFC 3550, 7741, 8285)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

OPUS = 111
VP8 = 96
AUDIO_LEVEL_ID = 1
SEND_TIME_ID = 2

HEADER = struct.Struct("!BBHLL")  # version and flags, marker and type, sequence, timestamp, ssrc
_ONE_BYTE_EXTENSIONS = 0xBEDE


@dataclass(frozen=True, slots=True)
class Packet:
    """Where things are in one RTP packet; the payload itself is never looked into beyond VP8."""

    flags: int
    marker_and_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload_start: int
    payload_end: int
    send_time_at: int
    """Offset of the three bytes of abs-send-time, or 0 when the packet has none."""

    @property
    def payload_type(self) -> int:
        return self.marker_and_type & 0x7F


def read(data: bytes) -> Packet:
    """Read one unprotected RTP packet. Raises ``ValueError`` when it is cut off or not RTP."""
    if len(data) < HEADER.size:
        raise ValueError("RTP packet is shorter than its header")
    flags, marker_and_type, sequence, timestamp, ssrc = HEADER.unpack_from(data)
    if flags >> 6 != 2:
        raise ValueError("RTP version is not 2")
    start, end, send_time_at = HEADER.size + 4 * (flags & 0x0F), len(data), 0
    if flags & 0x10:
        if start + 4 > end:
            raise ValueError("RTP header extension is cut off")
        profile, words = struct.unpack_from("!HH", data, start)
        extensions, start = start + 4, start + 4 + 4 * words
        if start > end:
            raise ValueError("RTP header extension is cut off")
        if profile == _ONE_BYTE_EXTENSIONS:
            send_time_at = _find_extension(data, extensions, start, SEND_TIME_ID, 3)
    if flags & 0x20 and end > start:
        end -= data[-1]
    if start > end:
        raise ValueError("RTP packet is shorter than its header says")
    return Packet(flags, marker_and_type, sequence, timestamp, ssrc, start, end, send_time_at)


def _find_extension(data: bytes, at: int, end: int, wanted: int, size: int) -> int:
    while at < end:
        head = data[at]
        if head == 0:  # padding
            at += 1
            continue
        number, length = head >> 4, (head & 0x0F) + 1
        if number == 15 or at + 1 + length > end:
            return 0
        if number == wanted and length == size:
            return at + 1
        at += 1 + length
    return 0


def starts_key_frame(data: bytes, packet: Packet) -> bool:
    """Whether a VP8 packet is the first one of a key frame (RFC 7741, 4.2 and 4.3)."""
    at, end = packet.payload_start, packet.payload_end
    if at >= end:
        return False
    first = data[at]
    if first & 0x10 == 0 or first & 0x07:  # not the start of partition 0
        return False
    at += 1
    if first & 0x80:
        if at >= end:
            return False
        more = data[at]
        at += 1
        if more & 0x80:  # picture id, one or two bytes
            if at >= end:
                return False
            at += 2 if data[at] & 0x80 else 1
        if more & 0x40:  # TL0PICIDX
            at += 1
        if more & 0x30:  # TID, KEYIDX
            at += 1
    return at < end and data[at] & 0x01 == 0


def send_time(now: float) -> int:
    """Seconds as abs-send-time: 24 bits, 6 whole and 18 fraction."""
    return int(now * 262144) & 0xFFFFFF


def newer(sequence: int, than: int) -> bool:
    """Whether a 16-bit sequence number comes after another, or is the same."""
    return (sequence - than) & 0xFFFF < 0x8000
