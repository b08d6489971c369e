"""Every route asked by everybody, for a real record and for none: pages, fragments, files, feeds.

Which kinds of record a route answers for stands in routes.txt. Whom the access table gives nothing
of them gets the very bytes that a random id gets (P-2), whether reading or writing; whoever may
read but not write changes nothing; and on no page that somebody may open stands a word, or the id,
of a record of a kind that is closed to them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from mutual.people.models import Couple
from mutual.week import feeds
from tests.probes import crawl, lives, objects, oracle, visitors
from tests.probes.report import REPORT, WHOLE, surprises
from tests.probes.test_every_page import arguments, routes, samples, visitor
from tests.probes.visitors import Visitor
from tests.world import id_of

__all__ = ["samples"]  # a fixture
TABLE = Path(__file__).with_name("routes.txt")
LAYERS = {"page", "fragment", "api", "feed", "search", "file", "socket"}
VERBS = {"read", "list", "write", "sign", "delete"}
#: Not a kind: whoever comes; the account that asks.
OPEN = {"public", "own"}
#: What gives any business with a record of a kind.
READING = frozenset({"body", "facts", "extract", "author"})
CHANGING = frozenset({"write", "submit", "author"})
#: A statement that changes a table; and the tables that only keep the visit itself.
_WRITES = re.compile(r'(?:insert into|update|delete from) "(\w+)"', re.I)
BOOKS = {"django_session", "usersessions_usersession"}
#: As htmx asks for a part of a page.
PART = {"HX-Request": "true"}
#: Kinds that no route is for, and why; a new kind gets a route, or a line here.
NO_ROUTE = {
    "activity": "no page yet",
    "statement_eob": "no page yet",
    "received_record": "kept for a release or a demand, whose routes are there",
    "recording": "none exists (P-79)",
    "care_team": "stands on the pages of a couple and of a person",
    "consent_joint": "stands on the pages of consents",
    "dyadic_instrument": "its forms are those of the instruments",
}
Browse = Callable[[str], Client]


@dataclass(frozen=True)
class Route:
    """A line of routes.txt."""

    name: str
    layer: str
    verb: str
    kind: str
    more: str = ""

    @property
    def kinds(self) -> list[str]:
        """The kinds it answers for (a route for two kinds names both)."""
        return [kind for kind in self.kind.split("/") if kind not in OPEN]


def declared() -> dict[str, Route]:
    """The lines of routes.txt by name."""
    found = {}
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            route = Route(*line.split())
            found[route.name] = route
    return found


@pytest.mark.rule("P-1", "P-2")
def test_every_route_says_of_what_kind_its_answer_is() -> None:
    from mutual.entry.sockets import socket_urls

    there = {route.name or pattern for pattern, route in routes()}
    there |= {route.name for route in socket_urls}
    lines = declared()
    assert there - set(lines) == set(), "a route without a probe: give it a line in routes.txt"
    assert set(lines) - there == set(), "a line of routes.txt whose route is gone"
    for route in lines.values():
        assert route.layer in LAYERS and route.verb in VERBS, route
        for kind in route.kind.split("/"):
            assert kind in OPEN or kind in oracle.table(), route
    told = {kind for route in lines.values() for kind in route.kinds}
    assert set(oracle.table()) - told == set(NO_ROUTE), "a kind without a route: say why"
    REPORT.notes.append(f"routes: {len(lines)}, for {len(told)} of {len(oracle.table())} kinds")


@dataclass(frozen=True)
class Answer:
    """What came back, and the tables it wrote to (undone at once)."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    wrote: frozenset[str] = field(compare=False)


def _ask(
    client: Client, method: str, address: str, given: dict[str, object], **more: Any
) -> Answer:
    """Ask, with the ids of the address taken out of the answer."""
    wrote: set[str] = set()

    def note(execute: Any, sql: Any, *what: Any) -> Any:
        wrote.update(_WRITES.findall(str(sql)))
        return execute(sql, *what)

    with crawl.undone(), connection.execute_wrapper(note):
        answer: Any = getattr(client, method)(address, **more)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers, body = crawl.headers_of(answer), crawl.masked(body)
    for value in given.values():
        if isinstance(value, UUID) or len(str(value)) > 20:  # an id or a secret, no lane's letter
            headers = tuple((k, v.replace(str(value), "ID")) for k, v in headers)
            body = body.replace(str(value).encode(), b"ID")
    return Answer(answer.status_code, headers, body, frozenset(wrote - BOOKS))


def _other(given: dict[str, object]) -> dict[str, object]:
    """The same arguments with a random id for each."""
    return {k: uuid4() if isinstance(v, UUID) else v for k, v in given.items()}


