"""What a quick exit does on the server: lock, and ask for the PIN afterwards."""

from __future__ import annotations

import re
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from mutual.base import nav
from mutual.portal.gate import partner_only, private
from mutual.portal.urls import urlpatterns as portal_urls
from mutual.portal.views.leave import leave, lock

PERSON = SimpleNamespace(kind="person", is_person=True)


def _request(session: SessionStore, path: str = "/today/", method: str = "get") -> Any:
    request: Any = getattr(RequestFactory(), method)(path)
    request.session = session
    request.actor = PERSON
    return request


def _open() -> SessionStore:
    session = SessionStore()
    session["pin_until"] = time.time() + 600
    return session


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("private")


@pytest.mark.rule("P-66", "P-68")
def test_after_a_quick_exit_back_finds_the_lock_screen() -> None:
    session = _open()
    assert lock(_request(session, nav.LOCK, "post")).status_code == 204
    for view in (partner_only(_page), private(_page)):
        answer = view(_request(session))
        assert answer.status_code == 302
        assert answer["Location"] == "/pin/?next=/today/"


@pytest.mark.rule("P-66")
def test_the_pin_opens_all_again() -> None:
    session = _open()
    lock(_request(session, nav.LOCK, "post"))
    session["pin_until"] = time.time() + 600
    assert partner_only(_page)(_request(session)).content == b"private"
    # Once given, Today needs no PIN again when the private area closes by itself.
    session["pin_until"] = 0
    assert partner_only(_page)(_request(session)).content == b"private"


@pytest.mark.rule("P-66")
def test_without_script_the_link_locks_and_leaves_without_referrer() -> None:
    session = _open()
    answer = leave(_request(session, nav.EXIT))
    assert answer["Location"] == nav.HARMLESS
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert partner_only(_page)(_request(session)).status_code == 302


@pytest.mark.rule("P-66", "P-67")
@pytest.mark.parametrize(
    "path", ["/today/", "/week/", "/us/", "/me/", "/me/contact/", "/me/changes/", "/messages/ours/"]
)
def test_each_page_has_the_button_and_says_what_it_does_not_do(browse: Any, path: str) -> None:
    page = browse("ana").get(path).content.decode()
    assert page.count("data-quick-exit") == 1
    assert 'href="/privacy/exit/"' in page


@pytest.mark.rule("P-61")
def test_signing_out_and_leaving_tell_the_browser_to_keep_nothing(browse: Any) -> None:
    client = browse("ana")
    for answer in (client.post(nav.LOCK), client.get(nav.EXIT), client.post("/account/logout/")):
        assert answer["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.rule("P-66")
def test_a_lock_needs_no_token_so_a_stale_page_locks_too() -> None:
    assert getattr(lock, "csrf_exempt", False)


def test_a_visitor_gets_no_session_from_leaving() -> None:
    session = SessionStore()
    leave(_request(session, nav.EXIT))
    assert session.is_empty()


def test_the_addresses_of_the_button_lead_here() -> None:
    assert resolve(nav.LOCK).func is lock
    assert resolve(nav.EXIT).func is leave


@pytest.mark.rule("P-52")
def test_no_path_that_a_browser_remembers_names_a_private_thing() -> None:
    private = re.compile(
        r"part(ing|ed)|separat|safety|crisis|violen|proceed|court|legal|medic|drug|toxic"
        r"|journal|diary|therap|counsel|addict|sober|screen|risk",
        re.I,
    )
    paths = [str(entry.pattern) for entry in portal_urls]
    assert len(paths) > 40
    assert [path for path in paths if private.search(path)] == []
    assert private.search("me/safety-plan/")
