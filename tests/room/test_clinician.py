"""The clinician's hand: admit, put out, lock, speak with one, emergency, attendance."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person, StaffTask
from mutual.record.actions import start_note
from mutual.room import actions, attendance, doorway, queries
from mutual.room.models import Admission, Confirmation, Emergency, Presence
from mutual.room.seats import seat_name
from mutual.week.actions import confirm_attendance
from tests.room import factories as make
from tests.world import id_of


def raw(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def seat(session, name: str) -> str:
    return seat_name(session.id, id_of(name))


@pytest.mark.rule("P-77")
def test_only_the_sessions_clinician_admits(act) -> None:
    session = make.individual()
    make.waits("ana", session)
    for name in ("kit", "reyes", "dee", "ada"):
        with act(name) as actor, pytest.raises(NotThere):
            actions.admit(actor, session, id_of("ana"))
    with act("kit"), pytest.raises(ProgrammingError), transaction.atomic():
        Admission(
            session=session, person_id=id_of("ana"), clinician_id=id_of("kit"),
            admitted_at=timezone.now(),
        ).save(force_insert=True)  # fmt: skip
    with act("mo") as actor:
        actions.open_room(actor, session)
        with pytest.raises(NotThere):
            actions.admit(actor, session, id_of("ben"))
        actions.admit(actor, session, id_of("ana"))
        session.refresh_from_db()
        assert session.status == "running"


@pytest.mark.rule("P-78", "P-72")
def test_who_waits_is_told_nobody_and_who_is_in_the_room_names_them_only(act) -> None:
    session = make.conjoint()
    pages = {}
    for name in ("ana", "ben"):
        make.waits(name, session)
    make.lets_in("reyes", session, "ana")
    for name in ("ana", "ben"):
        with act(name) as actor:
            own = doorway.my_session(actor, session.public_id)
            pages[name] = uuid4()
            actions.enter(actor, own, pages[name])
    with act("ana") as actor:
        own = doorway.my_session(actor, session.public_id)
        state, people = queries.partner_state(actor, own, pages["ana"])
        assert state == "in"
        assert [p["name"] for p in people.values()] == ["Dr. Reyes"]
    with act("ben") as actor:
        own = doorway.my_session(actor, session.public_id)
        assert queries.partner_state(actor, own, pages["ben"]) == ("waiting", {})
    make.lets_in("reyes", session, "ben")
    with act("ben") as actor:
        own = doorway.my_session(actor, session.public_id)
        _state, people = queries.partner_state(actor, own, pages["ben"])
        assert people[seat(session, "ana")] == {"name": "Ana", "side": "a"}
        assert str(id_of("ana")) not in repr(people)


@pytest.mark.rule("C-78", "P-75")
def test_the_places_own_emergency_number_is_asked_before_anybody_is_let_in(act) -> None:
    session = make.individual()
    make.waits("ana", session)
    with act("ana"):
        Confirmation.objects.update(local_number="")
    with act("mo") as actor:
        with pytest.raises(Refused) as refused:
            actions.admit(actor, session, id_of("ana"))
        assert refused.value.field == "local_number"
        with pytest.raises(Refused, match="911 reaches yours"):
            actions.admit(actor, session, id_of("ana"), local_number="911")
        actions.admit(actor, session, id_of("ana"), local_number="512-555-0100")
        (row,) = queries.desk(actor, session).rows
        assert row.place is not None
        assert row.place.local_number == "512-555-0100"


@pytest.mark.rule("C-78")
def test_somebody_without_a_private_place_is_not_let_in(act) -> None:
    session = make.individual()
    make.waits("ana", session)
    make.confirm("ana", session, replace(make.HOME, private_now=False))
    with act("mo") as actor, pytest.raises(Refused, match="private place"):
        actions.admit(actor, session, id_of("ana"))


def test_the_room_opens_fifteen_minutes_before_for_the_clinician_too(act) -> None:
    session = make.individual(timezone.now() + timedelta(hours=2))
    with act("mo") as actor, pytest.raises(Refused, match="15 minutes"):
        actions.open_room(actor, session)


def test_put_out_lock_and_aside_change_who_hears_whom(act) -> None:
    session = make.conjoint()
    for name in ("ana", "ben"):
        make.waits(name, session)
    make.lets_in("reyes", session, "ana", "ben")
    ct, a, b = (seat(session, n) for n in ("reyes", "ana", "ben"))
    with act("reyes") as actor:
        assert queries.routes(session) == {ct: [a, b], a: [ct, b], b: [ct, a]} or (
            {k: set(v) for k, v in queries.routes(session).items()}
            == {ct: {a, b}, a: {ct, b}, b: {ct, a}}
        )
        actions.speak_with(actor, session, id_of("ana"))
        assert queries.routes(session) == {ct: [a], a: [ct], b: []}
        actions.put_out(actor, session, id_of("ana"))  # ends the talk with one, too
        assert queries.routes(session) == {ct: [b], b: [ct]}
        actions.lock(actor, session)
        with pytest.raises(Refused, match="locked"):
            actions.admit(actor, session, id_of("ana"))
        with pytest.raises(NotThere):
            actions.speak_with(actor, session, id_of("ana"))
        actions.lock(actor, session, False)
        actions.admit(actor, session, id_of("ana"))
        actions.clinician_leaves(actor, session)
        assert queries.routes(session) == {a: [], b: []}


@pytest.mark.rule("P-78")
def test_in_a_class_names_are_shown_names_and_only_of_those_let_in(act) -> None:
    session = make.classes()
    for name in ("ana", "cleo"):
        make.waits(name, session)
    make.lets_in("mo", session, "ana", "cleo")
    with act("cleo") as actor:
        own = doorway.my_session(actor, session.public_id)
        page = uuid4()
        actions.enter(actor, own, page)
        state, people = queries.partner_state(actor, own, page)
        assert state == "in"
        assert {p["name"] for p in people.values()} == {"Ana", "Mo Lindgren"}
        assert {p["side"] for p in people.values()} == {"none"}


@pytest.mark.rule("C-83")
def test_an_emergency_moves_the_others_out_calls_a_second_and_needs_its_note(act) -> None:
    session = make.conjoint()
    for name in ("ana", "ben"):
        make.waits(name, session)
    make.lets_in("reyes", session, "ana", "ben")
    with act("reyes") as actor:
        row = actions.open_emergency(actor, session, id_of("ana"))
        assert actions.open_emergency(actor, session, id_of("ana")).id == row.id
        assert [r.name for r in queries.desk(actor, session).inside] == ["Ana"]
        assert StaffTask.objects.filter(rule="C-83", addressee_id=id_of("mo")).count() == 1
        actions.note_in_emergency(actor, row, "Dispatch reached")
        with pytest.raises(Refused, match="crisis note"):
            actions.close_emergency(actor, row)
        with pytest.raises(Refused, match="crisis note"):
            actions.end_room(actor, session)
        now = timezone.now()
        start_note(
            actor, None, "crisis_note", Person.objects.get(id=id_of("ana")),
            starts_at=now, ends_at=now,
        )  # fmt: skip
        closed = actions.close_emergency(actor, row)
        assert [words for _at, words in closed.log][1] == "Dispatch reached"
    with act("ben"):
        assert Emergency.objects.count() == 0


@pytest.mark.rule("C-55", "C-56", "C-33")
def test_attendance_is_the_union_of_stretches_and_the_clinician_confirms_it(act) -> None:
    start = timezone.now() - timedelta(minutes=62)
    with transaction.atomic():
        session = make.individual(start)
    make_now = start + timedelta(minutes=1)
    with act("ana") as actor:
        own = doorway.my_session(actor, session.public_id)
        actions.confirm_place(actor, own, make.HOME, now=make_now)
        actions.enter(actor, own, uuid4(), now=make_now)
    with act("mo") as actor:
        actions.open_room(actor, session, uuid4(), now=make_now)
        actions.admit(actor, session, id_of("ana"), now=start)

    def there(who: str, a: int, b: int) -> None:
        stretch = attendance.connected(
            session, id_of(who), person=who == "ana", now=start + timedelta(minutes=a)
        )
        attendance.still_connected(stretch, person=who == "ana", now=start + timedelta(minutes=b))

    with act("ana"):
        there("ana", 0, 20)
        there("ana", 18, 40)  # a second page, over the first
        there("ana", 44, 60)  # 4 minutes away: bridged
        assert Presence.objects.count() == 3
    with act("mo") as actor:
        there("mo", 0, 60)
        actions.end_room(actor, session, now=start + timedelta(minutes=60))
        (line,) = attendance.lines(actor, session)
        assert line.measured.minutes == 60
        with pytest.raises(Refused, match="Say why"):
            confirm_attendance(actor, session, id_of("ana"), measured=60, minutes=50)
        row = confirm_attendance(
            actor, session, id_of("ana"), measured=60, minutes=50, reason="Sound failed"
        )
        assert (row.measured, row.minutes) == (60, 50)
    with act("ben"):
        assert raw("select count(*) from room_presence") == [(0,)]
        assert raw("select count(*) from room_clinicianpresence") == [(0,)]


@pytest.mark.rule("P-3")
def test_a_person_cannot_write_their_own_minutes_longer(act) -> None:
    session = make.individual()
    make.waits("ana", session)
    with act("ana"):
        attendance.connected(session, id_of("ana"), person=True)
        raw("update room_presence set until = until + interval '1 hour' returning 1")
        row = Presence.objects.get()
        assert row.until == row.since


@pytest.mark.rule("P-79")
def test_the_room_has_no_table_setting_or_order_that_records() -> None:
    from mutual.room.policy import KINDS

    (kind,) = KINDS
    assert kind.name == "recording"
    assert kind.cells == ""


def test_the_clinicians_desk_costs_few_queries(act, django_assert_max_num_queries) -> None:
    session = make.conjoint()
    for name in ("ana", "ben"):
        make.waits(name, session)
    with act("reyes") as actor, django_assert_max_num_queries(25):
        queries.desk(actor, session)
