"""A person's way into the room, and what nobody else may read of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import ContactLocation, StaffTask
from mutual.room import actions, doorway, queries
from mutual.room.models import Admission, Confirmation, RoomSeat, Tap
from mutual.wall.relations import consent_ends
from tests.room import factories as make
from tests.world import id_of


def raw(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@pytest.mark.rule("P-77")
def test_a_session_of_others_is_not_there_link_or_not(act) -> None:
    session = make.individual()
    for name in ("ben", "cleo"):
        with act(name) as actor, pytest.raises(NotThere):
            doorway.my_session(actor, session.public_id)
    with act("ana") as actor, pytest.raises(NotThere):
        doorway.my_session(actor, uuid4())


@pytest.mark.rule("C-78", "P-75")
def test_each_evening_is_confirmed_anew_and_a_new_place_is_remembered_by_its_label(act) -> None:
    session = make.conjoint()
    place = replace(make.HOME, label="Place 2", address="9 Other Road", state="NV")
    make.confirm("ana", session, place)
    with act("ana") as actor:
        kept = ContactLocation.objects.get(person_id=id_of("ana")).places
        assert kept["Place 2"] == {"address": "9 Other Road", "state": "NV"}
        own = doorway.my_session(actor, session.public_id)
        assert doorway.step(actor, own) == "taps"
    later = make.individual(make.soon() + timedelta(hours=2))
    with act("ana") as actor:
        own = doorway.my_session(actor, later.public_id)
        assert doorway.step(actor, own) == "confirm"
        row = actions.confirm_place(actor, own, replace(place, local_number=""))
        assert row.local_number == "555-010-9110"  # found once for this place


@pytest.mark.rule("C-78")
@pytest.mark.parametrize(
    ("change", "field"),
    [({"address": ""}, "address"), ({"state": ""}, "address"), ({"call_back": "911"}, "call_back"),
     ({"emergency_confirmed": False}, "emergency_confirmed")],
)  # fmt: skip
def test_what_is_missing_is_named_by_its_field(act, change: dict[str, object], field: str) -> None:
    session = make.conjoint()
    with act("ana") as actor, pytest.raises(Refused) as refused:
        own = doorway.my_session(actor, session.public_id)
        actions.confirm_place(actor, own, replace(make.HOME, **change))
    assert refused.value.field == field


@pytest.mark.rule("C-79")
def test_without_an_emergency_contact_outside_the_couple_no_session_starts(act) -> None:
    session = make.conjoint()
    with act("ana") as actor:
        ContactLocation.objects.filter(person_id=id_of("ana")).update(emergency_name="")
        own = doorway.my_session(actor, session.public_id)
        assert doorway.step(actor, own) == "contact"
        with pytest.raises(Refused, match="outside the couple, or say nobody"):
            actions.confirm_place(actor, own, make.HOME)
        ContactLocation.objects.filter(person_id=id_of("ana")).update(emergency_nobody=True)
        assert doorway.step(actor, own) == "confirm"


@pytest.mark.rule("P-37", "P-74")
@pytest.mark.parametrize("code", ["notice", "tele"])
def test_without_notice_or_video_consent_the_session_does_not_start_for_this_person(
    act, code: str
) -> None:
    session = make.conjoint()
    make.confirm("ana", session)
    with act("ana") as actor:
        consent_ends(id_of("ana"), code)
        own = doorway.my_session(actor, session.public_id)
        assert doorway.step(actor, own) == "consents"
        assert doorway.lacking(own, timezone.now()) == [code]
        with pytest.raises(Refused):
            actions.enter(actor, own, uuid4())
    make.waits("ben", session)


@pytest.mark.rule("C-46", "P-76", "C-59")
def test_in_a_state_where_the_clinician_is_not_licensed_there_is_no_seat(act) -> None:
    session = make.conjoint()
    make.confirm("ben", session, replace(make.HOME, address="2 Far Street", state="OR"))
    with act("ben") as actor:
        own = doorway.my_session(actor, session.public_id)
        assert doorway.step(actor, own) == "unlicensed"
        with pytest.raises(Refused):
            actions.enter(actor, own, uuid4())
    with act("reyes") as actor:
        rows = {row.name: row for row in queries.desk(actor, session).rows}
        assert rows["Ben"].problem == "You aren’t licensed in OR"


@pytest.mark.rule("P-78")
def test_the_page_goes_on_alike_whatever_was_tapped(act) -> None:
    for what in ([], ["go"], ["alone", "go"], ["not_today"]):
        with transaction.atomic():
            session = make.conjoint()
            make.confirm("ana", session)
            make.taps("ana", session, *what)
            with act("ana") as actor:
                own = doorway.my_session(actor, session.public_id)
                assert doorway.step(actor, own) == "room"
                page = uuid4()
                actions.enter(actor, own, page)
                assert queries.partner_state(actor, own, page) == ("waiting", {})
            transaction.set_rollback(True)


@pytest.mark.rule("P-78", "C-16")
def test_not_today_shows_both_the_same_sentence_from_the_start_on(act) -> None:
    session = make.conjoint()
    make.waits("ana", session, tap=("not_today",))
    make.waits("ben", session)
    said = set()
    for name in ("ana", "ben"):
        with act(name) as actor:
            own = doorway.my_session(actor, session.public_id)
            assert not doorway.held(own, timezone.now())
            assert doorway.held(own, own.start)
            said.add(queries.held_sentence(actor))
    assert len(said) == 1
    assert said.pop().startswith("You are both in treatment this week.")


@pytest.mark.rule("P-78")
def test_not_today_reaches_the_own_counselor_alone_and_the_words_do_not_say_why(act) -> None:
    session = make.conjoint()
    make.waits("ana", session, tap=("alone", "not_today", "not_today"))
    with act("mo") as actor:
        tasks = list(StaffTask.objects.filter(rule="P-78"))
        assert [t.addressee_id for t in tasks] == [id_of("mo")]
        assert "not today" not in tasks[0].text.lower()
        assert [t for _at, t in doorway.taps_of(actor, id_of("ana"), session)] == [
            "alone", "not_today", "not_today",
        ]  # fmt: skip
    for name in ("kit", "reyes", "ana", "ben", "ada", "dee"):
        with act(name) as actor:
            assert doorway.taps_of(actor, id_of("ana"), session) == []
            assert raw("select count(*) from room_tap") == [(0,)]
    with act("reyes") as actor:
        assert not StaffTask.objects.filter(rule="P-78").exists()


@pytest.mark.rule("P-78")
def test_the_therapist_sees_not_yet_alike_for_no_tap_and_not_today(act) -> None:
    seen = []
    for tap in ((), ("not_today",)):
        with transaction.atomic():
            session = make.conjoint()
            make.waits("ana", session, tap=tap)
            make.waits("ben", session)
            with act("reyes") as actor:
                actions.open_room(actor, session)
                view = queries.desk(actor, session)
                with pytest.raises(Refused) as refused:
                    actions.admit(actor, session, id_of("ben"))
                seen.append((view.not_yet, [r.where for r in view.rows], refused.value.text))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert seen[0][0] is True


@pytest.mark.rule("P-9", "P-78")
def test_a_tap_is_sealed(act) -> None:
    session = make.conjoint()
    make.waits("ana", session, tap=("not_today",))
    with act("mo"):
        assert b"not_today" not in bytes(Tap.objects.get().sealed)


@pytest.mark.rule("P-75", "P-72", "P-3")
def test_a_partner_reads_nothing_of_the_others_evening_by_raw_sql(act) -> None:
    session = make.conjoint()
    make.waits("ana", session)
    with act("ben"):
        for table in ("confirmation", "tap", "roomseat", "admission", "presence", "roomstate"):
            assert raw(f"select count(*) from room_{table}") == [(0,)], table
        with pytest.raises(ProgrammingError), transaction.atomic():
            raw(
                "insert into room_admission (id, session_id, person_id, clinician_id, admitted_at)"
                " values (%s, %s, %s, %s, now()) returning id",
                uuid4(), session.id, id_of("ben"), session.clinician_id,
            )  # fmt: skip
    with act("ana"):
        assert Confirmation.objects.count() == 1
        assert RoomSeat.objects.count() == 1
        assert Admission.objects.count() == 0
    with act("reyes"):
        assert Confirmation.objects.count() == 1


@pytest.mark.rule("P-4", "P-78")
def test_a_person_cannot_tap_or_sit_for_the_other_nor_in_a_session_of_others(act) -> None:
    session = make.conjoint()
    other = make.individual(make.soon() + timedelta(hours=3))
    for person, where in (("ana", session), ("ben", other)):
        with act("ben"), pytest.raises(ProgrammingError), transaction.atomic():
            Tap(session=where, person_id=id_of(person), tapped_at=timezone.now(), sealed=b"x").save(
                force_insert=True
            )
        with act("ben"), pytest.raises(ProgrammingError), transaction.atomic():
            RoomSeat(session=where, person_id=id_of(person), clinician_id=where.clinician_id).save(
                force_insert=True
            )


@pytest.mark.rule("P-80")
def test_help_changes_only_the_clinicians_pane(act) -> None:
    session = make.individual()
    make.waits("ana", session)
    page = None
    with act("ana") as actor:
        own = doorway.my_session(actor, session.public_id)
        page = RoomSeat.objects.get().page
        before = queries.partner_state(actor, own, page)
        actions.signal(actor, own, "not_freely")
        assert queries.partner_state(actor, own, page) == before
    with act("mo") as actor:
        (row,) = queries.desk(actor, session).rows
        assert row.signals == ("Signals: can’t speak freely",)


@pytest.mark.rule("P-77", "F-8")
def test_the_newest_page_of_a_person_takes_the_seat(act) -> None:
    session = make.individual()
    make.waits("ana", session)
    with act("ana") as actor:
        own = doorway.my_session(actor, session.public_id)
        first, second = uuid4(), uuid4()
        actions.enter(actor, own, first)
        actions.enter(actor, own, second)
        assert queries.partner_state(actor, own, first)[0] == "taken"
        assert queries.partner_state(actor, own, second)[0] == "waiting"
        assert RoomSeat.objects.count() == 1
