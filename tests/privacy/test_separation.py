"""Separation in one action (P-71): what the two opened ends; each one's care goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.daily.actions import write_to_couple, write_to_own
from mutual.daily.models import CoupleMessage
from mutual.episode.models import CoupleEpisode, Episode
from mutual.people.actions import save_contact
from mutual.people.models import Couple, Person, ShownName, StaffTask
from mutual.privacy.actions import sign_consent
from mutual.privacy.queries import missing
from mutual.privacy.separation import separate, task_words, told
from mutual.record.models import Note
from mutual.wall.context import as_service
from mutual.wall.models import Relation
from mutual.week.models import Seat, Session
from tests.record.factories import signed
from tests.room import factories as rooms
from tests.world import id_of


@pytest.fixture
def opened(act) -> None:
    """All that two partners can open to each other, and something to read under each."""
    for name in ("ana", "ben"):
        with act(name) as person:
            for code in ("cj", "team"):
                sign_consent(person, code, name.title())
    with act("ana") as ana:
        write_to_couple(ana, "Good morning to you both.")
    with act("reyes") as reyes:
        signed(reyes, "ab", "conjoint_note")
        assert Note.objects.visible_to(reyes).filter(kind="conjoint_note").exists()


def reads(act, name: str, kind: str) -> int:
    with act(name) as actor:
        return Note.objects.visible_to(actor).filter(kind=kind).count()


def _part(act, who: str) -> None:
    with act(who) as actor:
        couple = Couple.objects.get(id=id_of("ab"))
        assert separate(actor, None if actor.is_person else couple)
        assert not separate(actor, None if actor.is_person else couple), "once is once"


@pytest.mark.rule("P-71")
@pytest.mark.parametrize("who", ["ana", "ben", "reyes"])
def test_the_next_request_of_the_other_has_no_grant(act, opened, who: str) -> None:
    for name in ("ana", "ben", "mo", "kit"):
        assert reads(act, name, "conjoint_note") == 1
    _part(act, who)
    for name, other in (("ana", "ben"), ("ben", "ana")):
        with act(name) as actor:
            assert not Person.objects.visible_to(actor).filter(id=id_of(other)).exists()
            assert not ShownName.objects.filter(person_id=id_of(other)).exists()
            assert not Relation.objects.filter(
                viewer_id=actor.sure_id, subject_id=id_of(other), valid__contains=timezone.now()
            ).exists()
        assert reads(act, name, "conjoint_note") == 0
    for counselor, other in (("mo", "ben"), ("kit", "ana")):
        assert reads(act, counselor, "conjoint_note") == 0
        with act(counselor) as actor:
            assert not ShownName.objects.filter(person_id=id_of(other)).exists()
    assert missing(id_of("ana"), ["cj", "team", "tpo", "tele", "group"]) == ["cj", "team"]


@pytest.mark.rule("P-71", "C-97")
def test_care_of_each_goes_on_and_the_joint_work_ends(act, opened) -> None:
    ahead = timezone.now() + timedelta(days=2)
    joint, own = rooms.conjoint(ahead), rooms.individual(ahead + timedelta(days=1))
    _part(act, "ana")
    with act("dee"):
        assert (
            Episode.objects.filter(
                person_id__in=[id_of("ana"), id_of("ben")], closed_on__isnull=True
            ).count()
            == 2
        )
        assert CoupleEpisode.objects.get(couple_id=id_of("ab")).status == "closed"
        assert Session.objects.get(id=joint.id).status == "cancelled"
        assert Session.objects.get(id=own.id).status == "planned"
    with act("ben") as ben:
        coming = Seat.objects.visible_to(ben).filter(
            during__startswith__gt=timezone.now(), cancelled=False, kind="conjoint"
        )
        assert not coming.exists()
    with act("ana") as ana:
        write_to_own(ana, "I am fine.")


@pytest.mark.rule("P-71")
def test_the_shared_thread_freezes_for_all_three_and_stays_readable(act, opened) -> None:
    _part(act, "ana")
    for name in ("ana", "ben", "reyes"):
        with act(name) as actor:
            assert CoupleMessage.objects.visible_to(actor).exists()
            with pytest.raises(Refused, match="Weeks like this also come back later"):
                couple = Couple.objects.get(id=id_of("ab"))
                write_to_couple(actor, "one more", couple=couple)


@pytest.mark.rule("P-71", "C-16", "P-54")
@pytest.mark.parametrize("path", ["/today/", "/us/", "/week/", "/messages/", "/messages/ours/"])
def test_the_others_pages_open_and_never_say_that_somebody_ended_it(
    act, browse, opened, path: str
) -> None:
    _part(act, "ana")
    answer = browse("ben").get(path)
    assert answer.status_code == 200
    text = answer.content.decode().lower()
    for word in ("separat", "ended", "parted", "left you", "no longer"):
        assert word not in text


@pytest.mark.rule("P-71")
def test_both_counselors_and_the_therapist_hear_it_in_the_same_words(act, opened) -> None:
    _part(act, "ben")
    texts = set()
    for name, about in (("mo", {"ana"}), ("kit", {"ben"}), ("reyes", {"ana", "ben"})):
        with act(name):
            tasks = StaffTask.objects.filter(rule="P-71", addressee_id=id_of(name))
            assert {t.person_id for t in tasks} == {id_of(p) for p in about}
            assert all(t.due <= timezone.now() + timedelta(hours=24) for t in tasks)
            texts |= {t.text for t in tasks}
    assert texts == {task_words()}
    for word in ("Ana", "Ben", "because"):
        assert word not in task_words()


@pytest.mark.rule("P-71", "P-59")
def test_a_new_address_is_linked_to_nobody(act, opened) -> None:
    _part(act, "ana")
    with act("ana") as ana:
        save_contact(
            ana, phone="555-010-1000", safe_route="portal", safe_hours="", voicemail=False,
            code_word="", emergency_name="", emergency_phone="", emergency_nobody=True,
            home_address="77 Elsewhere", home_state="TX",
        )  # fmt: skip
    with act("kit"):
        assert not StaffTask.objects.filter(rule="C-2").exists()
    with act("mo"):
        assert StaffTask.objects.filter(rule="C-2").exists()


@pytest.mark.rule("P-71", "P-2")
@pytest.mark.parametrize("who", ["mo", "kit", "vale", "ada", "bill"])
def test_nobody_else_separates_a_couple(act, who: str) -> None:
    with act(who) as actor, pytest.raises(NotThere):
        with as_service("separation"):
            couple = Couple.objects.get(id=id_of("ab"))
        separate(actor, couple)


@pytest.mark.rule("P-71")
def test_once_both_were_told_the_couple_is_closed(act, browse, opened) -> None:
    with act("reyes"):
        url = f"/staff/couples/{Couple.objects.get(id=id_of('ab')).public_id}/parting/"
    client = browse("reyes")
    assert "Both have been told" not in client.get(url).content.decode()
    client.post(url, {"what": "part"})
    assert "Both have been told" in client.get(url).content.decode()
    client.post(url, {"what": "told"})
    with act("dee"):
        couple = Couple.objects.get(id=id_of("ab"))
    assert couple.ended_on == timezone.localdate()
    with act("mo") as mo, pytest.raises(NotThere):
        told(mo, couple)


@pytest.mark.rule("P-71", "P-68", "P-69")
def test_a_partner_reads_what_happens_first_and_confirms(act, browse, opened) -> None:
    client = browse("ana")
    page = client.get("/me/changes/").content.decode()
    for words in ("Your own care goes on", "From a clinician, not from this app", "799-7233"):
        assert words in page
    assert client.post("/me/changes/").status_code == 422
    assert client.post("/me/changes/", {"sure": "yes"}).status_code == 302
    with act("dee"):
        assert Couple.objects.get(id=id_of("ab")).parted_at is not None
    assert client.get("/me/changes/").content.decode().count("End our work as a couple") == 1
    # Behind the PIN, and the same for somebody whose couple has ended.
    assert browse("ana", pin=False).get("/me/changes/").status_code == 302


@pytest.mark.rule("P-71", "P-21")
def test_a_restored_database_parts_them_again(act, opened) -> None:
    from mutual.privacy.separation import _part_again

    moment = timezone.now()
    _part_again({"couple": str(id_of("ab"))}, moment)
    with act("dee"):
        assert Couple.objects.get(id=id_of("ab")).parted_at == moment
        assert CoupleEpisode.objects.get(couple_id=id_of("ab")).status == "closed"
