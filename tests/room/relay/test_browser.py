"""The relay with real pages in a real browser."""

from __future__ import annotations

import os
import re
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.finder import MISSING, find_browser, launch_args
from tests.room.relay.signalling import Signalling

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason=MISSING),
]

REMOTE_PROTOCOLS = """async () => (await test.statistics())
    .filter((entry) => entry.type === 'remote-candidate').map((entry) => entry.protocol)"""
ALL = {"A": "BC", "B": "AC", "C": "AB"}


@pytest.fixture(scope="module", params=[True], ids=["granted"])
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=launch_args(media=True, grant=request.param)
        )
        yield browser
        browser.close()


@pytest.fixture
def server() -> Iterator[Signalling]:
    with tempfile.TemporaryDirectory() as folder, Signalling(Path(folder) / "relay.sock") as server:
        yield server


@pytest.fixture
def pages(browser: Browser, server: Signalling) -> Iterator[dict[str, Page]]:
    server.route(**ALL)
    opened = {seat: opens(browser, server.url(seat)) for seat in ALL}
    yield opened
    for page in opened.values():
        page.close()


def opens(browser: Browser, url: str, *permissions: str) -> Page:
    page = browser.new_context(permissions=list(permissions) or None).new_page()
    page.goto(url)
    page.wait_for_function("window.test !== undefined")
    return page


def until(what: Callable[[], bool], seconds: float = 15.0) -> float:
    """Waits for something; returns the seconds that it took."""
    start = time.monotonic()
    while not what():
        assert time.monotonic() - start < seconds, "it didn't happen in time"
        time.sleep(0.1)
    return time.monotonic() - start


def seen(page: Page) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = page.evaluate("test.media.connection ? test.seen() : {}")
    return found


def state(page: Page) -> str:
    return str(page.evaluate("test.media.state"))


def growing(page: Page, seats: str) -> bool:
    """Whether picture and sound of exactly these seats come in right now."""
    before = seen(page)
    page.wait_for_timeout(500)
    after = seen(page)
    return set(after) == set(seats) and all(
        seat in before
        and after[seat]["frames"] > before[seat]["frames"]
        and after[seat]["audio"] > before[seat]["audio"]
        for seat in seats
    )


def all_see_each_other(pages: dict[str, Page]) -> bool:
    return all(growing(pages[seat], others) for seat, others in ALL.items())


def candidates(page: Page, side: str) -> set[tuple[str, int]]:
    statistics: list[dict[str, Any]] = page.evaluate("test.statistics()")
    return {
        (str(entry.get("address") or entry.get("ip")), int(entry["port"]))
        for entry in statistics
        if entry["type"] == f"{side}-candidate"
    }


@pytest.mark.rule("P-72")
def test_three_see_each_other_and_none_learns_where_another_is(pages: dict[str, Page]) -> None:
    until(lambda: all_see_each_other(pages))
    offer = pages["A"].evaluate("test.offered[0]")
    [own] = {(host, int(port)) for host, port in re.findall(r"\d+ (\S+) (\d+) typ host", offer)}
    for page in pages.values():
        assert candidates(page, "remote") == {own}
        for answer in page.evaluate("test.answers"):
            assert "candidate" not in answer
            assert set(re.findall(r"IN IP[46] (\S+)", answer)) == {"0.0.0.0"}
    for seat, page in pages.items():
        told = "".join(page.evaluate("test.offered")) + str(page.evaluate("test.statistics()"))
        for other in set(pages) - {seat}:
            own_ports = {port for _, port in candidates(page, "local")} | {own[1]}
            for _, port in candidates(pages[other], "local"):
                if port > 9 and port not in own_ports:  # 9 stands for "none" on TCP
                    assert not re.search(rf"\b{port}\b", told)


def test_a_caucus_cuts_media_to_nothing_and_ends_again(
    pages: dict[str, Page], server: Signalling
) -> None:
    until(lambda: all_see_each_other(pages))
    server.route(A="C", C="A")
    until(lambda: seen(pages["B"]) == {} and set(seen(pages["A"])) == {"C"})
    pages["B"].wait_for_timeout(300)  # what was on its way
    counted = pages["B"].evaluate("test.arrived()")
    relayed = server.stats()
    pages["B"].wait_for_timeout(3000)
    assert pages["B"].evaluate("test.arrived()") == counted
    after = server.stats()
    assert after["B"]["slots"] == relayed["B"]["slots"]
    assert after["B"]["received"]["bytes"] > relayed["B"]["received"]["bytes"]  # B still sends
    assert [slot["seat"] for slot in after["A"]["slots"] if slot["seat"]] == ["C"]
    assert growing(pages["A"], "C")
    server.route(**ALL)
    assert until(lambda: all_see_each_other(pages)) < 10


@pytest.mark.rule("F-8")
def test_a_killed_relay_is_back_within_ten_seconds_and_no_tile_left(
    pages: dict[str, Page], server: Signalling
) -> None:
    until(lambda: all_see_each_other(pages))
    killed = server.client.pid
    assert killed is not None
    start = time.monotonic()
    os.kill(killed, signal.SIGKILL)
    until(lambda: server.client.pid not in (None, killed))
    until(lambda: all_see_each_other(pages))
    assert time.monotonic() - start < 10
    for page in pages.values():
        log = page.evaluate("test.log")
        assert [entry for entry in log if isinstance(entry, list) and not entry[1]] == []
        assert page.evaluate("document.querySelectorAll('video').length") == 2


