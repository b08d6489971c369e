"""Plans as the tests need them, through the room's actions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from mutual.people.models import Couple, Person
from mutual.plan import actions
from mutual.plan.models import CoupleObjective, CouplePlan, IndividualObjective, IndividualPlan
from mutual.plan.rules import Row
from tests.world import id_of


def row(**changes: object) -> Row:
    whole = Row(
        problem="Quarrels about money",
        goal="Talk calmly",
        objective="Two talks of ten minutes a week",
        measure="Talks ticked by both",
        intervention="Speaker and listener",
        frequency="Twice a week",
        responsible="Both",
        target_date=timezone.localdate() + timedelta(days=30),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def own_plan(actor, name: str, days_ago: int = 20) -> tuple[IndividualPlan, IndividualObjective]:
    on = timezone.localdate() - timedelta(days=days_ago)
    plan = actions.open_plan(actor, Person(id=id_of(name)), on)
    made = actions.add_objective(actor, plan, row(), active_from=on)
    assert isinstance(plan, IndividualPlan) and isinstance(made, IndividualObjective)
    return plan, made


def couple_plan(
    actor, couple: str = "ab", days_ago: int = 20
) -> tuple[CouplePlan, CoupleObjective]:
    on = timezone.localdate() - timedelta(days=days_ago)
    plan = actions.open_plan(actor, Couple.objects.get(id=id_of(couple)), on)
    made = actions.add_objective(actor, plan, row(), active_from=on)
    assert isinstance(plan, CouplePlan) and isinstance(made, CoupleObjective)
    return plan, made
