"""Each kind of event leaves its line in the trail: who, whose, what, why, when, which sign-in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from mutual.people.models import Account, Person, Staff
from mutual.privacy import conflicts, glass, oncall, vendors
from mutual.privacy.actions import revoke, sign_consent
from mutual.week import feeds
from tests.record.factories import signed
from tests.world import PASSWORD, id_of

Line = tuple[str, str, Any]


def since(act, seq: int) -> list[Line]:
    """(action, kind, subject) of every line after an entry, as the officer finds them."""
    with act("pia"), connection.cursor() as cursor:
        cursor.execute(
            "select seq, action, kind, subject, at, session, actor_kind"
            " from wall.audit_page(null, null, null, null, null, null, null, 500)"
        )
        rows = [row for row in cursor.fetchall() if row[0] > seq]
    for row in rows:
        assert row[4].tzinfo is not None
        assert row[5] or row[6] in ("nobody", "service"), row
    return [row[1:4] for row in rows]


def last(act) -> int:
    with act("pia"), connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(max(seq), 0)"
            " from wall.audit_page(null, null, null, null, null, null, null, 1)"
        )
        return int(cursor.fetchone()[0])


def visitor() -> Client:
    return Client(headers={"x-forwarded-proto": "https"})


def sign_in(password: str, email: str = "ana@home.example") -> None:
    visitor().post("/account/login/", {"login": email, "password": password})


def read(act, browse) -> None:
    browse("mo").get(f"/staff/people/{_key(act)}/medicines/")


def refuse(act, browse) -> None:
    browse("ben").get(f"/staff/people/{_key(act)}/medicines/")


def _key(act) -> Any:
    with act("ada"):
        return Person.objects.get(id=id_of("ana")).public_id


def write_and_sign(act, browse) -> None:
    with act("mo") as mo:
        signed(mo)


def consent(act, browse) -> None:
    with act("ana") as ana:
        revoke(ana, "tele")
        sign_consent(ana, "tele", "Ana Fiction")


def grant(act, browse) -> None:
    now = timezone.now()
    with act("dee") as dee:
        oncall.plan(dee, Staff.objects.get(id=id_of("mo")), now, now + timedelta(hours=1))


def emergency(act, browse) -> None:
    with act("noor") as noor:
        glass.open_record(noor, "Ana Fiction", "medical", "Nobody answers the phone there.")


def conflict(act, browse) -> None:
    with act("noor") as noor:
        conflicts.declare(noor, "Some Body", "friend")


def setting(act, browse) -> None:
    with act("pia") as pia:
        day = date.today() + timedelta(days=30)
        vendors.write_vendor(pia, "A firm", "sms", day, day)


def search(act, browse) -> None:
    browse("dee").post("/staff/search/", {"q": "Ana"})


def feed(act, browse) -> None:
    with act("ana") as ana:
        token = feeds.open_feed(ana)
    visitor().get(f"/calendar/{token}.ics")
    with transaction.atomic():
        feeds.busy_times(token)


def prints(act, browse) -> None:
    browse("ana").get("/me/shared/copy/")


def sign_out(act, browse) -> None:
    browse("ana").post("/account/logout/")


def factor(act, browse) -> None:
    from allauth.mfa.signals import authenticator_added

    with act("ana"):
        account = Account.objects.get(actor_id=id_of("ana"))
        authenticator_added.send(sender=Account, request=None, user=account, authenticator=None)


#: What P-88 names, by the deed that must leave the line: (action, kind, whose).
EVENTS: dict[str, tuple[Callable[[Any, Any], None], Line]] = {
    "sign-in": (lambda a, b: sign_in(PASSWORD), ("sign-in", "account_device", "ana")),
    "sign-in that failed": (
        lambda a, b: sign_in("no"),
        ("sign-in failed", "account_device", "ana"),
    ),
    "sign-out": (sign_out, ("sign-out", "account_device", "ana")),
    "account changed": (factor, ("account", "account_device", "ana")),
    "read": (read, ("read", "medication", "ana")),
    "refused read": (refuse, ("refused", "staff-medicines", None)),
    "write": (write_and_sign, ("write", "progress_note", "ana")),
    "sign": (write_and_sign, ("sign", "progress_note", "ana")),
    "consent": (consent, ("consent", "consent", "ana")),
    "right given": (grant, ("grant", "on_call", None)),
    "emergency": (emergency, ("break-glass", "break_glass", "ana")),
    "right of the emergency": (emergency, ("grant", "break_glass", "ana")),
    "conflict": (conflict, ("grant", "conflict", None)),
    "setting": (setting, ("setting", "vendor", None)),
    "search": (search, ("search", "person_profile", None)),
    "feed": (feed, ("feed", "schedule_own", "ana")),
    "print": (prints, ("print", "disclosure_log", "ana")),
}


@pytest.mark.rule("P-88")
@pytest.mark.parametrize("event", EVENTS)
def test_each_action_leaves_its_line(act, browse, event: str) -> None:
    deed, (action, kind, whose) = EVENTS[event]
    before = last(act)
    deed(act, browse)
    found = since(act, before)
    assert (action, kind, id_of(whose) if whose else None) in found, found


@pytest.mark.rule("P-88", "P-32", "P-62")
def test_a_failed_sign_in_of_an_unknown_address_leaves_a_line_without_the_address(act) -> None:
    before = last(act)
    sign_in("whatever it was", "nobody-known@home.example")
    assert ("sign-in failed", "account_device", None) in since(act, before)
    with act("pia"), connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(a::text, ' ')"
            " from wall.audit_page(null, null, null, null, null, null, null, 20) a"
        )
        assert "nobody-known" not in cursor.fetchone()[0]