@pytest.mark.rule("F-8")
def test_a_page_on_a_new_network_is_the_same_person(
    pages: dict[str, Page], server: Signalling
) -> None:
    until(lambda: all_see_each_other(pages))
    first = pages["A"].evaluate("test.media.peer")
    # The network goes: no socket, and no packet of media in either direction.
    pages["A"].evaluate("test.dropSocket(); test.media.connection.close()")
    until(lambda: pages["B"].evaluate("test.views.A.live") is False)  # "reconnecting"
    pages["A"].evaluate("test.reconnect()")
    assert until(lambda: all_see_each_other(pages)) < 10
    assert pages["A"].evaluate("test.media.peer") != first
    assert ["A", False] not in pages["B"].evaluate("test.log")  # never "left"
    assert pages["B"].evaluate("document.querySelectorAll('video').length") == 2
    assert sorted(server.stats()) == ["A", "B", "C"]


def test_muting_and_the_camera_switch_show_on_the_others_tiles(pages: dict[str, Page]) -> None:
    until(lambda: all_see_each_other(pages))
    view = "test.views.A"
    until(lambda: pages["B"].evaluate(view)["microphone"] is True)
    assert pages["A"].evaluate("test.media.level()") >= 0
    pages["A"].evaluate("test.media.setMicrophone(false)")
    pages["A"].evaluate("window.light = test.media.own.track('video'); test.media.setCamera(false)")
    until(lambda: pages["B"].evaluate(view)["microphone"] is False)
    until(lambda: pages["B"].evaluate(view)["camera"] is False)
    assert pages["A"].evaluate("light.readyState") == "ended"  # the device's light is out
    pages["B"].wait_for_timeout(300)
    assert not growing(pages["B"], "AC")
    pages["A"].evaluate("test.media.setCamera(true); test.media.setMicrophone(true)")
    until(lambda: growing(pages["B"], "AC"))
    until(lambda: pages["B"].evaluate(view)["camera"] is True)


def test_leaving_stops_the_devices_within_300_ms_and_takes_the_tile_away(
    pages: dict[str, Page],
) -> None:
    until(lambda: all_see_each_other(pages))
    # Within 300 ms more than this machine needs right now to let go of devices nobody uses.
    result = pages["A"].evaluate(
        """async () => {
            const spare = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
            const before = performance.now();
            for (const track of spare.getTracks()) track.stop();
            const bare = performance.now() - before;
            const tracks = test.media.own.stream.getTracks();
            const stop = MediaStreamTrack.prototype.stop;
            let off = Infinity; // when the last device was let go; then the rest is torn down
            MediaStreamTrack.prototype.stop = function () {
              stop.call(this);
              off = performance.now();
            };
            const start = performance.now();
            test.media.stop();
            const ended = tracks.every((track) => track.readyState === 'ended');
            return [tracks.length, ended, off - start - bare, test.media.state];
        }"""
    )
    assert result[:2] == [2, True]
    assert result[2] < 300
    assert result[3] == "stopped"
    assert pages["A"].evaluate("test.tiles.size") == 0
    until(lambda: growing(pages["B"], "C"))


def test_the_page_says_truly_that_nothing_is_encrypted_from_end_to_end(
    pages: dict[str, Page],
) -> None:
    assert pages["A"].evaluate("test.media.encrypted") is False


def test_where_udp_is_blocked_media_runs_over_tcp(browser: Browser) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Signalling(Path(folder) / "relay.sock", tcp_only=True) as server,
    ):
        server.route(A="B", B="A")
        ana, ben = (opens(browser, server.url(seat)) for seat in "AB")
        until(lambda: growing(ana, "B") and growing(ben, "A"))
        assert ana.evaluate(REMOTE_PROTOCOLS) == ["tcp"]
        ana.close()
        ben.close()


@pytest.mark.rule("F-9")
@pytest.mark.parametrize("browser", [False], ids=["asking"], indirect=True)
def test_devices_are_asked_one_by_one_and_reported_truly(
    browser: Browser, server: Signalling
) -> None:
    server.route(**ALL)
    both = opens(browser, server.url("A"), "microphone", "camera")
    sound = opens(browser, server.url("B"), "microphone")
    neither = opens(browser, server.url("C"), "geolocation")  # naming any refuses the others
    until(lambda: all(state(page) == "connected" for page in (both, sound, neither)))
    devices = "test.media.devices"
    assert both.evaluate(devices) == {"microphone": "on", "camera": "on"}
    assert sound.evaluate(devices) == {"microphone": "on", "camera": "refused"}
    assert neither.evaluate(devices) == {"microphone": "refused", "camera": "refused"}
    # Camera refused: sound works. Both refused: still hears and sees the others.
    until(lambda: seen(both)["B"]["audio"] > 50 and seen(neither)["B"]["audio"] > 50)
    until(lambda: seen(neither)["A"]["frames"] > 10 and seen(sound)["A"]["frames"] > 10)
    assert seen(both)["B"]["video"] == 0
    assert seen(both)["C"] == {"frames": 0, "audio": 0, "video": 0}
    until(lambda: both.evaluate("test.views.C")["microphone"] is False)
    assert neither.evaluate("test.media.level()") == 0
    for page in (both, sound, neither):
        page.close()


@pytest.mark.rule("F-9")
@pytest.mark.parametrize("browser", [False], ids=["asking"], indirect=True)
def test_a_camera_granted_later_is_seen(browser: Browser, server: Signalling) -> None:
    server.route(A="B", B="A")
    ana = opens(browser, server.url("A"), "microphone")
    ben = opens(browser, server.url("B"), "microphone", "camera")
    until(lambda: state(ana) == state(ben) == "connected")
    until(lambda: seen(ben).get("A", {}).get("audio", 0) > 20)
    ana.context.grant_permissions(["microphone", "camera"])
    ana.evaluate("test.media.setCamera(true)")
    until(lambda: growing(ben, "A"))
    assert ana.evaluate("test.media.devices") == {"microphone": "on", "camera": "on"}
    ana.close()
    ben.close()
