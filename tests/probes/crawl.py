"""Somebody's whole sight: every page, file and feed they can open, as bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.test import Client

from tests.browser.live import sign_in

#: The viewer's own nonces: tokens of forms, the sealed note of what a page shows, request ids.
NONCES = re.compile(
    rb'X-CSRFToken(&quot;|"): *(&quot;|")[^"&]+|csrfmiddlewaretoken" value="[^"]+'
    rb'|name="key" value="[0-9a-f-]{36}"|/CreationDate ?\([^)]*\)|/ModDate ?\([^)]*\)'
    # Names that a page or file gets anew each time, and when a file was made.
    rb'|"t[0-9a-f]{8}"'
    rb"|<xmp:[A-Za-z]+Date>[^<]*|/ID ?\[[^\]]*\]|<xmpMM:[A-Za-z]+ID>[^<]*"
)
_LINKS = re.compile(rb'(?:href|hx-get|src)="(/[^"#]*)"')
_FILE = re.compile(r"document-\w{4}(?=\.)")
#: Headers that say nothing of what was read.
_OWN_HEADERS = ("x-request-id", "set-cookie", "date", "expires")
#: These end or lock the session they are opened in, or show invented texts to everybody.
ENDS = ("/lock/", "/exit/", "/account/logout/", "/styleguide")


@dataclass(frozen=True)
class Sight:
    """What came back for an address."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    queries: int

    def differs(self, other: Sight) -> str:
        """In what it differs from another, or nothing."""
        if self.status != other.status:
            return f"status {other.status} -> {self.status}"
        if self.headers != other.headers:
            return f"headers {sorted(set(self.headers) ^ set(other.headers))[:2]}"
        if self.body != other.body:
            pairs = zip(other.body.splitlines(), self.body.splitlines(), strict=False)
            line = next((f"{a[:160]!r} -> {b[:160]!r}" for a, b in pairs if a != b), "length")
            return f"body: {line}"
        if self.queries != other.queries:
            return f"{other.queries} -> {self.queries} queries"
        return ""


def signed_in(name: str) -> Client:
    """A client of somebody of the test world, PIN given, behind a proxy that ended TLS."""
    client = Client(headers={"x-forwarded-proto": "https"})
    for key, value in sign_in(name).items():
        client.cookies[key] = value
    return client


def masked(body: bytes) -> bytes:
    """A body without the viewer's own nonces (P-47)."""
    return NONCES.sub(b"", body)


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is undone; and let go, so that thousands don't lie in each other."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)
        transaction.savepoint_commit(point)


def headers_of(answer: Any) -> tuple[tuple[str, str], ...]:
    """The headers that could say something of what was read."""
    return tuple(
        sorted(
            (k, _FILE.sub("document", v))
            for k, v in answer.headers.items()
            if k.lower() not in _OWN_HEADERS
        )
    )


def look(client: Client, address: str) -> Sight:
    """Open one address."""
    asked = 0

    def count(execute: Any, *what: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*what)

    # Django's own log of queries forgets after some thousands.
    with connection.execute_wrapper(count):
        answer: Any = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return Sight(answer.status_code, headers_of(answer), masked(body), asked)


def links_of(body: bytes) -> Iterator[str]:
    """Addresses of this site that a page leads to."""
    for found in _LINKS.findall(body):
        address = found.decode().replace("&amp;", "&")
        if not address.startswith(("/static/", "//")):
            yield address


def crawl(client: Client, first: Iterable[str], most: int = 400) -> dict[str, Sight]:
    """Open the addresses and whatever they lead to; undone afterwards, so that nothing was seen."""
    waiting = list(dict.fromkeys(first))
    found: dict[str, Sight] = {}
    with undone():
        for address in waiting:
            if len(found) >= most or urlsplit(address).path.startswith(ENDS):
                continue
            found[address] = look(client, address)
            if found[address].headers and any(v.startswith("text/html") for _, v in
                                              found[address].headers):  # fmt: skip
                waiting += [a for a in links_of(found[address].body) if a not in waiting]
    return found


def differences(before: dict[str, Sight], after: dict[str, Sight]) -> list[str]:
    """Where two sights of the same eyes differ."""
    found = [f"{a}: only in one world" for a in sorted(set(before) ^ set(after))]
    for address in sorted(set(before) & set(after)):
        what = after[address].differs(before[address])
        if what:
            found.append(f"{address}: {what}")
    return found


@contextmanager
def at_one_moment(moment: datetime) -> Iterator[None]:
    """The clock of the pages stands, so that nothing differs by the hour alone."""
    with patch("django.utils.timezone.now", lambda: moment):
        yield
