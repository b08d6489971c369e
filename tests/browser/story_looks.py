"""What axe, a narrow screen and large text say of the pages that are used most, signed in."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.story import Story

NARROW, PHONE, DESK = 320, 390, 1280
#: Who opens which pages; what begins with "link:" is the first link of that class of address.
PARTNER = (
    "/today/", "/week/", "/us/", "/check-in/", "/messages/own/", "/me/", "/me/safety-plan/",
    "/me/consents/", "/me/who/", "/me/money/", "/me/notes/", "/account/",
)  # fmt: skip
STAFF = {
    "mo": ("/staff/", "/staff/couples/", "/staff/messages/", "link:/staff/couples/", "lane:a"),
    "dee": ("/staff/programme/",),
    "bill": ("/staff/billing/",),
    "pia": ("/staff/trail/",),
    "ada": ("/staff/admissions/",),
}
#: These are looked at in the dark as well.
DARK = ("/today/", "/us/", "/me/money/", "/staff/", "/staff/couples/")
#: What is pressed and is smaller than 24 pixels either way; a link within a sentence may be.
_SMALL = """() => [...document.querySelectorAll("main :is(a, button, input, select, textarea)")]
  .filter((e) => { const r = e.getBoundingClientRect();
    return r.width && r.height && Math.min(r.width, r.height) < 24 && e.type !== "hidden"
      && !e.closest("label, .vh, td, th") && getComputedStyle(e).display !== "inline"
      && !["radio", "checkbox"].includes(e.type); })
  .map((e) => e.outerHTML.slice(0, 120))"""


def look_at_all(story: Story) -> list[tuple[str, str, str]]:
    """Every finding: the page, the rule, the first place."""
    found: list[tuple[str, str, str]] = []
    phone = _page(story, "ana", PHONE)
    for address in PARTNER:
        phone.goto(story.demo.at("ana", address))
        found += _axe(phone, address)
        found += _wide(phone, address)
        found += [(address, "too small to hit", what) for what in phone.evaluate(_SMALL)]
    for who, addresses in STAFF.items():
        desk = _page(story, who, DESK)
        for address in addresses:
            if address.startswith("link:"):
                desk.goto(story.demo.at(who, address.removeprefix("link:")))
                desk.locator("main table a").first.click()
            elif address.startswith("lane:"):
                desk.goto(desk.url.rstrip("/") + f"/{address.removeprefix('lane:')}/")
            else:
                desk.goto(story.demo.at(who, address))
            desk.wait_for_load_state()
            found += _axe(desk, f"{who} {address}")
        desk.context.close()
    phone.context.close()
    return found


def _page(story: Story, who: str, width: int) -> Page:
    """A page of its own, without motion: a colour halfway to another is no finding."""
    context = story.browser.new_context(
        viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(story.demo.enter(who, "/offline/", pin=True))
    return page


def _axe(page: Page, name: str) -> list[tuple[str, str, str]]:
    found = []
    for scheme in ("light", "dark") if name.split(" ")[-1] in DARK else ("light",):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate(
            "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
        )
        for violation in Axe().run(page).response["violations"]:
            found.append((f"{name} {scheme}", violation["id"], violation["nodes"][0]["html"][:160]))
    page.emulate_media(color_scheme="light")
    return found


def _wide(page: Page, name: str) -> list[tuple[str, str, str]]:
    """A page that has to be pushed sideways: on the narrowest phone, and at twice the size."""
    found = []
    for width in (NARROW, DESK // 2):
        page.set_viewport_size({"width": width, "height": 844})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append((name, f"wider than {width}", str(wide)))
    page.set_viewport_size({"width": PHONE, "height": 844})
    return found
