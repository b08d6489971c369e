"""The daily check-in: what it takes, whom it tells, who never reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.daily.actions import check_in, look_for_silence
from mutual.daily.models import CheckIn, CheckInBody, OwnMessage
from mutual.daily.queries import checkins_for, myself
from mutual.daily.readers import checkin_readers, relations_that_read
from mutual.measures.instruments import daily_checkin
from mutual.people.models import StaffTask
from mutual.plan.models import IndividualPlan
from mutual.wall.models import Notice
from mutual.wall.relations import consent_in_force
from tests.daily.factories import CALM, local, raw
from tests.plan.factories import own_plan
from tests.world import id_of


@pytest.mark.rule("I-20")
def test_no_question_is_about_safety_or_the_partner() -> None:
    asked = " ".join(f"{i.number} {i.handle} {i.text}".lower() for i in daily_checkin.ITEMS)
    for word in ("partner", "safe", "afraid", "fear", "hurt", "together"):
        assert word not in asked
    names = {f.name for f in CheckInBody._meta.get_fields()}
    assert names == {
        "checkin", "person", "urge", "used", "mood", "sleep", "medicine", "call_me",
    }  # fmt: skip


@pytest.mark.rule("I-21")
@pytest.mark.parametrize("left_out", ["urge", "used", "mood"])
def test_urge_use_and_mood_are_required_and_name_themselves(act, left_out: str) -> None:
    with act("ana") as ana:
        with pytest.raises(Refused) as refused:
            check_in(ana, {k: v for k, v in CALM.items() if k != left_out})
        assert refused.value.field == left_out
        assert not CheckIn.objects.exists()


@pytest.mark.rule("I-21", "I-23")
def test_what_was_skipped_is_missing_and_never_zero(act) -> None:
    with act("ana") as ana:
        check_in(ana, CALM)
        body = CheckInBody.objects.get()
        assert (body.sleep, body.medicine) == (None, "")


@pytest.mark.rule("I-22")
@pytest.mark.parametrize(
    ("fields", "rules", "coping"),
    [
        ({"urge": "7"}, ["I-22"], True),
        ({"used": "yes"}, ["C-85"], False),
        ({"used": "in_person"}, ["I-22"], False),
        ({}, [], False),
    ],
)
def test_what_asks_for_help_becomes_a_task_of_the_own_counselor(
    act, fields: dict[str, str], rules: list[str], coping: bool
) -> None:
    now = timezone.now()
    with act("ana") as ana:
        found = check_in(ana, {**CALM, **fields}, now=now)
        assert any(t.coping_page for t in found) is coping
        assert not StaffTask.objects.exists()  # out of the person's own sight
    with act("mo"):
        tasks = list(StaffTask.objects.order_by("due"))
        assert [t.rule for t in tasks] == rules
        assert all(t.due <= now + timedelta(hours=24) for t in tasks)
    with act("kit"):
        assert not StaffTask.objects.exists()


@pytest.mark.rule("C-65", "C-85")
def test_use_told_in_a_check_in_brings_the_review_of_the_own_plan_forward(act) -> None:
    today = timezone.localdate()
    for counselor, name in (("mo", "ana"), ("kit", "ben")):
        with act(counselor) as actor:
            own_plan(actor, name, days_ago=2)
    with act("ana") as ana:
        check_in(ana, {**CALM, "used": "yes"})
    with act("mo"):
        assert IndividualPlan.objects.get(person_id=id_of("ana")).review_due == today
    with act("kit"):
        assert IndividualPlan.objects.get(person_id=id_of("ben")).review_due > today


@pytest.mark.rule("I-22")
@pytest.mark.parametrize(
    ("before", "after", "task"), [("3", "6", True), ("1", "4", False), ("3", "5", False)]
)
def test_an_urge_that_rose_by_three_to_five_or_more_is_told(
    act, before: str, after: str, task: bool
) -> None:
    with act("ana") as ana:
        check_in(ana, {**CALM, "urge": before}, now=local("ana", 20, days=-1))
        found = check_in(ana, {**CALM, "urge": after}, now=local("ana", 20))
        assert bool(found) is task


@pytest.mark.rule("I-22")
def test_a_wish_for_a_call_reaches_the_own_counselor(act) -> None:
    with act("ben") as ben:
        check_in(ben, CALM, call_me=True)
    with act("kit"):
        assert StaffTask.objects.get().rule == "I-22"


@pytest.mark.rule("I-23")
def test_yesterday_is_taken_until_noon_and_then_stays_missing(act) -> None:
    yesterday = local("ana", 12, days=-1).date()
    with act("ana") as ana:
        with pytest.raises(Refused, match="closed"):
            check_in(ana, CALM, day=yesterday, now=local("ana", 12))
        check_in(ana, CALM, day=yesterday, now=local("ana", 11, 59))
        assert CheckIn.objects.get().day == yesterday


@pytest.mark.rule("I-23")
def test_a_day_is_the_persons_own_local_date_and_taken_once(act) -> None:
    late = local("ben", 23, 30)  # after midnight in Chicago
    with act("ben") as ben:
        check_in(ben, CALM, now=late)
        assert CheckIn.objects.get().day == local("ben", 12).date()
        with pytest.raises(Refused, match="have checked in"):
            check_in(ben, CALM, now=late)


@pytest.mark.rule("P-1", "P-48")
def test_the_partner_reads_neither_the_check_in_nor_that_there_is_one(act) -> None:
    with act("ana") as ana:
        check_in(ana, {**CALM, "urge": "9"})
    with act("ben") as ben:
        for table in ("daily_checkin", "daily_checkinbody", "people_stafftask"):
            assert raw(f"select count(*) from {table}") == [(0,)]
        with pytest.raises(NotThere):
            checkins_for(ben, id_of("ana"))
        assert myself(ben).checked_in is False
    with act("ben"), pytest.raises(ProgrammingError), transaction.atomic():
        raw(
            "insert into daily_checkin (id, person_id, day, given_at)"
            " values (gen_random_uuid(), %s, current_date, now()) returning 1",
            id_of("ana"),
        )


@pytest.mark.rule("I-21")
def test_the_couples_therapist_reads_check_ins_only_with_the_persons_consent(act) -> None:
    with act("ana") as ana:
        check_in(ana, CALM)
        assert checkin_readers(id_of("ana")) == ["Mo Lindgren, your counselor", "the medical team"]
    with act("reyes"):
        assert not CheckInBody.objects.exists()
    assert "couples_therapist" in relations_that_read("checkin", frozenset({"ct:checkin"}))
    with act("ana") as ana:
        consent_in_force(id_of("ana"), "ct:checkin", timezone.now() - timedelta(minutes=1))
        assert "Dr. Reyes, your couples therapist" in checkin_readers(id_of("ana"))
    with act("reyes"):
        assert CheckInBody.objects.count() == 1


@pytest.mark.rule("I-22", "I-23")
def test_three_silent_days_bring_one_kind_message_and_the_counselors_list(act) -> None:
    now = local("ana", 12, 5)
    with act("ana") as ana:
        check_in(ana, CALM, now=local("ana", 20, days=-4))
    with act("ben") as ben:
        check_in(ben, CALM, now=local("ben", 20, days=-1))
    with act("dee"):
        assert look_for_silence(now) == 1
        assert look_for_silence(now + timedelta(hours=1)) == 0
    with act("ana") as ana:
        message = OwnMessage.objects.visible_to(ana).get()
        assert "nothing is owed" in message.text
        assert Notice.objects.count() == 1
    with act("mo"):
        assert StaffTask.objects.get().text == "Three days without a check-in."
    with act("ben"):
        assert not Notice.objects.exists() and not OwnMessage.objects.exists()


@pytest.mark.rule("I-23", "I-24")
def test_the_counselor_sees_days_with_gaps_and_the_urge_week(act) -> None:
    with act("ana") as ana:
        for back, urge in ((6, "6"), (4, "5"), (3, "7"), (1, "4")):
            check_in(ana, {**CALM, "urge": urge}, now=local("ana", 20, days=-back))
    with act("mo") as mo:
        seen = checkins_for(mo, id_of("ana"), days=7)
        assert [d.body.urge if d.body else None for d in seen.days] == [
            None, 4, None, 7, 5, None, 6,
        ]  # fmt: skip
        assert seen.week.urge_week is True and str(seen.week.mean) == "5.5"