class Asking:
    """Asks routes as one visitor, and keeps what was odd."""

    def __init__(
        self, browse: Browse, person: Visitor, state: str, consents: oracle.Consents,
        ids: dict[str, set[str]],
    ) -> None:  # fmt: skip
        self.client = browse(person.name) if person.name else visitor()
        self.person, self.consents = person, consents
        self.odd: list[tuple[object, ...]] = []
        self.cases: Counter[str] = Counter()
        self.opened: set[str] = set()
        who = person.name or "signed out"
        self.who = f"{who} ({state})" if state else who
        #: Words and ids that no page of theirs may hold, with the kind of each.
        self.closed: list[tuple[str, bytes]] = []
        for kind in (*lives.PLANTED, *(k for k in ids if k not in lives.PLANTED)):
            rights = self._rights([kind])
            if kind in lives.PLANTED and not rights & {"body", "author"}:
                self.closed.append((kind, lives.word(kind).encode()))
            if not rights & READING:
                self.closed += [(kind, one.encode()) for one in ids.get(kind, ())]

    def _rights(self, kinds: list[str]) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for kind in kinds:
            mine = self.person.may(oracle.table()[kind], self.consents)
            if self.person.name not in objects.AUTHORS.get(kind, (self.person.name,)):
                mine -= {"author"}
            found |= mine
        return found & (READING | CHANGING)

    def one(self, route: Route, kind: str, given: dict[str, object]) -> None:
        """A route with arguments: like a random id for whom the table gives nothing."""
        address = reverse(route.name, kwargs=given)
        rights = self._rights([kind] if kind else route.kinds)
        if route.more and route.more == self.person.name:
            rights |= READING | CHANGING
        if rights:
            self.scan(route, address)
            if not rights & CHANGING and not route.more:
                self.cases[f"{route.layer} write"] += 1
                wrote = _ask(self.client, "post", address, given).wrote
                if wrote:
                    self.odd.append((self.who, "post", route.name, "writes", *wrote))
            return
        other = _other(given)
        nowhere = reverse(route.name, kwargs=other)
        asked: list[tuple[str, str, dict[str, Any]]] = [
            (f"{route.layer} read", "get", {}),
            (f"{route.layer} {route.verb if route.verb in ('sign', 'delete') else 'write'}",
             "post", {}),
            ("fragment read", "get", {"headers": PART}),
        ]  # fmt: skip
        for layer, method, more in asked:
            self.cases[layer] += 1
            have = _ask(self.client, method, address, given, **more)
            want = _ask(self.client, method, nowhere, other, **more)
            if have != want or have.status not in (302, 404, 405):
                line = (self.who, layer, route.name, kind or route.kind, have.status, want.status)
                self.odd.append(line)

    def scan(self, route: Route, address: str) -> None:
        """A page that may be opened: no word and no id of a kind that is closed."""
        verb = "list" if route.verb == "list" else "read"
        self.cases[f"{route.layer} {verb}"] += 1
        answer = _ask(self.client, "get", address, {})
        if answer.status == 200:
            self.opened.add(route.name)
            for kind, mark in self.closed:
                if mark in answer.body:
                    self.odd.append((self.who, "get", route.name, "shows", kind, mark.decode()))


@pytest.fixture
def things(samples: dict[str, dict[str, object]], act: lives.Act) -> objects.Objects:
    """Real records of Ana's (and the couple's), and staff in every relation to her."""
    lives.together(act)
    found = objects.everything(act, samples)
    visitors.add_relations(act)
    return found


def ask_all(asking: Asking, things: objects.Objects, turn: int) -> None:
    """Every route; sampled: a part of them, others for the next visitor."""
    lines = declared()
    for number, (pattern, one) in enumerate(routes()):
        route = lines[one.name or pattern]
        wanted = arguments(pattern, one)
        if not wanted:
            mine = WHOLE or (turn + number) % 10 == 0
            if mine and route.kind != "public" and route.name != "account_logout":
                asking.scan(route, reverse(route.name))
        elif route.kinds and (WHOLE or (turn + number) % 24 == 0):
            given = things.given[route.name]
            for kind, arguments_ in given if WHOLE else given[turn % len(given) :][:1]:
                asking.one(route, kind, {k: arguments_[k] for k in wanted})


