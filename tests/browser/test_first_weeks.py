"""The first two weeks of one couple, end to end, in real Chromium against ``mutual demo``.

A couple who has never been seen before asks, is invited, arrives, signs, is screened, insured,
admitted and gets a first week. No couple meets its therapist together in the first seven days
(C-15), so the room and what follows are lived by Ana and Ben, who came three weeks ago and whose
session starts ten minutes after the demo was loaded.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import story as first
from tests.browser import story_care as then
from tests.browser import story_looks
from tests.browser.demo_server import running
from tests.browser.finder import MISSING, find_browser, launch_args
from tests.browser.story import Story, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason=MISSING),
]
NAMES = ["Zoe", "Yan"]
PAGES = ("/", "/how-it-works/", "/for-couples/", "/insurance/", "/questions/", "/contact/",
         "/privacy/")  # fmt: skip


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with running() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=launch_args(media=True)
        )
        yield Story(demo, browser)
        browser.close()


@pytest.mark.rule("C-1", "C-3", "C-12", "P-28", "P-68", "P-72", "P-77", "P-78", "F-19", "C-103")
def test_the_first_two_weeks_of_a_couple(story: Story, tmp_path: Path) -> None:
    public_site(story)
    a_new_couple_arrives(story)
    admission = team_screens_insurance(story)
    admission_and_first_week(story, admission)
    session = then.session_of_the_three(story)
    the_record(story, session)
    evenings_and_hours(story)
    claim_and_discharge(story, tmp_path)


def test_the_pages_most_used_are_for_everyone_and_fit_a_narrow_screen(story: Story) -> None:
    assert story_looks.look_at_all(story) == []


def public_site(story: Story) -> None:
    """1. Seven pages, readable, nothing loaded from elsewhere, quick exit on each."""
    page = story.page("visitor")
    foreign: list[str] = []
    page.on("request", lambda r: foreign.append(r.url) if "localhost" not in r.url else None)
    for path in PAGES:
        assert page.goto(story.demo.at("", path)).status == 200  # type: ignore[union-attr]
        assert page.locator("[data-quick-exit]").count() >= 1, path
    assert foreign == []


def a_new_couple_arrives(story: Story) -> None:
    """2 to 4. Two inquiries from one mailbox are two people; each arrives alone."""
    for name in NAMES:
        first.ask(story, name, "ladder moon")
    first.invite_both(story, NAMES)
    for name in NAMES:
        first.arrive(story, name)
        first.contact_sheet(story, name)
        first.sign(story, name, "notice", "tele", "tpo", "group", "confidences")
    first.sign(story, NAMES[0], "cj")  # optional; the other signs nothing of the kind


def team_screens_insurance(story: Story) -> str:
    """4 to 6. The team, live screens and forms of each apart, the card and the payer's answer."""
    admission = first.make_couple(story, NAMES)
    team = {
        "couples_therapist": "Dr. Vale",
        "prescriber": "Dr. Pruitt",
        "counselor_a": "Mo Lindgren",
        "counselor_b": "Mo Lindgren",
    }
    first.assign_team(story, admission, team, refused="does not counsel the partner")
    first.assign_team(story, admission, team | {"counselor_b": "Kit Amari"})
    people = {name: first.person_path(story, name) for name in NAMES}
    for name, counselor in zip(NAMES, ("mo", "kit"), strict=True):
        first.give_forms(story, counselor, people[name])
        first.fill_form(story, name, [1, 2, 1, 1, 0, 1, 0, 0, 0])
        first.fill_form(story, name, [2, 1, 1])
        first.screen(story, counselor, people[name])
    # The one partner's pages never show the other's answers, or that anything was asked.
    for name in NAMES:
        page = story.pages[name]
        for path in ("/today/", "/us/", "/week/"):
            page.goto(story.demo.at(name.lower(), path))
            assert "screen" not in page.inner_text("main").lower()
    page = first.insure(story, people[NAMES[0]], NAMES[0], first.payer_answer("Zoe"))
    text = page.inner_text("main")
    for figure in ("1,500", "5,000", "20"):
        assert figure in text
    assert "EB*C*IND*30" in text, "each number says which segment it came from"
    return admission


def admission_and_first_week(story: Story, admission: str) -> None:
    """6 and 7. Both are admitted in one act; the first week is planned and published."""
    today = datetime.now(ZoneInfo("America/Chicago")).date()
    monday = (today + timedelta(days=(-today.weekday()) % 7)).isoformat()
    first.admit(story, admission, monday)
    page = first.plan_week(story, admission, monday)
    text = page.inner_text("main")
    assert "Orientation" in text
    zone = story.pages[NAMES[0]]
    zone.goto(story.demo.at(NAMES[0].lower(), f"/week/?monday={monday}"))
    assert zone.get_by_text("Times are yours").count() == 1


def the_record(story: Story, session: str) -> None:
    """9. One couple note and two own-chart notes; A's own note is nothing to B."""
    assert len(then.notes_of_session(story, session)) == 3
    own = then.own_note(story)
    ben = story.pages["ben"]
    answers = []
    for path in (own.replace(own.split("/")[3], NOBODY), own):
        answer = ben.goto(story.demo.at("ben", path))
        assert answer is not None
        # Masked: the forms' own nonces, and the address that the page was asked for.
        text = re.sub(r"\b\w{64}\b", "", answer.text()).replace(path, "")
        answers.append((answer.status, text))
    # Neither the status nor a byte of the page tells them apart.
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


NOBODY = "00000000-0000-4000-8000-000000000000"


def evenings_and_hours(story: Story) -> None:
    """10 and 11. The private check-in, the trust talk of both, hours as a ring."""
    for who in ("ana", "ben"):
        then.check_in(story, who)
    then.trust_talk(story, "ana")
    ben = story.pages["ben"]
    ben.goto(story.demo.enter("ben", "/today/"))
    assert ben.get_by_text("not yet today").count() == 1, "one half shows nothing to the other"
    then.trust_talk(story, "ben")
    ben.goto(story.demo.enter("ben", "/today/"))
    until(lambda: ben.get_by_text("not yet today").count() == 0)
    ben.goto(story.demo.enter("ben", "/me/hours/", pin=True))
    assert ben.locator("svg").count() >= 1
    director = story.staff("dee", "/staff/programme/")
    director.get_by_text("Below their level").first.wait_for()


def claim_and_discharge(story: Story, folder: Path) -> None:
    """12 and 13. A claim file that two readers accept; one partner leaves, the other goes on."""
    from mutual.claims.pyx12_check import second_opinion
    from mutual.coverage.x12.check import check_file

    data = then.claim_file(story, folder)
    verdict = check_file(data, "claims.837")
    assert verdict["ok"], verdict
    assert second_opinion(data) == []
    assert b"H0015" in data
    ana, ben = data.count(b"FICTION*ANA"), data.count(b"FICTION*BEN")
    assert ana >= 1 and ben >= 1
    for claim in data.split(b"HL*")[1:]:
        assert not (b"*ANA" in claim and b"*BEN" in claim), "a claim names one partner only"
    papers = then.discharge(story, (date.today() + timedelta(days=15)).isoformat())
    assert all(paper.startswith(b"%PDF") for paper in papers)
    kit = story.staff("kit", "/staff/couples/")
    kit.get_by_text("Ana").first.wait_for()
    ana_page = story.pages["ana"]
    ana_page.goto(story.demo.enter("ana", "/today/"))
    assert ana_page.get_by_role("heading").first.is_visible()
