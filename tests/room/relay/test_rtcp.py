"""Reading and writing RTCP."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutual.room.relay import rtcp


def test_a_receiver_report_comes_back_as_written() -> None:
    block = rtcp.ReportBlock(9, 25, -3, 70_000, 12, 0xABCD, 65_536)
    assert list(rtcp.read(rtcp.receiver_report(1, [block]))) == [block]


def test_a_sender_report_comes_back_as_written_and_names_its_slot() -> None:
    report = rtcp.SenderReport(9, rtcp.ntp_time(1_700_000_000.5), 4242, 10, 1000)
    data = rtcp.sender_report(report, "slot-2")
    assert list(rtcp.read(data)) == [report]
    assert b"\x01\x06slot-2\x00" in data
    assert len(data) % 4 == 0


@given(st.sets(st.integers(0, 65_535), min_size=1, max_size=40), st.integers(0, 65_535))
def test_every_missing_packet_is_asked_for(numbers: set[int], start: int) -> None:
    ordered = sorted(numbers, key=lambda number: (number - start) & 0xFFFF)
    [nack] = rtcp.read(rtcp.nack(1, 9, ordered))
    assert isinstance(nack, rtcp.Nack)
    assert set(nack.sequences) == numbers


def test_missing_neighbours_share_one_entry() -> None:
    data = rtcp.nack(1, 9, [65_534, 65_535, 0, 3])
    assert len(data) == len(rtcp.nack(1, 9, [65_534]))


def test_a_key_frame_is_asked_for_by_pli_and_understood_as_fir_too() -> None:
    assert list(rtcp.read(rtcp.picture_loss(1, 9))) == [rtcp.KeyFrameRequest(9)]
    fir = struct.pack("!BBHLLLBBH", 0x84, 206, 4, 1, 0, 9, 1, 0, 0)
    assert list(rtcp.read(fir)) == [rtcp.KeyFrameRequest(9)]


@given(st.integers(1, 100_000_000))
def test_a_bandwidth_estimate_comes_back_within_its_precision(bits: int) -> None:
    [estimate] = rtcp.read(rtcp.bandwidth_estimate(1, 9, bits))
    assert isinstance(estimate, rtcp.BandwidthEstimate)
    assert bits * 0.9999 <= estimate.bits_per_second <= bits


@given(st.binary(max_size=120))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        list(rtcp.read(data))


def test_a_report_that_is_cut_off_is_refused() -> None:
    with pytest.raises(ValueError, match="cut off"):
        list(rtcp.read(rtcp.receiver_report(1, [rtcp.ReportBlock(9, 0, 0, 0, 0, 0, 0)])[:-4]))


def test_ntp_time_turns_back_into_the_same_second() -> None:
    assert abs(rtcp.ntp_seconds(rtcp.ntp_time(1_700_000_000.25)) - 1_700_000_000.25) < 1e-6
