"""Forwarding between a stream that arrives and one that leaves."""

from __future__ import annotations

import pytest

from mutual.room.relay import rtcp, rtp
from mutual.room.relay.streams import HISTORY, Outlet, Upstream, WallClock
from tests.room.relay.packets import DELTA, KEY, packet


class Page:
    """Takes what an outlet sends."""

    def __init__(self) -> None:
        self.rtp: list[bytes] = []
        self.rtcp: list[bytes] = []

    def send_rtp(self, data: bytes) -> None:
        self.rtp.append(data)

    def send_rtcp(self, data: bytes) -> None:
        self.rtcp.append(data)

    @property
    def sequences(self) -> list[int]:
        return [rtp.read(data).sequence for data in self.rtp]


class Line:
    """One stream into one outlet."""

    def __init__(self) -> None:
        self.page = Page()
        self.outlet = Outlet("video", "slot-0", self.page, held=False)
        self.stream = Upstream("video")
        self.now = 100.0

    def send(self, sequence: int, payload: bytes = DELTA, *, routed: bool = True) -> bool:
        self.now += 0.03
        data = packet(sequence, timestamp=sequence * 3000, payload=payload)
        read = rtp.read(data)
        self.stream.receive(data, read, self.now)
        return self.outlet.forward(data, read, self.now) if routed else False


def test_a_picture_begins_at_a_key_frame() -> None:
    line = Line()
    assert not line.send(10)
    assert line.page.rtp == []
    assert line.send(11, KEY)
    assert line.send(12)
    assert len(line.page.rtp) == 2


def test_sound_begins_at_once() -> None:
    page = Page()
    outlet = Outlet("audio", "slot-0", page, held=False)
    data = packet(5, kind=rtp.OPUS, payload=b"sound")
    assert outlet.forward(data, rtp.read(data), 1.0)
    assert len(page.rtp) == 1


def test_what_leaves_has_the_slots_number_and_the_time_it_left_and_the_same_payload() -> None:
    line = Line()
    line.send(65_535, KEY)
    line.send(0)
    first, second = (rtp.read(data) for data in line.page.rtp)
    assert first.ssrc == second.ssrc == line.outlet.ssrc
    assert (second.sequence - first.sequence) & 0xFFFF == 1
    assert (second.timestamp - first.timestamp) & 0xFFFFFFFF == (0 - 65_535 * 3000) & 0xFFFFFFFF
    data = line.page.rtp[1]
    assert data[second.payload_start : second.payload_end] == DELTA
    stamped = int.from_bytes(data[second.send_time_at : second.send_time_at + 3], "big")
    assert stamped == rtp.send_time(line.now)


def test_a_new_source_goes_on_where_the_old_one_stopped() -> None:
    line = Line()
    line.send(500, KEY)
    line.outlet.detach()
    line.now += 10
    assert not line.send(9000)
    line.send(9001, KEY)
    first, second = (rtp.read(data) for data in line.page.rtp)
    assert (second.sequence - first.sequence) & 0xFFFF == 1
    elapsed = (second.timestamp - first.timestamp) & 0xFFFFFFFF
    assert 10 * 90_000 <= elapsed <= 11 * 90_000


def test_a_source_that_starts_anew_is_a_new_source() -> None:
    line = Line()
    line.stream.outlets = [line.outlet]
    line.send(500, KEY)
    data = packet(3, ssrc=8, payload=DELTA)
    line.stream.receive(data, rtp.read(data), line.now)
    assert not line.outlet.attached


def test_a_resend_repeats_every_byte() -> None:
    line = Line()
    line.send(500, KEY)
    line.send(501)
    line.now += 0.5
    line.outlet.resend(line.stream, (line.page.sequences[1],))
    assert len(line.page.rtp) == 3
    assert line.page.rtp[2] == line.page.rtp[1]
    assert line.outlet.resent == 1


def test_nothing_sent_during_a_caucus_can_be_asked_for_afterwards() -> None:
    line = Line()
    line.send(500, KEY)
    before = line.page.sequences[0]
    line.outlet.detach()  # the caucus begins
    for sequence in range(501, 520):
        line.send(sequence, KEY, routed=False)
    line.send(520, KEY)  # and ends
    sent = len(line.page.rtp)
    line.outlet.resend(line.stream, tuple((before + step) & 0xFFFF for step in range(-40, 1)))
    assert len(line.page.rtp) == sent
    line.outlet.resend(line.stream, (before + 1,))  # what came after it still can
    assert len(line.page.rtp) == sent + 1


