"""What screens read of the week: each their own, and the joint sessions."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from psycopg.types.range import TimestamptzRange

from mutual.base import zones
from mutual.people.models import Person
from mutual.week.actions import publish_week, reschedule
from mutual.week.grid import own_blocks, week_blocks
from mutual.week.models import GroupMember, PersonBooking, Seat, Session, StaffBooking
from mutual.week.queries import (
    hours_of_couples,
    next_seat,
    roster,
    seats_between,
    sessions_of_staff,
    slot_offered,
    upcoming,
)
from mutual.week.templates import programme_zone
from tests.week.factories import AB, at, conjoint, individual, monday, planned
from tests.world import id_of


def whole_week(act, published: bool = True) -> None:
    with act("ada") as ada:
        planned(ada)
        if published:
            publish_week(ada, id_of("ab"), monday())


@pytest.mark.rule("P-60", "C-61")
def test_a_partner_sees_the_own_week_and_the_joint_seats_and_nothing_else(act) -> None:
    whole_week(act)
    with act("ben") as ben:
        mine = seats_between(ben, id_of("ben"), at(0, 0), at(0, 0, weeks=3))
        assert sum(r.minutes for r in mine) == 630
        theirs = seats_between(ben, id_of("ana"), at(0, 0), at(0, 0, weeks=3))
        assert {r.kind for r in theirs} == {"conjoint"}
        # Raw rows: not one of Ana's own, not even as a busy time.
        with connection.cursor() as cursor:
            for table in ("week_seat", "week_personbooking"):
                cursor.execute(
                    f"select count(*) from {table} where person_id = %s and subject_of = 'P'",
                    [id_of("ana")],
                )
                assert cursor.fetchone() == (0,), table
        assert not GroupMember.objects.exclude(person_id=id_of("ben")).exists()
        kinds = set(Session.objects.values_list("subject_of", flat=True))
        assert kinds <= {"P", "C", "G"}
        assert not Session.objects.filter(subject_id=id_of("ana")).exists()


@pytest.mark.rule("P-52")
def test_ids_that_leave_are_random_and_tell_no_order(act) -> None:
    whole_week(act)
    with act("ben") as ben:
        rows = seats_between(ben, id_of("ben"), at(0, 0), at(0, 0, weeks=3))
        ids = [r.session_public_id for r in rows]
        assert len(ids) == 8 and all(i is not None and i.version == 4 for i in ids)


def test_a_draft_week_is_not_told_to_the_partners(act) -> None:
    whole_week(act, published=False)
    with act("ana") as ana:
        assert seats_between(ana, id_of("ana"), at(0, 0), at(0, 0, weeks=3)) == []
        assert next_seat(ana, at(0, 0)) is None
    with act("ada") as ada:
        publish_week(ada, id_of("ab"), monday())
    with act("ana") as ana:
        found = next_seat(ana, at(0, 0))
        assert found is not None and found.kind == "skills_group"
        assert [r.kind for r in upcoming(ana, at(3, 0), days=1)] == [
            "individual",
            "boundaries",
            "conjoint",
        ]


@pytest.mark.rule("P-68")
def test_an_own_session_is_called_session_where_the_pin_was_not_given(act) -> None:
    whole_week(act)
    with act("ana") as ana:
        rows = seats_between(ana, id_of("ana"), at(0, 0), at(0, 0, weeks=3))
        by_kind = {r.kind: r.neutral for r in rows}
        assert by_kind["individual"] == by_kind["boundaries"] == "Session"
        assert by_kind["conjoint"] == "Couples session"
        blocks = own_blocks(rows, "a", monday(), programme_zone(), at(0, 0), private=False)
        assert "Individual counseling" not in {b.label for b in blocks}
        opened = own_blocks(rows, "a", monday(), programme_zone(), at(0, 0), private=True)
        assert "Individual counseling" in {b.label for b in opened}


def test_the_join_button_wakes_15_minutes_before(act) -> None:
    with act("mo") as mo:
        individual(mo, "ana", "mo", at(1, 16))
    with act("ana") as ana:
        row = next_seat(ana, at(1, 15))
        assert row is not None and not row.opens(at(1, 15, 44))
        assert row.opens(at(1, 15, 45)) and row.opens(at(1, 16, 59)) and not row.opens(at(1, 17))


@pytest.mark.rule("F-2")
def test_each_reader_sees_a_moved_session_on_their_own_clock_with_its_zone(act) -> None:
    day = monday() + timedelta(days=2)
    start = datetime.combine(day, time(17), ZoneInfo("America/Los_Angeles"))
    letter = "D" if start.dst() else "S"
    with act("reyes") as reyes:
        made = conjoint(reyes, at(3, 18))
        reschedule(reyes, made, start)
    words = {}
    for name, zone in (("ana", "America/New_York"), ("ben", "America/Denver")):
        with act(name) as actor:
            Person.objects.filter(id=id_of(name)).update(zone=zone)
            (row,) = seats_between(actor, actor.id, start, start + timedelta(hours=1))
            words[name] = zones.when(row.start, Person.objects.get(id=actor.id).zone)
    with act("reyes") as reyes:
        (row,) = sessions_of_staff(reyes, start.date(), "America/Chicago")
        words["reyes"] = zones.when(row.start, "America/Chicago")
    assert words == {
        "ana": f"8:00 pm E{letter}T",
        "ben": f"6:00 pm M{letter}T",
        "reyes": f"7:00 pm C{letter}T",
    }


@pytest.mark.rule("F-1")
def test_hours_of_a_week_stay_right_across_the_change_of_clocks(act) -> None:
    from datetime import date

    from mutual.week.actions import plan_week
    from mutual.week.queries import planned_minutes

    autumn = date(2027, 11, 1)  # the clocks go back on Sunday 7 November 2027
    with act("ada") as ada:
        for week in (autumn, autumn + timedelta(days=7)):
            plan_week(ada, id_of("ab"), week, "shared")
            assert planned_minutes(id_of("ana"), week) == 630
        hours = [
            s.during.lower.astimezone(programme_zone()).hour
            for s in Seat.objects.filter(person_id=id_of("ana"), kind="conjoint")
        ]
        assert hours == [18, 18]


def hours(actor) -> dict[object, int]:
    (found,) = hours_of_couples(actor, monday())
    assert found.couple.id == id_of("ab") and [p.name for p in found.people] == ["Ana", "Ben"]
    return found.minutes


def test_the_couples_therapist_sees_busy_times_of_own_sessions_and_no_more(act) -> None:
    whole_week(act)
    with act("reyes") as reyes:
        blocks = week_blocks(reyes, id_of("ab"), monday(), programme_zone())
        labels = {b.label for b in blocks}
        assert "Busy" in labels and "Couples session" in labels
        assert "Session" not in labels
        assert not any(b.detail for b in blocks if b.label == "Busy")
        assert hours(reyes) == dict.fromkeys(AB, 630)


def test_a_counselor_sees_their_own_persons_lane_and_the_joint_blocks(act) -> None:
    whole_week(act)
    with act("mo") as mo:
        blocks = week_blocks(mo, id_of("ab"), monday(), programme_zone())
        assert {b.lane for b in blocks if b.label == "Session"} == {"a"}
        # Kit's work with Ben: nothing but what both have together.
        own = {b.label for b in blocks if b.lane == "b"} - {"Skills group"}
        assert "Session" not in own
        assert hours(mo) == {id_of("ana"): 630}


def test_another_couples_clinicians_see_none_of_it(act) -> None:
    whole_week(act)
    with act("sol") as sol:
        blocks = week_blocks(sol, id_of("ab"), monday(), programme_zone())
        assert {b.label for b in blocks} <= {"Class", "Skills group", "Process group", "Boundaries"}
        assert not any(b.label in ("Couples session", "Session") for b in blocks)


def test_a_day_lists_sessions_with_people_licence_and_what_is_unconfirmed(act) -> None:
    with act("ada") as ada:
        conjoint(ada, at(3, 18))
    with act("reyes") as reyes:
        (row,) = sessions_of_staff(reyes, monday() + timedelta(days=3))
        assert [name for name, _side in row.people] == ["Ana", "Ben"]
        assert row.states == ("NV", "TX") and row.unlicensed == 0 and row.unconfirmed == 2
        assert row.minutes == 60
        assert len(roster(reyes, row.public_id)) == 2


@pytest.mark.rule("P-60")
def test_an_asked_slot_is_refused_alike_whatever_the_cause(act) -> None:
    with act("ada") as ada:
        joint = conjoint(ada, at(3, 18))
        individual(ada, "ana", "mo", at(1, 16))
        individual(ada, "ben", "kit", at(1, 12))
        conjoint_of_reyes = at(1, 9)
        StaffBooking.objects.create(
            staff_id=id_of("reyes"),
            session=joint,
            during=TimestamptzRange(conjoint_of_reyes, at(1, 10)),
        )
    with act("ben") as ben:
        answers = {hour: slot_offered(ben, joint, at(1, hour)) for hour in (9, 12, 16, 19)}
        assert answers == {9: False, 12: False, 16: False, 19: True}
        assert not PersonBooking.objects.filter(person_id=id_of("ana"), subject_of="P").exists()
