"""Access that ends while a page is open: the page is gone within a second or two (P-8, P-21)."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.finder import MISSING, find_browser, launch_args
from tests.browser.live import Live, serving
from tests.world import id_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason=MISSING),
]
#: Milliseconds within which an open page must be gone.
SOON = 3000


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=launch_args())
        yield chromium
        chromium.close()


def couple_address() -> str:
    """The page of Ana's own record."""
    from mutual.people.models import Couple
    from mutual.wall.testing import acting_as

    with acting_as(id_of("dee"), "staff"):
        return f"/staff/couples/{Couple.objects.get(id=id_of('ab')).public_id}/a/"


def reassigned() -> None:
    """Mo leaves Ana's care team."""
    from mutual.wall.relations import end_relations
    from mutual.wall.testing import acting_as

    with acting_as(id_of("dee"), "staff"):
        for subject in ("ana", "ben", "ab"):
            end_relations(id_of("mo"), id_of(subject))


def joint_note() -> str:
    """A signed couple note that both may read, since both agreed; where Ben reads it."""
    from mutual.privacy.actions import sign_consent
    from mutual.wall.testing import acting_as
    from tests.record.factories import signed

    for name in ("ana", "ben"):
        with acting_as(id_of(name), "person") as person:
            sign_consent(person, "cj", name.title())
    with acting_as(id_of("reyes"), "staff") as reyes:
        note = signed(reyes, "ab", "conjoint_note")
    return f"/me/notes/{note.public_id}/"


def takes_back(code: str) -> None:
    """Ana takes a consent back."""
    from mutual.privacy.actions import revoke
    from mutual.wall.testing import acting_as

    with acting_as(id_of("ana"), "person") as ana:
        revoke(ana, code)


def signed_out(name: str) -> None:
    """Every sign-in of somebody ends, as from another device."""
    from mutual.base import database
    from mutual.entry.database import connect

    with connect(database.OWNER, os.environ["MUTUAL_DATABASE"]) as link:
        link.execute("delete from django_session")
        link.execute("delete from wall.session where actor = %s", [id_of(name)])


def listening(page: Page) -> None:
    """Wait until the page's socket has said what it shows."""
    page.wait_for_function(
        "() => { const e = document.querySelector('live-page');"
        " return e && e.socket && e.socket.readyState === 1 && (!e.getAttribute('watch')"
        " || e.note !== e.getAttribute('watch')); }",
        timeout=10_000,
    )


@pytest.mark.rule("P-8", "P-21", "P-22")
def test_an_open_chart_is_gone_when_the_care_team_changes(live: Live, browser: Browser) -> None:
    address = live.call("tests.browser.test_open_pages:couple_address")
    mo = live.context(browser, "mo").new_page()
    assert mo.goto(address).status == 200  # type: ignore[union-attr]
    listening(mo)
    assert "Ana" in mo.inner_text("main")
    begun = time.monotonic()
    live.call("tests.browser.test_open_pages:reassigned")
    mo.wait_for_function("() => !document.body.textContent.includes('Ana')", timeout=SOON)
    assert time.monotonic() - begun < 15, "the call itself takes most of it"
    mo.wait_for_load_state()
    seen = mo.inner_text("body")
    assert mo.goto(address.replace(address.split("/")[3], str(id_of("nothing")))).status == 404  # type: ignore[union-attr]
    assert mo.inner_text("body") == seen, "gone reads like never there"


@pytest.mark.rule("P-8", "P-24", "P-22")
def test_a_shared_note_leaves_the_others_open_page_when_one_takes_back(
    live: Live, browser: Browser
) -> None:
    address = live.call("tests.browser.test_open_pages:joint_note")
    ben = live.context(browser, "ben").new_page()
    assert ben.goto(address).status == 200  # type: ignore[union-attr]
    listening(ben)
    live.call("tests.browser.test_open_pages:takes_back", "cj")
    ben.wait_for_function("() => !document.querySelector('live-page[watch]')", timeout=SOON)
    ben.wait_for_load_state()
    seen = ben.inner_text("body")
    ben.goto(f"/me/notes/{id_of('nothing')}/")
    assert ben.inner_text("body") == seen


@pytest.mark.rule("P-54", "P-22")
def test_a_page_that_shows_nothing_of_it_hears_nothing_of_it(live: Live, browser: Browser) -> None:
    ben = live.context(browser, "ben").new_page()
    said: list[str] = []
    ben.on("websocket", lambda s: s.on("framereceived", lambda d: said.append(str(d))))
    ben.goto("/messages/")
    listening(ben)
    live.call("tests.browser.test_open_pages:takes_back", "confidences")
    ben.wait_for_timeout(1000)
    assert said == []


@pytest.mark.rule("P-8", "P-84")
def test_an_open_page_of_an_ended_sign_in_asks_to_sign_in(live: Live, browser: Browser) -> None:
    page = live.context(browser, "kit").new_page()
    page.goto("/staff/")
    listening(page)
    live.call("tests.browser.test_open_pages:signed_out", "kit")
    page.wait_for_url("**/account/login/**", timeout=SOON)


@pytest.mark.rule("P-66")
def test_a_quick_exit_in_one_tab_locks_the_others(live: Live, browser: Browser) -> None:
    context = live.context(browser, "cleo")
    context.route("https://www.weather.gov/**", lambda r: r.fulfill(body="Weather"))
    one, other = context.new_page(), context.new_page()
    for page in (one, other):
        page.goto("/messages/own/")
        listening(page)
    one.keyboard.press("Escape")
    one.keyboard.press("Escape")
    # The test world has no PIN yet: then the lock asks for a whole sign-in.
    other.wait_for_url(re.compile(r"/(pin|account/login)/"), timeout=SOON)
