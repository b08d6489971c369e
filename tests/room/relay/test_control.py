"""Orders over the local socket, and the client that gives them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from mutual.room.relay import page as page_link
from mutual.room.relay.__main__ import ALREADY_RUNNING
from mutual.room.relay.client import Joined, RelayClient, RelayError
from mutual.room.relay.page import PageLink
from tests.room.relay.fakepage import FakePage


@pytest.fixture
def socket() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:  # short: a socket's path has 100 characters
        yield Path(folder) / "relay.sock"


@pytest_asyncio.fixture
async def client(socket: Path) -> AsyncIterator[RelayClient]:
    client = RelayClient(socket)
    await client.start()
    yield client
    await client.close()


async def order(socket: Path, **parts: Any) -> dict[str, Any]:
    reader, writer = await asyncio.open_unix_connection(socket)
    writer.write(json.dumps(parts).encode() + b"\n")
    answer: dict[str, Any] = json.loads(await asyncio.wait_for(reader.readline(), 5))
    writer.close()
    return answer


async def event(joined: Joined, name: str) -> dict[str, Any]:
    while True:
        found = await asyncio.wait_for(joined.events.get(), 10)
        if found["event"] == name:
            return found


async def bring(client: RelayClient, seat: str, room: str = "room") -> tuple[FakePage, Joined]:
    joined = await client.join(room, seat)
    page = FakePage(joined.offer_sdp)
    await client.answer(joined.peer, page.answer)
    await page.connect()
    await event(joined, "connected")
    return page, joined


async def test_the_socket_is_for_its_own_user_alone(client: RelayClient, socket: Path) -> None:
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600


@pytest.mark.rule("P-79")
async def test_no_order_hands_media_out(client: RelayClient, socket: Path) -> None:
    answer = await order(socket, id=1, command="record", room="room")
    assert answer == {
        "id": 1,
        "ok": False,
        "error": "no such command; there are answer, close, devices, hear, join, leave, route, "
        "stats",
    }


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"command": "join", "room": "", "seat": "ana"}, "room must be a text of 1 to 64"),
        ({"command": "join", "room": "r", "seat": 7}, "seat must be a text of 1 to 64"),
        ({"command": "answer", "peer": "nobody", "sdp": ""}, "no such peer; join again"),
        ({"command": "route", "room": "r"}, "matrix must map each seat"),
        ({"command": "route", "room": "r", "matrix": {"a": "bc"}}, "must be a list"),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused_with_its_reason(
    client: RelayClient, socket: Path, parts: dict[str, Any], said: str
) -> None:
    answer = await order(socket, id=1, **parts)
    assert not answer["ok"]
    assert said in answer["error"]


async def test_a_line_that_is_no_json_is_refused_and_the_next_one_is_heard(
    client: RelayClient, socket: Path
) -> None:
    reader, writer = await asyncio.open_unix_connection(socket)
    writer.write(b"hello\n[1]\n" + json.dumps({"id": 3, "command": "stats"}).encode() + b"\n")
    answers = [json.loads(await reader.readline()) for _ in range(3)]
    assert [answer["ok"] for answer in answers] == [False, False, True]
    writer.close()


@pytest.mark.rule("P-72")
async def test_statistics_count_packets_and_name_no_address(client: RelayClient) -> None:
    ana, _ = await bring(client, "ana")
    ben, _ = await bring(client, "ben")
    await client.route("room", {"ben": ["ana"]})
    ana.say(b"hello")
    while not ben.received:
        await asyncio.sleep(0.01)
    stats = {peer["seat"]: peer for peer in await client.stats("room")}
    assert stats["ana"]["received"]["audio_packets"] == 1
    assert stats["ben"]["slots"][0] == {
        "seat": "ana", "audio_packets": 1, "video_packets": 0, "resent": 0
    }  # fmt: skip
    assert "127.0.0.1" not in json.dumps(list(stats.values()))
    assert await client.stats("another") == []
    ana.close()
    ben.close()


async def test_devices_show_on_the_tile_of_those_who_see_it(client: RelayClient) -> None:
    ana, ana_joined = await bring(client, "ana")
    _, ben_joined = await bring(client, "ben")
    await client.hear(ben_joined.peer, ["ana"])
    seen = await event(ben_joined, "slots")
    assert seen["slots"][0] == {"seat": "ana", "live": True, "microphone": False, "camera": False}
    await client.devices(ana_joined.peer, microphone=True, camera=False)
    seen = await event(ben_joined, "slots")
    assert seen["slots"][0]["microphone"] is True
    await client.leave(ana_joined.peer)
    assert (await event(ben_joined, "slots"))["slots"] == [None] * 5


async def test_a_killed_relay_is_replaced_and_knows_who_may_hear_whom(
    client: RelayClient,
) -> None:
    ana, ana_joined = await bring(client, "ana")
    await client.route("room", {"ben": ["ana"]})
    killed = client.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    await event(ana_joined, "lost")
    ana.close()
    ana, _ = await bring(client, "ana")
    ben, _ = await bring(client, "ben")
    assert client.pid != killed
    ana.say(b"hello")
    ben.say(b"not for you")
    while not ben.received:
        await asyncio.sleep(0.01)
    assert ben.heard() == [b"hello"]
    assert ana.received == []


async def test_two_web_processes_share_one_relay(client: RelayClient, socket: Path) -> None:
    other = RelayClient(socket)
    await other.start()
    assert other.pid is None
    ana, _ = await bring(client, "ana")
    ben, _ = await bring(other, "ben")
    await other.route("room", {"ben": ["ana"]})
    ana.say(b"hello")
    while not ben.received:
        await asyncio.sleep(0.01)
    await other.close()


async def test_a_second_relay_on_the_same_socket_ends_at_once(
    client: RelayClient, socket: Path
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mutual.room.relay", "--socket", str(socket),
        stderr=subprocess.PIPE,
    )  # fmt: skip
    _, said = await process.communicate()
    assert process.returncode == ALREADY_RUNNING
    assert b"running already" in said
    assert await client.stats() == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], b"name one with --announce ADDRESS"),
        (["--announce", "relay.example"], b"is not an IP address"),
        (["--host", "203.0.113.1"], b"can't listen"),
    ],
)
async def test_options_that_can_not_work_say_what_to_do(
    socket: Path, options: list[str], said: bytes
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mutual.room.relay", "--socket", str(socket), *options,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    _, error = await process.communicate()
    assert process.returncode == 2
    assert said in error


async def test_closing_the_client_ends_its_relay_and_removes_the_socket(socket: Path) -> None:
    client = RelayClient(socket)
    await client.start()
    await client.close()
    assert client.pid is None
    assert not socket.exists()
    with pytest.raises(RelayError, match="isn't started"):
        await client.stats()


async def test_the_relay_brings_no_django_along() -> None:
    code = "import sys, mutual.room.relay.__main__ as m; sys.exit('django' in sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await process.wait() == 0


class Browser:
    """The page's end of a link."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    async def send(self, message: dict[str, Any]) -> None:
        self.messages.append(message)

    async def next(self, kind: str) -> dict[str, Any]:
        for _ in range(1000):
            for message in self.messages:
                if message["type"] == kind:
                    self.messages.remove(message)
                    return message
            await asyncio.sleep(0.01)
        raise AssertionError(f"no {kind} came, but {self.messages}")


