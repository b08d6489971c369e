"""The second half of the story: the room, the record, evenings, hours, the claim, a discharge."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from mutual.entry.demo.people import PASSWORD
from tests.browser.story import Story, until

#: How a form says what is missing: by the field, in words.
REFUSED = re.compile(
    r"is required|is empty|choose an active objective|when is the first appointment", re.IGNORECASE
)
FRAMES = """async () => { let frames = 0;
  for (const each of window.made) if (each.connectionState === 'connected')
    (await each.getStats()).forEach((s) => {
      if (s.type === 'inbound-rtp' && s.kind === 'video') frames += s.framesDecoded ?? 0; });
  return frames; }"""
CANDIDATES = """async (kind) => { const found = [];
  for (const each of window.made) (await each.getStats()).forEach((s) => {
    if (s.type === kind) found.push(`${s.address ?? s.ip}:${s.port}`); });
  return found; }"""
FETCH = """async (url) => { const answer = await fetch(url);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return [answer.headers.get('content-type'), btoa(String.fromCharCode(...bytes))]; }"""
TILES = "document.querySelectorAll('.face[data-seat]').length"


# The room -----------------------------------------------------------------------------------


def to_the_door(story: Story, who: str) -> Page:
    """A partner joins from Today, confirms place and contact, taps, and waits alone."""
    page = story.page(who, phone=True)
    page.goto(story.demo.enter(who, "/today/"))
    page.get_by_role("link", name="Check in and join").click()
    # Joining without confirming is refused: the questions come again, nothing is skipped.
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text(REFUSED).first.wait_for()
    page.locator("[name=place]").first.check()
    page.locator("[name=phone]").first.check()
    page.check("[name=emergency_confirmed]")
    page.check("[name=private_now][value=yes]")
    page.get_by_role("button", name="Confirm").click()
    before = page.inner_text("main")
    page.get_by_role("button", name="I’m alone").click()
    page.get_by_role("button", name="Go", exact=True).click()
    page.wait_for_timeout(300)
    assert page.inner_text("main") == before, "a tap changes nothing that can be seen"
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("You are waiting alone").wait_for()
    return page


def open_room(story: Story) -> Page:
    """The couples therapist opens the room of the next session from Today: one click."""
    page = story.staff("reyes", "/staff/")
    page.get_by_role("link", name=re.compile("Room")).first.click()
    page.get_by_text("Nobody is in the room").wait_for()
    return page


def flows(page: Page) -> bool:
    """Whether pictures arrive."""
    before = page.evaluate(FRAMES)
    page.wait_for_timeout(700)
    return bool(page.evaluate(FRAMES) > before)


def session_of_the_three(story: Story) -> str:
    """Both wait alone, are let in, see and hear each other; minutes are confirmed."""
    therapist = open_room(story)
    session = therapist.url.rstrip("/").split("/")[-1]
    ana, ben = to_the_door(story, "ana"), to_the_door(story, "ben")
    for page in (ana, ben):
        assert page.evaluate(TILES) == 0
        assert not re.search(r"\b(Ana|Ben)\b", page.inner_text("main"))
    until(lambda: therapist.get_by_role("button", name="Admit").count() == 2)
    for name in ("Ana", "Ben"):
        seat = therapist.locator("article.seat", has_text=name)
        seat.get_by_label("Dispatch number").fill("555-0911")  # found before the session (P-75)
        seat.get_by_role("button", name="Admit").click()
    pages = (therapist, ana, ben)
    for page in pages:
        until(lambda page=page: page.evaluate(TILES) == 2)  # type: ignore[misc]
    for page in pages:
        until(lambda page=page: flows(page))  # type: ignore[misc]
    own = {page: set(page.evaluate(CANDIDATES, "local-candidate")) for page in pages}
    for page in pages:
        remote = set(page.evaluate(CANDIDATES, "remote-candidate"))
        assert remote
        for other in pages:
            assert other is page or not remote & own[other], "a page holds another's address"
    therapist.get_by_role("button", name="End session").first.click()
    therapist.get_by_role("dialog").get_by_role("button", name="End session").click()
    therapist.wait_for_url("**/attendance/")
    for place in range(2):
        row = therapist.locator("form").filter(has=therapist.locator("[name=minutes]")).nth(place)
        row.locator("[name=minutes]").fill("60")
        row.locator("[name=reason]").fill("began on the phone line before the video")
        row.get_by_role("button", name="Confirm").click()
        therapist.wait_for_load_state()
    assert therapist.locator(".notice.danger:visible").count() == 0
    return session


# The record ------------------------------------------------------------------------------------


def write_note(page: Page, words: str) -> str:
    """Fill every section, choose an objective, sign; returns the note's address."""
    for box in page.locator("form.note-paper textarea:visible").all():
        box.fill(words)
    place = page.locator("form.note-paper [name=place]")
    if place.count():
        place.fill("at home, alone")
    choices = page.locator("form.note-paper input[type=checkbox][name=objectives]")
    if choices.count():
        choices.first.check()
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_text("A signed note is never changed.").wait_for()
    return page.url


def notes_of_session(story: Story, session: str) -> list[str]:
    """The couple note and the two own-chart notes of a conjoint session (C-74)."""
    page = story.page("reyes")
    signed = []
    for _ in range(3):
        page.goto(story.demo.at("reyes", f"/staff/notes/for/{session}/"))
        # An empty note can't be signed; nothing is lost.
        page.get_by_role("button", name="Sign", exact=True).click()
        page.get_by_text(REFUSED).first.wait_for()
        signed.append(write_note(page, "Practised listening in turns; both named one wish."))
    return signed


