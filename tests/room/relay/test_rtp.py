"""Reading RTP packets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutual.room.relay import rtp
from tests.room.relay.packets import DELTA, KEY, packet


def test_a_packet_is_read_with_its_extension_and_padding() -> None:
    data = packet(513, timestamp=9000, ssrc=77, payload=b"hello", padding=4)
    read = rtp.read(data)
    assert (read.sequence, read.timestamp, read.ssrc, read.payload_type) == (513, 9000, 77, 96)
    assert data[read.payload_start : read.payload_end] == b"hello"
    assert data[read.send_time_at : read.send_time_at + 3] == b"\x00\x00\x01"


def test_a_packet_without_extension_has_no_send_time() -> None:
    assert rtp.read(packet(send_time=None)).send_time_at == 0


@pytest.mark.parametrize(
    "data", [b"", b"\x80", packet()[:11], b"\x40" + packet()[1:], packet()[:15], packet()[:18]]
)
def test_a_packet_that_is_cut_off_or_not_rtp_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="RTP"):
        rtp.read(data)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused_within_their_bounds(data: bytes) -> None:
    try:
        read = rtp.read(data)
    except ValueError:
        return
    assert 12 <= read.payload_start <= read.payload_end <= len(data)
    assert read.send_time_at + 3 <= len(data)
    rtp.starts_key_frame(data, read)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (KEY, True),
        (DELTA, False),
        (bytes([0x00, 0x00]), False),  # the middle of a frame
        (bytes([0x11, 0x00]), False),  # another partition
        (bytes([0x90, 0x80, 0x05, 0x00]), True),  # short picture id
        (bytes([0x90, 0x80, 0x85, 0x01, 0x00]), True),  # long picture id
        (bytes([0x90, 0xE0, 0x85, 0x01, 0x02, 0x20, 0x00]), True),  # and layer indices
        (bytes([0x90, 0xE0, 0x85, 0x01, 0x02, 0x20, 0x01]), False),
        (bytes([0x90]), False),
        (b"", False),
    ],
)
def test_a_key_frame_is_known_by_its_first_packet(payload: bytes, expected: bool) -> None:
    data = packet(payload=payload)
    assert rtp.starts_key_frame(data, rtp.read(data)) is expected


def test_sequence_numbers_are_compared_around_the_end() -> None:
    assert rtp.newer(2, 65_535)
    assert not rtp.newer(65_535, 2)
    assert rtp.newer(5, 5)
