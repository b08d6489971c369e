"""Private links: one person each, used once, and silent about who is here."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.episode import actions
from mutual.episode.models import Episode, Inquiry, Invitation
from mutual.people.models import Account, ContactLocation, Person
from tests.world import id_of

SHARED = "555-010-9999"


def inquire(name: str, key: object = None) -> Inquiry:
    more = {"couple_key": key} if key else {}
    row = Inquiry(name=name, safe_route="call", reach=SHARED, safe_hours="noon", state="TX", **more)
    row.save(force_insert=True)
    return row


def accept(token: str, email: str, **more: object) -> Account:
    return actions.accept_invitation(
        token, email=email, password="obviously-fictional-3", given_name="Gil",
        family_name="Newly", **more,
    )  # fmt: skip


@pytest.mark.rule("F-19", "P-82")
def test_two_who_inquire_with_one_phone_become_two_people_and_one_couple(act) -> None:
    with act("ada") as ada:
        a = inquire("Gil")
        b = inquire("Hal", a.couple_key)
        first = actions.invite(ada, a, "gil@home.example")
        with pytest.raises(Refused, match="Ask for a private one"):
            actions.invite(ada, b, "gil@home.example")
        second = actions.invite(ada, b, "hal@home.example")
        with pytest.raises(Refused, match="has not taken up"):
            actions.form_couple_of(ada, a, b)
    one = accept(first, "gil@home.example")
    two = accept(second, "hal@home.example")
    assert one.actor_id != two.actor_id
    with act("ada") as ada:
        a.refresh_from_db()
        b.refresh_from_db()
        couple = actions.form_couple_of(ada, a, b)
        assert actions.form_couple_of(ada, a, b).id == couple.id
        phones = ContactLocation.objects.filter(person_id__in=[one.actor_id, two.actor_id])
        assert phones.count() == 2
        assert (
            Episode.objects.filter(
                person_id__in=[one.actor_id, two.actor_id], stage="screening"
            ).count()
            == 2
        )
        states = Inquiry.objects.filter(id__in=[a.id, b.id]).values_list("status", flat=True)
        assert set(states) == {"screening"}


@pytest.mark.rule("F-19")
def test_two_strangers_are_not_joined(act) -> None:
    with act("ada") as ada, pytest.raises(Refused, match="did not inquire together"):
        actions.form_couple_of(ada, inquire("Gil"), inquire("Hal"))


@pytest.mark.rule("F-19", "P-77")
def test_a_link_counts_once_and_ends_with_its_time_or_a_newer_one(act) -> None:
    with act("ada") as ada:
        inquiry = inquire("Gil")
        old = actions.invite(ada, inquiry, "gil@home.example")
        new = actions.invite(ada, inquiry, "gil@home.example")
    with pytest.raises(NotThere):
        actions.find_invitation(old)
    with pytest.raises(NotThere):
        actions.find_invitation(new, timezone.now() + timedelta(days=8))
    accept(new, "gil@home.example")
    with pytest.raises(NotThere):
        accept(new, "gil2@home.example")


@pytest.mark.rule("C-1")
def test_somebody_under_eighteen_opens_no_account(act) -> None:
    with act("ada") as ada:
        token = actions.invite(ada, inquire("Gil"), "gil@home.example")
    with pytest.raises(Refused, match="for adults"):
        accept(token, "gil@home.example", birth_date=timezone.localdate() - timedelta(days=6000))


@pytest.mark.rule("P-3")
def test_a_link_is_kept_as_a_hash_and_seen_by_admissions_only(act) -> None:
    with act("ada") as ada:
        token = actions.invite(ada, inquire("Gil"), "gil@home.example")
        with connection.cursor() as cursor:
            cursor.execute("select row_to_json(i)::text from episode_invitation i")
            assert token not in "".join(row[0] for row in cursor.fetchall())
    for name in ("ana", "ben", "mo", "reyes", "bill"):
        with act(name):
            assert not Invitation.objects.exists()
            assert not Inquiry.objects.exists()


def visitor() -> Client:
    return Client(headers={"x-forwarded-proto": "https"})


TYPED = {"given_name": "Gil", "family_name": "Newly", "birth_date": "1990-03-01",
         "password": "three plain words", "zone": "America/Denver"}  # fmt: skip


@pytest.mark.rule("P-32", "P-82")
def test_a_taken_and_a_free_address_get_the_same_answer_and_a_mail_alike(act) -> None:
    pages = []
    for email in ("ana@home.example", "gil@home.example"):
        with act("ada") as ada:
            inquiry = inquire("Gil")
            token = actions.invite(ada, inquiry, f"to-{email}")
        client = visitor()
        answer = client.post(f"/welcome/{token}/", {**TYPED, "email": email}, follow=True)
        text = answer.content.decode().replace(token, "-").replace(email, "-")
        pages.append(re.sub(r"[A-Za-z0-9]{64}", "-", text))
    assert pages[0] == pages[1]
    taken, free = mail.outbox
    assert taken.subject == free.subject == "Mutual: you have an update"
    assert not re.search(r"\d{6}", taken.body) and re.search(r"\d{6}", free.body)
    assert Account.objects.get(email="ana@home.example").actor_id == id_of("ana")
    with act("ada"):
        asked = Inquiry.objects.exclude(next_action="")
        assert asked.count() == 1


@pytest.mark.rule("F-19", "P-82", "P-83")
def test_the_code_opens_the_account_and_sends_to_the_second_key(act) -> None:
    with act("ada") as ada:
        token = actions.invite(ada, inquire("Gil"), "gil@home.example")
    client = visitor()
    address = f"/welcome/{token}/"
    assert b"An account of your own" in client.get(address).content
    client.post(address, {**TYPED, "email": "gil@home.example"})
    assert b"does not fit" in client.post(address, {"code": "000000"}).content
    code = re.search(r"\d{6}", mail.outbox[-1].body).group()  # type: ignore[union-attr]
    answer = client.post(address, {"code": code})
    assert answer["Location"] == "/account/enrol/"
    account = Account.objects.get(email="gil@home.example")
    assert account.check_password(TYPED["password"])
    assert client.get("/today/")["Location"] == "/account/enrol/"
    assert client.get("/me/")["Location"] == "/account/enrol/"
    assert visitor().get(address).status_code == 404
    with act("ada"):
        assert Person.objects.get(id=account.actor_id).zone == "America/Denver"


@pytest.mark.rule("P-32")
def test_an_old_a_used_and_an_unknown_link_are_one_and_the_same(db: None) -> None:
    answers = [visitor().get(f"/welcome/{token}/") for token in ("x" * 43, "y" * 43)]
    assert {a.status_code for a in answers} == {404}


@pytest.mark.rule("P-82")
def test_five_wrong_codes_end_it(act) -> None:
    with act("ada") as ada:
        token = actions.invite(ada, inquire("Gil"), "gil@home.example")
    client = visitor()
    client.post(f"/welcome/{token}/", {**TYPED, "email": "gil@home.example"})
    code = re.search(r"\d{6}", mail.outbox[-1].body).group()  # type: ignore[union-attr]
    for _ in range(5):
        client.post(f"/welcome/{token}/", {"code": "0"})
    assert b"Too many tries" in client.post(f"/welcome/{token}/", {"code": code}).content
