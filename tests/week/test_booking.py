"""Booking one session: who may, who is refused and in which words, and that it books once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import NotThere, Refused
from mutual.episode.models import ClearanceState
from mutual.people.models import Licence
from mutual.privacy.actions import revoke
from mutual.wall.context import as_service
from mutual.week.actions import (
    book_session,
    cancel,
    keep_apart,
    leave_group,
    make_group,
    reschedule,
    seat_in_group,
)
from mutual.week.checks import runs_as
from mutual.week.models import Group, GroupMember, PersonBooking, Seat, Session, StaffBooking
from tests.week.factories import at, conjoint, group, individual, staff
from tests.world import id_of


def test_a_counselor_books_their_own_persons_session(act) -> None:
    with act("mo") as mo:
        made = individual(mo, "ana", "mo", at(1, 16))
        assert Seat.objects.get(session=made).subject_id == id_of("ana")
        assert PersonBooking.objects.get(session=made).during == made.during
        assert StaffBooking.objects.get(session=made).staff_id == id_of("mo")


@pytest.mark.rule("P-11")
def test_a_counselor_books_nothing_for_the_partner_or_for_other_couples(act) -> None:
    with act("mo") as mo:
        for person, clinician in (("ben", "kit"), ("cleo", "noor")):
            with pytest.raises(NotThere):
                individual(mo, person, clinician, at(1, 16))


def test_the_couples_therapist_books_the_joint_session_and_no_own_one(act) -> None:
    with act("reyes") as reyes:
        made = conjoint(reyes, at(3, 18))
        assert {s.subject_of for s in Seat.objects.filter(session=made)} == {"C"}
        with pytest.raises(NotThere):
            individual(reyes, "ana", "mo", at(1, 16))


def test_a_partner_books_nothing(act) -> None:
    with act("ana") as ana, pytest.raises(NotThere):
        individual(ana, "ana", "mo", at(1, 16))


@pytest.mark.rule("F-4")
def test_an_overlap_is_refused_and_says_who_is_busy_then_but_not_with_whom(act) -> None:
    with act("ada") as ada:
        individual(ada, "ana", "mo", at(1, 16))
        with pytest.raises(Refused, match="No longer free: Mo Lindgren busy then") as refusal:
            book_session(
                ada, "intake", clinician=staff("mo"), start=at(1, 16, 30), persons=[id_of("ben")]
            )
        assert "Ana" not in refusal.value.text and "Individual" not in refusal.value.text
        assert Session.objects.count() == 1


@pytest.mark.rule("F-4")
def test_one_person_has_one_place_at_a_time(act) -> None:
    with act("ada") as ada:
        conjoint(ada, at(3, 18))
        with pytest.raises(Refused, match="No longer free: Ana busy then"):
            individual(ada, "ana", "mo", at(3, 18, 30))


@pytest.mark.rule("F-4")
def test_the_database_refuses_a_double_booking_without_the_action(act) -> None:
    with act("ada") as ada:
        made = individual(ada, "ana", "mo", at(1, 16))
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffBooking.objects.create(
                staff_id=id_of("mo"),
                session=made,
                during=TimestamptzRange(at(1, 16, 30), at(1, 17, 30)),
            )


@pytest.mark.rule("C-46", "P-76")
def test_each_persons_state_needs_a_licence_on_the_day(act) -> None:
    Licence.objects.filter(staff_id=id_of("reyes"), state="NV").delete()
    words = "Ben: Dr. Reyes is not licensed there"
    with act("reyes") as reyes, pytest.raises(Refused, match=words):
        conjoint(reyes, at(3, 18))
    with act("mo") as mo:
        individual(mo, "ana", "mo", at(1, 16))


@pytest.mark.rule("C-46")
def test_a_licence_that_ends_before_the_day_does_not_count(act) -> None:
    today = timezone.localdate()
    licence = Licence.objects.get(staff_id=id_of("mo"), state="TX")
    licence.valid = type(licence.valid)(today - timedelta(days=9), today + timedelta(days=2))
    licence.save()
    with act("mo") as mo, pytest.raises(Refused, match="not licensed there"):
        individual(mo, "ana", "mo", at(1, 16))


@pytest.mark.rule("P-12")
def test_without_the_agreement_of_both_no_conjoint_session_is_booked(act) -> None:
    with act("ben") as ben:
        revoke(ben, "confidences")
    with act("reyes") as reyes, pytest.raises(Refused, match="not signed by both") as refusal:
        conjoint(reyes, at(3, 18))
    assert refusal.value.rule == "P-12"


@pytest.mark.rule("C-15")
def test_a_couple_that_is_not_cleared_has_no_conjoint_session(act) -> None:
    with act("ada") as ada, pytest.raises(Refused, match="Not yet") as refusal:
        conjoint(ada, at(3, 18), "cd", "vale")
    assert "Cleo" not in refusal.value.text and "Dan" not in refusal.value.text


@pytest.mark.rule("P-74", "P-73")
def test_without_telehealth_consent_or_group_agreement_nothing_is_booked(act) -> None:
    with act("ana") as ana:
        revoke(ana, "group")
    with act("ada") as ada, pytest.raises(Refused, match="Ana has not signed the group agreement"):
        group(ada, "skills_group", "mo", at(0, 17), "ana")
    with act("ana") as ana:
        revoke(ana, "tele")
    with act("mo") as mo, pytest.raises(Refused, match="telehealth consent"):
        individual(mo, "ana", "mo", at(1, 16))


@pytest.mark.rule("C-40")
def test_partners_attend_different_process_groups(act) -> None:
    with act("ada") as ada:
        _made, session = group(ada, "process_group", "noor", at(2, 17), "ana")
        with pytest.raises(Refused, match="Partners attend different process groups"):
            seat_in_group(ada, session, [id_of("ben")])
        _other, class_ = group(ada, "psychoeducation", "sol", at(0, 18, 45), "ana")
        seat_in_group(ada, class_, [id_of("ben")])
        assert Seat.objects.filter(session=class_).count() == 2


@pytest.mark.rule("C-40")
def test_a_together_kind_needs_both_on_the_roster(act) -> None:
    with act("ada") as ada, pytest.raises(Refused, match="Both partners need a seat"):
        group(ada, "couples_skills", "reyes", at(2, 18, 45), "ana")
    with act("ada") as ada:
        _made, session = group(ada, "couples_skills", "reyes", at(2, 18, 45), "ana", "ben")
        assert Seat.objects.filter(session=session).count() == 2


@pytest.mark.rule("C-42")
def test_a_full_group_asks_for_a_leader_or_a_section(act) -> None:
    with act("ada") as ada:
        made, session = group(ada, "process_group", "noor", at(2, 17), "ana")
        assert made.capacity == 10
        with as_service("rosters"):
            Group.objects.filter(id=made.id).update(capacity=1)
        with pytest.raises(Refused, match="Add a leader or a section"):
            seat_in_group(ada, session, [id_of("cleo")])
        two = make_group(ada, "process_group", staff("sol"), second_leader=staff("kit"))
        assert two.capacity == 12


@pytest.mark.rule("C-44")
def test_people_who_are_kept_apart_share_no_group_and_no_reason_is_shown(act) -> None:
    with act("ada") as ada:
        keep_apart(ada, id_of("cleo"), id_of("ana"))
        _made, session = group(ada, "skills_group", "noor", at(0, 17), "ana")
        with pytest.raises(Refused) as refusal:
            seat_in_group(ada, session, [id_of("cleo")])
        assert refusal.value.text == "Choose another section."


@pytest.mark.rule("C-44", "P-2")
@pytest.mark.parametrize("who", ["ana", "cleo", "mo", "reyes", "dee"])
def test_who_is_kept_apart_is_read_by_nobody_but_the_keepers_of_rosters(act, who: str) -> None:
    from mutual.week.models import KeepApart

    with act("ada") as ada:
        keep_apart(ada, id_of("cleo"), id_of("ana"))
        assert KeepApart.objects.count() == 1
    with act(who):
        assert KeepApart.objects.count() == 0


@pytest.mark.rule("C-5")
def test_a_counselor_leads_no_process_group_that_the_partner_attends(act) -> None:
    with act("ada") as ada, pytest.raises(Refused, match="counsels a partner"):
        group(ada, "process_group", "mo", at(2, 17), "ben")


@pytest.mark.rule("C-43")
def test_few_present_make_a_process_group_something_else() -> None:
    assert runs_as("process_group", 3) == "process_group"
    assert runs_as("process_group", 2) == "skills_group"
    assert runs_as("process_group", 1) == "individual"
    assert runs_as("process_group", 1, leader_is_theirs=True) == ""
    assert runs_as("process_group", 0) == ""
    assert runs_as("skills_group", 1) == "skills_group"


@pytest.mark.rule("P-8")
def test_a_former_member_has_nothing_of_the_group_from_the_same_second(act) -> None:
    with act("ada") as ada:
        made, session = group(ada, "skills_group", "noor", at(0, 17), "ana")
    with act("ana") as ana:
        assert Session.objects.visible_to(ana).filter(id=session.id).exists()
    with act("ada") as ada:
        leave_group(ada, made, id_of("ana"), timezone.localdate() + timedelta(days=30))
    with act("ana") as ana:
        assert not Session.objects.visible_to(ana).filter(id=session.id).exists()
        assert not GroupMember.objects.exclude(person_id=id_of("ana")).exists()


def test_a_moved_session_moves_its_seats_and_times_and_frees_the_old_hour(act) -> None:
    with act("reyes") as reyes:
        made = conjoint(reyes, at(3, 18))
        reschedule(reyes, made, at(4, 12))
        assert {s.during.lower for s in Seat.objects.filter(session=made)} == {at(4, 12)}
        assert {b.during.lower for b in PersonBooking.objects.filter(session=made)} == {at(4, 12)}
        conjoint(reyes, at(3, 18))


def test_moving_onto_a_busy_hour_is_refused_and_leaves_everything_where_it_was(act) -> None:
    with act("ada") as ada:
        individual(ada, "ben", "kit", at(4, 12))
        made = conjoint(ada, at(3, 18))
        with pytest.raises(Refused, match="No longer free"):
            reschedule(ada, made, at(4, 12, 30))
        assert Session.objects.get(id=made.id).during.lower == at(3, 18)
        assert {s.during.lower for s in Seat.objects.filter(session=made)} == {at(3, 18)}


def test_a_cancelled_session_frees_its_times_and_can_not_be_moved(act) -> None:
    with act("reyes") as reyes:
        made = conjoint(reyes, at(3, 18))
        cancel(reyes, made)
        with pytest.raises(Refused):
            reschedule(reyes, made, at(4, 12))
        conjoint(reyes, at(3, 18))


@pytest.mark.rule("P-4")
def test_the_other_couples_therapist_moves_and_cancels_nothing(act) -> None:
    with act("reyes") as reyes:
        made = conjoint(reyes, at(3, 18))
    with act("vale") as vale:
        for attempt in (lambda: reschedule(vale, made, at(4, 12)), lambda: cancel(vale, made)):
            with pytest.raises(NotThere):
                attempt()


@pytest.mark.rule("C-15")
def test_clearance_is_asked_not_read(act) -> None:
    with act("cory") as cory:
        assert ClearanceState.objects.count() == 0
        conjoint(cory, at(3, 18))
