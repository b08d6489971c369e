"""Two worlds (P-47): what Ben sees is the same, whether something closed of Ana's exists or not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mutual.base import database as roles
from mutual.entry import database as d
from mutual.week import feeds
from tests.conftest import _template
from tests.probes import crawl, lives, oracle, raw
from tests.probes import scene as scenes
from tests.probes.report import REPORT, WHOLE
from tests.probes.rows import Shelf, put, row_of, shelves
from tests.probes.test_every_page import routes
from tests.world import id_of

Browse = Callable[[str], Client]


def starts() -> list[str]:
    """Every address without an argument, of all faces: what isn't Ben's must stay absent, too."""
    found = []
    for pattern, route in routes():
        public = not route.name or route.name.startswith("website-")
        if not public and not set("<(") & set(pattern):
            found.append(reverse(route.name))
    return found


def sight(browse: Browse, more: list[str]) -> dict[str, crawl.Sight]:
    """All that Ben can open."""
    found = crawl.crawl(browse("ben"), [*starts(), *more])
    REPORT.pages["two worlds"] += len(found)
    return found


def mail(act: lives.Act) -> list[tuple[Any, ...]]:
    """What waits to be sent to Ben."""
    with act("ben"), connection.cursor() as cursor:
        cursor.execute(
            "select occasion, due, outcome from wall_notice where viewer_id = %s order by 1, 2",
            [id_of("ben")],
        )
        return cursor.fetchall()


@pytest.mark.rule("P-47", "P-48", "P-22", "P-54", "P-57", "P-59", "P-60", "P-69")
def test_a_week_of_anas_changes_nothing_that_ben_sees(browse: Browse, act: lives.Act) -> None:
    """Sampled: after all her week; whole: after each step of it."""
    with crawl.at_one_moment(timezone.now()):
        lives.together(act)
        with act("ben") as ben:
            feed = reverse("interop-calendar", args=[feeds.open_feed(ben)])
        # A first time: what is made once (SQL that is kept, content types) is made.
        first = sight(browse, [feed])
        before, letters = sight(browse, [feed]), mail(act)
        assert {a: s.body for a, s in first.items()} == {a: s.body for a, s in before.items()}
        assert sum(one.status == 200 for one in before.values()) > 40
        wrong = []
        for number, step in enumerate(lives.STEPS, 1):
            step.do(act)
            if WHOLE or number == len(lives.STEPS):
                after = sight(browse, [feed])
                wrong += [f"{step.name}: {one}" for one in crawl.differences(before, after)]
            if mail(act) != letters:
                wrong.append(f"{step.name}: another notice to Ben")
        assert not wrong, "\n".join(wrong)
        # The probe can fail: what is Ben's to see, he sees.
        for step in lives.SEEN if WHOLE else lives.SEEN[-1:]:
            assert step.seen
            point = transaction.savepoint()
            step.do(act)
            assert crawl.differences(before, sight(browse, [feed])), step.name
            transaction.savepoint_rollback(point)


@contextmanager
def in_database(name: str) -> Iterator[Browse]:
    """Pages answer from another database, in one transaction that is undone."""
    link = connections["default"]
    own = link.settings_dict["NAME"]
    link.close()
    link.settings_dict["NAME"] = name
    try:
        with transaction.atomic():
            yield crawl.signed_in
            transaction.set_rollback(True)
    finally:
        link.close()
        link.settings_dict["NAME"] = own


def closed_to_ben() -> list[Shelf]:
    """Every table, or part of one, of which Ben may not read Ana's or the couple's row."""
    stands = {"P": "partner", "C": "self", "G": ""}
    found = []
    for shelf in shelves():
        line = oracle.table()[shelf.kind]
        relation = stands[line.of]
        if not (relation and raw.opens(shelf, oracle.allows(line, relation))):
            found.append(shelf)
    return found


def fill(name: str) -> int:
    """Put one row of each kind that is closed to Ben into a database, as one whom no wall holds."""
    chosen = closed_to_ben()
    with d.connect(roles.SUPER, name) as owner, owner.transaction():
        scenes.only_walls(owner, chosen)
        owner.execute("set local session_replication_role = replica")
        for shelf in chosen:
            of = oracle.table()[shelf.kind].of
            put(owner, shelf, row_of(shelf, scenes.SUBJECTS[of], scenes.STRANGER, lives.word("x")))
    return len(chosen)


@pytest.mark.rule("P-47", "P-48", "P-9")
def test_twin_databases_with_and_without_a_row_of_each_closed_kind(
    django_db_setup: None, django_db_blocker: Any
) -> None:
    """Nobody forgets a kind: the rows are made from the tables themselves."""
    names = [f"mutual_twin_{os.getpid()}_{which}" for which in ("without", "with")]
    seen: dict[str, dict[str, crawl.Sight]] = {}
    try:
        for name in names:
            d.clone_database(_template(), name)
        kinds = fill(names[1])
        with crawl.at_one_moment(timezone.now()), django_db_blocker.unblock():
            for name in (names[0], *reversed(names)):  # the first makes what is made once
                with in_database(name) as browse:
                    seen[name] = sight(browse, [])
    finally:
        for name in names:
            d.drop_database(name)
    assert kinds > 60
    wrong = crawl.differences(seen[names[0]], seen[names[1]])
    REPORT.notes.append(f"{kinds} closed kinds in a twin database, {len(wrong)} differences")
    assert not wrong, "\n".join(wrong)
