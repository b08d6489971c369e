"""Small RTP packets for tests."""

from __future__ import annotations

import struct

from mutual.room.relay import rtp

KEY = bytes([0x10, 0x00]) + b"key frame"
DELTA = bytes([0x10, 0x01]) + b"delta frame"


def packet(
    sequence: int = 1,
    *,
    timestamp: int = 0,
    ssrc: int = 7,
    kind: int = rtp.VP8,
    payload: bytes = DELTA,
    send_time: bytes | None = b"\x00\x00\x01",
    padding: int = 0,
) -> bytes:
    """One packet, with an abs-send-time extension unless ``send_time`` is None."""
    flags = 0x80 | (0x10 if send_time is not None else 0) | (0x20 if padding else 0)
    head = struct.pack("!BBHLL", flags, kind, sequence & 0xFFFF, timestamp, ssrc)
    if send_time is not None:
        # An audio level (id 1) comes first, so that the search has something to step over.
        extension = bytes([0x10, 0x7F, 0x22]) + send_time + b"\x00\x00"
        head += struct.pack("!HH", 0xBEDE, 2) + extension
    return head + payload + (bytes(padding - 1) + bytes([padding]) if padding else b"")
