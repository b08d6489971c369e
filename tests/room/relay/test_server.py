"""The relay with pages over real sockets, without a browser."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from mutual.room.relay import control, rtcp, rtp, server
from mutual.room.relay.peer import SLOTS, Peer
from mutual.room.relay.rooms import SEATS
from mutual.room.relay.server import Relay
from tests.room.relay.fakepage import FakePage
from tests.room.relay.packets import DELTA, KEY


class House:
    """One relay and the pages in it."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.events: list[dict[str, Any]] = []
        self.pages: list[FakePage] = []

    def seat(self, seat: str, room: str = "room") -> tuple[FakePage, Peer]:
        peer, offer = self.relay.join(room, seat, self.events.append)
        page = FakePage(offer)
        self.pages.append(page)
        return page, peer

    async def bring(self, seat: str, *, tcp: bool = False) -> FakePage:
        page, peer = self.seat(seat)
        self.relay.answered(peer, page.answer)
        await page.connect(tcp=tcp)
        await until(lambda: peer.connected)
        return page

    def slots_of(self, seat: str) -> list[dict[str, Any]]:
        last = [e for e in self.events if e["event"] == "slots" and e["seat"] == seat][-1]
        return [slot for slot in last["slots"] if slot is not None]

    def named(self, event: str) -> list[str]:
        return [each["seat"] for each in self.events if each["event"] == event]


async def until(what: Any, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it didn't happen in time"
        await asyncio.sleep(0.01)


async def settle() -> None:
    await asyncio.sleep(0.1)


@pytest_asyncio.fixture
async def house() -> AsyncIterator[House]:
    relay = Relay(["127.0.0.1"])
    await relay.start("127.0.0.1", 0)
    house = House(relay)
    yield house
    for page in house.pages:
        page.close()
    relay.stop()


async def test_nobody_hears_anybody_until_the_application_says_so(house: House) -> None:
    ana, ben = await house.bring("ana"), await house.bring("ben")
    ana.say(b"hello")
    await settle()
    assert ben.received == []
    house.relay.route("room", {"ben": ["ana"]})
    ana.say(b"hello again")
    ben.say(b"one way only")
    await until(lambda: ben.received)
    await settle()
    assert ben.heard() == [b"hello again"]
    assert ana.received == []


@pytest.mark.parametrize("tcp", [False, True])
async def test_sound_and_picture_arrive_unchanged(house: House, tcp: bool) -> None:
    ana, ben = await house.bring("ana", tcp=tcp), await house.bring("ben", tcp=tcp)
    house.relay.route("room", {"ben": ["ana"]})
    ana.say(b"sound")
    for payload in (DELTA, KEY, DELTA):
        ana.say(payload, rtp.VP8)
    await until(lambda: len(ben.received) == 3)
    assert ben.heard() == [b"sound", KEY, DELTA]


async def test_a_caucus_takes_effect_with_the_next_packet(house: House) -> None:
    ana, ben, reyes = [await house.bring(seat) for seat in ("ana", "ben", "reyes")]
    everyone = {"ana": ["ben", "reyes"], "ben": ["ana", "reyes"], "reyes": ["ana", "ben"]}
    house.relay.route("room", everyone)
    ana.say(b"to all")
    await until(lambda: ben.received and reyes.received)
    house.relay.route("room", {"ana": ["reyes"], "reyes": ["ana"]})
    for _ in range(20):
        ana.say(b"in private")
        reyes.say(b"in private too")
    await until(lambda: len(reyes.received) == 21 and len(ana.received) == 20)
    assert ben.heard() == [b"to all"]
    house.relay.route("room", everyone)
    ana.say(b"to all again")
    await until(lambda: len(ben.received) == 2)
    assert ben.heard()[-1] == b"to all again"


async def test_two_rooms_never_mix(house: House) -> None:
    ana = await house.bring("ana")
    stranger, peer = house.seat("ana", "other")
    house.relay.answered(peer, stranger.answer)
    await stranger.connect()
    house.relay.route("other", {"ana": ["ana"]})
    house.relay.route("room", {"ana": ["ana"]})
    ana.say(b"hello")
    await settle()
    assert stranger.received == ana.received == []


@pytest.mark.rule("P-78")
async def test_who_waits_is_told_of_nobody(house: House) -> None:
    await house.bring("reyes")
    await house.bring("ana")
    house.relay.route("room", {"ana": ["reyes"], "reyes": ["ana"]})
    await house.bring("ben")
    assert house.slots_of("ben") == []
    assert [slot["seat"] for slot in house.slots_of("ana")] == ["reyes"]


@pytest.mark.rule("P-72")
async def test_no_event_and_no_offer_holds_the_address_of_a_page(house: House) -> None:
    ana, ben = await house.bring("ana"), await house.bring("ben")
    house.relay.route("room", {"ana": ["ben"], "ben": ["ana"]})
    assert ana.own_address is not None
    assert ben.own_address is not None
    ports = [str(ana.own_address[1]), str(ben.own_address[1])]
    text = repr(house.events) + ana.offer + ben.offer
    assert not any(f" {port} " in text or f": {port}" in text for port in ports)
    assert "127.0.0.1" not in repr(house.events)


@pytest.mark.rule("F-8")
async def test_a_page_that_comes_back_takes_its_seat_and_its_slot(house: House) -> None:
    ana = await house.bring("ana")
    ben = await house.bring("ben")
    house.relay.route("room", {"ana": ["ben"], "ben": ["ana"]})
    ben.say(b"before")
    await until(lambda: ana.received)
    ben.close()
    again = await house.bring("ben")
    again.say(b"after")
    await until(lambda: len(ana.received) == 2)
    first, second = (rtp.read(data) for data in ana.received)
    assert first.ssrc == second.ssrc
    assert len(house.relay.rooms["room"].seats) == 2
    assert house.named("replaced") == ["ben"]
    views = [e["slots"] for e in house.events if e["event"] == "slots" and e["seat"] == "ana"]
    first_seen = next(n for n, view in enumerate(views) if view[0])
    assert all(view[0]["seat"] == "ben" for view in views[first_seen:])  # it never left
    assert [view[0]["live"] for view in views[first_seen:]] == [True, False, True]


async def test_silence_is_seen_as_reconnecting_and_then_as_gone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "SILENT_AFTER", 0.2)
    monkeypatch.setattr(server, "FORGET_AFTER", 2.5)
    ana, ben = await house.bring("ana"), await house.bring("ben")
    house.relay.route("room", {"ana": ["ben"]})
    ben.close()
    await until(lambda: "ben" in house.named("disconnected"))
    assert [(slot["seat"], slot["live"]) for slot in house.slots_of("ana")] == [("ben", False)]
    while "ben" not in house.named("gone"):
        ana.check()
        await asyncio.sleep(0.05)
    assert house.slots_of("ana") == []
    assert list(house.relay.rooms["room"].seats) == ["ana"]


