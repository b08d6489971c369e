"""The check-in's steps, as a phone sends them."""

from __future__ import annotations

import re

import pytest

from mutual.daily.models import CheckIn, CheckInBody
from tests.daily.factories import local, today_of
from tests.portal.test_today import words

STEPS = (("urge", "2"), ("used", "no"), ("mood", "6"), ("sleep", "7.5"), ("medicine", "yes"))


def hidden(page) -> dict[str, str]:
    """What the page carries to the next step."""
    pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    return {name: value for name, value in pairs if name != "csrfmiddlewaretoken"}


def walk(client, answers, go: str = "next"):
    """Answer step by step; returns the last answer."""
    page = client.get("/check-in/")
    for field, value in answers:
        page = client.post("/check-in/", {**hidden(page), field: value, "go": go})
    return page


@pytest.mark.rule("I-21")
def test_five_questions_one_at_a_time_end_in_one_entry(browse, act) -> None:
    client = browse("ana")
    end = walk(client, STEPS)
    assert end.status_code == 302 and end["Location"] == "/check-in/thanks/"
    with act("ana"):
        body = CheckInBody.objects.get()
        assert (body.urge, body.used, body.mood, str(body.sleep), body.medicine) == (
            2, "no", 6, "7.5", "yes",
        )  # fmt: skip


@pytest.mark.rule("I-21")
def test_nothing_is_preset_and_a_required_one_cannot_be_left_out(browse) -> None:
    client = browse("ana")
    page = client.get("/check-in/")
    assert "checked" not in page.content.decode()
    assert "Skip this question" not in page.content.decode()
    again = client.post("/check-in/", {**hidden(page), "go": "skip"})
    assert "Choose an answer" in again.content.decode()


@pytest.mark.rule("I-21", "I-23")
def test_sleep_and_medicine_are_skipped_with_one_tap_and_stay_missing(browse, act) -> None:
    client = browse("ana")
    page = walk(client, STEPS[:3])
    assert "Skip this question" in page.content.decode()
    page = client.post("/check-in/", {**hidden(page), "go": "skip"})
    end = client.post("/check-in/", {**hidden(page), "go": "skip"})
    assert end["Location"] == "/check-in/thanks/"
    with act("ana"):
        body = CheckInBody.objects.get()
        assert (body.sleep, body.medicine) == (None, "")


@pytest.mark.rule("I-21", "P-15")
def test_the_readers_stand_between_the_answers_and_next(browse) -> None:
    html = browse("ana").get("/check-in/").content.decode()
    label = html.index("Mo Lindgren, your counselor")
    assert html.rindex('name="urge"') < label < html.index("<span>Next</span>")
    assert "the medical team" in html and "Not my partner." in html


@pytest.mark.rule("I-22")
def test_a_strong_urge_opens_the_coping_page_now(browse) -> None:
    end = walk(browse("ana"), (("urge", "8"), *STEPS[1:]))
    assert end["Location"] == "/check-in/coping/"


@pytest.mark.rule("P-64")
def test_going_back_asks_anew_and_after_sending_the_way_back_is_the_menu(browse) -> None:
    client = browse("ana")
    page = walk(client, STEPS[:2])
    back = client.post("/check-in/", {**hidden(page), "go": "back"})
    assert "Did you use today?" in back.content.decode()
    assert "checked" not in back.content.decode() and "used" not in hidden(back)
    walk(client, STEPS)
    again = client.get("/check-in/?day=" + str(today_of("ana")))
    assert again.status_code == 302 and again["Location"] == "/today/"


@pytest.mark.rule("P-64")
def test_the_thanks_are_the_same_whatever_was_said(browse) -> None:
    quiet = words(browse("ana").get("/check-in/thanks/"))
    walk(browse("ana"), (("urge", "2"), ("used", "yes"), *STEPS[2:]))
    assert words(browse("ana").get("/check-in/thanks/")) == quiet


@pytest.mark.rule("I-23")
def test_a_closed_day_is_refused_in_words(browse, act) -> None:
    client = browse("ana")
    old = str(local("ana", 12, days=-3).date())
    assert client.get(f"/check-in/?day={old}")["Location"] == "/today/"
    page = walk(client, STEPS[:4])
    answer = client.post("/check-in/", {**hidden(page), "day": old, "medicine": "yes"})
    assert answer["Location"] == "/today/"
    with act("ana"):
        assert not CheckIn.objects.exists()


@pytest.mark.rule("P-61", "P-62")
def test_no_answer_stands_in_an_address(browse) -> None:
    client = browse("ana")
    html = client.get("/check-in/").content.decode()
    assert 'method="post" action="/check-in/"' in html and 'autocomplete="off"' in html


def test_hours_that_are_none_are_asked_again_in_words(browse) -> None:
    client = browse("ana")
    page = walk(client, STEPS[:3])
    for typed in ("25", "7.3", "lots"):
        again = client.post("/check-in/", {**hidden(page), "sleep": typed, "go": "next"})
        assert "Write hours from 0 to 24" in again.content.decode()


def test_the_counselor_reads_them_and_the_partners_counselor_finds_nothing(browse, act) -> None:
    from mutual.people.models import Person
    from tests.world import id_of

    walk(browse("ana"), STEPS)
    with act("mo"):
        public = Person.objects.get(id=id_of("ana")).public_id
    page = browse("mo").get(f"/staff/people/{public}/check-ins/")
    assert page.status_code == 200 and "not given" in page.content.decode()
    for other in ("kit", "bill", "reyes"):
        assert browse(other).get(f"/staff/people/{public}/check-ins/").status_code == 404


@pytest.mark.rule("P-64", "P-69")
def test_the_check_ins_tile_leads_to_a_page_that_is_the_same_before_and_after(browse) -> None:
    client = browse("ana")
    assert 'href="/me/check-ins/"' in client.get("/me/").content.decode()
    before = client.get("/me/check-ins/")
    walk(client, STEPS)
    after = client.get("/me/check-ins/")
    assert before.status_code == 200 and "Mo" in before.content.decode()
    assert words(before) == words(after)


@pytest.mark.rule("P-69")
def test_hours_and_the_calendar_feed_have_tiles(browse) -> None:
    tiles = browse("ben").get("/me/").content.decode()
    assert 'href="/me/hours/"' in tiles and 'href="/week/calendar/"' in tiles
