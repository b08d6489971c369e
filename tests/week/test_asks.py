"""What partners ask about their times, and how staff answer (C-58 to C-61, P-60, F-13)."""

from __future__ import annotations

import re
from datetime import time, timedelta

import pytest
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import StaffTask
from mutual.wall.context import as_service
from mutual.wall.models import Notice
from mutual.week import answering, asks, availability
from mutual.week.actions import cancel, plan_week, publish_week, reschedule
from mutual.week.clocks import Stretch
from mutual.week.models import ChangeAsk, PersonBooking, Seat, Session
from mutual.week.slots import slots
from tests.week.factories import AB, at, conjoint, group, individual, monday, staff
from tests.world import id_of


def _tasks(rule: str) -> list[StaffTask]:
    return list(StaffTask.objects.filter(rule=rule))


@pytest.mark.rule("C-58")
def test_an_own_session_is_given_back_in_time_and_the_counselor_offers_a_make_up(act) -> None:
    with act("ada") as ada:
        session = individual(ada, "ana", "mo", at(1, 18))
    with act("ana") as ana:
        with pytest.raises(Refused, match="Say why"):
            asks.cannot_come(ana, session.public_id, " ")
        seen = asks.effect(ana, session.public_id)
        assert seen.in_time and not seen.joint and "1 h → 0 min" in seen.lines[0]
        ask = asks.cannot_come(ana, session.public_id, "the dentist")
        assert ask.state == "done"
        assert not PersonBooking.objects.filter(cancelled=False, person_id=ana.id).exists()
    with act("mo"):
        session.refresh_from_db()
        assert session.status == "cancelled"
        (task,) = _tasks("C-58")
        assert task.due == at(0, 0, weeks=3)
        assert "dentist" not in task.text


@pytest.mark.rule("C-55")
def test_within_a_day_nothing_changes_by_itself_and_the_counselor_is_asked(act) -> None:
    soon = timezone.now() + timedelta(hours=20)
    with act("ada") as ada:
        session = individual(ada, "ana", "mo", soon)
    with act("ana") as ana:
        ask = asks.cannot_come(ana, session.public_id, "ill")
        assert ask.state == "open"
    with act("mo"):
        session.refresh_from_db()
        assert session.status == "planned"
        assert [t.due for t in _tasks("C-55")] == [soon]


@pytest.mark.rule("C-59", "C-61")
def test_a_joint_session_stands_until_the_therapist_decides_and_the_partner_sees_nothing(act):
    with act("ada") as ada:
        session = conjoint(ada, at(1, 18))
    with act("ben") as ben:
        assert asks.effect(ben, session.public_id).joint
        ask = asks.cannot_come(ben, session.public_id, "work")
        assert ask.state == "open"
    with act("ana") as ana:
        assert not ChangeAsk.objects.exists()
        assert asks.my_asks(ana) == []
        assert Seat.objects.filter(session=session, cancelled=False).count() == 2
    with act("reyes") as reyes:
        assert [t.addressee_id for t in _tasks("C-59")] == [reyes.id]
        found = answering.look(reyes, ask.public_id, timezone.now())
        assert {"Ana", "Ben"} <= {w.words.split(":")[0] for w in found.lines if ":" in w.words}
        assert found.slots and all(s.start != session.during.lower for s in found.slots)
        asks.let_go(reyes, ask.public_id)
        session.refresh_from_db()
        assert session.status == "cancelled"
        assert not Seat.objects.filter(session=session, cancelled=False).exists()
        assert len(_tasks("C-59")) == 2


@pytest.mark.rule("F-13")
def test_one_click_moves_it_everybody_is_told_once_and_a_second_answer_is_refused(act) -> None:
    with act("ada") as ada:
        session = individual(ada, "ana", "mo", at(1, 18))
    with act("ana") as ana:
        ask = asks.ask_for_time(ana, session_public_id=session.public_id, wished=at(2, 18))
        again = asks.ask_for_time(ana, session_public_id=session.public_id, wished=at(2, 18))
        assert again.id == ask.id
    with act("mo") as mo:
        assert [w.public_id for w in answering.waiting(mo)] == [ask.public_id]
        found = answering.look(mo, ask.public_id, timezone.now())
        assert found.slots[0].start == at(2, 18)
        asks.answer_with(mo, ask.public_id, found.slots[0].start)
        with pytest.raises(Refused) as refused:
            asks.answer_with(mo, ask.public_id, found.slots[1].start)
        assert refused.value.rule == "F-13"
        session.refresh_from_db()
        assert session.during.lower == at(2, 18)
    with act("ana") as ana:
        assert [a.state for a in asks.my_asks(ana)] == ["done"]
    with act("mo"), as_service("notices"):
        told = Notice.objects.filter(viewer_id=id_of("ana"), occasion__startswith="change:")
        told = told.exclude(occasion__endswith=":new")
        assert told.count() == 1


@pytest.mark.rule("P-60")
def test_a_refused_time_reads_the_same_whatever_the_cause(act) -> None:
    with act("ada") as ada:
        joint = conjoint(ada, at(1, 18))
        individual(ada, "ana", "mo", at(2, 9))
        conjoint_of_others = individual(ada, "cleo", "noor", at(2, 11))
        assert conjoint_of_others
        availability.take_time_off(ada, staff("reyes"), at(2, 13), at(2, 14))
    with act("ana") as ana:
        availability.set_free_times(ana, ana.id, [Stretch(2, time(15), time(16), "never")])
    said = set()
    with act("ben") as ben:
        for hour in (9, 13, 15):
            with pytest.raises(Refused) as refused:
                asks.ask_for_time(ben, session_public_id=joint.public_id, wished=at(2, hour))
            said.add((refused.value.text, refused.value.rule))
        assert said == {("Not offered. Choose another time.", "P-60")}
        ask = asks.ask_for_time(ben, session_public_id=joint.public_id, wished=at(2, 17))
        assert ask.state == "open"


