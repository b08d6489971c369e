"""The service worker keeps the shell and nothing private (P-61)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.finder import MISSING, find_browser, launch_args
from tests.faults.installation import Server, cloned

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    path = find_browser()
    if path is None:
        pytest.fail(MISSING)
    with sync_playwright() as playwright:
        shown = playwright.chromium.launch(executable_path=path, args=launch_args())
        yield shown
        shown.close()


@pytest.mark.rule("P-61")
def test_without_a_connection_the_neutral_page_stands_there_and_no_page_was_kept(
    browser: Browser, tmp_path: Path
) -> None:
    with cloned("worker") as name:
        server = Server(name, tmp_path / "log")
        try:
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{server.address}/offline/")
            page.evaluate("import('/static/base/install.js')")
            page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            page.goto(f"{server.address}/contact/")
            page.goto(f"{server.address}/privacy/?q=private-words")
            kept = page.evaluate(
                """async () => {
                  const found = [];
                  for (const name of await caches.keys())
                    for (const request of await (await caches.open(name)).keys())
                      found.push(new URL(request.url).pathname);
                  return found;
                }"""
            )
            assert "/offline/" in kept and "/static/base/base.css" in kept
            assert {p for p in kept if not p.startswith("/static/")} == {"/offline/"}
        finally:
            server.kill()
        page.goto(f"{server.address}/today/")
        assert "No connection" in page.inner_text("h1")
        context.close()
