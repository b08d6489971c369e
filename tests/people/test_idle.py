"""The idle lock: the words stay, nothing opens without the PIN or key (P-84, P-68)."""

from __future__ import annotations

import os
import re
import time

import pytest
from django.utils import timezone

from mutual.people.actions import set_pin
from mutual.wall.context import acting, own_sessions, token_hash
from mutual.wall.web import COOKIE, ENDS
from tests.people.signing_in import account, signed_in, visitor, went_idle
from tests.world import PASSWORD, id_of

JSON = {"accept": "application/json"}


@pytest.fixture
def ana(db):
    """Ana, signed in, with a PIN that was given."""
    set_pin(account("ana"), "4711", "4711")
    return signed_in("ana", pin_until=time.time() + 900)


@pytest.mark.rule("P-84")
def test_an_idle_screen_opens_again_with_the_pin_and_leads_where_one_was(ana) -> None:
    assert ana.get("/me/").status_code == 200
    went_idle("ana")
    answer = ana.get("/me/contact/")
    assert answer["Location"] == "/unlock/?next=/me/contact/"
    page = ana.get(answer["Location"])
    assert b"<title>Mutual</title>" in page.content and b"Ana" not in page.content
    wrong = ana.post("/unlock/", {"pin": "4712", "next": "/me/contact/"})
    assert wrong.status_code == 422 and b"does not fit" in wrong.content
    right = ana.post("/unlock/", {"pin": "4711", "next": "/me/contact/"})
    assert right["Location"] == "/me/contact/"
    assert ana.get("/me/contact/").status_code == 200


@pytest.mark.rule("P-84", "P-68")
def test_with_a_pin_neither_password_nor_key_opens_the_screen(ana) -> None:
    went_idle("ana")
    assert ana.post("/unlock/", {"password": PASSWORD}).status_code == 422
    assert ana.post("/unlock/", {"credential": "{}"}).status_code == 422
    assert ana.get("/unlock/", headers=JSON).json() == {"open": False, "way": "pin", "options": {}}


@pytest.mark.rule("P-84")
def test_what_was_sent_while_locked_is_kept_and_sent_after(ana) -> None:
    went_idle("ana")
    text = "heron-typed-while-away"
    answer = ana.post("/messages/own/", {"text": text})
    assert answer["Location"] == "/unlock/"
    # Kept on the server, sealed, and in no page before it opens.
    assert text not in str(dict(ana.session.items()))
    assert text.encode() not in ana.get("/unlock/").content
    answer = ana.post("/unlock/", {"pin": "4711"})
    assert answer["Location"] == "/unlock/kept/"
    page = ana.get("/unlock/kept/").content.decode()
    assert f'name="text" value="{text}"' in page
    assert "csrfmiddlewaretoken" in page and 'action="/messages/own/"' in page
    ana.post("/messages/own/", {"text": text})
    assert "kept" not in ana.session
    assert ana.get("/unlock/kept/")["Location"] == "/today/"


@pytest.mark.rule("P-84")
def test_a_script_that_asks_while_locked_is_told_to_lock_its_page(ana) -> None:
    went_idle("ana")
    for headers in (JSON, {"hx-request": "true"}):
        assert ana.get("/me/", headers=headers).status_code == 423
    assert ana.post("/unlock/alive/").status_code == 423
    assert ana.post("/unlock/", {"pin": "4711"}, headers=JSON).json() == {"open": True}
    assert ana.post("/unlock/alive/").status_code == 204


@pytest.mark.rule("P-84", "P-68")
def test_a_page_that_locks_itself_ends_what_its_token_could_open(ana) -> None:
    token = ana.cookies[COOKIE].value
    assert ana.post("/unlock/lock/").json() == {"way": "pin"}
    with acting(token) as actor:
        assert actor.id is None
    assert ana.get("/today/")["Location"].startswith("/unlock/")
    # The private area's minutes are over, too.
    assert ana.session["pin_until"] == 0


@pytest.mark.rule("P-84")
def test_after_twelve_hours_only_a_whole_sign_in_opens(ana) -> None:
    held = ana.session
    held[ENDS] = int(time.time()) - 1
    held.save()
    went_idle("ana")
    assert "/account/login/" in ana.get("/me/")["Location"]
    assert ana.post("/unlock/", {"pin": "4711"})["Location"] == "/account/login/"


