"""Sign-in, PIN, quick exit, contact: each person's own, and alike for all."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from mutual.base.refusal import Refused
from mutual.people.actions import check_pin, save_contact, set_pin
from mutual.people.models import Account, ContactLocation, StaffTask
from tests.world import PASSWORD, id_of


def visitor() -> Client:
    return Client(headers={"x-forwarded-proto": "https"})


def unmasked(page: bytes) -> bytes:
    return re.sub(rb"[A-Za-z0-9]{64}", b"-", page)


def account(name: str) -> Account:
    return Account.objects.get(actor_id=id_of(name))


CONTACT = {
    "phone": "555-010-1000", "safe_route": "portal", "safe_hours": "", "voicemail": False,
    "code_word": "", "emergency_name": "Rosa", "emergency_phone": "555", "emergency_nobody": False,
}  # fmt: skip


@pytest.mark.rule("P-32")
def test_a_known_and_an_unknown_address_get_one_answer(db) -> None:
    pages = []
    for email in ("ana@home.example", "nobody@home.example"):
        answer = visitor().post("/account/login/", {"login": email, "password": "wrong words"})
        pages.append(unmasked(answer.content.replace(email.encode(), b"-")))
        assert answer.status_code == 200
    assert pages[0] == pages[1]


@pytest.mark.rule("P-32", "P-49", "P-85")
def test_a_reset_says_the_same_for_both_and_its_mail_is_neutral(db) -> None:
    pages = []
    for email in ("ana@home.example", "nobody@home.example"):
        answer = visitor().post("/account/password/reset/", {"email": email}, follow=True)
        pages.append(unmasked(answer.content.replace(email.encode(), b"-")))
    assert pages[0] == pages[1]
    assert {m.subject for m in mail.outbox} == {"Mutual: you have an update"}
    assert not any(re.search(r"Ana|treat|recover|therap|couple", m.body, re.I) for m in mail.outbox)


@pytest.mark.rule("P-82", "F-19")
def test_nobody_signs_up_without_a_link(db) -> None:
    answer = visitor().get("/account/signup/")
    assert b"private link" in answer.content
    before = Account.objects.count()
    visitor().post("/account/signup/", {"email": "new@home.example", "password1": PASSWORD})
    assert Account.objects.count() == before


@pytest.mark.rule("P-83", "P-86")
@pytest.mark.parametrize(("name", "page"), [("ana", "/me/"), ("ana", "/today/"), ("mo", "/staff/")])
def test_without_a_second_factor_everything_leads_to_enrolling(db, name: str, page: str) -> None:
    client = visitor()
    client.post("/account/login/", {"login": account(name).email, "password": PASSWORD})
    assert client.get(page)["Location"] == "/account/enrol/"
    assert client.get("/account/enrol/").status_code == 200


@pytest.mark.rule("P-86")
def test_a_code_app_is_enough_for_a_person_and_not_for_staff(db) -> None:
    from allauth.mfa.models import Authenticator

    from mutual.people.second_factor import has_factor

    for name, enough in (("ana", True), ("mo", False)):
        Authenticator.objects.create(user=account(name), type="totp", data={"secret": "x"})
        assert has_factor(account(name)) is enough
    Authenticator.objects.create(user=account("mo"), type="webauthn", data={})
    assert has_factor(account("mo"))
    Authenticator.objects.create(user=account("ben"), type="recovery_codes", data={})
    assert not has_factor(account("ben"))


@pytest.mark.rule("P-83")
@pytest.mark.parametrize(
    ("answer", "first", "absent"),
    [("no", "Add a passkey", "Use a security key"), ("yes", "Use a code app", "Add a passkey")],
)
def test_a_shared_phone_is_led_away_from_a_passkey_on_it(browse, answer, first, absent) -> None:
    page = browse("ana").post("/account/enrol/", {"shared": answer}).content.decode()
    assert first in page and absent not in page


@pytest.mark.rule("P-84")
def test_a_session_ended_elsewhere_acts_for_nobody(browse) -> None:
    client = browse("ana")
    assert client.get("/me/").status_code == 200
    client.session.flush()
    answer = client.get("/me/")
    assert answer.status_code == 302 and "/account/login/" in answer["Location"]


@pytest.mark.rule("P-68")
def test_private_pages_open_with_the_pin_and_not_without(browse) -> None:
    client = browse("ana", pin=False)
    set_pin(account("ana"), "4711", "4711")
    assert client.get("/me/")["Location"] == "/pin/?next=/me/"
    assert b"does not fit" in client.post("/pin/", {"pin": "4712", "next": "/me/"}).content
    assert client.post("/pin/", {"pin": "4711", "next": "/me/"})["Location"] == "/me/"
    assert client.get("/me/").status_code == 200


@pytest.mark.rule("P-68")
@pytest.mark.parametrize("pin", ["12", "1111", "1234", "abcd", "123456789"])
def test_an_easy_pin_is_refused(db, pin: str) -> None:
    with pytest.raises(Refused):
        set_pin(account("ana"), pin, pin)


@pytest.mark.rule("P-68")
def test_five_wrong_pins_close_it_for_a_while(db) -> None:
    mine = account("ana")
    set_pin(mine, "4711", "4711")
    assert [check_pin(mine, "0000") for _ in range(5)] == [False] * 5
    with pytest.raises(Refused, match="Wait 15 minutes"):
        check_pin(mine, "4711")


@pytest.mark.rule("P-66", "P-68")
def test_after_a_quick_exit_the_server_asks_for_the_pin(browse) -> None:
    set_pin(account("ana"), "4711", "4711")
    client = browse("ana")
    assert client.post("/lock/").status_code == 204
    assert client.get("/me/")["Location"].startswith("/pin/")
    page = client.get("/pin/")
    assert b"<title>Mutual</title>" in page.content
    assert b"Ana" not in page.content
    client.post("/pin/", {"pin": "4711", "next": "/me/"})
    assert client.get("/me/").status_code == 200


@pytest.mark.rule("P-66")
def test_locked_before_there_was_a_pin_only_a_sign_in_opens_again(browse) -> None:
    client = browse("ana")
    client.post("/lock/")
    assert client.get("/pin/")["Location"] == "/account/login/"
    assert "/account/login/" in client.get("/me/")["Location"]


@pytest.mark.rule("P-68")
def test_the_pin_leads_nowhere_outside(browse) -> None:
    client = browse("ana")
    set_pin(account("ana"), "4711", "4711")
    answer = client.post("/pin/", {"pin": "4711", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/today/"


@pytest.mark.rule("P-69", "P-48")
def test_me_has_the_same_tiles_for_everyone_used_or_not(browse) -> None:
    pages = {unmasked(browse(name).get("/me/").content) for name in ("ana", "ben", "cleo", "dan")}
    assert len(pages) == 1


@pytest.mark.rule("P-67")
def test_no_page_promises_safety_or_secrecy(browse) -> None:
    for address in ("/me/", "/me/contact/", "/account/enrol/", "/pin/"):
        text = browse("ana").get(address).content.decode()
        assert not re.search(r"completely safe|100 ?% safe|\bsecret\b|untraceable", text, re.I)


@pytest.mark.rule("C-79", "P-70")
@pytest.mark.parametrize(
    "more", [{"emergency_name": "Ben"}, {"emergency_is_partner": True}, {"emergency_name": ""}]
)
def test_the_partner_alone_is_no_emergency_contact(act, more: dict) -> None:
    with act("ana") as ana, pytest.raises(Refused, match="outside the couple, or say nobody"):
        save_contact(ana, **{**CONTACT, **more})


@pytest.mark.rule("C-79", "P-70")
def test_nobody_is_accepted_and_the_counselor_writes_the_plan(act) -> None:
    with act("ana") as ana:
        save_contact(ana, **{**CONTACT, "emergency_nobody": True, "emergency_name": "Rosa"})
        assert ContactLocation.objects.get().emergency_name == ""
    with act("mo"):
        assert StaffTask.objects.get(rule="C-79").addressee_id == id_of("mo")


@pytest.mark.rule("P-59", "P-3")
def test_nobody_reads_or_writes_the_partners_contact_sheet(act, browse) -> None:
    with act("ben"):
        assert ContactLocation.objects.count() == 1
    page = browse("ben").get("/me/contact/").content.decode()
    assert "555-010-1000" not in page and "Sister of Ana" not in page


@pytest.mark.rule("P-15")
def test_the_contact_page_names_its_readers_before_saving(browse) -> None:
    page = browse("ana").get("/me/contact/").content.decode()
    assert "Mo Lindgren, your counselor" in page and "Kit Amari" not in page
