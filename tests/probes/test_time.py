"""Time (P-2, P-32, P-47, P-53): how long an answer takes tells nobody who is here or what exists.

`make test` counts what is done: the same statements, the same bytes, whether something is hidden or
isn't there (sign-in, reset and recovery are counted in tests/people/test_tries.py). `make probe`
also measures, known and unknown in turn and by chance, and compares the middles as a ratio.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from tests.people.test_tries import KNOWN_ADDRESS, UNKNOWN_ADDRESS, ask, digits, reset, sign_in
from tests.probes import crawl, lives, objects, visitors
from tests.probes.report import REPORT, WHOLE, surprises
from tests.probes.test_every_page import samples, visitor

__all__ = ["samples"]  # a fixture
ROUNDS = 61
#: Named anew each time, by the test's own transaction, too.
_SAVEPOINT = re.compile(r'SAVEPOINT "\w+"')
#: Work of one by the work of the other, in the middle of :data:`ROUNDS`; and by the clock, of the
#: quickest quarter, which load touches least. A network's own noise is many times either.
CPU, CLOCK = 1.10, 1.25
#: Seconds of work that nobody tells apart over a network, however short an answer is.
UNSEEN = 0.003
Ask = Callable[[], Any]
Browse = Callable[[str], Any]
#: (visitor, route, kind): what is closed to whom.
HIDDEN = (
    ("ben", "portal-note", "progress_note"),
    ("ben", "portal-journal-page", "journal"),
    ("ben", "portal-request", "privacy_request"),
    ("ben", "portal-form", ""),
    ("ben", "portal-request-copy", "privacy_request"),
    ("ben", "portal-consent-copy", ""),
    ("kit", "staff-note", "progress_note"),
    ("kit", "staff-answers", ""),
    ("kit", "staff-incident", "incident"),
    ("noor", "staff-note", "crisis_note"),
    ("bill", "staff-note", "progress_note"),
    ("fay", "staff-note", "progress_note"),
    ("fay", "staff-couple", ""),
    ("fay", "staff-safety-plan", ""),
    ("dee", "staff-demand", "legal_demand"),
    ("", "interop-calendar", ""),
)


def work(ask_it: Ask) -> tuple[int, list[str], bytes]:
    """Status, statements (without their values) and body of one answer; undone."""
    asked: list[str] = []

    def count(execute: Any, sql: Any, *what: Any) -> Any:
        asked.append(_SAVEPOINT.sub("savepoint", str(sql))[:60])
        return execute(sql, *what)

    with crawl.undone(), connection.execute_wrapper(count):
        answer = ask_it()
    return answer.status_code, asked, crawl.masked(answer.content)


def measure(name: str, known: Ask, unknown: Ask) -> None:
    """The middles of both, side by side; fails for a difference."""
    cpu: dict[bool, list[float]] = {True: [], False: []}
    clock: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(ROUNDS):
        for which in random.sample((True, False), 2):
            with crawl.undone():
                before, began = time.process_time(), time.perf_counter()
                (known if which else unknown)()
                cpu[which].append(time.process_time() - before)
                clock[which].append(time.perf_counter() - began)
    middle = {w: statistics.median(values) for w, values in cpu.items()}
    quick = {w: statistics.median(sorted(v)[: ROUNDS // 4]) for w, v in clock.items()}
    ratio = max(middle.values()) / min(middle.values())
    by_clock = max(quick.values()) / min(quick.values())
    REPORT.notes.append(
        f"time of {name}: {middle[True] * 1000:.1f} and {middle[False] * 1000:.1f} ms of work,"
        f" {ratio:.2f}; by the clock {by_clock:.2f}"
    )
    apart = max(middle.values()) - min(middle.values())
    assert (ratio < CPU or apart < UNSEEN) and by_clock < CLOCK, REPORT.notes[-1]


def alike(name: str, known: Ask, unknown: Ask, mask: Callable[[bytes], bytes] = bytes) -> None:
    """Two questions whose answers must not differ: in bytes, in statements, in time."""
    for first in (known, unknown):
        work(first)  # what is made once is made
    one, other = work(known), work(unknown)
    assert one[0] == other[0], f"{name}: {one[0]} and {other[0]}"
    assert one[1] == other[1], f"{name}: other statements"
    assert mask(one[2]) == mask(other[2]), f"{name}: another answer"
    if WHOLE:
        measure(name, known, unknown)


@pytest.mark.rule("P-2", "P-47", "P-8")
def test_a_hidden_record_is_absent_by_the_same_work_as_none(
    browse: Browse, act: lives.Act, samples: dict[str, dict[str, object]]
) -> None:
    lives.together(act)
    things = objects.everything(act, samples)
    visitors.add_relations(act)
    for name, route, kind in HIDDEN:
        client = browse(name) if name else visitor()
        given = next(args for k, args in things.given[route] if k == kind)
        secret = {k: "A" * len(v) for k, v in given.items() if isinstance(v, str)}
        nothing = {k: secret.get(k, uuid4()) for k in given}
        if route == "interop-calendar":  # the secret itself opens it: one that was closed
            given = {"token": "B" * 43}
        real, none = reverse(route, kwargs=given), reverse(route, kwargs=nothing)

        def mask(
            body: bytes, ids: tuple[object, ...] = (*given.values(), *nothing.values())
        ) -> bytes:
            for one in ids:
                body = body.replace(str(one).encode(), b"ID")
            return body

        assert work(lambda: client.get(none))[0] == 404, (name, route)  # noqa: B023
        alike(
            f"{route} for {name or 'a stranger'}",
            lambda: client.get(real),  # noqa: B023
            lambda: client.get(none),  # noqa: B023
            mask,
        )
    surprises("time", [], 2 * len(HIDDEN))


@pytest.mark.rule("P-53", "P-47")
def test_search_does_the_same_work_for_a_closed_name_as_for_nonsense(browse: Browse) -> None:
    noor = browse("noor")
    words = ("Ana Fiction", "Zoe Nowhere")

    def asks(text: str) -> Ask:
        return lambda: noor.post(reverse("staff-search"), {"q": text})

    def mask(body: bytes) -> bytes:
        for text in words:
            body = body.replace(text.encode(), b"ASKED")
        return body

    alike("a search", asks(words[0]), asks(words[1]), mask)


@pytest.mark.rule("P-32")
@pytest.mark.skipif(not WHOLE, reason="measured by `make probe`; the work is counted elsewhere")
@pytest.mark.parametrize("act_", [sign_in, reset, ask, digits], ids=lambda one: one.__name__)
def test_a_known_address_is_answered_as_quickly_as_any(db: None, act_: Any) -> None:
    for address in (KNOWN_ADDRESS, UNKNOWN_ADDRESS):
        act_(address)
    measure(act_.__name__, lambda: act_(KNOWN_ADDRESS), lambda: act_(UNKNOWN_ADDRESS))
