"""Sockets: what an open page is told of whom, and who comes into a room (P-2, P-8, P-21, P-77).

An open page tells what it shows and is told what of it may stay: asked here for every kind of the
access table, by everybody, under each state of Ana's consents.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from asgiref.sync import async_to_sync
from channels.routing import URLRouter
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from mutual.entry.sockets import socket_urls
from mutual.wall import live
from mutual.wall.context import open_session
from mutual.wall.web import COOKIE
from mutual.week.models import Session
from tests.probes import crawl, lives, oracle, visitors
from tests.probes.report import WHOLE, surprises
from tests.room import factories as make
from tests.room.page import PageSocket
from tests.world import PEOPLE, id_of

READING = frozenset({"body", "facts", "extract", "author"})
#: As many pairs as a page's note holds.
MOST = 60


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's transaction is the sockets', too; between messages its connection stays open."""

    async def nothing() -> None: ...

    monkeypatch.setattr("channels.db.close_old_connections", lambda: None)
    monkeypatch.setattr("channels.consumer.aclose_old_connections", nothing)
    monkeypatch.setattr(live, "listen", lambda: None)


def jar(name: str) -> dict[str, str]:
    """Cookies of somebody signed in; none for nobody."""
    if not name:
        return {}
    store = SessionStore()
    store.update({"_auth_user_id": name, "second_factor": True, "pin_until": time.time() + 900})
    store.create()
    token = open_session(id_of(name), "person" if name in PEOPLE else "staff")
    return {COOKIE: token, settings.SESSION_COOKIE_NAME: str(store.session_key)}


def socket(path: str, cookies: dict[str, str]) -> PageSocket:
    """A page's end of a socket."""
    text = "; ".join(f"{key}={value}" for key, value in cookies.items())
    return PageSocket(URLRouter(socket_urls), path, headers=[(b"cookie", text.encode())])


def pairs() -> list[tuple[str, UUID]]:
    """Every kind of the table, of Ana or of her couple."""
    whose = {of: id_of(name) for of, name in visitors.SUBJECTS.items()}
    return [(k, whose[line.of]) for k, line in oracle.table().items() if line.of in whose]


async def _stays(name: str, cookies: dict[str, str]) -> frozenset[str] | None:
    """The kinds that a page which shows all of them may go on showing; ``None``: not let in."""
    page = socket("/ws/live/", cookies)
    let_in, _code = await page.connect()
    if not let_in:
        return None
    found: set[str] = set()
    every = pairs()
    for begin in range(0, len(every), MOST):
        await page.send_json_to({"watch": live.watch_of(every[begin : begin + MOST])})
        answer = await page.receive_json_from()
        found |= {kind for kind, _subject in live.read_watch(answer["watch"])[0]}
    await page.disconnect()
    return frozenset(found)


@pytest.mark.rule("P-2", "P-8", "P-21", "P-22", "P-23")
def test_an_open_page_may_show_what_the_table_opens_and_nothing_else(act: lives.Act) -> None:
    visitors.add_relations(act)
    found: list[tuple[object, ...]] = []
    cases = 0

    def ask(person: visitors.Visitor, state: str, consents: oracle.Consents) -> None:
        nonlocal cases
        stays = async_to_sync(_stays)(person.name, jar(person.name))
        cases += len(pairs())
        if not person.name:
            assert stays is None
            return
        wanted = {
            kind for kind, _subject in pairs()
            if person.may(oracle.table()[kind], consents) & READING
        }  # fmt: skip
        for kind in sorted(wanted ^ (stays or frozenset())):
            found.append((person.name, state, kind, "stays" if kind not in wanted else "goes"))

    everybody = visitors.everybody()
    for person in everybody:
        ask(person, "", oracle.NONE)
    codes = sorted(c for c in oracle.codes() if c not in ("team", "cj", "confidences", "tpo"))
    near = [p for p in everybody if p.held] if WHOLE else [
        p for p in everybody if p.name in ("ben", "kit", "reyes")
    ]  # fmt: skip
    for state in ("now", "revoked", "expired"):
        with crawl.undone():
            with act("ana"), visitors.consented(codes, state) as consents:
                pass
            for person in near:
                ask(person, state, consents)
    surprises("route socket read", found, cases)


@pytest.mark.rule("P-77", "P-2", "P-8")
def test_a_room_lets_in_who_sits_there_or_holds_it_and_nobody_else(
    act: lives.Act,
) -> None:
    visitors.add_relations(act)
    found: list[tuple[object, ...]] = []
    cases = 0

    async def come(room: UUID, cookies: dict[str, str]) -> tuple[bool, int]:
        page = socket(f"/ws/room/{room}/", cookies)
        answer = await page.connect()
        if answer[0]:
            await page.disconnect()
        return answer

    rooms: tuple[tuple[Callable[[], Session], set[str]], ...] = (
        (make.individual, {"ana", "mo"}),
        (make.conjoint, {"ana", "ben", "reyes"}),
    )
    for made, wanted in rooms:
        with crawl.undone():
            session = made()
            for name in sorted(wanted & set(PEOPLE)):
                make.waits(name, session)
            for room, let_in in ((session.public_id, wanted), (uuid4(), set())):
                for person in visitors.everybody():
                    cases += 1
                    answer = async_to_sync(come)(room, jar(person.name))
                    if answer != ((True, 0) if person.name in let_in else (False, 1000)):
                        found.append((person.name or "signed out", "room", session.kind, answer))
    surprises("route socket write", found, cases)
