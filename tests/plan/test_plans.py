"""Plans: rows that can be measured, signatures of those whose plan it is, three lanes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mutual.base.refusal import Refused
from mutual.people.models import Couple, StaffTask
from mutual.plan import actions, queries, rules
from mutual.plan.library import LIBRARY, offered
from mutual.plan.models import (
    CouplePlan,
    CoupleSignature,
    IndividualObjective,
    IndividualPlan,
    IndividualSignature,
)
from mutual.wall.relations import consent_in_force
from tests.plan.factories import couple_plan, own_plan, row
from tests.world import id_of


@pytest.mark.rule("C-63")
@pytest.mark.parametrize(
    ("changes", "field"), [({"measure": " "}, "measure"), ({"target_date": None}, "target_date")]
)
def test_a_goal_without_a_measure_or_a_date_is_refused(act, changes, field) -> None:
    with act("reyes") as reyes:
        plan = actions.open_plan(reyes, Couple.objects.get(id=id_of("ab")))
        with pytest.raises(Refused, match="How will you both know, and by when") as refusal:
            actions.add_objective(reyes, plan, row(**changes))
        assert (refusal.value.rule, refusal.value.field) == ("C-63", field)
        assert queries.lane_of_couple(reyes, id_of("ab")).rows == []


@pytest.mark.rule("C-63")
def test_every_goal_of_the_library_is_a_whole_row(act) -> None:
    themes = {goal.theme for goal in LIBRARY}
    assert themes >= {
        "boundaries", "enabling", "communication", "trust", "intimacy", "growth", "independence",
        "respect", "accountability", "substance_use",
    }  # fmt: skip
    for goal in LIBRARY:
        words = goal.said()
        whole = rules.Row(**words, responsible="Both", target_date=date(2026, 1, 1))
        assert rules.missing(whole) == [] and goal.serves
    assert "trust" not in {goal.theme for goal in offered("own")}


@pytest.mark.rule("C-64")
def test_the_couples_plan_stays_a_draft_until_a_b_and_the_therapist_have_signed(act) -> None:
    with act("reyes") as reyes:
        plan, _ = couple_plan(reyes)
        actions.sign_plan(reyes, plan)
    with act("ana") as ana:
        actions.sign_plan(ana, CouplePlan.objects.get(id=plan.id))
        assert CouplePlan.objects.get(id=plan.id).status == "draft"
    with act("ben") as ben:
        actions.sign_plan(ben, CouplePlan.objects.get(id=plan.id))
        assert CouplePlan.objects.get(id=plan.id).status == "active"


@pytest.mark.rule("C-64")
def test_a_persons_plan_needs_the_person_and_the_counselor(act) -> None:
    with act("mo") as mo:
        plan, _ = own_plan(mo, "ana")
        actions.sign_plan(mo, plan)
        assert IndividualPlan.objects.get(id=plan.id).status == "draft"
    with act("ana") as ana:
        actions.sign_plan(ana, IndividualPlan.objects.get(id=plan.id), comment="One step at a time")
        assert IndividualPlan.objects.get(id=plan.id).status == "active"


@pytest.mark.rule("C-64")
def test_a_goal_added_after_signing_makes_the_plan_a_draft_again(act) -> None:
    with act("mo") as mo:
        plan, _ = own_plan(mo, "ana")
        actions.sign_plan(mo, plan)
        actions.add_objective(mo, plan, row(goal="Sleep"))
        assert IndividualPlan.objects.get(id=plan.id).revision == 2
        assert queries.lane_of_person(mo, id_of("ana")).mine == ""


@pytest.mark.rule("C-64")
def test_nobody_signs_for_another_or_unasked(act) -> None:
    with act("mo") as mo:
        plan, _ = own_plan(mo, "ana")
        with pytest.raises(DatabaseError), transaction.atomic():
            IndividualSignature.objects.create(
                plan=plan, person_id=id_of("ana"), signer_id=id_of("ana"), answer="signed",
                signed_at=timezone.now(),
            )  # fmt: skip
    with act("reyes") as reyes:
        ours, _ = couple_plan(reyes)
    with act("kit") as kit, pytest.raises(Refused, match="isn't needed"):
        actions.sign_plan(kit, CouplePlan.objects.get(id=ours.id))


@pytest.mark.rule("C-64")
def test_a_row_of_a_partners_own_plan_is_not_cited_without_release(act) -> None:
    with act("mo") as mo:
        _, objective = own_plan(mo, "ana")
        with pytest.raises(Refused, match="Ask them first"):
            actions.cite(mo, Couple.objects.get(id=id_of("ab")), objective)


@pytest.mark.rule("C-64")
def test_a_goal_is_taken_into_the_couples_plan_once_its_owner_released_it(act, browse) -> None:
    with act("mo") as mo:
        _, objective = own_plan(mo, "ana")
    with act("ana") as ana:
        consent_in_force(ana.sure_id, "ct:plan_individual", timezone.now())
    with act("reyes"):
        couple = Couple.objects.get(id=id_of("ab")).public_id
    url = f"/staff/couples/{couple}/ours/plan/goal/?own={objective.public_id}"
    reyes = browse("reyes")
    refused = reyes.get(url)
    assert refused.status_code == 409 and "Ask them first" in refused.content.decode()
    assert objective.problem not in refused.content.decode()
    with act("ana") as ana:
        consent_in_force(ana.sure_id, "pt:plan_individual", timezone.now())
    page = reyes.get(url)
    assert page.status_code == 200 and objective.problem in page.content.decode()


@pytest.mark.rule("C-65")
def test_a_review_is_due_thirty_days_after_the_plan() -> None:
    assert rules.review_due(date(2026, 3, 5)) == date(2026, 4, 4)
    assert rules.first_plan_due(date(2026, 3, 5)) == date(2026, 3, 12)


@pytest.mark.rule("C-65")
@pytest.mark.parametrize(("cause", "plans"), [("level", 1), ("return_to_use", 1), ("hold", 2)])
def test_a_change_brings_the_review_forward(act, cause: str, plans: int) -> None:
    today = timezone.localdate()
    with act("mo") as mo:
        own_plan(mo, "ana", days_ago=2)
    with act("reyes") as reyes:
        couple_plan(reyes, days_ago=2)
    with act("mo") as mo:
        assert actions.review_at_once(id_of("ana"), cause, today) == plans
        due = queries.reviews_due(mo, today)
        assert [p.review_due for p in due] == [today]
        actions.review(mo, due[0], today)
        assert queries.reviews_due(mo, today) == []


@pytest.mark.rule("C-67")
def test_declining_is_recorded_and_asks_for_a_talk_within_seven_days(act) -> None:
    with act("mo") as mo:
        plan, _ = own_plan(mo, "ana")
    now = timezone.now()
    with act("ana") as ana:
        signature = actions.sign_plan(
            ana, IndividualPlan.objects.get(id=plan.id), answer="declined", comment="Not yet",
            now=now,
        )  # fmt: skip
        assert signature.answer == "declined"
        assert not StaffTask.objects.visible_to(ana).exists()
    with act("mo") as mo:
        task = StaffTask.objects.visible_to(mo).get(rule="C-67")
        assert task.person_id == id_of("ana") and task.due - now <= timedelta(days=8)
        assert IndividualPlan.objects.get(id=plan.id).status == "draft"


@pytest.mark.rule("C-67", "P-48", "P-54")
def test_a_partner_never_learns_how_the_other_answered(act) -> None:
    with act("reyes") as reyes:
        plan, _ = couple_plan(reyes)
    with act("ana") as ana:
        actions.sign_plan(ana, CouplePlan.objects.get(id=plan.id), answer="declined")
    with act("ben"):
        assert CoupleSignature.objects.count() == 0
    with act("reyes") as reyes:
        assert queries.lane_of_couple(reyes, id_of("ab")).answers == {id_of("ana"): "declined"}
        assert StaffTask.objects.visible_to(reyes).filter(rule="C-67").exists()


@pytest.mark.rule("F-13")
def test_signing_five_times_signs_once_with_the_first_answer(act) -> None:
    with act("mo") as mo:
        plan, _ = own_plan(mo, "ana")
        first = actions.sign_plan(mo, plan)
        for _n in range(4):
            assert actions.sign_plan(mo, plan, answer="declined").id == first.id
        assert IndividualSignature.objects.get().answer == "signed"


@pytest.mark.rule("F-14")
def test_two_writers_of_one_goal_are_both_heard(act) -> None:
    with act("mo") as mo:
        _, objective = own_plan(mo, "ana")
        seen = objective.version
        actions.change_objective(mo, objective, {"goal": "Sleep well"}, seen)
        with pytest.raises(actions.Moved) as moved:
            actions.change_objective(mo, objective, {"goal": "Eat well"}, seen)
        assert moved.value.theirs["goal"] == "Sleep well"
        again = actions.change_objective(mo, objective, {"goal": "Eat well"}, moved.value.version)
        assert again.goal == "Eat well"


@pytest.mark.rule("P-3")
@pytest.mark.parametrize(
    ("who", "lanes"),
    [
        ("mo", {"a", "ours"}),
        ("kit", {"ours", "b"}),
        ("reyes", {"ours"}),
        ("ana", {"a", "ours"}),
        ("ben", {"ours", "b"}),
        ("noor", set()),
        ("pruitt", {"a", "b"}),
        ("dee", {"a", "ours", "b"}),
    ],
)
def test_each_sees_the_lanes_that_the_table_gives(act, who: str, lanes: set[str]) -> None:
    with act("mo") as mo:
        own_plan(mo, "ana")
    with act(who) as actor:
        found = queries.lanes(actor, Couple(id=id_of("ab")), id_of("ana"), id_of("ben"))
        assert set(found) == lanes


@pytest.mark.rule("P-3", "P-4")
def test_raw_sql_as_the_partner_neither_reads_nor_writes_a_row_of_the_own_plan(act) -> None:
    with act("mo") as mo:
        plan, objective = own_plan(mo, "ana")
    with act("ben"), connection.cursor() as cursor:
        for table in ("plan", "objective", "signature"):
            cursor.execute(f"select count(*) from plan_individual{table}")
            assert cursor.fetchone() == (0,)
        cursor.execute("update plan_individualobjective set goal = 'x'")
        assert cursor.rowcount == 0
    with act("kit"), pytest.raises(DatabaseError), transaction.atomic():
        IndividualObjective.objects.create(
            plan=plan, person_id=id_of("ben"), problem="x", goal="x", objective="x", measure="x",
            intervention="x", frequency="x", responsible="x", active_from=timezone.localdate(),
            target_date=timezone.localdate(),
        )  # fmt: skip
    with act("mo"):
        assert IndividualObjective.objects.get(id=objective.id).goal == "Talk calmly"
