"""A link is shown only to whom it opens: each role follows what its pages show, from Today on."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urljoin, urlsplit

from django.db import transaction
from django.test import Client

from tests.probes import crawl, lives
from tests.probes.report import WHOLE
from tests.probes.test_every_page import samples  # noqa: F401 (a fixture)
from tests.world import STAFF

#: So many addresses of one page that differ behind the question mark: weeks have no end.
SAME = 2 if WHOLE else 1
#: Pages of one role at most.
MOST = 260 if WHOLE else 70


def broken(client: Client) -> tuple[dict[str, str], int]:
    """Links that don't open, each with status and the page that shows it; how many were opened."""
    waiting = {"/staff/": ""}
    seen: Counter[str] = Counter()
    found: dict[str, str] = {}
    point = transaction.savepoint()
    for address in iter(lambda: next(iter(waiting), ""), ""):
        shown_on = waiting.pop(address)
        path = urlsplit(address).path
        if seen.total() >= MOST or seen[path] >= SAME or path.startswith(crawl.ENDS):
            continue
        seen[path] += 1
        sight = crawl.look(client, address)
        if sight.status >= 400:
            found[address] = f"{sight.status}, shown on {shown_on}"
        headers = dict(sight.headers)
        targets = []
        if "Location" in headers:
            targets.append(urljoin(address, headers["Location"]))
        if headers.get("Content-Type", "").startswith("text/html") and sight.status == 200:
            targets += [urljoin(address, one) for one in crawl.links_of(sight.body)]
        for one in targets:
            if one.startswith("/staff/") and seen[urlsplit(one).path] < SAME:
                waiting.setdefault(one, address)
    transaction.savepoint_rollback(point)
    return found, seen.total()


def test_no_page_of_the_staff_shows_a_link_that_its_reader_cannot_open(
    browse,
    act,
    samples,  # noqa: F811
) -> None:
    lives.together(act)
    wrong, opened = {}, {}
    for who in STAFF:
        found, opened[who] = broken(browse(who))
        wrong |= {f"{who}: {address}": why for address, why in found.items()}
    assert wrong == {}
    # The probe would pass on pages that lead nowhere; this would not.
    assert all(count >= 3 for count in opened.values())
    assert opened["mo"] > 40 and opened["dee"] > 40
