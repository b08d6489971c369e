"""Live screens: sealed, invisible to the other, and one word for clearance."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from mutual.base.crypto import seal
from mutual.base.refusal import NotThere, Refused
from mutual.episode import actions, queries
from mutual.episode.models import ClearanceSignature, ClearanceState, LiveScreen, ViolenceScreen
from mutual.episode.screening_rules import SafetyFacts, ScreenState, SpokenCheck, SuicideLevel
from mutual.people.models import Couple, Person, Staff, StaffTask
from tests.world import id_of

SURE = SpokenCheck(True, True, True)
NO = (False,) * 4


def raw(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def ana() -> Person:
    return Person.objects.get(id=id_of("ana"))


def ab() -> Couple:
    return Couple.objects.get(id=id_of("ab"))


@pytest.mark.rule("C-12")
@pytest.mark.parametrize(
    "check",
    [
        SpokenCheck(False, True, True),
        SpokenCheck(True, False, True),
        SpokenCheck(True, True, None),
    ],
)
def test_any_doubt_defers_and_deferred_closes_clearance(act, check: SpokenCheck) -> None:
    with act("mo") as mo:
        state = actions.record_violence_screen(mo, ana(), check, NO)
        assert state is ScreenState.DEFERRED
    with act("reyes"):
        assert queries.cleared(id_of("ab")) is False


@pytest.mark.rule("C-12")
def test_an_untrained_clinician_is_refused(act) -> None:
    Staff.objects.filter(id=id_of("mo")).update(violence_screen_trained=False)
    with act("mo") as mo, pytest.raises(Refused, match="trained"):
        actions.record_violence_screen(mo, ana(), SURE, NO)


@pytest.mark.rule("C-12", "P-63")
@pytest.mark.parametrize("name", ["kit", "reyes", "ada", "dee", "pruitt", "ana", "ben"])
def test_nobody_but_the_own_counselor_keeps_a_violence_screen(act, name: str) -> None:
    with act(name) as somebody, pytest.raises(NotThere):
        actions.record_violence_screen(somebody, Person(id=id_of("ana")), SURE, NO)


@pytest.mark.rule("C-14", "C-13")
@pytest.mark.parametrize(
    ("answers", "facts"),
    [
        ((True, False, False, False), SafetyFacts()),
        (NO, SafetyFacts(stalking=True)),
        (NO, SafetyFacts(coerced_to_attend=True)),
        (NO, SafetyFacts(protective_order=True)),
    ],
)
def test_a_contraindication_closes_joint_work_without_a_reason(act, answers, facts) -> None:
    with act("mo") as mo:
        actions.record_violence_screen(mo, ana(), SURE, answers, facts)
    with act("reyes"):
        assert raw("select * from episode_clearancestate where couple_id = %s", id_of("ab")) == [
            (id_of("ab"), False)
        ]


@pytest.mark.rule("P-3", "C-13")
@pytest.mark.parametrize("name", ["ana", "ben", "kit", "reyes", "ada", "dee", "pruitt", "noor"])
def test_raw_sql_shows_a_violence_screen_to_nobody_else(act, name: str) -> None:
    with act(name):
        mine = {"kit": 1, "noor": 0}.get(name, 0)
        assert raw("select count(*) from episode_violencescreen") == [(mine,)]
        assert raw(
            "select count(*) from episode_violencescreen where person_id = %s", id_of("ana")
        ) == [(0,)]


@pytest.mark.rule("P-9")
def test_answers_and_result_stand_sealed_in_the_table(act) -> None:
    with act("mo") as mo:
        actions.record_violence_screen(mo, ana(), SURE, (True,) * 4, SafetyFacts(weapon=True))
        dump = raw("select row_to_json(v)::text from episode_violencescreen v")
        plain = bytes(ViolenceScreen.objects.order_by("-asked_at").first().sealed)
    text = "".join(row[0] for row in dump)
    for word in ("positive", "weapon", "negative", "answers", "true"):
        assert word not in text.replace('"by_id"', "")
        assert word.encode() not in plain
    assert seal("positive", "x") != seal("positive", "x")


@pytest.mark.rule("C-15")
def test_clearance_needs_both_screens_and_both_signatures(act) -> None:
    with act("reyes"):
        assert queries.cleared(id_of("ab"))
    with act("mo") as mo:
        actions.withdraw_clearance(mo, ab(), ana())
    with act("reyes"):
        assert not queries.cleared(id_of("ab"))
    with act("mo") as mo:
        actions.sign_clearance(mo, ab(), ana())
    with act("reyes"):
        assert queries.cleared(id_of("ab"))


@pytest.mark.rule("C-15")
def test_a_counselor_cannot_sign_before_the_screens_are_done(act) -> None:
    with act("noor") as noor:
        cleo = Person.objects.get(id=id_of("cleo"))
        couple = Couple.objects.get(id=id_of("cd"))
        with pytest.raises(Refused, match="done and negative"):
            actions.sign_clearance(noor, couple, cleo)
        actions.record_violence_screen(noor, cleo, SURE, NO)
        with pytest.raises(Refused, match="live risk screen"):
            actions.sign_clearance(noor, couple, cleo)


@pytest.mark.rule("C-18")
@pytest.mark.parametrize("name", ["reyes", "kit", "dee", "ada"])
def test_nobody_else_signs_or_lifts(act, name: str) -> None:
    with act(name) as somebody, pytest.raises(Refused, match="Ask the clinical director"):
        actions.sign_clearance(somebody, ab(), Person(id=id_of("ana")))


@pytest.mark.rule("C-18", "C-17")
def test_lifting_a_hold_needs_a_new_screen_and_a_supervisor(act) -> None:
    with act("mo") as mo:
        actions.record_violence_screen(mo, ana(), SURE, (False, True, False, False))
        assert not ClearanceSignature.objects.filter(
            person_id=id_of("ana"), withdrawn_at__isnull=True
        ).exists()
        with pytest.raises(Refused):
            actions.sign_clearance(mo, ab(), ana())
        actions.record_violence_screen(mo, ana(), SURE, NO)
        with pytest.raises(Refused, match="supervisor"):
            actions.sign_clearance(mo, ab(), ana())
        boss = Staff.objects.get(id=id_of("vale"))
        boss.roles = [*boss.roles, "supervisor"]
        boss.save()
        actions.sign_clearance(mo, ab(), ana(), lifted_with=boss)
    with act("reyes"):
        assert queries.cleared(id_of("ab"))


@pytest.mark.rule("C-20")
def test_a_screen_seven_days_overdue_closes_by_itself(act) -> None:
    today = timezone.localdate()
    assert actions.refresh_clearance(id_of("ab"), today + timedelta(days=34)) is True
    assert actions.refresh_all_clearances(today + timedelta(days=37)) == 2
    with act("reyes"):
        assert not queries.cleared(id_of("ab"))


@pytest.mark.rule("C-16", "P-65", "C-17")
def test_first_week_plan_review_and_hold_read_the_same_to_both(act) -> None:
    def sentences() -> set[str]:
        found = set()
        for name in ("ana", "ben", "reyes", "mo"):
            with act(name):
                found.add(queries.week_sentence(id_of("ab")))
        return found

    before = sentences()
    with act("mo") as mo:
        actions.record_violence_screen(mo, ana(), SURE, (True, False, False, False))
    assert sentences() == before
    assert len(before) == 1
    (sentence,) = before
    assert "Dr. Reyes" in sentence
    assert not re.search(r"hold|assess|clearance|track|screen", sentence, re.I)


@pytest.mark.rule("C-13", "P-64", "P-65")
def test_both_partners_pages_are_equal_before_and_after_a_positive_screen(browse, act) -> None:
    def pages() -> list[bytes]:
        return [
            re.sub(rb"[A-Za-z0-9]{64}", b"-", browse(name).get(address).content)
            for name in ("ana", "ben")
            for address in ("/me/", "/me/forms/", "/me/consents/", "/me/who/")
        ]

    before = pages()
    with act("mo") as mo:
        actions.record_violence_screen(mo, ana(), SURE, (True,) * 4)
    assert pages() == before


@pytest.mark.rule("C-19", "C-13")
def test_a_positive_screen_brings_a_task_today_whose_words_tell_no_one(act) -> None:
    with act("mo") as mo:
        actions.record_violence_screen(mo, ana(), SURE, (True, False, False, False))
        task = StaffTask.objects.get(addressee_id=id_of("mo"))
    assert task.due.astimezone(timezone.get_current_timezone()) - timezone.now() < timedelta(days=1)
    assert task.rule == ""
    assert not re.search(r"screen|violence|positive|fear", task.text, re.I)


@pytest.mark.rule("C-80")
@pytest.mark.parametrize(
    ("answers", "recent", "level", "words"),
    [
        ((True, True, True, True, False, False), None, SuicideLevel.HIGH, "Never alone"),
        ((True, True, True, False, False, False), None, SuicideLevel.MODERATE, "Evaluation today"),
        ((True, False, None, None, None, False), None, SuicideLevel.LOW, "within 7 days"),
        ((False, False, None, None, None, True), False, SuicideLevel.MODERATE, "Evaluation today"),
    ],
)
def test_a_level_brings_its_tasks(act, answers, recent, level, words: str) -> None:
    with act("mo") as mo:
        assert actions.record_suicide_screen(mo, ana(), answers, recent=recent) is level
        texts = list(StaffTask.objects.values_list("text", flat=True))
    assert any(words in text for text in texts)
    with act("reyes"):
        assert queries.cleared(id_of("ab")) is (level is not SuicideLevel.HIGH)


@pytest.mark.rule("C-80")
def test_high_reaches_the_supervisor_within_a_quarter_of_an_hour(act) -> None:
    now = timezone.now()
    with act("mo") as mo:
        actions.record_suicide_screen(mo, ana(), (True,) * 5 + (False,), now=now)
        task = StaffTask.objects.get(text__contains="15 minutes")
    assert task.due == now + timedelta(minutes=15)


@pytest.mark.rule("C-80")
def test_an_unfinished_screen_that_decides_nothing_has_no_level_and_closes(act) -> None:
    with act("mo") as mo:
        level = actions.record_suicide_screen(mo, ana(), (False, None, None, None, None, None))
        assert level is None
    with act("reyes"):
        assert not queries.cleared(id_of("ab"))


@pytest.mark.rule("P-3")
@pytest.mark.parametrize("name", ["ana", "ben", "kit", "reyes", "dee"])
def test_a_risk_screen_of_ana_is_absent_for_everybody_else(act, name: str) -> None:
    with act(name):
        assert not LiveScreen.objects.filter(person_id=id_of("ana")).exists()


@pytest.mark.rule("P-3", "C-18")
def test_no_partner_or_therapist_writes_the_state_of_clearance(act) -> None:
    for name in ("ana", "reyes", "mo"):
        with act(name), transaction.atomic():
            changed = ClearanceState.objects.filter(couple_id=id_of("ab")).update(go=False)
            assert changed == (1 if name == "mo" else 0)
