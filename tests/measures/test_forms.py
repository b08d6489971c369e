"""Forms: answered alone, blank is not zero, a critical answer acts before thanks."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.measures import actions, queries
from mutual.measures.models import Assignment, Response, ResponseBody, ResponseTotal
from mutual.people.models import Person, StaffTask
from tests.world import id_of

CHICAGO = ZoneInfo("America/Chicago")
PLAIN = [1, 2, 1, 1, 0, 1, 0, 0, 0, None]


def given_out(act, name: str = "ana", counselor: str = "mo", key: str = "phq9") -> Assignment:
    with act(counselor) as actor:
        person = Person.objects.get(id=id_of(name))
        return actions.assign_form(actor, person, key, timezone.localdate())


def at(hour: int) -> datetime:
    return datetime.combine(timezone.localdate(), datetime.min.time(), CHICAGO) + timedelta(
        hours=hour
    )


@pytest.mark.rule("I-9", "C-81")
@pytest.mark.parametrize(("hour", "due", "words"), [(14, 23, "call today"), (21, 21, "on call")])
def test_item_nine_has_its_task_when_sending_returns(act, hour: int, due: int, words: str) -> None:
    form = given_out(act)
    with act("ana") as ana:
        actions.submit_form(ana, form.public_id, [*PLAIN[:8], 1, None], now=at(hour))
        assert not StaffTask.objects.exists()
    with act("mo"):
        task = StaffTask.objects.get(rule="C-81")
    assert words in task.text
    assert task.due.astimezone(CHICAGO).hour == due
    assert task.addressee_id == id_of("mo")


@pytest.mark.rule("I-9")
def test_answers_without_their_task_are_not_kept_either(act, monkeypatch) -> None:
    from django.db import transaction

    form = given_out(act)

    def fail(*_: object) -> None:
        raise Refused("no way to tell anyone")

    monkeypatch.setattr(actions, "_task", fail)
    with act("ana") as ana, pytest.raises(Refused), transaction.atomic():
        actions.submit_form(ana, form.public_id, [*PLAIN[:8], 2, None])
    with act("mo"):
        assert not Response.objects.exists()


@pytest.mark.rule("F-18")
def test_items_three_and_nine_blank_give_no_total_and_a_task_to_ask_live(act) -> None:
    form = given_out(act)
    with act("ana") as ana:
        blank = [1, 2, None, 1, 0, 1, 0, 0, None, None]
        result = actions.submit_form(ana, form.public_id, blank)
        assert not result.scorable and result.total is None
        assert result.reason.startswith("7 of 9 answered")
        assert queries.my_results(ana)[0].total == ""
    with act("mo"):
        assert "item 9" in StaffTask.objects.get(rule="F-18").text
        assert ResponseTotal.objects.get().total is None
        assert ResponseBody.objects.get().answers[2] is None


@pytest.mark.rule("C-85")
def test_use_after_a_form_without_brings_the_steps_of_a_return_to_use(act) -> None:
    without = [1, 1, 1, 0, 0, 0, 1, 4, 3, 1, 2, 4, 4, 0, 3, 3]
    again = [2, 3, 2, 2, 1, 1, 3, 2, 1, 2, 1, 3, 4, 2, 2, 2]
    first = timezone.now() - timedelta(days=30)
    with act("mo") as mo:
        ana = Person.objects.get(id=id_of("ana"))
        for days, answers, tasks in (
            (0, again, 0),
            (10, without, 0),
            (20, again, 1),
            (25, again, 1),
        ):
            at_ = first + timedelta(days=days)
            actions.record_live(mo, ana, "bam", answers, mode="paper", now=at_)
            assert StaffTask.objects.filter(rule="C-85").count() == tasks
        task = StaffTask.objects.get(rule="C-85")
        assert task.due == first + timedelta(days=21) and task.addressee_id == mo.id


@pytest.mark.rule("I-13", "P-64")
def test_a_person_sees_a_day_and_a_total_and_never_the_answers_again(act) -> None:
    form = given_out(act)
    with act("ana") as ana:
        actions.submit_form(ana, form.public_id, PLAIN)
        (line,) = queries.my_results(ana)
        assert line.total == "6"
        assert not ResponseBody.objects.exists() and not Response.objects.exists()
        with pytest.raises(NotThere):
            queries.my_form(ana, form.public_id)
        with pytest.raises(NotThere):
            actions.submit_form(ana, form.public_id, PLAIN)
    with act("mo") as mo:
        body = queries.answers_of(mo, Response.objects.get().public_id)
        assert body.answers == PLAIN


@pytest.mark.rule("I-13", "P-3")
@pytest.mark.parametrize("name", ["ben", "kit", "reyes", "noor"])
def test_nobody_else_sees_that_a_form_exists(act, name: str) -> None:
    form = given_out(act)
    with act("ana") as ana:
        actions.submit_form(ana, form.public_id, PLAIN)
    with act(name) as somebody:
        with connection.cursor() as cursor:
            for table in ("assignment", "response", "responsetotal", "responsebody"):
                cursor.execute(f"select count(*) from measures_{table}")
                assert cursor.fetchone() == (0,), table
        with pytest.raises((NotThere, PermissionError)):
            actions.submit_form(somebody, form.public_id, PLAIN)


@pytest.mark.rule("I-1")
def test_a_form_whose_wording_is_not_here_is_not_given_out(act) -> None:
    with pytest.raises(Refused, match="install the wording first"):
        given_out(act, key="dast10")


@pytest.mark.rule("P-63", "I-13")
@pytest.mark.parametrize("key", ["hark", "c_ssrs"])
def test_safety_is_asked_in_person_only(act, key: str) -> None:
    with pytest.raises(Refused, match="in person only"):
        given_out(act, key=key)
    with act("mo") as mo, pytest.raises(Refused, match="screening page"):
        actions.record_live(mo, Person.objects.get(id=id_of("ana")), key, [0, 0, 0, 0])


@pytest.mark.rule("I-14")
def test_a_form_opens_two_days_before_and_closes_three_after(act) -> None:
    today = timezone.localdate()
    form = given_out(act)
    assert (form.opens_on, form.closes_on) == (today - timedelta(days=2), today + timedelta(days=3))
    with act("ana") as ana:
        late = timezone.now() + timedelta(days=5)
        with pytest.raises(NotThere):
            actions.submit_form(ana, form.public_id, PLAIN, now=late)
        assert queries.my_open_forms(ana, today + timedelta(days=3)) == [form]
        assert queries.my_open_forms(ana, today + timedelta(days=4)) == []


@pytest.mark.rule("I-14")
def test_two_missed_in_a_row_reach_the_counselor(act) -> None:
    today = timezone.localdate()
    with act("mo") as mo:
        ana = Person.objects.get(id=id_of("ana"))
        for back in (18, 4):
            actions.assign_form(mo, ana, "phq9", today - timedelta(days=back))
    assert actions.note_missed(today) == 1
    with act("mo"):
        assert StaffTask.objects.filter(rule="I-14").count() == 1


@pytest.mark.rule("I-14")
def test_regular_forms_come_by_themselves_and_once(act) -> None:
    today = timezone.localdate()
    assert actions.give_out_forms(today) == 8  # four people, two instruments
    assert actions.give_out_forms(today) == 0
    assert actions.give_out_forms(today + timedelta(days=14)) == 8


@pytest.mark.rule("I-7")
def test_a_value_outside_the_items_own_set_is_refused(act) -> None:
    form = given_out(act)
    with act("ana") as ana, pytest.raises(Refused):
        actions.submit_form(ana, form.public_id, [9, *PLAIN[1:]])


@pytest.mark.rule("I-4", "C-81")
def test_answers_asked_in_a_contact_demand_the_risk_screen_in_it(act) -> None:
    with act("mo") as mo:
        ana = Person.objects.get(id=id_of("ana"))
        actions.record_live(mo, ana, "phq9", [*PLAIN[:8], 2, None], now=at(12))
        assert "in this contact" in StaffTask.objects.get(rule="C-81").text
        actions.record_live(mo, ana, "dast10", [1, 1, 0, 1, 1, 1, 1, 0, 0, 1], mode="paper")
        assert {t.key for t in queries.totals_of(mo, ana)} == {"phq9", "dast10"}


@pytest.mark.rule("P-1")
def test_a_measure_of_the_relationship_reaches_the_couples_therapist_and_phq9_does_not(act) -> None:
    with act("mo") as mo:
        ana = Person.objects.get(id=id_of("ana"))
        actions.record_live(mo, ana, "csi4", [2, 2, 2, 2], mode="paper")
        actions.record_live(mo, ana, "phq9", PLAIN, mode="paper")
    with act("reyes") as reyes:
        assert {t.key for t in queries.totals_of(reyes, ana)} == {"csi4"}
    with act("ben") as ben:
        assert queries.totals_of(ben, Person(id=id_of("ana"))) == []