@pytest.mark.rule("P-84")
def test_unlocking_never_makes_the_day_longer(ana) -> None:
    ends = ana.session[ENDS]
    went_idle("ana")
    ana.post("/unlock/", {"pin": "4711"})
    assert ana.session[ENDS] == ends


@pytest.mark.rule("P-84", "P-86")
def test_staff_without_a_passkey_on_this_machine_give_the_password(db) -> None:
    mo = signed_in("mo")
    assert mo.get("/staff/").status_code == 200
    went_idle("mo")
    assert mo.get("/staff/")["Location"].startswith("/unlock/")
    assert mo.post("/unlock/", {"password": "something else"}).status_code == 422
    answer = mo.post("/unlock/", {"password": PASSWORD, "next": "/staff/"})
    assert answer["Location"] == "/staff/" and mo.get("/staff/").status_code == 200


@pytest.mark.rule("P-84", "P-66")
@pytest.mark.parametrize(
    "address", ["/account/2fa/", "/account/2fa/webauthn/add/", "/account/password/change/"]
)
def test_the_pages_of_sign_in_are_locked_like_all_others(ana, address: str) -> None:
    ana.post("/lock/")
    assert ana.get(address)["Location"] == f"/pin/?next={address}"
    went_idle("ana")
    assert ana.get(address)["Location"].startswith("/unlock/")


@pytest.mark.rule("P-84")
def test_a_closed_account_is_no_locked_screen(ana) -> None:
    mine = account("ana")
    mine.is_active = False
    mine.save()
    went_idle("ana")
    assert "/account/login/" in ana.get("/me/")["Location"]


@pytest.mark.rule("P-68", "P-85")
def test_a_forgotten_pin_takes_the_password_and_a_paper_code(ana) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    codes = RecoveryCodes.activate(account("ana")).generate_codes()
    went_idle("ana")
    for password, code in ((PASSWORD, "00000000"), ("wrong words", codes[0])):
        wrong = ana.post("/pin/forgotten/", {"password": password, "code": code})
        assert wrong.status_code == 422 and b"do not fit together" in wrong.content
    assert account("ana").pin_hash
    answer = ana.post("/pin/forgotten/", {"password": PASSWORD, "code": codes[0]})
    assert answer["Location"] == "/pin/?next=/me/" and not account("ana").pin_hash
    assert b"Choose a PIN" in ana.get("/pin/").content


@pytest.mark.rule("P-84", "P-61")
def test_every_signed_in_page_carries_the_lock_and_nothing_of_whose_it_is(ana, browse) -> None:
    page = ana.get("/today/").content.decode()
    lock = re.search(r"<idle-lock.*?</idle-lock>", page, re.S)
    assert lock and 'minutes="15"' in lock.group()
    assert "Ana" not in lock.group() and "ana@" not in lock.group()
    staff = browse("mo").get("/staff/").content.decode()
    assert 'minutes="10"' in staff
    assert "<idle-lock" not in visitor().get("/account/login/").content.decode()


@pytest.fixture
def used_ten_minutes_ago(django_db_setup):
    """A committed session whose idle minutes are mostly gone; only the owner can write one so."""
    from mutual.base import database
    from mutual.entry.database import connect

    token = "a-token-of-the-tests-own"
    with connect(database.OWNER, os.environ["MUTUAL_DATABASE"]) as link:
        link.execute(
            "insert into wall.session (token_hash, actor, kind, expires, ends) values"
            " (%s, %s, 'staff', now() + interval '5 minutes', now() + interval '12 hours')",
            [token_hash(token), id_of("kit")],
        )
    yield token
    with connect(database.OWNER, os.environ["MUTUAL_DATABASE"]) as link:
        link.execute("delete from wall.session where token_hash = %s", [token_hash(token)])


@pytest.mark.rule("P-84")
def test_a_request_moves_the_idle_end_on_and_a_pages_own_socket_does_not(
    used_ten_minutes_ago, db
) -> None:
    def idle() -> float:
        with acting(used_ten_minutes_ago):
            used = own_sessions()[token_hash(used_ten_minutes_ago)][1]
        return (timezone.now() - used).total_seconds()

    assert idle() > 590
    with acting(used_ten_minutes_ago):
        pass
    assert idle() > 590
    with acting(used_ten_minutes_ago, active=True):
        pass
    assert idle() < 60
