"""One's own keys, paper codes, devices and address (P-52, P-82 to P-85)."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core import mail

from mutual.people.actions import set_pin
from mutual.people.models import Account
from mutual.people.recheck import FRESH
from mutual.wall.context import acting
from mutual.wall.models import Notice
from mutual.wall.testing import acting_as
from mutual.wall.web import COOKIE
from tests.people.signing_in import account, enter, signed_in, visitor
from tests.world import PASSWORD, id_of


@pytest.fixture
def ana(db):
    """Ana, signed in, PIN given, re-checked a moment ago."""
    set_pin(account("ana"), "4711", "4711")
    return signed_in("ana", pin_until=time.time() + 900, **{FRESH: time.time() + 300})


def passkey(name: str, called: str = "phone") -> Authenticator:
    """A passkey of somebody, as far as a list shows one."""
    return Authenticator.objects.create(
        user=account(name), type="webauthn", data={"name": called, "credential": {}}
    )


@pytest.mark.rule("P-83")
def test_a_key_is_listed_with_its_time_renamed_and_removed_the_last_one_never(ana) -> None:
    passkey("ana", "my phone")
    page = ana.get("/account/2fa/").content.decode()
    assert "my phone" in page and "added" in page
    link = re.search(r"/account/key/([0-9a-f]{32})/", page)
    assert link
    assert b"only key" in ana.get(link.group()).content
    assert ana.post(link.group(), {"what": "remove"}).status_code == 422
    passkey("ana", "blue key")
    assert ana.post(link.group(), {"name": "grey phone"})["Location"] == "/account/2fa/"
    assert "grey phone" in ana.get("/account/2fa/").content.decode()
    ana.post(link.group(), {"what": "remove"})
    left = [a.wrap().name for a in Authenticator.objects.filter(user=account("ana"))]
    assert left == ["blue key"]


@pytest.mark.rule("P-83", "P-86")
def test_a_key_is_changed_only_after_a_recheck_and_what_was_sent_is_kept(ana) -> None:
    passkey("ana"), passkey("ana", "other")
    page = ana.get("/account/2fa/").content.decode()
    link = re.search(r"/account/key/[0-9a-f]{32}/", page)
    assert link
    held = ana.session
    held[FRESH] = 0
    held.save()
    answer = ana.post(link.group(), {"what": "remove"})
    assert answer["Location"].startswith("/account/2fa/webauthn/reauthenticate/?next=/unlock/kept/")
    assert Authenticator.objects.filter(user=account("ana")).count() == 2
    done = ana.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/unlock/kept/"})
    assert done["Location"] == "/unlock/kept/"
    assert b'value="remove"' in ana.get("/unlock/kept/").content


@pytest.mark.rule("P-52", "P-2")
def test_keys_have_no_numbers_and_anothers_key_is_not_there(ana) -> None:
    theirs = passkey("ben")
    for address in (f"/account/2fa/webauthn/keys/{theirs.pk}/edit/", f"/account/key/{'0' * 32}/"):
        assert ana.get(address).status_code == 404
    own = passkey("ana")
    assert ana.get(f"/account/2fa/webauthn/keys/{own.pk}/remove/").status_code == 404


@pytest.mark.rule("P-9", "P-83")
def test_the_secret_of_a_code_app_is_sealed_in_the_database(db) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(account("ana"), secret)
    row = Authenticator.objects.get(user=account("ana"), type="totp")
    assert secret not in str(row.data)
    assert row.wrap().validate_code(code_of(secret))


def code_of(secret: str) -> str:
    """The six digits an app shows now."""
    return totp.format_hotp_value(
        totp.hotp_value(secret, totp.yield_hotp_counters_from_time().__next__())
    )


@pytest.mark.rule("P-85")
def test_paper_codes_are_shown_once_and_counted(ana) -> None:
    passkey("ana")
    codes = RecoveryCodes.activate(account("ana")).generate_codes()
    held = ana.session
    held["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    held["account_authentication_methods_user"] = str(account("ana").pk)
    held.save()
    first = ana.get("/account/2fa/recovery-codes/").content.decode()
    assert f"{codes[0][:4]} {codes[0][4:]}" in first
    second = ana.get("/account/2fa/recovery-codes/").content.decode()
    assert codes[0][4:] not in second and "10 of 10 are left" in second
    RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).validate_code(codes[0])
    assert "9 of 10 left" in ana.get("/account/2fa/").content.decode()


@pytest.mark.rule("P-84")
def test_sessions_are_listed_and_one_or_all_others_end_at_once(ana) -> None:
    phone = visitor(**{"user-agent": "Mozilla/5.0 (iPhone) Safari/604"})
    enter(phone, "ana")
    tablet = visitor(**{"user-agent": "Mozilla/5.0 (iPad) Safari/604"})
    enter(tablet, "ana")
    page = ana.get("/account/sessions/").content.decode()
    assert page.index("this one") < page.index("Safari on iPhone") and "Safari on iPad" in page
    assert not re.search(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", page), "no network"
    assert not re.search(r"\d:\d\d", re.sub(r"<[^>]*>", "", page)), "no hour"
    token = phone.cookies[COOKIE].value
    handle = {
        device: handle
        for handle, device in re.findall(
            r'value="([0-9a-f]{32})" type="submit">End<span class="vh"> ([^<]+)<', page
        )
    }["Safari on iPhone"]
    assert ana.post("/account/sessions/end/", {"which": handle}).status_code == 302
    with acting(token) as actor:
        assert actor.id is None
    assert "/account/login/" in phone.get("/today/")["Location"]
    assert tablet.get("/account/enrol/").status_code == 200
    ana.post("/account/sessions/end/", {"which": "others"})
    assert "/account/login/" in tablet.get("/today/")["Location"]
    assert ana.get("/account/sessions/").status_code == 200
    assert {row.ip for row in UserSession.objects.all()} == {"0.0.0.0"}


@pytest.mark.rule("P-84", "P-2")
def test_nobody_ends_the_session_of_another(ana) -> None:
    from mutual.people.devices import handle_of

    ben = signed_in("ben")
    handle = handle_of(ben.session.session_key)
    assert ana.post("/account/sessions/end/", {"which": handle}).status_code == 404
    assert ben.get("/account/enrol/").status_code == 200


def told(occasion: str) -> int:
    """How many notices of an occasion wait for Ana."""
    with acting_as(id_of("ana"), "person"):
        return Notice.objects.filter(occasion__startswith=occasion).count()


@pytest.mark.rule("P-84", "P-49")
def test_a_new_device_is_told_at_the_safe_channel_the_first_and_a_known_one_are_not(db) -> None:
    device = visitor()
    enter(device, "ana")
    assert told("signin:") == 0, "the first device of an account is no news"
    device.post("/account/logout/")
    enter(device, "ana")
    assert told("signin:") == 0
    enter(visitor(), "ana")
    assert told("signin:") == 1
    assert not mail.outbox, "nothing goes to the mailbox by itself"


@pytest.mark.rule("P-84")
def test_a_new_password_ends_every_other_session(ana) -> None:
    other = signed_in("ana")
    token = other.cookies[COOKIE].value
    new = "four other fictional words"
    answer = ana.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert answer.status_code == 302, answer.content
    with acting(token) as actor:
        assert actor.id is None
    assert ana.get("/account/sessions/").status_code == 200


@pytest.mark.rule("P-82", "P-32", "P-84")
def test_another_address_takes_a_code_sent_there_and_a_taken_one_answers_alike(ana) -> None:
    pages = []
    for email in ("new-of-ana@home.example", "ben@home.example"):
        ana.post("/account/address/", {"email": email})
        pages.append(re.sub(rb"[A-Za-z0-9]{64}", b"-", ana.get("/account/address/").content))
    assert pages[0] == pages[1]
    assert re.search(r"\d{6}", mail.outbox[0].body) and not re.search(r"\d{6}", mail.outbox[1].body)
    ana.post("/account/address/", {"email": "new-of-ana@home.example"})
    code = re.search(r"\d{6}", mail.outbox[2].body)
    assert code
    assert ana.post("/account/address/", {"code": "000000"}).status_code in (302, 422)
    ana.post("/account/address/", {"code": code.group()})
    assert account("ana").email == "new-of-ana@home.example"
    assert Account.objects.get(actor_id=id_of("ben")).email == "ben@home.example"
    assert told("address:") == 1


@pytest.mark.rule("P-68", "P-83")
@pytest.mark.parametrize("address", ["/account/", "/account/2fa/", "/account/sessions/"])
def test_ones_own_sign_in_pages_open_with_the_pin(ana, address: str) -> None:
    assert ana.get(address).status_code == 200
    held = ana.session
    held["pin_until"] = 0
    held.save()
    assert ana.get(address)["Location"] == f"/pin/?next={address}"


@pytest.mark.rule("P-86")
def test_staff_recheck_with_what_cannot_be_phished(db) -> None:
    mo = signed_in("mo")
    passkey("mo")
    answer = mo.get("/account/address/")
    assert answer["Location"].startswith("/account/2fa/webauthn/reauthenticate/")
    away = mo.get("/account/reauthenticate/")
    assert away.status_code == 302 and "webauthn" in away["Location"]
