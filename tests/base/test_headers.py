"""Every answer closes what no page uses, and a file is judged by its content alone.

That every route holds the headers, for each role, is asked in tests/probes/test_every_page.py;
here are the answers that no route gives.
"""

from __future__ import annotations

import ast
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test import Client

import mutual
from mutual.base import uploads
from mutual.base.headers import PERMISSIONS, ROOM_PERMISSIONS
from mutual.base.refusal import Refused
from mutual.coverage.answers import read_whole
from mutual.people.models import Person
from tests.people.signing_in import enter, visitor
from tests.probes.headers import wrong_headers
from tests.world import id_of

ROOT = Path(mutual.__file__).parent
_INLINE = re.compile(
    r"<style\b|<script(?![^>]*(?:\bsrc=|application/json))[^>]*>|<[^>]+\s(?:style|on[a-z]+)\s*=",
    re.I,
)


def test_answers_that_no_route_gives_hold_the_headers(db) -> None:
    mine = visitor()
    mine.raise_request_exception = False
    answers = {
        "unknown": mine.get("/nothing/here/"),
        "static": mine.get("/static/base/tokens.css"),
        "static unknown": mine.get("/static/base/none.css"),
        "method": mine.delete("/account/login/"),
        "host": mine.get("/", headers={"host": "elsewhere.example"}),
        "forged": Client(enforce_csrf_checks=True, headers={"x-forwarded-proto": "https"}).post(
            "/account/login/", {}
        ),
        "too large": mine.post("/account/login/", {"login": "x" * 3_000_000}),
        "too many files": mine.post("/account/login/", {n: BytesIO(b"x") for n in ("one", "two")}),
        "sign-in": enter(mine, "ana"),
        "lock": mine.get("/lock/"),
    }
    wanted = {"unknown": 404, "static": 200, "host": 400, "forged": 403, "too large": 413}
    assert {name: answers[name].status_code for name in wanted} == wanted
    wrong = {name: found for name, one in answers.items() if (found := wrong_headers(one))}
    assert wrong == {}


def test_plain_http_is_answered_by_nothing_but_the_way_to_https(db) -> None:
    answer = Client().get("/account/login/")
    assert answer.status_code == 301 and answer["Location"].startswith("https://")
    wrong = [one for one in wrong_headers(answer) if not one.startswith("Strict")]
    assert wrong == [] and answer.cookies == {}


def test_an_error_of_ours_holds_the_headers_too(db, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("mutual.website.views.pages.render", broken)
    mine = visitor()
    mine.raise_request_exception = False
    answer = mine.get("/how-it-works/")
    assert answer.status_code == 500 and wrong_headers(answer) == []


def test_the_camera_is_open_to_rooms_alone_and_no_feature_to_others() -> None:
    for name in ("camera", "microphone", "display-capture"):
        assert f"{name}=()" in PERMISSIONS and f"{name}=(self)" in ROOM_PERMISSIONS
    for name in ("geolocation", "payment", "usb", "browsing-topics", "storage-access"):
        assert f"{name}=()" in PERMISSIONS and f"{name}=()" in ROOM_PERMISSIONS
    assert "*" not in PERMISSIONS + ROOM_PERMISSIONS


def test_no_template_of_any_room_or_of_the_demo_has_anything_inline() -> None:
    found = [
        (str(path.relative_to(ROOT)), match.group()[:60])
        for path in sorted(ROOT.rglob("templates/**/*.html"))
        for match in [_INLINE.search(path.read_text())]
        if match
    ]
    assert found == [] and any(ROOT.glob("entry/demo/templates/**/*.html"))


def test_the_checks_for_a_deployment_have_nothing_to_say(db) -> None:
    assert settings.SECURE and not settings.DEMO and not settings.DEBUG
    assert run_checks(include_deployment_checks=True) == []


def test_a_check_for_a_deployment_would_say_what_is_loose(db, settings) -> None:
    settings.SESSION_COOKIE_SECURE = False
    assert [m.id for m in run_checks(include_deployment_checks=True)] == ["security.W012"]


def test_only_the_pages_listed_here_take_a_file() -> None:
    """Whoever takes another kind of file gives it a check of its content and a test below."""
    found = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr == "FILES":
                found.add(str(path.relative_to(ROOT)))
            if isinstance(node, ast.Attribute | ast.Name):
                name = node.attr if isinstance(node, ast.Attribute) else node.id
                assert name not in ("ImageField", "FileField", "FileResponse"), path
    assert found == {"staff/views/insurance.py", "staff/views/work.py"}


@pytest.mark.rule("B-6")
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n....", "a picture"),
        (b"\xff\xd8\xff\xe1..Exif", "a picture"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a picture or a film"),
        (b"\x00\x00\x00\x18ftypheic", "a picture or a film"),
        (b"PK\x03\x04[Content_Types].xml", "an archive or an Office document"),
        (b"MZ\x90\x00", "a program"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><script>", "a web page or markup"),
        (b"<svg onload=alert(1)>", "a web page or markup"),
        (b"ISA*00*\x00\x00", "no text"),
    ],
)
def test_a_file_of_another_kind_is_refused_whole_whatever_it_is_called(data, words) -> None:
    with pytest.raises(Refused, match=re.escape(words)):
        read_whole(data)


def test_an_answer_of_a_payer_is_no_kind_that_is_refused() -> None:
    assert uploads.what_it_is(b"ISA*00*          *00*          *ZZ*") == ""
    assert uploads.what_it_is(b"") == "" and uploads.what_it_is(b"hello") == ""


@pytest.mark.rule("B-6", "P-51")
def test_a_file_stays_in_memory_nameless_and_a_picture_is_refused_on_the_page(browse, act) -> None:
    with act("bill"):
        address = f"/staff/people/{Person.objects.get(id=id_of('ana')).public_id}/insurance/"
    bill = browse("bill")
    picture = BytesIO(b"\x89PNG\r\n\x1a\n" + b"x" * 3_000_000)
    picture.name = "Ana Fiction 271.txt"
    answer = bill.post(f"{address}answer/", {"file": picture})
    assert answer.status_code == 422
    request = answer.wsgi_request
    kept = request.FILES["file"]
    assert (kept.name, kept.content_type) == ("file", None)
    assert not hasattr(kept, "temporary_file_path")
    large = bill.post(f"{address}answer/", {"file": BytesIO(b"x" * (uploads.MOST_BYTES + 1))})
    assert large.status_code == 413 and b"Nothing was changed" in large.content
