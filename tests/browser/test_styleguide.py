"""The kit in a real browser: axe, sizes, themes, quick exit, dialogs, keys, drafts, filters."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.finder import MISSING, find_browser, launch_args

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PAGES = ("", "/public", "/partner", "/staff", "/room", "/plain")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server of the kit's pages alone; it needs no database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.kit_server", str(port)], cwd=ROOT, env=environment
    )
    url = f"http://localhost:{port}"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{url}/locked", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the module."""
    path = find_browser()
    if path is None:
        pytest.skip(MISSING)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=launch_args())
        yield chromium
        chromium.close()


def open_page(browser: Browser, url: str, width: int = 1280, theme: str = "light") -> Page:
    """A page of its own, which fails on any message of the content security policy."""
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(url)
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(browser: Browser, address: str, width: int, theme: str) -> None:
    for name in PAGES:
        page = open_page(browser, f"{address}/styleguide{name}", width, theme)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found] == [], name
        page.context.close()


@pytest.mark.parametrize("width", [320, 390, 700, 1024, 2560])
def test_nothing_is_wider_than_the_screen(browser: Browser, address: str, width: int) -> None:
    for name in PAGES:
        page = open_page(browser, f"{address}/styleguide{name}", width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.context.close()


def test_text_at_twice_its_size_still_fits(browser: Browser, address: str) -> None:
    for name in ("/partner", "/plain", "/public"):
        page = open_page(browser, f"{address}/styleguide{name}", 390)
        page.evaluate(
            "() => { const s = new CSSStyleSheet(); s.replaceSync('html{font-size:200%}');"
            " document.adoptedStyleSheets = [s]; }"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        page.context.close()


def test_the_policy_blocks_nothing_of_ours(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for name in PAGES:
        page.goto(f"{address}/styleguide{name}")
    assert said == []
    context.close()


def test_a_partners_targets_are_44_pixels(browser: Browser, address: str) -> None:
    page = open_page(browser, f"{address}/styleguide/partner", 390)
    small = page.evaluate(
        "[...document.querySelectorAll('a:not(.skip), button, input')]"
        ".map(e => [e.textContent.trim(), e.getBoundingClientRect().height])"
        ".filter(([, height]) => height > 0 && height < 44)"
    )
    assert small == []
    page.context.close()


def test_the_theme_turns_at_once_and_stays(browser: Browser, address: str) -> None:
    page = open_page(browser, f"{address}/styleguide")
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
        "rgb(14, 21, 37)"
    )
    page.context.close()


@pytest.mark.rule("P-66")
@pytest.mark.parametrize("how", ["button", "escape"])
def test_quick_exit_blanks_first_then_locks_then_leaves(
    browser: Browser, address: str, how: str
) -> None:
    page = open_page(browser, f"{address}/styleguide/plain")
    page.goto(f"{address}/styleguide/partner")
    order: list[str] = []
    page.expose_function("note", lambda word: order.append(word))
    page.context.route(
        "https://www.weather.gov/**",
        lambda route: (
            order.append(f"leave {route.request.headers.get('referer', '')}".strip())
            or route.fulfill(body="sun", content_type="text/html")
        ),
    )
    before = int(urllib.request.urlopen(f"{address}/locked").read())
    page.evaluate(
        """() => {
          const began = performance.now();
          const send = navigator.sendBeacon.bind(navigator);
          navigator.sendBeacon = (url, body) => {
            note(document.body.childElementCount === 0 ? "blank" : "full");
            note(performance.now() - window.pressed < 100 ? "fast" : "slow");
            return send(url, body);
          };
          for (const kind of ["click", "keydown"])
            document.addEventListener(kind, () => { window.pressed ??= performance.now(); }, true);
        }"""
    )
    if how == "button":
        page.get_by_role("link", name="Exit", exact=True).click()
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    page.wait_for_url("https://www.weather.gov/**")
    assert order[:2] == ["blank", "fast"]
    assert "leave" in order
    for _ in range(50):
        if int(urllib.request.urlopen(f"{address}/locked").read()) > before:
            break
        time.sleep(0.05)
    assert int(urllib.request.urlopen(f"{address}/locked").read()) == before + 1
    # The page that was left has no place in the history: Back lands before it.
    page.go_back()
    assert page.url.endswith("/styleguide/plain")
    page.context.close()


@pytest.mark.rule("P-66")
def test_one_escape_does_not_leave(browser: Browser, address: str) -> None:
    page = open_page(browser, f"{address}/styleguide/partner")
    page.keyboard.press("Escape")
    page.wait_for_timeout(800)
    page.keyboard.press("Escape")
    page.wait_for_timeout(100)
    assert page.url.endswith("/styleguide/partner")
    page.context.close()


@pytest.mark.rule("P-66")
def test_quick_exit_is_a_link_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/styleguide/partner")
    link = page.get_by_role("link", name="Exit", exact=True)
    assert link.get_attribute("href") == "/exit/"
    assert "noreferrer" in (link.get_attribute("rel") or "")
    context.close()


@pytest.mark.rule("P-61")
def test_nothing_of_a_page_is_kept_in_the_browser(browser: Browser, address: str) -> None:
    page = open_page(browser, f"{address}/styleguide")
    page.get_by_label("Filter by name or kind").fill("Ben")
    page.get_by_label("Anything else?").fill("private words")
    kept = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert kept == []
    cookies = {cookie.get("name") for cookie in page.context.cookies()}
    assert cookies <= {"csrftoken", "theme"}
    page.context.close()


def test_a_dialog_takes_focus_and_gives_it_back(browser: Browser, address: str) -> None:
    page = open_page(browser, f"{address}/styleguide")
    opener = page.get_by_role("button", name="Stop sharing").first
    opener.click()
    assert page.evaluate("document.activeElement.textContent") == "Stop sharing this?"
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.opens") == "stop"
    page.context.close()


def test_a_table_narrows_as_one_types_and_the_address_remembers(
    browser: Browser, address: str
) -> None:
    page = open_page(browser, f"{address}/styleguide")
    page.get_by_label("Filter by name or kind").fill("ben vis")
    assert page.locator("#lists tbody tr:visible").count() == 1
    assert "q=ben+vis" in page.url
    page.reload()
    assert page.locator("#lists tbody tr:visible").count() == 1
    page.context.close()


def test_staff_move_open_and_search_by_keys(browser: Browser, address: str) -> None:
    page = open_page(browser, f"{address}/styleguide/staff")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "Ana" in page.locator("tr.cursor").inner_text()
    page.keyboard.press("k")
    assert "Pia" in page.locator("tr.cursor").inner_text()
    page.keyboard.press("n")
    assert page.url.endswith("#main")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("jk")
    assert page.locator("#search").input_value() == "jk"
    page.context.close()


def test_a_draft_is_saved_said_and_survives_a_lost_connection(
    browser: Browser, address: str
) -> None:
    page = open_page(browser, f"{address}/styleguide")
    sent: list[str] = []
    answers = [500, 204]
    page.route(
        "**/draft/",
        lambda route: (
            sent.append(route.request.post_data or "")
            or route.fulfill(status=answers.pop(0) if answers else 204)
        ),
    )
    page.get_by_label("A draft").fill("Weekend plan")
    page.wait_for_selector("[data-draft-offline]:visible", timeout=8000)
    assert page.get_by_label("A draft").is_enabled()
    page.wait_for_selector("[data-draft-state]:visible", timeout=8000)
    assert "Saved" in page.locator("[data-draft-state]").inner_text()
    assert page.locator("[data-draft-offline]").is_hidden()
    assert all("Weekend plan" in body for body in sent)
    assert len(sent) == 2
    page.context.close()


@pytest.mark.rule("P-81")
def test_our_notices_are_out_of_the_picture_while_something_is_shown(
    browser: Browser, address: str
) -> None:
    context = browser.new_context()
    sharer, other = context.new_page(), context.new_page()
    for page in (sharer, other):
        page.goto(f"{address}/styleguide")
    notice = other.query_selector(".notice:visible")
    assert notice is not None
    sharer.evaluate("window.c = new BroadcastChannel('mutual-sharing'); c.postMessage({on: true})")
    notice.wait_for_element_state("hidden")
    sharer.evaluate("c.postMessage({on: false})")
    notice.wait_for_element_state("visible")
    context.close()


def chosen(page: Page) -> datetime:
    """The time that stands in the address."""
    (text,) = parse_qs(urlsplit(page.url).query)["to"]
    return datetime.fromisoformat(text)


def test_a_session_is_dragged_or_carried_by_keys_and_nothing_moves_before_it_is_looked_at(
    browser: Browser, address: str
) -> None:
    page = open_page(browser, f"{address}/styleguide")
    week = page.locator("week-move").first
    block = week.locator(".block.planned").first
    place = block.get_attribute("class")
    block.locator("a").focus()
    for key in ("m", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    assert week.locator(".block.ghost[aria-hidden]").count() == 1
    said = week.locator("output").inner_text()
    assert said
    page.keyboard.press("Escape")
    assert week.locator(".block.ghost[aria-hidden]").count() == 0
    assert block.get_attribute("class") == place
    assert "to=" not in page.url

    for key in ("m", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    assert week.locator("output").inner_text() == said
    with page.expect_navigation():
        page.keyboard.press("Enter")
    first = date.fromisoformat(week.get_attribute("first") or "")
    carried = chosen(page)
    assert carried.minute % 15 == 0 and first <= carried.date() <= first + timedelta(days=6)

    page.goto(f"{address}/styleguide")
    block.scroll_into_view_if_needed()
    box = block.bounding_box()
    assert box is not None
    hour = week.locator(".week-line[data-hour]").first.bounding_box()
    assert hour is not None
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, box["y"] + 30, steps=4)
    page.mouse.move(box["x"] + 5, box["y"] + 5 + hour["height"] / 4, steps=4)
    with page.expect_navigation():
        page.mouse.up()
    dragged = chosen(page)
    assert carried - dragged == timedelta(days=1)
    page.context.close()