async def test_a_page_that_says_goodbye_is_disconnected_at_once(house: House) -> None:
    ana = await house.bring("ana")
    ana.goodbye()
    await until(lambda: house.named("disconnected") == ["ana"], 1.0)


async def test_a_certificate_other_than_the_answers_gets_no_media(house: House) -> None:
    page, peer = house.seat("ana")
    other = FakePage(page.offer)
    house.relay.answered(peer, other.answer)  # names another certificate
    await page.connect()
    await settle()
    assert not peer.connected
    assert peer.ended


async def test_media_waits_for_the_answer_even_if_the_handshake_is_faster(house: House) -> None:
    page, peer = house.seat("ana")
    await page.connect()
    assert not peer.connected
    house.relay.answered(peer, page.answer)
    assert peer.connected
    assert house.named("connected") == ["ana"]


async def test_a_stranger_on_the_port_gets_no_answer(house: House) -> None:
    page, peer = house.seat("ana")
    loop = asyncio.get_running_loop()
    page._transport, _ = await loop.create_datagram_endpoint(
        lambda: page, local_addr=("127.0.0.1", 0)
    )
    page.check(password="guess" * 5)
    for noise in (b"\x00", b"\x16\xfe\xfd" + bytes(40), b"\x80\x60" + bytes(40), b""):
        page.send(noise)
    await settle()
    assert page.own_address is None
    assert peer.path is None


async def test_an_address_in_use_is_not_taken_over(house: House) -> None:
    ana = await house.bring("ana")
    intruder, _ = house.seat("ben")
    ana.offer, own = intruder.offer, ana.offer
    ana.check()  # ben's valid check, as if it came from ana's address
    ana.offer = own
    await settle()
    house.relay.route("room", {"ben": ["ana"]})
    ana.say(b"still me")
    await until(lambda: house.relay.rooms["room"].seats["ana"].upstream[rtp.OPUS].packets == 1)


async def test_a_room_holds_six_and_says_so_to_the_seventh(house: House) -> None:
    for number in range(SEATS):
        house.seat(f"seat-{number}")
    with pytest.raises(ValueError, match="room is full: 6 people"):
        house.seat("one-too-many")
    house.seat("seat-0")  # coming back is always possible


