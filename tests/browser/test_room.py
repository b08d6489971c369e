"""A couples session with three real pages: waiting alone, media both ways, taking over, leaving."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.finder import MISSING, find_browser, launch_args
from tests.browser.live import Live, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason=MISSING),
]

#: Keeps every connection that a page makes, so that a test can ask for its candidates.
KEEP = """() => { window.made = []; const Real = RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...a) { super(...a); window.made.push(this); } }; }"""
REMOTE = """async () => { const found = [];
  for (const each of window.made) (await each.getStats()).forEach((s) => {
    if (s.type === 'remote-candidate') found.push(`${s.address ?? s.ip}:${s.port}`); });
  return found; }"""
LOCAL = """async () => { const found = [];
  for (const each of window.made) (await each.getStats()).forEach((s) => {
    if (s.type === 'local-candidate') found.push(`${s.address ?? s.ip}:${s.port}`); });
  return found; }"""
FRAMES = """async () => { let frames = 0;
  for (const each of window.made) if (each.connectionState === 'connected')
    (await each.getStats()).forEach((s) => {
      if (s.type === 'inbound-rtp' && s.kind === 'video') frames += s.framesDecoded ?? 0; });
  return frames; }"""
TILES = "[...document.querySelectorAll('.face[data-seat]')].map((t) => t.dataset.seat)"
NAMES = "[...document.querySelectorAll('.face[data-seat] .face-name')].map((t) => t.textContent)"
STATE = "document.querySelector('[data-state]').textContent"
TRACKS = """() => { const own = document.querySelector('[data-self] video');
  const stream = own && own.srcObject; return stream ? stream.getTracks().length : 0; }"""


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_browser(), args=launch_args(media=True)
        )
        yield chromium
        chromium.close()


def until(what: Callable[[], Any], seconds: float = 15.0) -> float:
    """Waits for something to be true; the seconds that it took."""
    start = time.monotonic()
    while not what():
        assert time.monotonic() - start < seconds, "it didn't happen in time"
        time.sleep(0.1)
    return time.monotonic() - start


def opens(live: Live, browser: Browser, name: str, path: str, **options: Any) -> Page:
    context = live.context(browser, name, **options)
    context.add_init_script(f"({KEEP})()")
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(path)
    return page


def flows(page: Page) -> bool:
    before = page.evaluate(FRAMES)
    page.wait_for_timeout(700)
    return bool(page.evaluate(FRAMES) > before)


def admit(page: Page, name: str) -> None:
    page.locator("article.seat", has_text=name).get_by_role("button", name="Admit").click()


@pytest.fixture
def scene(live: Live, browser: Browser) -> Iterator[dict[str, Any]]:
    """The therapist in the room, Ana and Ben at the door."""
    made = live.call("tests.room.scene:couple")
    live.call("tests.room.scene:at_the_door", made["session"], "ana", "ben")
    pages = {
        "reyes": opens(live, browser, "reyes", f"/staff/room/{made['session']}/"),
        "ana": opens(live, browser, "ana", f"/join/{made['session']}/"),
        "ben": opens(live, browser, "ben", f"/join/{made['session']}/"),
    }
    yield {**made, **{f"page_{k}": v for k, v in pages.items()}}
    for page in pages.values():
        page.context.close()
    live.call("tests.room.scene:cleared", made["session"])


@pytest.mark.rule("P-72", "P-77", "P-78", "F-8")
def test_a_couples_session_from_the_door_to_the_end(
    live: Live, browser: Browser, scene: dict[str, Any]
) -> None:
    therapist, ana, ben = (scene[f"page_{n}"] for n in ("reyes", "ana", "ben"))

    # Both wait alone: no name, no count, no picture of anybody.
    for page in (ana, ben):
        page.get_by_text("You are waiting alone").wait_for()
        text = page.inner_text("body")
        assert "Ana" not in text
        assert "Ben" not in text
        assert page.evaluate(TILES) == []
    until(lambda: therapist.get_by_role("button", name="Admit").count() == 2)

    # Let in one by one; each sees the therapist at first, then both.
    admit(therapist, "Ana")
    until(lambda: ana.evaluate(TILES) == [scene["reyes"]])
    assert ben.evaluate(TILES) == []
    assert ben.get_by_text("You are waiting alone").is_visible()
    admit(therapist, "Ben")
    until(lambda: set(ana.evaluate(TILES)) == {scene["reyes"], scene["ben"]})
    until(lambda: set(ben.evaluate(TILES)) == {scene["reyes"], scene["ana"]})
    until(lambda: set(therapist.evaluate(TILES)) == {scene["ana"], scene["ben"]})
    until(lambda: set(ana.evaluate(NAMES)) == {"Dr. Reyes", "Ben"})
    for page in (therapist, ana, ben):
        until(lambda page=page: flows(page))  # type: ignore[misc]

    # No page learns where another is: the relay's address is all that anybody has.
    ports = {name: set(scene[f"page_{name}"].evaluate(LOCAL)) for name in ("ana", "ben")}
    for page, other in ((ana, "ben"), (ben, "ana"), (therapist, "ana"), (therapist, "ben")):
        remote = set(page.evaluate(REMOTE))
        assert remote
        assert not remote & ports[other]
    assert set(ana.evaluate(REMOTE)) == set(ben.evaluate(REMOTE)) == set(therapist.evaluate(REMOTE))

    # Talk to one: the other hears and sees nobody, and says so calmly.
    therapist.locator("article.seat", has_text="Ana").get_by_role(
        "button", name="Talk to one"
    ).click()
    until(lambda: ben.get_by_text("One moment").is_visible())
    until(lambda: ben.evaluate(TILES) == [])
    assert ana.evaluate(TILES) == [scene["reyes"]]
    therapist.get_by_role("button", name="Back together").click()
    until(lambda: set(ben.evaluate(TILES)) == {scene["reyes"], scene["ana"]})

    # Lost and back: the same seat, within 10 s.
    ben.context.set_offline(True)
    ben.wait_for_timeout(1500)
    ben.evaluate("window.made.at(-1).close()")
    ben.context.set_offline(False)
    assert until(lambda: ben.evaluate(STATE) == "Connected" and flows(ben)) < 10
    assert set(ana.evaluate(TILES)) == {scene["reyes"], scene["ben"]}

    # A second page takes over, and the first says so with its devices off.
    second = ben.context.new_page()
    second.goto(f"/join/{scene['session']}/")
    until(lambda: ben.get_by_text("Your session is open on another page").is_visible())
    until(lambda: set(second.evaluate(TILES)) == {scene["reyes"], scene["ana"]})
    assert ben.evaluate(TRACKS) == 0
    assert len(ana.evaluate(TILES)) == 2

    # The end: everybody is out, minutes were measured for both.
    therapist.get_by_role("button", name="End session").first.click()
    therapist.get_by_role("dialog").get_by_role("button", name="End session").click()
    therapist.wait_for_url("**/attendance/")
    until(lambda: ana.get_by_text("This session is over").is_visible())
    measured = live.call("tests.room.scene:minutes", scene["session"])
    assert sum(m["seconds"] for m in measured if m["ana"]) > 2
    assert sum(m["seconds"] for m in measured if not m["ana"]) > 2


@pytest.mark.rule("P-80", "P-66")
def test_help_is_silent_and_quick_exit_stops_the_devices_at_once(
    live: Live, browser: Browser, scene: dict[str, Any]
) -> None:
    therapist, ana = scene["page_reyes"], scene["page_ana"]
    until(lambda: therapist.get_by_role("button", name="Admit").count() == 2)
    admit(therapist, "Ana")
    until(lambda: ana.evaluate(TILES) == [scene["reyes"]])
    until(lambda: ana.evaluate(TRACKS) == 2)
    ana.get_by_text("Your microphone works").wait_for()  # said once, when a sound was there (F-9)
    before = ana.locator("main").inner_text()
    ana.get_by_role("button", name="Help").click()
    ana.get_by_role("button", name="I can’t speak freely").click()
    until(lambda: therapist.get_by_text("Signals: can’t speak freely").is_visible())
    assert ana.locator("main").inner_text() == before

    # The devices are off when the click comes back, before anything that could wait; and within
    # 300 ms more than this machine needs right now to let go of devices that nobody uses.
    ana.route("**/*", lambda route: route.abort())
    bare, took, alive = ana.evaluate(
        """async () => {
          const spare = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
          const before = performance.now();
          for (const track of spare.getTracks()) track.stop();
          const bare = performance.now() - before;
          const tracks = document.querySelector('[data-self] video').srcObject.getTracks();
          const stop = MediaStreamTrack.prototype.stop;
          let off = Infinity; // when the last device was let go
          MediaStreamTrack.prototype.stop = function () {
            stop.call(this);
            off = performance.now();
          };
          const start = performance.now();
          document.querySelector('a[data-quick-exit]').click();
          const took = off - start;
          return [bare, took, tracks.filter((t) => t.readyState === 'live').length]; }"""
    )
    assert alive == 0
    assert took < 300 + bare
