"""Break-glass: one person, one hour, told at once, looked at afterwards (P-10)."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import ContactLocation, Person
from mutual.privacy import conflicts, glass
from mutual.privacy.models import BreakGlass
from mutual.record import emergency_view
from mutual.record.models import Note, NoteBody
from mutual.wall import audit
from mutual.wall.context import as_service
from mutual.wall.models import Notice
from mutual.wall.relations import relate
from tests.people.signing_in import account, signed_in
from tests.record.factories import signed
from tests.trails import trail
from tests.world import id_of

WHY = "She doesn't answer and her sister fears an overdose."


def opened(act, who: str = "noor", name: str = "Ana Fiction", **more: object) -> BreakGlass:
    with act(who) as actor:
        return glass.open_record(actor, name, "medical", WHY, **more)


@pytest.mark.rule("P-10")
def test_a_clinician_reads_one_persons_record_at_once_and_never_the_partners(act) -> None:
    with act("mo") as mo:
        signed(mo)
    with act("noor") as noor:
        assert not Note.objects.visible_to(noor).filter(subject_id=id_of("ana")).exists()
    opened(act)
    with act("noor") as noor:
        assert NoteBody.objects.visible_to(noor).filter(subject_id=id_of("ana")).exists()
        assert ContactLocation.objects.visible_to(noor).filter(person_id=id_of("ana")).exists()
        assert not Person.objects.visible_to(noor).filter(id=id_of("ben")).exists()


@pytest.mark.rule("P-10", "P-8")
def test_minute_61_finds_nothing_and_so_does_whoever_closed_it(act, browse) -> None:
    row = opened(act, now=timezone.now() - timedelta(minutes=61))
    with act("noor") as noor:
        assert not Person.objects.visible_to(noor).filter(id=id_of("ana")).exists()
        with pytest.raises(NotThere):
            emergency_view.in_emergency(noor, row.public_id)
    fresh = opened(act)
    client = browse("noor")
    address = f"/staff/emergency-access/{fresh.public_id}/"
    assert client.get(address).status_code == 200
    assert client.post(f"{address}end/").status_code == 302
    assert client.get(address).status_code == 404
    with act("noor") as noor:
        assert not Person.objects.visible_to(noor).filter(id=id_of("ana")).exists()


@pytest.mark.rule("P-10")
def test_it_never_opens_working_notes_or_what_was_asked_live(act) -> None:
    opened(act)
    shut = ("psychotherapy_note", "sud_counseling_note", "ipv_screen", "live_screen", "journal")
    with act("noor"), connection.cursor() as cursor:
        for kind in shut:
            cursor.execute("select wall.subjects(%s)", [kind])
            assert id_of("ana") not in cursor.fetchone()[0], kind
    assert not set(glass.opens()) & set(glass.stays_shut())


@pytest.mark.rule("P-10", "P-4")
def test_it_reads_and_does_not_write(act) -> None:
    opened(act)
    with act("noor"), connection.cursor() as cursor:
        for kind in ("progress_note", "crisis_note", "medication", "contact_location"):
            cursor.execute("select wall.subjects(%s)", [f"{kind}.write"])
            assert id_of("ana") not in cursor.fetchone()[0], kind


@pytest.mark.rule("P-10")
def test_without_a_reason_of_twenty_characters_nothing_opens(act) -> None:
    with act("noor") as noor:
        for kind, reason, field in (("medical", "urgent", "reason"), ("", WHY, "kind")):
            with pytest.raises(Refused) as refused:
                glass.open_record(noor, "Ana Fiction", kind, reason)
            assert refused.value.field == field
        assert not BreakGlass.objects.exists()


@pytest.mark.rule("P-10", "P-6", "P-2")
def test_a_name_not_here_and_a_name_not_for_this_reader_get_one_answer(act) -> None:
    with act("noor") as noor:
        conflicts.declare(noor, "Ana Fiction", "friend")
        said = set()
        for name in ("Ana Fiction", "Nobody Known", "Ana", "A Fiction"):
            with pytest.raises(Refused) as refused:
                glass.open_record(noor, name, "medical", WHY)
            said.add(refused.value.text)
        assert len(said) == 1 and not BreakGlass.objects.exists()


@pytest.mark.rule("P-10", "P-6")
def test_a_conflict_declared_in_the_hour_closes_it(act, browse) -> None:
    row = opened(act)
    with act("noor") as noor:
        conflicts.declare(noor, "Ben Fiction", "partner")
    assert browse("noor").get(f"/staff/emergency-access/{row.public_id}/").status_code == 404


@pytest.mark.rule("P-10")
@pytest.mark.parametrize("who", ["ada", "bill", "pia", "cory"])
def test_who_is_neither_clinician_nor_director_opens_nothing(act, browse, who: str) -> None:
    with act(who) as actor, pytest.raises(NotThere):
        glass.open_record(actor, "Ana Fiction", "medical", WHY)
    assert browse(who).get("/staff/emergency-access/").status_code == 404


@pytest.mark.rule("P-10", "P-3")
def test_the_database_keeps_hour_and_person_whoever_writes(act) -> None:
    now = timezone.now()
    for more in ({"until": now + timedelta(minutes=61)}, {}):
        with (
            act("noor") as noor,
            pytest.raises(DatabaseError),
            transaction.atomic(),
            as_service("emergency_desk"),
        ):
            relate(noor.sure_id, "break_glass", id_of("ana"), "P", reason="x", since=now, **more)
    with act("noor") as noor, pytest.raises(DatabaseError), transaction.atomic():
        relate(
            noor.sure_id, "break_glass", id_of("ana"), "P", reason="by hand", since=now,
            until=now + timedelta(minutes=5),
        )  # fmt: skip


@pytest.mark.rule("P-10", "P-49")
def test_officer_and_person_are_told_at_once_and_the_partner_is_not(act) -> None:
    row = opened(act)
    told = {}
    for who in ("pia", "ana", "ben", "mo"):
        with act(who):
            told[who] = Notice.objects.filter(occasion=f"glass:{row.id}").count()
    assert told == {"pia": 1, "ana": 1, "ben": 0, "mo": 0}


@pytest.mark.rule("P-10", "P-88")
def test_every_read_under_it_is_marked_by_the_database_itself(act, browse) -> None:
    row = opened(act)
    assert browse("noor").get(f"/staff/emergency-access/{row.public_id}/").status_code == 200
    with act("noor"):
        audit.read("medication", id_of("ana"))
    marks = trail(act, "read", id_of("ana"))
    assert ("medication", "break_glass", "") in marks
    assert any(k == "contact_location" and u == "break_glass" for k, u, _r in marks)
    with act("mo"):
        audit.read("progress_note", id_of("ana"))
    assert ("progress_note", "own_counselor", "") in trail(act, "read", id_of("ana"))


@pytest.mark.rule("P-10")
def test_the_officer_closes_it_and_who_opened_it_never_does(act, browse) -> None:
    row = opened(act)
    with act("pia") as pia:
        waiting, _done = glass.queue(pia)
        assert [one.row.id for one in waiting] == [row.id] and waiting[0].name == "Ana Fiction"
        with pytest.raises(Refused) as refused:
            glass.review(pia, waiting[0].row, "unjustified", "", "none")
        assert refused.value.field == "comment"
    for who in ("noor", "dee"):
        with act(who) as actor, pytest.raises(NotThere):
            glass.review(actor, row, "justified", "", "none")
    page = browse("pia").post(
        f"/staff/trail/emergencies/{row.public_id}/",
        {"verdict": "unjustified", "comment": "A call would have done.", "follow_up": "talk"},
    )
    assert page.status_code == 302
    with act("pia") as pia:
        waiting, done = glass.queue(pia)
        assert not waiting and done[0].row.follow_up == "talk" and not done[0].live
    with act("noor") as noor:
        assert not Person.objects.visible_to(noor).filter(id=id_of("ana")).exists()


@pytest.mark.rule("P-10", "P-3")
def test_who_opened_it_can_neither_rewrite_nor_judge_it_in_sql(act) -> None:
    row = opened(act)
    for change in (
        {"reason": "something else entirely"},
        {"ends_at": timezone.now() + timedelta(days=1)},
        {
            "verdict": "justified",
            "reviewed_at": timezone.now(),
            "reviewed_by_id": id_of("noor"),
        },
    ):
        with act("noor"), pytest.raises(DatabaseError), transaction.atomic():
            BreakGlass.objects.filter(id=row.id).update(**change)


@pytest.mark.rule("P-10", "P-87")
def test_the_person_finds_it_behind_the_pin_and_not_the_openers_words(act, browse) -> None:
    row = opened(act)
    browse("noor").get(f"/staff/emergency-access/{row.public_id}/")
    page = browse("ana").get("/me/looked/").content.decode()
    assert "Noor Bakshi" in page and "Emergency" in page and "overdose" in page.casefold()
    assert "her sister" not in page
    assert browse("ana", pin=False).get("/me/looked/").status_code == 302
    assert "Noor" not in browse("ben").get("/me/looked/").content.decode()


@pytest.mark.rule("P-10")
def test_the_pages_cost_few_queries(act, browse, django_assert_max_num_queries) -> None:
    row = opened(act)
    pia = browse("pia")
    for address in ("/staff/trail/emergencies/", f"/staff/trail/emergencies/{row.public_id}/"):
        pia.get(address)
        with django_assert_max_num_queries(10):  # two are the test's own savepoint
            assert pia.get(address).status_code == 200


def checked(client: Client, name: str, **how: str) -> None:
    """As after a re-check a moment ago, in this way."""
    held = client.session
    held["account_authentication_methods"] = [{"at": time.time(), "reauthenticated": True, **how}]
    held["account_authentication_methods_user"] = str(account(name).pk)
    held.save()


@pytest.mark.rule("P-10", "P-86")
def test_it_opens_only_after_the_own_key_was_asked_for_again(act) -> None:
    noor = signed_in("noor")
    Authenticator.objects.create(user=account("noor"), type="webauthn", data={"name": "key"})
    address, form = "/staff/emergency-access/", {
        "name": "Ana Fiction", "kind": "medical", "reason": "Nobody answers the phone there.",
    }  # fmt: skip
    assert noor.get(address).status_code == 200, "what it opens may be read without"
    asked = noor.post(address, form)
    assert asked["Location"].startswith("/account/2fa/webauthn/reauthenticate/?next=/unlock/kept/")
    checked(noor, "noor", method="password")
    assert "reauthenticate" in noor.post(address, form)["Location"], "a password alone is no key"
    with act("noor"):
        assert not BreakGlass.objects.exists()
    assert b"Nobody answers the phone there." in noor.get("/unlock/kept/").content
    checked(noor, "noor", method="mfa", type="webauthn")
    assert noor.post(address, form)["Location"].startswith(address)
    with act("noor"):
        assert BreakGlass.objects.filter(by_id=id_of("noor")).count() == 1
    held = noor.session
    held["account_authentication_methods"][0]["at"] = time.time() - 301
    held.save()
    assert "reauthenticate" in noor.post(address, form)["Location"], "five minutes, no more"
