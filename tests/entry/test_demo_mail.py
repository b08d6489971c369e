"""The demo keeps its mail on this machine, and refuses to run anywhere else."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage

from mutual.base import mail as sender
from mutual.entry.demo import mail as box
from mutual.entry.demo.apps import is_loopback, refuse_exposed


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    monkeypatch.setattr(box, "home", lambda: tmp_path)
    settings.EMAIL_BACKEND = "mutual.entry.demo.mail.DemoBackend"
    return tmp_path


def test_mail_is_kept_in_a_file_that_only_its_owner_reads(own_home: Path) -> None:
    sender.send_update("rosa@private.example")
    path = own_home / "demo-mail" / "mail.jsonl"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [m.to for m in box.kept()] == ["rosa@private.example"]


def test_the_newest_mail_is_first_and_a_torn_line_harms_nothing(own_home: Path) -> None:
    EmailMessage("one", "1", "a@b.example", ["x@y.example", "z@y.example"]).send()
    with box.box().open("a") as out:
        out.write('{"id": "to')
    assert [m.to for m in box.kept()] == ["z@y.example", "x@y.example"]


def test_a_mail_opens_with_its_link_and_no_markup_of_its_own(own_home: Path) -> None:
    sender.send_invitation(
        "rosa@private.example",
        "https://mutual.example/welcome/abc/",
        datetime(2026, 1, 20, 18, tzinfo=UTC),
    )
    EmailMessage("two", "<b>bold</b>", "a@b.example", ["x@y.example"]).send()
    plain, invitation = box.kept()
    assert "&lt;b&gt;" in plain.linked
    assert '<a href="https://mutual.example/welcome/abc/">' in invitation.linked


def test_the_demo_addresses_list_and_open_mail(
    own_home: Path, settings: Any, client: Any, db: None
) -> None:
    from django.template import engines
    from django.urls import include, path

    sender.send_update("rosa@private.example")
    from mutual.entry import urls

    class Demo:
        urlpatterns = [*urls.urlpatterns, path("demo", include("mutual.entry.demo.urls"))]

    templates = Path(box.__file__).parent / "templates"
    loaders = engines["django"].engine
    before = list(loaders.dirs)
    loaders.dirs.append(templates)
    for loader in loaders.template_loaders:
        if hasattr(loader, "reset"):
            loader.reset()
    settings.ROOT_URLCONF = Demo
    try:
        listing = client.get("/demo/mail", secure=True)
        assert "rosa@private.example" in listing.content.decode()
        one = box.kept()[0]
        opened = client.get(f"/demo/mail/{one.id}", secure=True)
        assert "Sign in the way you usually do" in opened.content.decode()
        assert client.get(f"/demo/mail/{UUID(int=1)}", secure=True).status_code == 404
    finally:
        loaders.dirs[:] = before


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "mutual.example", "*", "::"])
def test_the_demo_refuses_any_other_than_a_loopback_address(host: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="this machine only"):
        refuse_exposed("localhost", host)


def test_loopback_names_are_known() -> None:
    names = ("localhost", ".localhost", "ana.localhost", "127.0.0.1", "127.9.9.9", "[::1]")
    assert all(is_loopback(name) for name in names)


def test_the_demo_refuses_to_stand_beside_a_real_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/real")
    with pytest.raises(ImproperlyConfigured, match="Unset DATABASE_URL"):
        refuse_exposed("localhost")
