"""Who lost every key comes back by two who see them, a day's wait and digits read out (P-85)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.people.actions import set_pin
from mutual.people.models import Recovery, StaffTask
from mutual.people.recheck import FRESH
from mutual.privacy import recovery
from mutual.wall.context import acting, as_service
from mutual.wall.models import Notice
from mutual.wall.web import COOKIE
from tests.people.signing_in import account, signed_in, visitor
from tests.world import PASSWORD, id_of

EMAIL = "ana@home.example"
NEW = "four other fictional words"


def asked(act, by: str = "mo"):
    """Ana has asked; her request as somebody of the staff sees it."""
    recovery.ask(EMAIL, "home")
    with act(by) as actor:
        return recovery.waiting(actor)[0].public_id


def twice_seen(act) -> str:
    """Two have seen her; the digits read out."""
    public_id = asked(act)
    with act("mo") as mo:
        assert recovery.seen(mo, public_id, alone=True) == ""
    with act("dee") as dee:
        return recovery.seen(dee, public_id, alone=True)


def tomorrow():
    """A minute after the wait is over."""
    return timezone.now() + recovery.WAIT + timedelta(minutes=1)


@pytest.mark.rule("P-85")
def test_whoever_holds_the_mailbox_has_no_way_in(db) -> None:
    ben = visitor()
    for address in ("/account/password/reset/", "/account/help/"):
        ben.post(address, {"email": EMAIL})
    assert not any("http" in one.body or re.search(r"\d{6}", one.body) for one in mail.outbox)
    answer = ben.post("/account/help/code/", {"email": EMAIL, "words": "0" * 12, "password": NEW})
    assert answer.status_code == 422


@pytest.mark.rule("P-85")
def test_a_reset_by_mail_takes_a_code_of_ones_own_with_it(db) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    Authenticator.objects.create(user=account("ana"), type="webauthn", data={"name": "x"})
    codes = RecoveryCodes.activate(account("ana")).generate_codes()
    held = signed_in("ben")
    browser = visitor()
    browser.post("/account/password/reset/", {"email": EMAIL})
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)
    assert link
    form = browser.get(link.group(1), follow=True).request["PATH_INFO"]
    typed = {"password1": NEW, "password2": NEW}
    for code in ("", "00000000"):
        assert browser.post(form, typed | {"code": code}).status_code == 200
        assert account("ana").check_password(PASSWORD)
    assert browser.post(form, typed | {"code": codes[3]}).status_code == 302
    assert account("ana").check_password(NEW)
    assert held.get("/account/enrol/").status_code == 200, "nobody else's session ends"


@pytest.mark.rule("P-85")
def test_it_takes_two_members_of_staff_and_a_person_who_is_alone(act) -> None:
    public_id = asked(act)
    with act("mo") as mo:
        with pytest.raises(Refused, match="another time"):
            recovery.seen(mo, public_id, alone=False)
        assert recovery.seen(mo, public_id, alone=True) == ""
        with pytest.raises(Refused, match="somebody else"):
            recovery.seen(mo, public_id, alone=True)
    with act("reyes") as reyes:
        words = recovery.seen(reyes, public_id, alone=True)
        assert re.fullmatch(r"\d{4} \d{4} \d{4}", words)
        with pytest.raises(Refused, match="already"):
            recovery.seen(reyes, public_id, alone=True)


@pytest.mark.rule("P-85", "P-11")
def test_only_those_who_may_know_the_person_see_the_request(act) -> None:
    public_id = asked(act)
    for name in ("kit", "noor", "vale"):
        with act(name) as actor:
            assert recovery.waiting(actor) == []
            with pytest.raises(NotThere):
                recovery.seen(actor, public_id, alone=True)
    with act("bill") as biller, pytest.raises(NotThere):
        recovery.waiting(biller)
    with act("ben"):
        assert not Recovery.objects.exists()


@pytest.mark.rule("P-85")
def test_the_digits_count_after_a_day_once_and_for_a_week(act) -> None:
    words = twice_seen(act)
    now = timezone.now()
    for moment in (now, now + timedelta(hours=23), now + timedelta(days=8, hours=1)):
        with pytest.raises(Refused, match="time has not come"):
            recovery.enter(EMAIL, words, NEW, "home", now=moment)
    with pytest.raises(Refused):
        recovery.enter("ben@home.example", words, NEW, "home", now=tomorrow())
    assert recovery.enter(EMAIL, words, NEW, "home", now=tomorrow()) == account("ana")
    with pytest.raises(Refused):
        recovery.enter(EMAIL, words, NEW, "home", now=tomorrow())


@pytest.mark.rule("P-85", "P-84", "P-68")
def test_every_old_key_pin_and_session_ends_with_it(act) -> None:
    set_pin(account("ana"), "4711", "4711")
    old = signed_in("ana")
    Authenticator.objects.create(user=account("ana"), type="webauthn", data={"name": "x"})
    token = old.cookies[COOKIE].value
    recovery.enter(EMAIL, twice_seen(act), NEW, "home", now=tomorrow())
    assert not Authenticator.objects.filter(user=account("ana")).exists()
    assert not account("ana").pin_hash and account("ana").check_password(NEW)
    with acting(token) as actor:
        assert actor.id is None
    assert "/account/login/" in old.get("/today/")["Location"]


@pytest.mark.rule("P-85", "P-49")
def test_safe_channel_sessions_and_counselor_hear_of_it_and_any_session_stops_it(act) -> None:
    session = signed_in("ana", pin_until=9e9)
    assert "opens soon" not in session.get("/today/").content.decode()
    words = twice_seen(act)
    with act("ana"):
        assert Notice.objects.filter(occasion__startswith="renewal:").count() == 1
    with act("mo"):
        assert StaffTask.objects.get(rule="P-85").addressee_id == id_of("mo")
    assert "opens soon" in session.get("/today/").content.decode()
    assert b"Stop it" in session.get("/account/renewal/").content
    session.post("/account/renewal/")
    assert "opens soon" not in session.get("/today/").content.decode()
    with pytest.raises(Refused):
        recovery.enter(EMAIL, words, NEW, "home", now=tomorrow())


@pytest.mark.rule("P-85")
def test_staff_in_doubt_stop_it_and_the_other_partner_cannot(act) -> None:
    public_id = asked(act)
    with act("ben") as ben, pytest.raises(NotThere):
        recovery.stop(ben)
    with act("mo") as mo:
        recovery.stop(mo, public_id)
        assert recovery.waiting(mo) == []


@pytest.mark.rule("P-85", "P-86")
def test_the_pages_of_staff_ask_again_who_they_are_and_show_the_digits_once(act) -> None:
    public_id = asked(act)
    address = f"/staff/renewals/{public_id}/"
    mo = signed_in("mo")
    assert "reauthenticate" in mo.get(address)["Location"]
    for name in ("mo", "dee"):
        staff = signed_in(name, **{FRESH: 9e9})
        assert "Ana" in staff.get("/staff/renewals/").content.decode()
        page = staff.get(address).content.decode()
        assert "do not call" in page and "porch light" in page and "555-010" not in page
        answer = staff.post(address, {"alone": "yes"})
    shown = re.search(r"\d{4} \d{4} \d{4}", answer.content.decode())
    assert shown
    assert not re.search(r"\d{4} \d{4} \d{4}", staff.get(address).content.decode())
    with as_service("recovery"):
        row = Recovery.objects.get(public_id=public_id)
    assert shown.group().replace(" ", "") not in row.words_hash
    assert row.opens_at - row.second_at == recovery.WAIT


@pytest.mark.rule("P-32", "P-85")
def test_asking_for_help_answers_alike_for_every_address(db) -> None:
    pages = []
    for email in (EMAIL, "nobody@home.example"):
        answer = visitor().post("/account/help/", {"email": email})
        pages.append(re.sub(rb"[A-Za-z0-9]{64}", b"-", answer.content))
        words = {"email": email, "words": "123412341234", "password": NEW}
        answer = visitor().post("/account/help/code/", words)
        pages.append(
            re.sub(rb"[A-Za-z0-9]{64}", b"-", answer.content.replace(email.encode(), b"-"))
        )
    assert pages[:2] == pages[2:]