@pytest.mark.rule("P-60")
def test_declined_reads_not_offered_and_nothing_else(act) -> None:
    with act("ana") as ana:
        ask = asks.ask_for_time(ana, kind="check_in_call", reason="a short word")
    with act("kit") as kit, pytest.raises(NotThere):
        asks.decline(kit, ask.public_id)
    with act("mo") as mo:
        asks.decline(mo, ask.public_id)
    with act("ana") as ana:
        (mine,) = asks.my_asks(ana)
        assert (mine.get_state_display(), mine.session_id) == ("Not offered", None)


def test_a_new_time_is_booked_with_the_own_counselor(act) -> None:
    with act("ana") as ana:
        ask = asks.ask_for_time(ana, kind="individual")
        with pytest.raises(Refused):
            asks.ask_for_time(ana, kind="conjoint")
    with act("mo") as mo:
        found = answering.look(mo, ask.public_id, timezone.now())
        made = asks.answer_with(mo, ask.public_id, found.slots[0].start)
        assert (made.clinician_id, made.kind) == (id_of("mo"), "individual")


def test_nobody_gives_back_anothers_seat_and_a_group_keeps_its_hour(act) -> None:
    with act("ada") as ada:
        theirs = individual(ada, "ana", "mo", at(1, 18))
        _group, skills = group(ada, "skills_group", "kit", at(2, 18), "ana", "dan")
    with act("ben") as ben, pytest.raises(NotThere):
        asks.cannot_come(ben, theirs.public_id, "no")
    with act("ana") as ana:
        with pytest.raises(Refused, match="A group keeps its hour"):
            asks.ask_for_time(ana, session_public_id=skills.public_id, wished=at(3, 18))
        asks.cannot_come(ana, skills.public_id, "travel")
    with act("ada"):
        skills.refresh_from_db()
        assert skills.status == "planned"
        assert [s.person_id for s in Seat.objects.filter(session=skills, cancelled=False)] == [
            id_of("dan")
        ]


@pytest.mark.rule("C-35", "C-46")
def test_offered_times_keep_every_rule(act) -> None:
    with act("ana") as ana:
        availability.set_free_times(ana, ana.id, [Stretch(d, time(8), time(14), "never")
                                                  for d in (0, 1, 2, 3, 4, 6)])  # fmt: skip
    with act("ada") as ada:
        plan_week(ada, id_of("ab"), monday(2), "shared")
        publish_week(ada, id_of("ab"), monday(2))
        session = Session.objects.get(kind="individual", subject_id=AB[0], status="planned")
        found = slots("individual", staff("mo"), [AB[0]], at(0, 9), moving=session, days=9,
                      limit=200)  # fmt: skip
        assert found
        local = [s.start.astimezone(timezone.get_default_timezone()) for s in found]
        assert all(m.hour >= 14 or m.weekday() == 5 for m in local)
        # Another week would leave this one short and without an own session.
        assert all(at(0, 0) <= s.start < at(0, 0, weeks=3) for s in found)
        for slot in found[:4]:
            reschedule(ada, session, slot.start)


@pytest.mark.rule("F-6", "P-49")
def test_a_cancelled_session_tells_each_who_had_a_seat_once_and_a_draft_nobody(act) -> None:
    with act("ada") as ada:
        session = conjoint(ada, at(1, 18))
        cancel(ada, session, reason="a storm")
        plan_week(ada, id_of("ab"), monday(3), "shared")
        drafted = Session.objects.get(kind="conjoint", status="planned", series__isnull=False)
        cancel(ada, drafted, reason="anew")
    with act("mo"), as_service("notices"):
        told = Notice.objects.filter(occasion__endswith=":cancelled")
        assert sorted(n.viewer_id for n in told) == sorted(AB)
        assert {n.occasion.count(session.public_id.hex) for n in told} == {1}


def test_a_partner_and_a_counselor_do_it_by_hand(
    act, browse, django_assert_max_num_queries
) -> None:
    with act("ada") as ada:
        session = individual(ada, "ana", "mo", at(1, 18))
    mine, theirs = browse("ana"), browse("mo")
    with django_assert_max_num_queries(12):
        page = mine.get(f"/week/session/{session.public_id}/").content.decode()
    assert "given back at once" in page
    day = at(2, 18).astimezone(timezone.get_default_timezone())
    asked = {"day": day.date().isoformat(), "time": "18:00", "why": "school"}
    assert mine.post(f"/week/session/{session.public_id}/", asked).status_code == 302
    assert "Asked" in mine.get("/week/ask/").content.decode()
    with django_assert_max_num_queries(8):
        page = theirs.get("/staff/week/asked/").content.decode()
    where = re.search(r"/staff/week/asked/[0-9a-f-]{36}/", page)
    assert where and "Ana" in page
    page = theirs.get(where.group()).content.decode()
    assert "as they asked" in page and "school" in page
    start = re.search(r'name="start" value="([^"]+)"', page)
    assert start
    assert theirs.post(f"{where.group()}answer/", {"start": start.group(1)}).status_code == 302
    with act("ana"):
        assert Session.objects.get(id=session.id).during.lower == at(2, 18)
    assert browse("ben").get(f"/week/session/{session.public_id}/").status_code == 404
