"""*Us*: who reads it first; a day fills in for both at once; nobody is blamed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from mutual.daily.actions import consent_to_part, give_thanks, revoke_part
from tests.daily.factories import contract, couples_session, today_of
from tests.portal.test_today import words


def week_row(page) -> str:
    html = page.content.decode()
    return re.sub(r"\s+", " ", html[html.index('<ul class="days">') :].split("</ul>")[0])


@pytest.fixture
def running(act):
    """A contract in a week that isn't side by side."""
    contract(act, promises=[("The past stays for sessions", "We bring old hurts to Dr. Reyes")])
    couples_session(act, timezone.now() + timedelta(days=1))


@pytest.mark.rule("P-15", "I-21")
def test_the_page_says_first_who_reads_it(running, browse) -> None:
    text = words(browse("ana").get("/us/"))
    assert text.strip().startswith("Ours. Read by you, Ben and Dr. Reyes."), text[:120]
    first = text[: text.index("Our contract")]
    assert "The contract is read by" in first
    assert "Mo Lindgren" in first and "Kit Amari" in first


@pytest.mark.rule("C-49", "P-48")
def test_one_half_leaves_both_pages_as_they_were_and_the_second_fills_the_day(
    running, browse
) -> None:
    before = {who: week_row(browse(who).get("/us/")) for who in ("ana", "ben")}
    day = str(today_of("ana"))
    answer = browse("ana").post("/trust/", {"day": day})
    assert answer.status_code == 302
    for who in ("ana", "ben"):
        page = browse(who).get("/us/")
        assert week_row(page) == before[who]
        assert "We had our talk today" in page.content.decode()
    if today_of("ben") == today_of("ana"):
        browse("ben").post("/trust/", {"day": day})
        for who in ("ana", "ben"):
            page = browse(who).get("/us/")
            assert "1 of 7 days" in page.content.decode()
            assert "We had our talk today" not in page.content.decode()


@pytest.mark.rule("C-49", "C-53")
def test_no_word_of_streaks_or_of_who_is_late(running, browse) -> None:
    text = words(browse("ben").get("/us/")).lower()
    for word in ("streak", "missed", "waiting for", "in a row", "has not", "hasn", "confirmed by"):
        assert word not in text


@pytest.mark.rule("C-50")
def test_taking_a_part_back_warns_first_and_leaves_the_others_page_alone(
    running, act, browse
) -> None:
    for who in ("ana", "ben"):
        with act(who) as actor:
            consent_to_part(actor, "observed_dose")
    before = words(browse("ben").get("/us/"))
    assert "Medicine taken together" in before
    mine = words(browse("ana").get("/us/parts/observed_dose/"))
    assert "Your partner may notice" in mine and "Call me first" in mine
    browse("ana").post("/us/parts/observed_dose/", {"what": "back"})
    assert words(browse("ben").get("/us/")) == before
    with act("ana") as ana:
        revoke_part(ana, "observed_dose")  # twice is once


@pytest.mark.rule("P-69", "P-48")
def test_the_private_parts_page_is_alike_whatever_the_other_chose(running, act, browse) -> None:
    before = words(browse("ben").get("/us/parts/"))
    with act("ana") as ana:
        consent_to_part(ana, "test_sharing")
    assert words(browse("ben").get("/us/parts/")) == before


def test_a_line_of_thanks_is_said_with_its_readers_beside_it(running, act, browse) -> None:
    client = browse("ben")
    html = client.get("/us/").content.decode()
    assert html.index('name="text"') < html.rindex("Read by Ana and Dr. Reyes")
    empty = client.post("/us/thanks/", {"text": " "})
    assert empty.status_code == 200 and "errorlist" in empty.content.decode()
    client.post("/us/thanks/", {"text": "You made the call."})
    assert "You made the call." in words(browse("ana").get("/us/"))
    with act("ana") as ana:
        give_thanks(ana, "And you listened.")


def test_a_couple_without_a_contract_reads_how_it_begins(browse) -> None:
    text = words(browse("ana").get("/us/"))
    assert "You make it together" in text and "We had our talk" not in text


def test_us_takes_few_queries(running, browse, django_assert_max_num_queries) -> None:
    client = browse("ana")
    client.get("/us/")
    with django_assert_max_num_queries(12):
        assert client.get("/us/").status_code == 200
