"""The form that asks us: two persons stay two, and everybody reads the same answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection, transaction

from mutual.episode.inquiry import receive_inquiry
from mutual.episode.models import Inquiry
from mutual.wall.context import as_service
from mutual.website import limits
from tests.website.visitor import visitor

Act = Callable[[str], AbstractContextManager[Any]]
GOOD = {
    "name": "Rosa",
    "safe_route": "call",
    "reach": "(512) 555-0100",
    "safe_hours": "weekdays 12 to 1",
    "state": "TX",
    "question": "Do you take both of us?",
    "couple_word": "Light House",
    "source": "search",
}


@pytest.fixture(autouse=True)
def _uncounted() -> None:
    limits.forget()


@pytest.mark.rule("P-32")
def test_known_and_unknown_people_read_the_same_answer(db: None) -> None:
    first = visitor().post("/contact/", GOOD, follow=True)
    again = visitor().post("/contact/", GOOD, follow=True)
    known = visitor().post(
        "/contact/", GOOD | {"safe_route": "mail", "reach": "ana@home.example"}, follow=True
    )
    pages = {self_free(answer.content.decode()) for answer in (first, again, known)}
    assert len(pages) == 1
    assert {a.redirect_chain[0] for a in (first, again, known)} == {("/contact/thanks/", 302)}


def self_free(html: str) -> str:
    """A page without its own form token."""
    import re

    return re.sub(r'(csrfmiddlewaretoken" value|data-csrf)="[^"]*"', "", html)


@pytest.mark.rule("F-19")
def test_two_inquiries_with_one_phone_are_two_persons(db: None, act: Act) -> None:
    for name in ("Rosa", "Theo"):
        visitor().post("/contact/", GOOD | {"name": name})
    with act("ada") as ada:
        rows = list(Inquiry.objects.visible_to(ada).order_by("received_at"))
        assert [r.name for r in rows] == ["Rosa", "Theo"]
        assert rows[0].couple_key != rows[1].couple_key
        assert rows[0].reach == rows[1].reach
        assert {r.couple_word for r in rows} == {"light house"}


def test_what_was_typed_is_kept_when_something_is_missing(db: None, act: Act) -> None:
    answer = visitor().post("/contact/", GOOD | {"reach": "555", "question": "Please call soon"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Please call soon" in html and 'value="Rosa"' in html and 'value="555"' in html
    assert "there are 3" in html
    with act("ada") as ada:
        assert not Inquiry.objects.visible_to(ada).exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "  "}, "required"),
        ({"state": "ZZ"}, "ZZ"),
        ({"safe_route": "mail", "reach": "rosa@"}, "email address"),
        ({"safe_route": "pigeon"}, "pigeon"),
    ],
)
def test_each_wrong_answer_is_named_at_its_field(
    db: None, change: dict[str, str], words: str
) -> None:
    answer = visitor().post("/contact/", GOOD | change)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'aria-invalid="true"' in html and words in html


def test_the_form_works_without_a_script_and_needs_its_token(db: None) -> None:
    strict = visitor(enforce_csrf_checks=True)
    said = {"headers": {"referer": "https://testserver/contact/"}}
    assert strict.post("/contact/", GOOD, secure=True, **said).status_code == 403
    strict.get("/contact/", secure=True)
    token = strict.cookies["csrftoken"].value
    data = GOOD | {"csrfmiddlewaretoken": token}
    assert strict.post("/contact/", data, secure=True, **said).status_code == 302


def test_browsers_may_tell_our_own_forms_where_they_come_from(db: None) -> None:
    """Under "no-referrer" a browser posts "Origin: null", which the token check refuses."""
    answer = visitor().get("/contact/")
    assert answer["Referrer-Policy"] == "same-origin"
    assert '<meta name="referrer" content="same-origin">' in answer.content.decode()
    strict = visitor(enforce_csrf_checks=True)
    strict.get("/contact/", secure=True)
    token = strict.cookies["csrftoken"].value
    data = GOOD | {"csrfmiddlewaretoken": token}
    said = {"headers": {"origin": "null"}}
    assert strict.post("/contact/", data, secure=True, **said).status_code == 403
    said = {"headers": {"origin": "https://testserver"}}
    assert strict.post("/contact/", data, secure=True, **said).status_code == 302


def test_the_form_never_fills_in_what_was_sent_before(db: None) -> None:
    browser = visitor()
    browser.post("/contact/", GOOD)
    html = browser.get("/contact/").content.decode()
    assert "Rosa" not in html and "555-0100" not in html
    assert html.count('autocomplete="off"') >= 5


@pytest.mark.rule("P-32")
def test_the_website_service_writes_inquiries_and_reads_none_back(db: None) -> None:
    with transaction.atomic():
        receive_inquiry(
            name="Rosa", safe_route="call", reach="5125550100", safe_hours="noon", state="TX"
        )
        with as_service("website"), connection.cursor() as cursor:
            cursor.execute("select count(*) from episode_inquiry")
            assert cursor.fetchone() == (0,)


def test_a_sixth_question_from_one_browser_is_asked_to_wait(db: None, act: Act) -> None:
    browser = visitor()
    browser.get("/contact/")
    for _ in range(limits.PER_BROWSER):
        assert browser.post("/contact/", GOOD).status_code == 302
    answer = browser.post("/contact/", GOOD)
    assert answer.status_code == 429
    html = answer.content.decode()
    assert "try again in an hour" in html and "Do you take both of us?" in html
    with act("ada") as ada:
        assert Inquiry.objects.visible_to(ada).count() == limits.PER_BROWSER


def test_the_limit_forgets_after_an_hour_and_counts_addresses_too(rf: Any) -> None:
    request = rf.post("/contact/", REMOTE_ADDR="192.0.2.1")
    other = rf.post("/contact/", REMOTE_ADDR="192.0.2.2")
    assert all(limits.may_write(request, 0.0) for _ in range(limits.PER_ADDRESS))
    assert not limits.may_write(request, 10.0)
    assert limits.may_write(other, 10.0)
    assert limits.may_write(request, limits.HOUR + 1)


def test_the_label_beside_the_box_names_all_who_may_read(db: None) -> None:
    from mutual.wall import policy

    reading = {
        relation
        for relation in policy.RELATIONS
        if any(right.verb in ("R", "W") for right in policy.kind("inquiry").rights(relation))
    }
    assert reading == {"admissions", "director"}
    html = visitor().get("/contact/").content.decode()
    assert "Read by our admissions team and the programme’s director." in html
