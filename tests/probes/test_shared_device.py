"""A device that two people use: after a quick exit and after signing out nothing is left on it.

Real Chromium with a profile on disk. Phrases are planted by using the app as somebody would, also
by typing what is never sent; then storage, caches, history, Back and every file of the profile are
searched for them (P-61, P-66).
"""

from __future__ import annotations

import os
import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tests.browser.finder import MISSING, find_browser, launch_args
from tests.browser.live import Live, serving
from tests.world import id_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason=MISSING),
]
SENT, THANKED, TYPED = "quokka-sent-8841", "walnut-thanked-3372", "heron-typed-5526"
ENCODED = [p.encode(code) for p in (SENT, THANKED, TYPED) for code in ("utf-8", "utf-16-le")]
WEATHER = "https://www.weather.gov/"
#: Everything a page of an origin can keep by itself, as text.
KEPT = """async () => {
  const found = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}),
    JSON.stringify(await indexedDB.databases()), document.cookie];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.push(request.url);
      const type = (await cache.match(request)).headers.get('content-type') ?? '';
      if (/html|json|text/.test(type)) found.push(await (await cache.match(request)).text());
    }
  }
  return found.join('\\n');
}"""
#: Milliseconds from the second Escape until the screen is blank, and whether the network was first.
CLOCK = """() => {
  window.asked = 0;
  const beacon = navigator.sendBeacon.bind(navigator);
  navigator.sendBeacon = (...a) => {
    sessionStorage.setItem('blank', String(document.body.childElementCount === 0));
    return beacon(...a);
  };
  addEventListener('keydown', (e) => {
    if (e.key === 'Escape') window.pressed = e.timeStamp;
  }, true);
  new MutationObserver(() => {
    if (!document.body?.childElementCount)
      sessionStorage.setItem('after', String(performance.now() - window.pressed));
  }).observe(document, { childList: true, subtree: true });
}"""


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with serving() as server:
        for name in ("ana", "ben", "cleo"):
            server.call("tests.probes.test_shared_device:with_pin", name)
        yield server


@pytest.fixture(scope="module")
def chromium() -> Iterator[Playwright]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright


def with_pin(name: str) -> None:
    """Somebody who has set a PIN, as everybody has who uses the app."""
    from mutual.people.actions import set_pin
    from mutual.people.models import Account

    set_pin(Account.objects.get(actor_id=id_of(name)), "4711", "4711")


def device(chromium: Playwright, live: Live, name: str, profile: Path) -> BrowserContext:
    """A browser with a profile on disk, signed in."""
    context = chromium.chromium.launch_persistent_context(
        str(profile), executable_path=find_browser(), args=launch_args(), base_url=live.url
    )
    context.add_cookies(live.cookies(name))  # type: ignore[arg-type]
    context.route(WEATHER + "**", lambda r: r.fulfill(body="<title>Weather</title>Weather"))
    return context


def use(page: Page) -> None:
    """An evening: a message sent, a word of thanks, and one more message that is never sent."""
    page.goto("/today/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/messages/own/")
    page.fill("textarea[name=text]", SENT)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    assert SENT in page.inner_text("main")
    page.goto("/us/")
    page.fill("form[action='/us/thanks/'] textarea", THANKED)
    page.click("form[action='/us/thanks/'] button[type=submit]")
    page.wait_for_load_state()
    assert THANKED in page.inner_text("main")
    page.goto("/messages/own/")
    page.locator("textarea[name=text]").press_sequentially(TYPED)
    page.wait_for_timeout(300)


def nothing_on(profile: Path) -> None:
    """No file of a closed browser's profile holds a phrase, plain or packed."""
    looked = 0
    for path in profile.rglob("*"):
        if not path.is_file() or path.is_symlink():
            continue
        data = path.read_bytes()
        looked += 1
        for part in (data, *_unpacked(data)):
            for phrase in ENCODED:
                assert phrase not in part, f"{path.relative_to(profile)} holds {phrase!r}"
    assert looked > 20, "the profile was written to disk"