async def test_six_people_hear_each_other(house: House) -> None:
    seats = [f"seat-{number}" for number in range(SEATS)]
    pages = [await house.bring(seat) for seat in seats]
    house.relay.route("room", dict.fromkeys(seats, seats))
    for seat, page in zip(seats, pages, strict=True):
        page.say(seat.encode())
    await until(lambda: all(len(page.received) == SLOTS for page in pages))
    for seat, page in zip(seats, pages, strict=True):
        assert sorted(page.heard()) == [each.encode() for each in seats if each != seat]


async def test_more_seats_than_slots_can_not_be_heard(house: House) -> None:
    with pytest.raises(ValueError, match=f"{SLOTS} others at most"):
        house.relay.route("room", {"ana": [f"seat-{number}" for number in range(SLOTS + 1)]})


async def test_closing_a_room_forgets_who_could_hear_whom(house: House) -> None:
    await house.bring("ana")
    house.relay.route("room", {"ana": ["ben"]})
    house.relay.close_room("room")
    assert house.named("gone") == ["ana"]
    assert not house.relay.rooms
    assert not house.relay.peers


async def test_a_missing_packet_is_resent_from_the_relay(house: House) -> None:
    ana, ben = await house.bring("ana"), await house.bring("ben")
    house.relay.route("room", {"ben": ["ana"]})
    ana.say(KEY, rtp.VP8)
    await until(lambda: ben.received)
    got = rtp.read(ben.received[0])
    ben.feedback(rtcp.nack(1, got.ssrc, [got.sequence]))
    slot = house.relay.rooms["room"].seats["ben"].slots[0]
    await until(lambda: slot.video.resent == 1)


async def test_a_viewers_wish_for_a_key_frame_reaches_the_sender(house: House) -> None:
    ana, ben = await house.bring("ana"), await house.bring("ben")
    house.relay.route("room", {"ben": ["ana"]})
    ana.say(KEY, rtp.VP8)
    await until(lambda: ben.received)
    ana.asked.clear()
    ben.feedback(rtcp.picture_loss(1, rtp.read(ben.received[0]).ssrc))
    await until(lambda: any(isinstance(part, rtcp.KeyFrameRequest) for part in ana.asked))


async def test_a_sender_hears_each_second_how_it_arrives_and_what_it_may_send(
    house: House,
) -> None:
    ana = await house.bring("ana")
    ana.say(KEY, rtp.VP8)
    ana.sequence += 1  # one packet lost on the way
    ana.say(DELTA, rtp.VP8)
    kinds = (rtcp.ReportBlock, rtcp.BandwidthEstimate, rtcp.Nack)
    await until(lambda: {type(part) for part in ana.asked} >= set(kinds[:2]))
    [block] = [part for part in ana.asked if isinstance(part, rtcp.ReportBlock)][:1]
    assert block.packets_lost == 1
    # Nobody sees the picture, so the lost packet isn't worth asking for.
    assert not any(isinstance(part, rtcp.Nack) for part in ana.asked)


async def test_a_packet_lost_on_the_way_in_is_asked_for_while_somebody_sees_it(
    house: House,
) -> None:
    ana, ben = await house.bring("ana"), await house.bring("ben")
    house.relay.route("room", {"ben": ["ana"]})
    ana.say(KEY, rtp.VP8)
    ana.sequence += 1
    lost = ana.sequence
    ana.say(DELTA, rtp.VP8)
    await until(lambda: any(isinstance(part, rtcp.Nack) for part in ana.asked))
    [nack] = [part for part in ana.asked if isinstance(part, rtcp.Nack)][:1]
    assert nack.sequences == (lost,)
    ana.sequence = lost - 1
    ana.say(DELTA, rtp.VP8)  # sent again
    await until(lambda: len(ben.received) == 3)


async def test_a_process_that_dies_leaves_its_pages_a_while_to_come_back(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(control, "OWNERLESS", 0.3)
    orders = control.Control(house.relay, tmp_path / "s")
    await orders.start()
    reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
    for seat in ("ana", "ben"):
        writer.write(b'{"id":1,"command":"join","room":"room","seat":"%s"}\n' % seat.encode())
    await until(lambda: len(house.relay.peers) == 2)
    writer.close()
    await until(lambda: not orders.connections)
    house.seat("ana")  # through another process
    await asyncio.sleep(0.5)
    assert [peer.seat for peer in house.relay.peers.values()] == ["ana"]
    orders.stop()