async def test_a_link_seats_its_page_and_brings_it_back_when_the_relay_dies(
    client: RelayClient,
) -> None:
    browser, heard = Browser(), Browser()
    link = PageLink(client, "room", "ana", browser.send, on_event=heard.send)
    await link.receive({"type": "join"})
    offer = await browser.next("offer")
    fake = FakePage(offer["sdp"])
    await link.receive({"type": "answer", "peer": offer["peer"], "sdp": fake.answer})
    await fake.connect()
    assert (await browser.next("state"))["state"] == "connected"
    assert heard.messages[-1]["event"] == "connected"
    assert client.pid is not None
    os.kill(client.pid, signal.SIGKILL)
    again = await browser.next("offer")
    assert again["peer"] != offer["peer"]
    await link.close()
    assert await client.stats() == []


async def test_a_newer_page_in_the_seat_closes_the_older_one(client: RelayClient) -> None:
    old, new = Browser(), Browser()
    first = PageLink(client, "room", "ana", old.send)
    second = PageLink(client, "room", "ana", new.send)
    await first.receive({"type": "join"})
    await second.receive({"type": "join"})
    assert await old.next("closed") == {"type": "closed", "reason": "replaced"}
    await first.close()  # the old socket ends: the new page stays
    assert [peer["seat"] for peer in await client.stats("room")] == ["ana"]
    await second.close()


@pytest.mark.rule("F-8")
async def test_a_page_without_its_socket_keeps_its_seat_for_a_while(
    client: RelayClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_link, "SOCKETLESS", 0.3)
    browser, heard = Browser(), Browser()
    link = PageLink(client, "room", "ana", browser.send, on_event=heard.send)
    await link.receive({"type": "join"})
    link.detach()
    browser.messages.clear()
    assert [peer["seat"] for peer in await client.stats("room")] == ["ana"]
    again = PageLink(client, "room", "ana", browser.send)
    await again.receive({"type": "join"})
    await asyncio.sleep(0.5)  # the old link's time is up: the new page stays
    assert [message["type"] for message in browser.messages] == ["offer", "slots"]
    assert heard.messages[-1]["event"] == "replaced"
    assert [peer["seat"] for peer in await client.stats("room")] == ["ana"]
    again.detach()
    while await client.stats("room"):
        await asyncio.sleep(0.05)


async def test_a_full_room_is_told_once_and_not_tried_again(client: RelayClient) -> None:
    for number in range(6):
        await client.join("room", f"seat-{number}")
    browser = Browser()
    link = PageLink(client, "room", "one-too-many", browser.send)
    await link.receive({"type": "join"})
    assert browser.messages == [{"type": "closed", "reason": "refused"}]


async def test_an_answer_that_does_not_fit_asks_the_page_to_join_again(
    client: RelayClient,
) -> None:
    browser = Browser()
    link = PageLink(client, "room", "ana", browser.send)
    await link.receive({"type": "answer", "peer": "x", "sdp": ""})  # before any join: ignored
    await link.receive({"type": "join"})
    offer = await browser.next("offer")
    await link.receive({"type": "answer", "peer": offer["peer"], "sdp": "nonsense"})
    assert await browser.next("closed") == {"type": "closed", "reason": "again"}
    await link.close()