def couple_page(story: Story, who: str) -> str:
    """The address of Ana and Ben's page for a member of staff."""
    page = story.staff(who, "/staff/couples/")
    href = page.locator("main a", has_text="Ana").first.get_attribute("href") or ""
    return "/staff/couples/" + href.split("/couples/")[1].split("/")[0]


def own_note(story: Story) -> str:
    """Ana's counselor writes a note of hers, linked to an objective of her plan."""
    couple = couple_page(story, "mo")
    page = story.page("mo")
    page.goto(story.demo.at("mo", f"{couple}/a/note/"))
    for name in ("kind",):
        if page.locator(f"select[name={name}]").count():
            page.select_option(f"select[name={name}]", "progress_note")
        elif page.locator(f"[name={name}][value=progress_note]").count():
            page.check(f"[name={name}][value=progress_note]")
    page.get_by_role("button", name="Start the note").click()
    page.get_by_role("button", name="Sign", exact=True).wait_for()
    url = write_note(page, "Spoke about evenings alone; a plan for Friday.")
    page.get_by_text("Add an addendum").click()
    page.locator("details textarea").first.fill("Called back: Friday is arranged.")
    page.locator("details input[type=text], details [name=reason]").first.fill("call afterwards")
    page.get_by_role("button", name="Sign the addendum").click()
    page.get_by_text("Friday is arranged").first.wait_for()
    return "/" + url.split("/", 3)[3]


# Evenings ----------------------------------------------------------------------------------------


def check_in(story: Story, who: str) -> None:
    """The private check-in: one question a step, nothing preset, who reads it beside each."""
    page = story.page(who)
    page.goto(story.demo.enter(who, "/check-in/"))
    if "/pin/" in page.url:
        page.fill("[name=pin]", "2468")
        page.get_by_role("button", name="Open").click()
    given = {"urge": "2", "used": "no", "mood": "7"}
    for _ in range(8):
        if "/check-in/thanks" in page.url:
            break
        assert page.locator("main input:checked").count() == 0
        assert page.locator("main").get_by_text("Not my partner").count() >= 1
        for name, value in given.items():
            box = page.locator(f"main [type=radio][name={name}][value='{value}']")
            if box.count():
                box.check(force=True)
        if page.locator("main [type=radio]:checked").count():
            page.get_by_role("button", name=re.compile("^(Next|Send)$")).click()
        else:
            page.get_by_role("button", name=re.compile("Skip|Send without")).click()
        page.wait_for_load_state()
    assert "/check-in/thanks" in page.url


def trust_talk(story: Story, who: str) -> None:
    """One's own half of the day's trust talk."""
    page = story.page(who)
    page.goto(story.demo.enter(who, "/us/"))
    page.get_by_role("button", name="We had our talk today").click()
    page.wait_for_load_state()


# Hours, the claim, the discharge ----------------------------------------------------------------


def claim_file(story: Story, folder: Path) -> bytes:
    """The biller sees what can be billed and what is held, and builds the file."""
    page = story.staff("bill", "/staff/billing/")
    page.get_by_role("button", name="Check the days").click()
    page.get_by_text("Held", exact=True).first.wait_for()
    make = page.get_by_role("button", name="Make claims")
    if make.count():
        make.click()
        page.wait_for_load_state()
    page.get_by_role("button", name="Build the file").click()
    page.wait_for_load_state()
    # A file leaves only after the own key, in the demo the password, was given again (P-86).
    page.get_by_role("link", name=re.compile("^Download")).first.click()
    page.wait_for_url("**/reauthenticate/**")
    page.fill("[name=password]", PASSWORD)
    with page.expect_download() as download:
        page.get_by_role("button", name="Continue").click()
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target.read_bytes()


def discharge(story: Story, day: str) -> list[bytes]:
    """Ben's counselor discharges Ben as planned; two papers, about Ben alone."""
    couple = couple_page(story, "kit")
    page = story.page("kit")
    page.goto(story.demo.at("kit", f"{couple}/b/discharge/"))
    # Without a first appointment it is refused, and nothing typed is lost (C-103).
    page.get_by_role("button", name="Discharge", exact=True).click()
    page.get_by_text(REFUSED).first.wait_for()
    fields: dict[str, Any] = {
        "appointment_with": "Community counselor",
        "joint_with": "Couples aftercare group",
        "steps": "Two meetings a week.",
        "warning_signs": "Short sleep.",
        "supports": "Brother; 988.",
    }
    for name, words in fields.items():
        box = page.locator(f"form.note-paper [name={name}]")
        if box.count():
            box.fill(words)
    for name in ("appointment_at", "joint_at"):
        box = page.locator(f"form.note-paper [name={name}]")
        if box.count():
            box.fill(f"{day}T10:00")
    reason = page.locator("form.note-paper select[name=reason]")
    if reason.count():
        reason.select_option("completed")
    page.get_by_role("button", name="Discharge", exact=True).click()
    page.get_by_role("link", name="Discharge summary").wait_for()
    papers = []
    for name in ("Discharge summary", "Recovery plan"):
        href = page.get_by_role("link", name=name).get_attribute("href") or ""
        kind, body = page.evaluate(FETCH, href)
        assert kind == "application/pdf"
        papers.append(base64.b64decode(body))
    return papers
