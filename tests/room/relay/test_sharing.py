"""Sharing a tab or window between real pages: what is offered, refused, seen and stopped."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.finder import MISSING, find_browser, launch_args
from tests.room.relay.signalling import Signalling
from tests.room.relay.test_browser import growing, opens, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason=MISSING),
]

#: What a person would choose in the browser's own dialog, which no test can press.
CHOOSES = """surface => {
    navigator.mediaDevices.getDisplayMedia = async (options) => {
        window.asked = options;
        const canvas = document.createElement('canvas');
        canvas.width = 1280;
        canvas.height = 720;
        const paint = canvas.getContext('2d');
        window.painting = setInterval(() => {
            paint.fillStyle = `hsl(${performance.now() % 360} 80% 50%)`;
            paint.fillRect(0, 0, 1280, 720);
        }, 50);
        const stream = canvas.captureStream(15);
        const [track] = stream.getVideoTracks();
        track.getSettings = () => ({ displaySurface: surface });
        window.given = track;
        return stream;
    };
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=launch_args(media=True)
        )
        yield browser
        browser.close()


@pytest.fixture
def two(browser: Browser) -> Iterator[tuple[Page, Page]]:
    with tempfile.TemporaryDirectory() as folder, Signalling(Path(folder) / "relay.sock") as server:
        server.route(A="B", B="A")
        ana, ben = (opens(browser, server.url(seat)) for seat in "AB")
        until(lambda: growing(ben, "A"))
        yield ana, ben
        ana.close()
        ben.close()


def width(page: Page) -> int:
    return int(page.evaluate("document.querySelector('video').videoWidth"))


@pytest.mark.rule("P-81")
def test_a_tab_is_shown_instead_of_the_camera_and_stops_when_its_owner_leaves(
    two: tuple[Page, Page],
) -> None:
    ana, ben = two
    ana.evaluate(CHOOSES, "browser")
    assert ana.evaluate("test.media.setSharing(true)") == "on"
    asked = ana.evaluate("window.asked")
    assert asked["monitorTypeSurfaces"] == asked["selfBrowserSurface"] == "exclude"
    assert asked["audio"] is False and asked["video"]["displaySurface"] == "browser"
    until(lambda: width(ben) > 960)
    # The camera may go off and on meanwhile: the tab is still what is seen.
    ana.evaluate("test.media.setCamera(false)")
    until(lambda: growing(ben, "A"))
    assert ben.evaluate("test.views.A").get("camera") is True
    ana.evaluate("test.media.setCamera(true)")
    # Let go by the browser's own button: the camera's picture is back.
    ana.evaluate("given.stop(); given.dispatchEvent(new Event('ended'))")
    until(lambda: 0 < width(ben) <= 960)
    assert ana.evaluate("test.media.setSharing(true)") == "on"
    ended = ana.evaluate("(test.media.stop(), given.readyState)")
    assert ended == "ended" and ana.evaluate("test.media.sharing") is False


@pytest.mark.rule("P-81")
@pytest.mark.parametrize("surface", ["monitor", None])
def test_a_whole_screen_is_let_go_before_anybody_sees_it(
    two: tuple[Page, Page], surface: str | None
) -> None:
    ana, ben = two
    ana.evaluate(CHOOSES, surface)
    assert ana.evaluate("test.media.setSharing(true)") == "desktop"
    assert ana.evaluate("given.readyState") == "ended"
    assert ana.evaluate("test.media.sharing") is False and growing(ben, "A")
    assert width(ben) <= 960
