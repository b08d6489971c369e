"""Known and unknown addresses take the same work, and nobody's tries shut out another (P-32)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mutual.people import throttle
from mutual.people.models import Tries
from mutual.people.throttle import KNOWN, UNKNOWN, go
from tests.people.signing_in import account, enter, visitor
from tests.world import PASSWORD

KNOWN_ADDRESS, UNKNOWN_ADDRESS = "ana@home.example", "nobody@home.example"
NEW = "four other fictional words"


def sign_in(email: str) -> Any:
    """A wrong password for an address."""
    return visitor().post("/account/login/", {"login": email, "password": "wrong words"})


def reset(email: str) -> Any:
    """A forgotten password."""
    return visitor().post("/account/password/reset/", {"email": email})


def ask(email: str) -> Any:
    """Every key lost."""
    return visitor().post("/account/help/", {"email": email})


def digits(email: str) -> Any:
    """Digits of a call that never was."""
    typed = {"email": email, "words": "123412341234", "password": NEW}
    return visitor().post("/account/help/code/", typed)


class Work:
    """What an answer took: hashes of passwords, statements by shape, mails; and the answer."""

    def __init__(self, monkeypatch: Any, act: Callable[[str], Any], email: str) -> None:
        self.hashes = 0
        real = hashers.Argon2PasswordHasher.encode

        def counted(*args: Any, **kwargs: Any) -> Any:
            self.hashes += 1
            return real(*args, **kwargs)

        real_verify = hashers.Argon2PasswordHasher.verify

        def verified(*args: Any, **kwargs: Any) -> Any:
            self.hashes += 1
            return real_verify(*args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(hashers.Argon2PasswordHasher, "encode", counted)
            patch.setattr(hashers.Argon2PasswordHasher, "verify", verified)
            before = len(mail.outbox)
            with CaptureQueriesContext(
                connection,
            ) as seen:
                answer = act(email)
        self.statements = [verb(one["sql"]) for one in seen.captured_queries]
        self.mails = len(mail.outbox) - before
        body = answer.content.replace(email.encode(), b"-")
        self.answer = (answer.status_code, re.sub(rb"[A-Za-z0-9]{64}", b"-", body))


def verb(sql: str) -> str:
    """A statement without its values: what it does to which table."""
    found = re.search(r"\b(select|insert|update|delete)\b", sql, re.I)
    table = re.search(r"\b(?:from|into|update) \"?([a-z_.]+)", sql, re.I)
    first = found.group(1).lower() if found else sql[:12]
    return f"{first} {table.group(1) if table else ''}"


@pytest.mark.rule("P-32")
@pytest.mark.parametrize("act", [sign_in, reset, ask, digits])
def test_a_known_and_an_unknown_address_take_the_same_work(db, monkeypatch, act) -> None:
    # Once each before: what is made once in a process is not the address's doing.
    for email in (KNOWN_ADDRESS, UNKNOWN_ADDRESS):
        act(email)
    known, unknown = (Work(monkeypatch, act, e) for e in (KNOWN_ADDRESS, UNKNOWN_ADDRESS))
    assert known.hashes == unknown.hashes
    assert known.statements == unknown.statements
    assert known.mails == unknown.mails
    assert known.answer == unknown.answer


@pytest.mark.rule("P-32")
def test_wrong_tries_slow_down_their_own_device_and_leave_the_owners_alone(db) -> None:
    mine = visitor()
    enter(mine, "ana")
    mine.post("/account/logout/")
    partner = visitor()
    answers = [
        partner.post("/account/login/", {"login": KNOWN_ADDRESS, "password": "wrong words"})
        for _ in range(UNKNOWN.free + 1)
    ]
    assert b"Wait half a minute" not in answers[0].content
    assert b"Wait half a minute" in answers[-1].content
    # Even the right password waits there; on her own device she signs in at once.
    assert b"Wait half a minute" in enter(visitor(), "ana").content
    assert enter(mine, "ana").status_code == 302


@pytest.mark.rule("P-32")
def test_an_unknown_address_slows_down_alike(db) -> None:
    seen = []
    for email in (KNOWN_ADDRESS, UNKNOWN_ADDRESS):
        client = visitor()
        seen.append(
            [
                b"Wait half a minute"
                in client.post("/account/login/", {"login": email, "password": "no"}).content
                for _ in range(UNKNOWN.free + 2)
            ]
        )
    assert seen[0] == seen[1] and seen[0][-1]


@pytest.mark.rule("P-32")
def test_a_full_lane_is_slow_never_shut(db) -> None:
    now = timezone.now()
    for _ in range(KNOWN.free):
        assert go(KNOWN, "x", now=now)
    assert not go(KNOWN, "x", now=now + timedelta(seconds=5))
    assert go(KNOWN, "x", now=now + KNOWN.pause)
    assert not go(KNOWN, "x", now=now + KNOWN.pause + timedelta(seconds=5))
    assert go(KNOWN, "x", now=now + KNOWN.within + timedelta(seconds=1))
    assert go(KNOWN, "x", now=now + KNOWN.within + timedelta(seconds=2)), "a new count"


@pytest.mark.rule("P-32", "P-62")
def test_what_is_counted_names_nobody_and_is_forgotten(db) -> None:
    sign_in(KNOWN_ADDRESS)
    rows = list(Tries.objects.all())
    assert rows and all(len(bytes(row.key)) == 32 for row in rows)
    assert not any(b"ana" in bytes(row.key) for row in rows)
    assert throttle.forget(timezone.now() + timedelta(days=2)) == len(rows)


@pytest.mark.rule("P-32")
def test_nobody_floods_the_mailbox_of_another(db) -> None:
    for _ in range(throttle.MAIL.free + 4):
        answer = reset(KNOWN_ADDRESS)
        assert answer.status_code == 302
    assert len(mail.outbox) == throttle.MAIL.free


@pytest.mark.rule("P-83", "P-32")
def test_codes_of_a_second_factor_are_slowed_down_where_they_come_from(db) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal import auth as totp

    mine = visitor()
    enter(mine, "ana")
    mine.post("/account/logout/")
    totp.TOTP.activate(account("ana"), totp.generate_totp_secret())
    codes = RecoveryCodes.activate(account("ana")).generate_codes()
    stranger = visitor()
    stranger.post("/account/login/", {"login": KNOWN_ADDRESS, "password": PASSWORD})
    pages = [
        stranger.post("/account/2fa/authenticate/", {"code": "000000"}).content for _ in range(6)
    ]
    assert b"Wait half a minute" not in pages[4] and b"Wait half a minute" in pages[5]
    mine.post("/account/login/", {"login": KNOWN_ADDRESS, "password": PASSWORD})
    assert mine.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == 302