def test_a_late_packet_from_before_the_start_never_leaves() -> None:
    line = Line()
    line.send(500, KEY)
    line.outlet.detach()
    line.send(520, KEY)
    line.send(519, KEY)
    assert len(line.page.rtp) == 2


def test_a_long_stream_keeps_forwarding_past_half_a_round_of_numbers() -> None:
    line = Line()
    line.send(0, KEY)
    for sequence in range(1, 70_000):
        line.send(sequence & 0xFFFF)
    assert len(line.page.rtp) == 70_000


def test_nothing_leaves_while_held() -> None:
    line = Line()
    line.outlet.held = True
    line.send(1, KEY)
    line.outlet.report(rtcp.SenderReport(7, 0, 0), 1)
    assert line.page.rtp == line.page.rtcp == []


def test_a_gap_is_asked_for_again_and_given_up() -> None:
    line = Line()
    line.send(10, KEY)
    line.send(13)
    assert line.stream.to_nack(line.now) == []  # a moment of patience
    assert line.stream.to_nack(line.now + 0.03) == [11, 12]
    assert line.stream.to_nack(line.now + 0.04) == []
    line.send(11)
    assert line.stream.to_nack(line.now + 0.2) == [12]
    tries = sum(bool(line.stream.to_nack(line.now + second)) for second in range(1, 30))
    assert 2 <= tries <= 6


def test_a_report_counts_what_was_lost_since_the_last_one() -> None:
    line = Line()
    for sequence in (10, 11, 12, 14):
        line.send(sequence, KEY)
    block = line.stream.report_block(line.now)
    assert block is not None
    assert (block.packets_lost, block.fraction_lost) == (1, 256 // 5)
    assert block.highest_sequence == 14
    line.send(15)
    block = line.stream.report_block(line.now)
    assert block is not None
    assert (block.packets_lost, block.fraction_lost) == (1, 0)


def test_a_report_answers_the_pages_own() -> None:
    line = Line()
    line.send(10, KEY)
    line.stream.sender_report(rtcp.SenderReport(7, 0x1234_5678_9ABC_DEF0, 0), line.now)
    block = line.stream.report_block(line.now + 0.5)
    assert block is not None
    assert (block.last_report, block.since_last_report) == (0x5678_9ABC, 32_768)


def test_key_frames_are_asked_for_once_in_400_ms_whoever_asks() -> None:
    stream = Upstream("video")
    asked = []
    for step in range(10):
        stream.wants_key_frame = True
        asked.append(stream.key_frame_due(1.0 + step * 0.205))
    assert sum(asked) == 5


def test_a_report_passes_on_in_the_slots_numbers() -> None:
    line = Line()
    line.send(500, KEY)
    out = rtp.read(line.page.rtp[0])
    line.outlet.report(rtcp.SenderReport(7, 99, 500 * 3000 + 90), 12345)
    [report] = rtcp.read(line.page.rtcp[0])
    assert isinstance(report, rtcp.SenderReport)
    assert (report.ssrc, report.ntp, report.packets) == (line.outlet.ssrc, 12345, 1)
    assert (report.timestamp - out.timestamp) & 0xFFFFFFFF == 90


def test_sound_and_picture_of_one_page_share_one_clock() -> None:
    clock = WallClock()
    first = clock.translate(rtcp.ntp_time(1000.0), 5000.1)
    second = clock.translate(rtcp.ntp_time(1000.5), 5000.9)  # came later, but is half a second on
    assert rtcp.ntp_seconds(second) - rtcp.ntp_seconds(first) == pytest.approx(0.5, abs=1e-5)
    jumped = clock.translate(rtcp.ntp_time(100.0), 5001.0)  # the page's clock was set
    assert rtcp.ntp_seconds(jumped) == pytest.approx(5001.0, abs=1e-5)


def test_what_is_older_than_the_history_is_gone() -> None:
    line = Line()
    line.send(1, KEY)
    for sequence in range(2, HISTORY + 2):
        line.send(sequence)
    assert line.stream.kept(1) is None
    assert line.stream.kept(2) is not None
