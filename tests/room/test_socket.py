"""The room's socket: who gets in, what is said, when it closes. The relay is a stand-in here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from channels.routing import URLRouter
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from mutual.entry.sockets import socket_urls
from mutual.room import consumers, video
from mutual.room.models import Presence
from mutual.room.relay.client import Joined
from mutual.wall.context import open_session
from mutual.wall.web import COOKIE
from tests.room import factories as make
from tests.room.page import PageSocket
from tests.world import PEOPLE, id_of


class Relay:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.routes: list[dict[str, list[str]]] = []
        self.joined: list[str] = []
        self.left: list[str] = []

    async def join(self, room: str, seat: str) -> Joined:
        self.joined.append(seat)
        return Joined(room, seat, f"peer-{len(self.joined)}", "offer")

    async def route(self, room: str, matrix: dict[str, list[str]]) -> None:
        self.routes.append(matrix)

    async def answer(self, peer: str, sdp: str) -> None: ...

    async def devices(self, peer: str, **on: bool) -> None: ...

    async def leave(self, peer: str) -> None:
        self.left.append(peer)

    async def close_room(self, room: str) -> None:
        self.left.append("all")


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch) -> Relay:
    made = Relay()

    async def given() -> Relay:
        return made

    monkeypatch.setattr(video, "relay", given)
    monkeypatch.setattr(video, "_turns", {})
    monkeypatch.setattr(consumers, "LOOK", 0.2)

    async def nothing() -> None: ...

    # The test's transaction is the socket's, too; between messages its connection stays open.
    monkeypatch.setattr("channels.db.close_old_connections", lambda: None)
    monkeypatch.setattr("channels.consumer.aclose_old_connections", nothing)
    return made


def cookies(name: str, *, pin: bool = True, factor: bool = True) -> dict[str, str]:
    store = SessionStore()
    store["_auth_user_id"] = "somebody"
    store["second_factor"] = factor
    store["pin_until"] = time.time() + (900 if pin else -1)
    store.create()
    token = open_session(id_of(name), "person" if name in PEOPLE else "staff")
    return {COOKIE: token, settings.SESSION_COOKIE_NAME: str(store.session_key)}


def socket(session: Any, jar: dict[str, str]) -> PageSocket:
    text = "; ".join(f"{key}={value}" for key, value in jar.items())
    return PageSocket(
        URLRouter(socket_urls),
        f"/ws/room/{session.public_id}/",
        headers=[(b"cookie", text.encode())],
    )


def run(scene: Callable[[], Awaitable[None]]) -> None:
    async_to_sync(scene)()


async def told(page: PageSocket, kind: str = "room", state: str = "") -> dict[str, Any]:
    """The next message of a kind (and state); others are passed over."""
    for _ in range(20):
        message: dict[str, Any] = await page.receive_json_from(timeout=5)
        if message["type"] == kind and (not state or message.get("state") == state):
            return message
    raise AssertionError(f"no {kind} {state}")


async def closed(page: PageSocket) -> int:
    for _ in range(20):
        output = await page.receive_output(timeout=5)
        if output["type"] == "websocket.close":
            return int(output.get("code") or 0)
    raise AssertionError("it stayed open")


@pytest.mark.rule("P-77", "P-2")
def test_nobody_without_a_seat_is_let_in_and_all_are_refused_alike(act, relay: Relay) -> None:
    session = make.individual()
    make.waits("ana", session)
    jars = [cookies("ben"), cookies("cleo"), cookies("kit"), cookies("dee"), {}]
    jars += [cookies("ana", pin=False), cookies("ana", factor=False)]
    jars.append({COOKIE: cookies("ana")[COOKIE]})

    async def scene() -> None:
        for jar in jars:
            page = socket(session, jar)
            assert await page.connect(timeout=5) == (False, 1000)
        page = socket(session, cookies_of_ana)
        assert (await page.connect(timeout=5))[0]
        await page.disconnect()

    cookies_of_ana = cookies("ana")
    run(scene)


@pytest.mark.rule("P-78", "P-77")
def test_a_waiting_page_is_told_where_it_stands_and_nothing_when_others_come(
    act, relay: Relay
) -> None:
    session = make.conjoint()
    for name in ("ana", "ben"):
        make.waits(name, session)
    jars = {name: cookies(name) for name in ("reyes", "ana", "ben")}
    seats: dict[str, str] = {}
    with act("reyes"):
        from mutual.week.models import Seat

        for person, public in Seat.objects.filter(session=session).values_list(
            "person_id", "public_id"
        ):
            seats["ana" if person == id_of("ana") else "ben"] = str(public)

    async def scene() -> None:
        ana = socket(session, jars["ana"])
        await ana.connect(timeout=5)
        assert await told(ana) == {"type": "room", "state": "waiting", "people": {}}
        await ana.send_json_to({"type": "join"})  # not admitted: nothing happens
        ben, reyes = socket(session, jars["ben"]), socket(session, jars["reyes"])
        await ben.connect(timeout=5)
        await told(ben, state="waiting")
        await reyes.connect(timeout=5)
        await told(reyes)
        assert await ana.receive_nothing(timeout=0.5)
        assert relay.joined == []
        await reyes.send_json_to({"type": "admit", "seat": seats["ben"]})
        message = await told(ben, state="in")
        assert [p["name"] for p in message["people"].values()] == ["Dr. Reyes"]
        assert await ana.receive_nothing(timeout=0.5)
        # A partner's page can't do what the clinician's can.
        await ben.send_json_to({"type": "admit", "seat": seats["ana"]})
        assert await ana.receive_nothing(timeout=0.5)
        await ben.send_json_to({"type": "join"})
        assert (await told(ben, "offer"))["sdp"] == "offer"
        await reyes.send_json_to({"type": "out", "seat": seats["ben"]})
        await told(ben, state="waiting")
        assert relay.left == ["peer-1"]
        for page in (ana, ben, reyes):
            await page.disconnect()

    run(scene)


@pytest.mark.rule("F-8", "P-77")
def test_a_second_page_takes_over_and_the_first_is_told(act, relay: Relay) -> None:
    session = make.individual()
    make.waits("ana", session)
    jar = cookies("ana")

    async def scene() -> None:
        first, second = socket(session, jar), socket(session, jar)
        await first.connect(timeout=5)
        await told(first)
        await second.connect(timeout=5)
        await told(first, "taken")
        assert await closed(first) == consumers.TAKEN
        await told(second, state="waiting")
        await second.disconnect()

    run(scene)


@pytest.mark.rule("P-8", "P-84")
def test_a_sign_in_that_ends_closes_the_socket_without_a_message(act, relay: Relay) -> None:
    session = make.individual()
    make.waits("ana", session)
    jar = cookies("ana")

    async def scene() -> None:
        page = socket(session, jar)
        await page.connect(timeout=5)
        await told(page)
        await SessionStore(jar[settings.SESSION_COOKIE_NAME]).adelete()
        assert await closed(page) == consumers.OVER

    run(scene)


@pytest.mark.rule("P-8", "P-21")
def test_what_the_database_says_has_ended_closes_the_socket_without_waiting_for_a_look(
    act, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mutual.wall import live

    monkeypatch.setattr(consumers, "LOOK", 600)
    # Whoever begins to listen tells everybody once; here the test alone tells.
    monkeypatch.setattr(live, "listen", lambda: None)
    session = make.individual()
    make.waits("ana", session)
    jar = cookies("ana")

    async def scene() -> None:
        page = socket(session, jar)
        await page.connect(timeout=5)
        await told(page)
        await SessionStore(jar[settings.SESSION_COOKIE_NAME]).adelete()
        live.tell(id_of("ben"))
        assert await page.receive_nothing(timeout=0.5), "another one's news is not hers"
        live.tell(id_of("ana"))
        assert await closed(page) == consumers.OVER

    run(scene)


@pytest.mark.rule("P-66")
def test_a_quick_exit_closes_the_persons_socket(act, relay: Relay) -> None:
    session = make.individual()
    make.waits("ana", session)
    jar = cookies("ana")

    async def scene() -> None:
        page = socket(session, jar)
        await page.connect(timeout=5)
        await told(page)
        store = SessionStore(jar[settings.SESSION_COOKIE_NAME])
        await store.aset("locked", True)
        await store.asave()
        assert await closed(page) == consumers.OVER

    run(scene)


@pytest.mark.rule("P-68")
def test_being_in_the_room_counts_as_activity_but_never_unlocks(act, relay: Relay) -> None:
    from mutual.room import pin

    jar = cookies("ana")
    key = jar[settings.SESSION_COOKIE_NAME]
    store = SessionStore(key)
    store["pin_until"] = time.time() + 60
    store.save()
    pin.stays_open(key)
    assert SessionStore(key)["pin_until"] > time.time() + 800
    for change in ({"locked": True, "pin_until": 0}, {"pin_until": time.time() - 1}):
        store = SessionStore(key)
        store.update(change)
        store.save()
        pin.stays_open(key)
        assert SessionStore(key)["pin_until"] < time.time()


@pytest.mark.rule("C-56", "F-8")
def test_presence_is_written_from_what_the_relay_says(act, relay: Relay) -> None:
    session = make.individual()
    make.waits("ana", session)
    make.lets_in("mo", session, "ana")
    jar = cookies("ana")

    async def scene() -> None:
        page = socket(session, jar)
        await page.connect(timeout=5)
        await told(page, state="in")
        await page.send_json_to({"type": "join"})
        await told(page, "offer")
        consumer = seen[-1]
        await consumer._event({"event": "connected"})
        await asyncio.sleep(0.4)
        await consumer._event({"event": "disconnected", "reason": "silent"})
        await page.disconnect()

    seen: list[consumers.RoomConsumer] = []
    begin = consumers.RoomConsumer.connect

    async def noted(self: consumers.RoomConsumer) -> None:
        seen.append(self)
        await begin(self)

    consumers.RoomConsumer.connect = noted  # type: ignore[method-assign]
    try:
        run(scene)
    finally:
        consumers.RoomConsumer.connect = begin  # type: ignore[method-assign]
    with act("ana"):
        (row,) = Presence.objects.all()
        assert 0.1 < (row.until - row.since).total_seconds() < 5
