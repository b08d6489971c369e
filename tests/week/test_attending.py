"""What happened: attendance, no-shows, a conjoint session with one partner, hours kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import StaffTask
from mutual.people.tasks_of import finish_task, open_tasks
from mutual.privacy.actions import revoke
from mutual.week.actions import (
    confirm_attendance,
    end_session,
    excuse,
    mark_no_show,
    one_partner_came,
    settle_process_group,
)
from mutual.week.kinds import KINDS
from mutual.week.models import Attendance, Seat, Session
from mutual.week.queries import attended_minutes
from tests.week.factories import at, conjoint, group, individual, monday
from tests.world import id_of

ANA, BEN = id_of("ana"), id_of("ben")


@pytest.mark.rule("C-55")
def test_72_of_90_minutes_is_attended_and_71_is_partial(act) -> None:
    with act("ada") as ada:
        _made, session = group(ada, "skills_group", "noor", at(0, 17), "ana", "cleo")
    with act("noor") as noor:
        assert confirm_attendance(noor, session, ANA, measured=72).status == "attended"
        row = confirm_attendance(noor, session, id_of("cleo"), measured=71)
        assert (row.status, row.minutes) == ("partial", 71)


@pytest.mark.rule("C-55")
def test_a_changed_count_needs_a_reason_and_keeps_what_was_measured(act) -> None:
    with act("mo") as mo:
        session = individual(mo, "ana", "mo", at(1, 16))
        with pytest.raises(Refused, match="Say why"):
            confirm_attendance(mo, session, ANA, measured=40, minutes=60)
        with pytest.raises(Refused, match="0 to 60"):
            confirm_attendance(mo, session, ANA, measured=61)
        row = confirm_attendance(mo, session, ANA, measured=40, minutes=60, reason="phone")
        assert (row.measured, row.minutes, row.status) == (40, 60, "attended")
        with pytest.raises(Refused, match="say why"):
            excuse(mo, session, ANA, " ")
        assert excuse(mo, session, ANA, "hospital visit").status == "excused"
        assert Attendance.objects.count() == 1


@pytest.mark.rule("C-36", "C-58")
def test_kept_hours_count_once_and_in_the_week_they_happen(act) -> None:
    with act("mo") as mo:
        thursday = individual(mo, "ana", "mo", at(3, 16))
        mark_no_show(mo, thursday, ANA, now=at(3, 17))
        make_up = individual(mo, "ana", "mo", at(0, 16, weeks=3))
        confirm_attendance(mo, make_up, ANA, measured=60)
        call = individual(mo, "ana", "mo", at(1, 16, weeks=3))
        Seat.objects.filter(session=call).update(kind="check_in_call")
        confirm_attendance(mo, call, ANA, measured=15)
        assert attended_minutes(ANA, monday()) == 0
        assert attended_minutes(ANA, monday(3)) == 60


@pytest.mark.rule("C-57")
def test_a_no_show_tasks_the_own_counselor_within_24_hours_of_the_start(act) -> None:
    with act("ada") as ada:
        _made, session = group(ada, "skills_group", "noor", at(0, 18), "ben")
    with act("noor") as noor:
        row, task = mark_no_show(noor, session, BEN, now=at(0, 19))
        assert row.status == "no_show" and task is not None
        assert task.due == at(1, 18) and task.addressee_id == id_of("kit")
        _again, same = mark_no_show(noor, session, BEN, now=at(0, 19))
        assert same is not None and same.id == task.id
    with act("kit") as kit:
        assert [t.name for t in open_tasks(kit)] == ["Ben"]
        finish_task(kit, task.public_id)
        assert open_tasks(kit) == []
    with act("mo") as mo:
        assert open_tasks(mo) == []
        with pytest.raises(NotThere):
            finish_task(mo, task.public_id)


@pytest.mark.rule("C-57")
def test_after_high_risk_the_call_is_due_within_two_hours(act) -> None:
    with act("mo") as mo:
        session = individual(mo, "ana", "mo", at(3, 16))
        _row, task = mark_no_show(mo, session, ANA, urgent=True, now=at(3, 16, 20))
        assert task is not None and task.due == at(3, 18)


@pytest.mark.rule("C-59", "C-60")
def test_with_one_partner_absent_the_session_ends_as_conjoint_and_counts_for_who_came(act) -> None:
    with act("reyes") as reyes:
        session = conjoint(reyes, at(3, 18))
        with pytest.raises(Refused, match="15 minutes"):
            one_partner_came(reyes, session, ANA, BEN, now=at(3, 18, 10))
        contact = one_partner_came(reyes, session, ANA, BEN, contact_minutes=25, now=at(3, 18, 40))
        assert Session.objects.get(id=session.id).status == "cancelled"
        assert (contact.kind, contact.subject_of) == ("practical_contact", "P")
        assert KINDS[contact.kind].note != "conjoint_note"
    with act("mo"):
        assert attended_minutes(ANA, monday()) == 25
    with act("kit"):
        assert attended_minutes(BEN, monday()) == 0


@pytest.mark.rule("C-59")
def test_a_contact_is_at_most_25_minutes_and_once_in_four_weeks(act) -> None:
    with act("reyes") as reyes:
        session = conjoint(reyes, at(3, 18))
        with pytest.raises(Refused, match="at most 25"):
            one_partner_came(reyes, session, ANA, BEN, contact_minutes=26, now=at(3, 18, 20))
        one_partner_came(reyes, session, ANA, BEN, contact_minutes=20, now=at(3, 18, 40))
        again = conjoint(reyes, at(3, 18, weeks=3))
        with pytest.raises(Refused, match="in 4 weeks"):
            one_partner_came(reyes, again, ANA, BEN, contact_minutes=20, now=at(3, 18, 40, weeks=3))
        one_partner_came(reyes, again, ANA, BEN, now=at(3, 18, 40, weeks=3))
        tasks = StaffTask.objects.filter(rule="C-59", addressee_id=id_of("reyes"))
        assert tasks.latest("due").due == at(3, 18, 40, weeks=3) + timedelta(hours=72)


@pytest.mark.rule("C-7")
def test_without_the_agreement_of_both_no_contact_with_one_is_held(act) -> None:
    with act("reyes") as reyes:
        session = conjoint(reyes, at(3, 18))
    with act("ben") as ben:
        revoke(ben, "confidences")
    with act("reyes") as reyes, pytest.raises(Refused, match="not signed by both"):
        one_partner_came(reyes, session, ANA, BEN, contact_minutes=20, now=at(3, 18, 20))


@pytest.mark.rule("C-59")
def test_in_a_hold_nobody_is_a_no_show(act) -> None:
    with act("reyes") as reyes:
        session = conjoint(reyes, at(3, 18))
        one_partner_came(reyes, session, ANA, BEN, held=True, now=at(3, 18, 20))
        assert Attendance.objects.count() == 0


@pytest.mark.rule("C-60")
def test_nobody_attended_a_conjoint_session_alone(act) -> None:
    with act("reyes") as reyes:
        session = conjoint(reyes, at(3, 18))
        mark_no_show(reyes, session, BEN, now=at(3, 18, 20))
        with pytest.raises(Refused, match="One partner came"):
            confirm_attendance(reyes, session, ANA, measured=60)


@pytest.mark.rule("C-43")
def test_a_process_group_of_two_becomes_skills_with_its_note(act) -> None:
    with act("ada") as ada:
        _made, session = group(ada, "process_group", "noor", at(2, 17), "ana", "cleo")
    with act("noor") as noor:
        assert settle_process_group(noor, session, [ANA, id_of("cleo")]).kind == "skills_group"
        assert set(Seat.objects.filter(session=session).values_list("kind", flat=True)) == {
            "skills_group"
        }


@pytest.mark.rule("C-43")
def test_a_process_group_of_one_led_by_the_partners_counselor_does_not_run(act) -> None:
    with act("ada") as ada:
        _made, session = group(ada, "skills_group", "noor", at(2, 17), "ana", "dan")
        session.kind = "process_group"  # a leader who has covered for another since
        session.save()
    with act("noor") as noor:
        # Noor counsels Cleo, Dan's partner.
        assert settle_process_group(noor, session, [id_of("dan")]).status == "cancelled"


@pytest.mark.rule("C-61")
def test_absences_and_hours_are_never_the_partners_to_see(act) -> None:
    with act("mo") as mo:
        session = individual(mo, "ana", "mo", at(3, 16))
        mark_no_show(mo, session, ANA, now=at(3, 17))
    with act("ben"):
        assert not Attendance.objects.exists()
        assert not Seat.objects.exists()
        assert attended_minutes(ANA, monday()) == 0
    with act("ana"):
        assert Attendance.objects.get().status == "no_show"


@pytest.mark.rule("P-4")
@pytest.mark.parametrize("who", ["kit", "vale", "ben", "bill", "dee"])
def test_only_the_clinician_and_the_own_counselor_confirm(act, who: str) -> None:
    with act("mo") as mo:
        session = individual(mo, "ana", "mo", at(3, 16))
    with act(who) as actor:
        with pytest.raises(NotThere):
            confirm_attendance(actor, session, ANA, measured=60)
        with pytest.raises(ProgrammingError), transaction.atomic():
            Attendance.objects.create(
                session_id=session.id,
                person_id=ANA,
                clinician_id=id_of("mo"),
                minutes=60,
                status="attended",
                confirmed_at=at(3, 17),
                confirmed_by=actor.id,
            )


def test_only_who_held_a_session_ends_it(act) -> None:
    with act("mo") as mo:
        session = individual(mo, "ana", "mo", at(3, 16))
        assert end_session(mo, session).status == "ended"
    with act("kit") as kit, pytest.raises(NotThere):
        end_session(kit, session)
