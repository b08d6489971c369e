"""Pages for what the server cannot take: the house look, the right status, and what was typed."""

from __future__ import annotations

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from mutual.base import errors
from mutual.base.refusal import Refused
from mutual.wall.web import ActorMiddleware

SECURE = {"x-forwarded-proto": "https", "host": "testserver"}
SAME = {"Sec-Fetch-Site": "same-origin", "Referer": "https://testserver/contact/?a=1"}


def stale() -> Client:
    """A browser whose form token is older than its sign-in."""
    return Client(enforce_csrf_checks=True, headers=SECURE)


def test_a_form_with_an_old_token_says_so_and_shows_what_was_typed(db) -> None:
    mine = stale()
    mine.get("/contact/")
    answer = mine.post(
        "/contact/",
        {
            "csrfmiddlewaretoken": "x" * 64,
            "question": "Can we do <this> together?",
            "password": "ladder moon boat river",
            "state": "TX",
        },
        headers=SAME,
    )
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "Please send that once more" in html and "<title>Mutual</title>" in html
    assert "Can we do &lt;this&gt; together?" in html and "ladder" not in html
    assert 'href="/contact/?a=1"' in html


def test_a_form_from_another_site_shows_nothing_of_what_it_sent(db) -> None:
    answer = stale().post(
        "/contact/",
        {"question": "Send money to this address"},
        headers={"Sec-Fetch-Site": "cross-site", "Referer": "https://elsewhere.example/x"},
    )
    html = answer.content.decode()
    assert answer.status_code == 403 and "Send money" not in html and "elsewhere" not in html


def test_a_browser_that_keeps_no_cookie_is_told_so(db) -> None:
    answer = stale().post("/contact/", {"question": "x"}, headers=SAME)
    assert answer.status_code == 403 and "kept no cookie" in answer.content.decode()


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=200)
def test_a_form_that_is_too_large_is_answered_in_words(db) -> None:
    answer = Client(headers=SECURE).post("/contact/", {"question": "long words " * 100})
    assert answer.status_code == 413 and "too large" in answer.content.decode()


def test_each_page_has_its_own_status(db) -> None:
    request = RequestFactory().get("/")
    assert errors.bad_request(request, SuspiciousOperation()).status_code == 400
    assert errors.bad_request(request, RequestDataTooBig()).status_code == 413
    assert errors.forbidden(request).status_code == 403
    assert errors.too_many(request).status_code == 429


@pytest.mark.parametrize("before", ["https://elsewhere.example/x", "", "//evil.example/"])
def test_the_way_back_never_leads_elsewhere(before: str) -> None:
    request = RequestFactory().post("/", headers={"Referer": before})
    assert errors.page_before(request) == "/home/"


def test_a_refusal_nobody_caught_shows_the_words_that_were_typed(db) -> None:
    request = RequestFactory().post("/", {"note": "We talked after dinner"}, headers=SAME)
    answer = ActorMiddleware(lambda _: HttpResponse()).process_exception(request, Refused("Not so"))
    html = answer.content.decode() if answer else ""
    assert answer and answer.status_code == 409
    assert "Not so" in html and "We talked after dinner" in html
