"""Two threads, two colours, two addresses; the send button names the readers."""

from __future__ import annotations

import pytest

from mutual.people.models import Couple, Person
from tests.portal.test_today import words
from tests.world import id_of


def public(act, name: str, who: str) -> str:
    with act(who):
        model = Couple if name in ("ab", "cd") else Person
        return str(model.objects.get(id=id_of(name)).public_id)


@pytest.mark.rule("P-48", "P-54", "P-68")
def test_the_two_doors_show_no_content_and_no_count(browse) -> None:
    before = words(browse("ana", pin=False).get("/messages/"))
    browse("ana").post("/messages/own/", {"text": "Tonight was hard."})
    browse("ben").post("/messages/ours/", {"text": "Could we talk about Sunday?"})
    assert words(browse("ana", pin=False).get("/messages/")) == before
    assert "hard" not in before


@pytest.mark.rule("P-55", "P-15")
def test_the_send_button_and_the_label_name_the_readers(browse) -> None:
    own = browse("ana").get("/messages/own/").content.decode()
    assert "Send to Mo Lindgren" in own and "Read by Mo Lindgren, your counselor" in own
    assert 'class="to mine"' in own and "to ours" not in own
    ours = browse("ana").get("/messages/ours/").content.decode()
    assert "Send to Ben and Dr. Reyes" in ours and "Read by Ben and Dr. Reyes" in ours
    assert ours.index("Read by Ben and Dr. Reyes") < ours.index("Send to Ben and Dr. Reyes")
    assert 'class="to ours"' in ours and "to mine" not in ours


@pytest.mark.rule("P-55")
def test_nothing_moves_between_the_threads(browse) -> None:
    client = browse("ana")
    client.post("/messages/own/", {"text": "Only for Mo."})
    assert "Only for Mo." in words(client.get("/messages/own/"))
    assert "Only for Mo." not in words(client.get("/messages/ours/"))
    for page in ("/messages/own/", "/messages/ours/"):
        html = client.get(page).content.decode().lower()
        assert "forward" not in html and "quote" not in html
    for path in ("/messages/own/forward/", "/messages/ours/forward/"):
        assert client.post(path, {"to": "ours"}).status_code == 404


@pytest.mark.rule("P-54")
def test_a_partners_message_shows_a_day_and_no_hour(browse) -> None:
    browse("ben").post("/messages/ours/", {"text": "Could we talk about Sunday?"})
    text = words(browse("ana").get("/messages/ours/"))
    assert "Could we talk" in text
    for sign in (" am", " pm", "read", "seen", "typing", "online"):
        assert sign not in text[: text.index("Your message")].lower().replace("thread", "")


def test_an_empty_message_is_asked_for_in_words(browse) -> None:
    page = browse("ana").post("/messages/own/", {"text": "  "})
    assert page.status_code == 200 and "errorlist" in page.content.decode()


def test_who_answers_threads_has_them_in_the_rail(browse) -> None:
    for who, there in (("mo", True), ("reyes", True), ("dee", False), ("bill", False)):
        page = browse(who).get("/staff/").content.decode()
        assert ('href="/staff/messages/"' in page) is there, who
    assert 'aria-current="page"' in browse("mo").get("/staff/messages/").content.decode()


def test_staff_answer_from_their_list(act, browse, django_assert_max_num_queries) -> None:
    browse("ana").post("/messages/own/", {"text": "Tonight was hard."})
    mo = browse("mo")
    address = f"/staff/messages/p/{public(act, 'ana', 'mo')}/"
    with django_assert_max_num_queries(8):
        listing = mo.get("/staff/messages/")
    assert address in listing.content.decode() and "Waiting" in listing.content.decode()
    mo.post(address, {"text": "I will call at six."})
    assert "I will call at six." in words(browse("ana").get("/messages/own/"))
    assert "Waiting" not in mo.get("/staff/messages/").content.decode()
    for other in ("kit", "reyes", "dee"):
        assert browse(other).get(address).status_code == 404


def test_the_couples_therapist_answers_both(act, browse) -> None:
    browse("ben").post("/messages/ours/", {"text": "Could we talk about Sunday?"})
    address = f"/staff/messages/c/{public(act, 'ab', 'reyes')}/"
    reyes = browse("reyes")
    assert "Send to Ana and Ben" in reyes.get(address).content.decode()
    reyes.post(address, {"text": "Yes, on Thursday."})
    for who in ("ana", "ben"):
        assert "Yes, on Thursday." in words(browse(who).get("/messages/ours/"))
    assert browse("vale").get(address).status_code == 404
    assert browse("mo").get(address).status_code == 404
