"""What happened: attendance, no-shows, a conjoint session with one partner, hours kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, ProgrammingError, transaction

from mutual.base.refusal import NotThere, Refused
from mutual.daily.models import CheckIn, CheckInBody
from mutual.episode.actions import record_suicide_screen
from mutual.people.models import Person, StaffTask
from mutual.people.tasks_of import finish_task, open_tasks
from mutual.plan.models import Diagnosis
from mutual.privacy.actions import refresh_joint, revoke, sign_consent
from mutual.record.models import Specimen, SpecimenFacts
from mutual.week.actions import (
    confirm_attendance,
    end_session,
    excuse,
    mark_no_show,
    one_partner_came,
)
from mutual.week.attending import confirm_all, net_minutes
from mutual.week.booking import local_day
from mutual.week.kinds import KINDS
from mutual.week.minutes import attendance_of
from mutual.week.models import Attendance, AttendanceReason, Seat, Session
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


@pytest.mark.rule("P-7", "C-55")
def test_why_somebody_is_excused_stays_from_whoever_has_the_minutes_alone(act) -> None:
    with act("mo") as mo:
        session = individual(mo, "ana", "mo", at(1, 16))
        excuse(mo, session, ANA, "hospital visit")
    readers = {"mo": True, "ana": True, "dee": True, "ada": False, "cory": False}
    for name, may in readers.items():
        with act(name):
            assert Attendance.objects.filter(session=session, status="excused").exists(), name
            assert AttendanceReason.objects.filter(words="hospital visit").exists() == may, name
    with act("ben"):
        assert not Attendance.objects.exists() and not AttendanceReason.objects.exists()
    with act("mo") as mo:
        mark_no_show(mo, session, ANA)
        assert AttendanceReason.objects.get().words == ""


@pytest.mark.rule("P-7", "P-3")
def test_a_therapist_writes_why_for_the_own_session_alone(act) -> None:
    with act("reyes") as reyes:
        session = conjoint(reyes, at(2, 16))
        excuse(reyes, session, ANA, "a funeral")
        assert AttendanceReason.objects.get().words == "a funeral"
        row = Attendance.objects.get()
    with act("vale"), pytest.raises(DatabaseError), transaction.atomic():
        AttendanceReason(
            attendance_id=row.id, person_id=BEN, clinician_id=id_of("vale"), words="x"
        ).save(force_insert=True)


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
        row = mark_no_show(noor, session, BEN, now=at(0, 19))
        assert row.status == "no_show"
        mark_no_show(noor, session, BEN, now=at(0, 19, 30))
        assert not StaffTask.objects.filter(rule="C-57").exists()
    with act("kit") as kit:
        tasks = open_tasks(kit)
        assert [(t.name, t.due) for t in tasks] == [("Ben", at(1, 18))]
        finish_task(kit, tasks[0].public_id)
        assert open_tasks(kit) == []
    with act("mo") as mo:
        assert open_tasks(mo) == []
        with pytest.raises(NotThere):
            finish_task(mo, tasks[0].public_id)


def missed(act, days: int = 0) -> datetime:
    """Ana misses a skills group of Noor's; when her counselor's call is due."""
    with act("ada") as ada:
        _made, session = group(ada, "skills_group", "noor", at(days, 18), "ana")
    with act("noor") as noor:
        mark_no_show(noor, session, ANA, now=at(days, 18, 20))
        assert not StaffTask.objects.filter(rule="C-57").exists()
    with act("mo") as mo:
        return next(t.due for t in open_tasks(mo) if t.rule == "C-57")


@pytest.mark.rule("C-57")
@pytest.mark.parametrize(
    ("answers", "days_ago", "hours"),
    [
        ((True, True, True, False, False, False), 29, 2),  # moderate
        ((True, True, True, True, False, False), 1, 2),  # high
        ((True, False, None, None, None, False), 1, 24),  # low
        ((True, True, True, False, False, False), 31, 24),
    ],
)
def test_a_grave_screen_of_the_last_30_days_makes_the_call_due_within_two_hours(
    act, answers, days_ago: int, hours: int
) -> None:
    with act("mo") as mo:
        ana = Person.objects.get(id=ANA)
        record_suicide_screen(mo, ana, answers, now=at(0, 18) - timedelta(days=days_ago))
    assert missed(act) == at(0, 18) + timedelta(hours=hours)


@pytest.mark.rule("C-57")
@pytest.mark.parametrize(
    ("code", "used", "days_ago", "hours"),
    [
        ("F11.20", "yes", 13, 2),
        ("F11.20", "yes", 15, 24),
        ("F11.20", "no", 1, 24),
        ("F10.20", "yes", 1, 24),
    ],
)
def test_opioid_use_said_in_a_check_in_of_14_days_makes_the_call_urgent(
    act, code: str, used: str, days_ago: int, hours: int
) -> None:
    day = local_day(at(0, 18)) - timedelta(days=days_ago)
    with act("mo") as mo:
        Diagnosis.objects.filter(person_id=ANA).delete()
        Diagnosis(
            person_id=ANA, code=code, words="use disorder", since=day, by_id=mo.id
        ).save(force_insert=True)  # fmt: skip
    with act("ana"):
        made = CheckIn(person_id=ANA, day=day)
        made.save(force_insert=True)
        CheckInBody(checkin=made, person_id=ANA, urge=3, used=used, mood=5).save(force_insert=True)
    assert missed(act) == at(0, 18) + timedelta(hours=hours)


@pytest.mark.rule("C-57", "C-87")
@pytest.mark.parametrize(
    ("found", "confirmed", "hours"),
    [("opioids", "", 2), ("opioids", "negative", 24), ("cannabis", "", 24)],
)
def test_a_test_that_found_opioids_makes_the_call_urgent(
    act, found: str, confirmed: str, hours: int
) -> None:
    with act("mo") as mo:
        asked = at(0, 9) - timedelta(days=2)
        facts = SpecimenFacts(
            person_id=ANA, asked_at=asked, asked_by=mo.id, observer_id=mo.id, collected_at=asked
        )
        facts.save(force_insert=True)
        Specimen(
            facts=facts, person_id=ANA, outcome="positive", substances=[found],
            confirmed=confirmed, confirmed_at=asked if confirmed else None,
        ).save(force_insert=True)  # fmt: skip
    assert missed(act) == at(0, 18) + timedelta(hours=hours)


@pytest.mark.rule("C-57", "C-13")
def test_the_partners_risk_is_not_this_persons(act) -> None:
    with act("kit") as kit:
        ben = Person.objects.get(id=BEN)
        grave = (True, True, True, True, False, False)
        record_suicide_screen(kit, ben, grave, now=at(0, 18) - timedelta(days=1))
    assert missed(act) == at(1, 18)


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


@pytest.mark.rule("C-7")
def test_a_programme_without_talks_alone_has_no_contact_with_one(act, settings) -> None:
    settings.COUPLE_CONFIDENCES = "no_solo_contact"
    refresh_joint(id_of("ab"))
    for name in ("ana", "ben"):
        with act(name) as self_:
            sign_consent(self_, "confidences", f"{name.title()} Fiction")
    with act("reyes") as reyes:
        session = conjoint(reyes, at(3, 18))
        with pytest.raises(Refused, match="both partners together"):
            one_partner_came(reyes, session, ANA, BEN, contact_minutes=20, now=at(3, 18, 40))


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
        confirm_attendance(noor, session, ANA, measured=90)
        session.refresh_from_db()
        assert session.kind == "process_group"
        confirm_attendance(noor, session, id_of("cleo"), measured=80)
        session.refresh_from_db()
        assert session.kind == "skills_group"
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
        mark_no_show(noor, session, ANA, now=at(2, 17, 30))
        confirm_attendance(noor, session, id_of("dan"), measured=60)
        session.refresh_from_db()
        assert session.status == "cancelled"


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


@pytest.mark.rule("C-55")
def test_a_whole_group_is_confirmed_in_few_queries_and_as_one_by_one(
    act, django_assert_max_num_queries
) -> None:
    people = ("ana", "ben", "cleo")
    with act("ada") as ada:
        _made, session = group(ada, "psychoeducation", "noor", at(0, 17), *people)
    measured = {id_of("ana"): 72, id_of("ben"): 0, id_of("cleo"): 60}
    with act("noor") as noor:
        most = net_minutes(session)
        with django_assert_max_num_queries(5 + len(people)):  # a line of the trail for each
            rows = confirm_all(noor, session, measured, late=[id_of("cleo")])
        assert {r.person_id: (r.minutes, r.status, r.late) for r in rows} == {
            id_of("ana"): (72, attendance_of(72, most), False),
            id_of("ben"): (0, attendance_of(0, most), False),
            id_of("cleo"): (60, attendance_of(60, most), True),
        }
        again = confirm_all(noor, session, {id_of("cleo"): 72})
        assert (again[0].minutes, again[0].late) == (72, False)
        with pytest.raises(Refused, match="Enter 0 to"):
            confirm_all(noor, session, {id_of("ana"): 71, id_of("ben"): most + 1})
        assert Attendance.objects.get(session=session, person_id=id_of("ana")).minutes == 72
        with pytest.raises(NotThere):
            confirm_all(noor, session, {id_of("dan"): 10})
    with act("kit") as kit, pytest.raises(NotThere):
        confirm_all(kit, session, {id_of("cleo"): 10})