@pytest.mark.rule("P-2", "P-8", "P-11", "P-21", "P-22", "P-23", "P-47")
def test_each_route_answers_whom_the_table_names_and_nobody_else(
    browse: Browse, act: lives.Act, things: objects.Objects
) -> None:
    cases: Counter[str] = Counter()
    odd: list[tuple[object, ...]] = []
    opened: set[str] = set()

    def ask(person: Visitor, state: str, consents: oracle.Consents, turn: int) -> None:
        asking = Asking(browse, person, state, consents, things.ids)
        ask_all(asking, things, turn)
        cases.update(asking.cases)
        odd.extend(asking.odd)
        opened.update(asking.opened)

    for turn, person in enumerate(visitors.everybody()):
        ask(person, "", oracle.NONE, turn)
    # Under consents of Ana's, and after them: whom a consent could open anything to.
    codes = sorted(c for c in oracle.codes() if c not in ("team", "cj", "confidences", "tpo"))
    near = [p for p in visitors.everybody() if p.name in ("ben", "kit", "reyes", "pruitt")]
    for number, state in enumerate(("now", "revoked", "expired")):
        with crawl.undone():
            with act("ana"), visitors.consented(codes, state) as consents:
                pass
            for turn, person in enumerate(near if WHOLE else near[number:][:1]):
                ask(person, state, consents, turn + 7 * number)
    for layer, count in cases.items():
        surprises(f"route {layer}", [], count)
    if WHOLE:
        asked = {r.name for r in declared().values() if r.kinds and r.layer != "socket"}
        REPORT.notes.append(f"routes nobody could open here: {sorted(asked - opened)}")
    REPORT.surprises += [" · ".join(map(str, one)) for one in odd]
    assert odd == []


@pytest.mark.rule("P-2", "P-50")
def test_a_feed_that_was_renewed_or_closed_is_absent_like_one_that_never_was(
    browse: Browse, act: lives.Act
) -> None:
    """A feed's address is its secret: whoever has none gets what any other word gets."""
    with act("ana") as actor:
        old = feeds.open_feed(actor)
        now = feeds.open_feed(actor)
    asked = {}
    for name in ("", "ben", "mo"):
        client = browse(name) if name else visitor()
        for token in (old, "A" * len(old)):
            address = reverse("interop-calendar", args=[token])
            asked[name, token] = _ask(client, "get", address, {"token": token})
        assert asked[name, old].status == 404
    assert all(asked[n, old] == asked[n, "A" * len(old)] for n in ("", "ben", "mo"))
    address = reverse("interop-calendar", args=[now])
    assert visitor().get(address).status_code == 200
    with act("ana") as actor:
        feeds.close_feed(actor)
    assert visitor().get(address).status_code == 404
    surprises("route feed read", [], len(asked) + 2)


class Seeking:
    """Asks a search as one visitor: for a word of something, and for a word of nothing."""

    def __init__(self, client: Client, address: str, nothing: str) -> None:
        self.client, self.address, self.nothing = client, address, nothing
        self.nonsense = self._answer(nothing)

    def _answer(self, words: str) -> tuple[int, bytes]:
        with crawl.undone():
            answer = self.client.post(self.address, {"q": words})
        return answer.status_code, crawl.masked(answer.content).replace(words.encode(), b"ASKED")

    def finds(self, words: str) -> bool:
        """Whether the answer is another than nonsense gets."""
        return self._answer(words) != self.nonsense


@pytest.mark.rule("P-53", "P-47")
def test_search_finds_what_may_be_seen_and_answers_like_nonsense_otherwise(
    browse: Browse, act: lives.Act
) -> None:
    visitors.add_relations(act)
    found, cases = [], 0
    line = oracle.table()["person_profile"]
    for person in visitors.everybody():
        client = browse(person.name) if person.name else visitor()
        seeking = Seeking(client, reverse("staff-search"), "Qzx Vwkrtyu")
        cases += 2
        if seeking.finds("Ana Fiction") and not person.may(line):
            found.append((person.name, "search", "finds Ana"))
    surprises("route search list", found, cases)


@pytest.mark.rule("P-9", "P-53", "P-47")
def test_notes_are_found_by_their_words_by_whoever_may_read_them_and_sealed_ones_by_nobody(
    browse: Browse, act: lives.Act
) -> None:
    lives.together(act)
    lives.notes(act)
    visitors.add_relations(act)
    with act("ana"):
        couple = Couple.objects.get(id=id_of("ab")).public_id
    found, cases, hits = [], 0, 0
    for turn, person in enumerate(visitors.everybody()):
        client = browse(person.name) if person.name else visitor()
        lanes = ("a", "b", "ours") if WHOLE else ("a",)
        kinds = [k for _who, k in lives.NOTES] if WHOLE else [lives.NOTES[turn % 6][1]]
        for lane in lanes:
            address = reverse("staff-words", kwargs={"public_id": couple, "lane": lane})
            seeking = Seeking(client, address, "zyzzyva plumbago note vwkr")
            for kind in kinds:
                line = oracle.table()[kind]
                may = person.may(line) & {"body", "author"} and not line.sealed and lane == "a"
                there = seeking.finds(lives.word(kind))
                cases, hits = cases + 1, hits + there
                if there and not may:
                    found.append((person.name or "signed out", "search", lane, kind))
    surprises("route search read", found, cases)
    assert hits, "the probe would pass on a search that finds nothing"