def _unpacked(data: bytes) -> Iterator[bytes]:
    """What lies in gzip streams inside a file (the disk cache keeps answers as they came)."""
    for found in re.finditer(rb"\x1f\x8b\x08", data):
        try:
            yield zlib.decompressobj(31).decompress(data[found.start() :])
        except zlib.error:
            continue


def history(profile: Path) -> list[tuple[str, str]]:
    """Addresses and titles that the closed browser remembers."""
    with closing(sqlite3.connect(profile / "Default" / "History")) as link:
        return link.execute("select url, title from urls").fetchall()


@pytest.mark.rule("P-66", "P-61")
def test_after_a_quick_exit_nothing_is_left(
    live: Live, chromium: Playwright, tmp_path: Path
) -> None:
    context = device(chromium, live, "ana", tmp_path)
    page = context.new_page()
    use(page)
    page.evaluate(CLOCK)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url(WEATHER + "**")
    assert "Weather" in page.content()
    page.go_back()
    page.wait_for_load_state()
    assert "/pin/" in page.url and page.title() == "Mutual"
    took = float(page.evaluate("sessionStorage.getItem('after') ?? '-1'"))
    first = page.evaluate("sessionStorage.getItem('blank')")
    # The lock clears the storage in which the clock left its notes: then it was too fast to see.
    assert took < 100
    assert first in ("true", None)
    for address in ("/messages/own/", "/us/", "/today/"):
        page.goto(address)
        assert "/pin/" in page.url
        for phrase in (SENT, THANKED, TYPED):
            assert phrase not in page.content()
    kept = page.evaluate(KEPT)
    for phrase in (SENT, THANKED, TYPED, "messages/own"):
        assert phrase not in kept
    context.close()
    assert {title for _url, title in history(tmp_path)} <= {"Mutual", "Weather", ""}
    nothing_on(tmp_path)


@pytest.mark.rule("P-61")
def test_after_signing_out_nothing_is_left(
    live: Live, chromium: Playwright, tmp_path: Path
) -> None:
    context = device(chromium, live, "ben", tmp_path)
    page = context.new_page()
    use(page)
    page.goto("/account/logout/")
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    for _ in range(4):
        page.go_back()
        page.wait_for_load_state()
        for phrase in (SENT, THANKED, TYPED):
            assert phrase not in page.content()
    kept = page.evaluate(KEPT)
    for phrase in (SENT, THANKED, TYPED, "messages/own"):
        assert phrase not in kept
    context.close()
    assert {title for _url, title in history(tmp_path)} <= {"Mutual", ""}
    nothing_on(tmp_path)


@pytest.mark.rule("P-66")
def test_without_script_the_button_is_a_link_that_locks(
    live: Live, chromium: Playwright, tmp_path: Path
) -> None:
    context = chromium.chromium.launch_persistent_context(
        str(tmp_path), executable_path=find_browser(), args=launch_args(), base_url=live.url,
        java_script_enabled=False,
    )  # fmt: skip
    context.add_cookies(live.cookies("cleo"))  # type: ignore[arg-type]
    context.route(WEATHER + "**", lambda r: r.fulfill(body="Weather"))
    page = context.new_page()
    page.goto("/messages/own/")
    asked: list[tuple[str, str]] = []
    page.on("request", lambda r: asked.append((r.url, r.headers.get("referer", ""))))
    page.click("a[data-quick-exit]")
    page.wait_for_timeout(500)
    assert [referrer for url, referrer in asked if url.startswith(WEATHER)] == [""]
    page.goto("/today/")
    assert "/pin/" in page.url
    context.close()


@pytest.mark.rule("P-61")
def test_the_probe_sees_what_a_browser_keeps(
    live: Live, chromium: Playwright, tmp_path: Path
) -> None:
    """The search itself can fail: a page that keeps a phrase is found out."""
    context = device(chromium, live, "cleo", tmp_path)
    page = context.new_page()
    page.goto("/offline/")
    page.evaluate(f"localStorage.setItem('draft', '{TYPED}')")
    page.wait_for_timeout(500)
    assert TYPED in page.evaluate(KEPT)
    context.close()
    with pytest.raises(AssertionError, match="holds"):
        nothing_on(tmp_path)
