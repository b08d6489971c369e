"""What screens read of plans: three lanes, each only for whom the policy says (C-64)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from mutual.people.models import Couple
from mutual.plan.models import (
    CoupleObjective,
    CouplePlan,
    CoupleSignature,
    GroupGoal,
    IndividualObjective,
    IndividualPlan,
    IndividualSignature,
)
from mutual.plan.rules import active_on
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.wall.managers import granted


@dataclass(frozen=True)
class Lane:
    """One column of the plan, as one actor may see it.

    Attributes:
        plan: the open plan, or ``None`` before the first.
        rows: its rows, open ones first.
        mine: the actor's own answer under this revision (``signed``, ``declined``, ``""``).
        answers: signer to answer, for staff; a partner sees the own answer only.
    """

    plan: Any = None
    rows: list[Any] = field(default_factory=list)
    mine: str = ""
    answers: dict[UUID, str] = field(default_factory=dict)

    @property
    def signed(self) -> bool:
        """Whether all who have to sign have signed."""
        return self.plan is not None and self.plan.status == "active"


def lane_of_person(actor: Actor, person_id: UUID) -> Lane | None:
    """The lane of one person; ``None`` when it isn't the actor's to see."""
    return _lane(actor, person_id, IndividualPlan, IndividualObjective, IndividualSignature)


def lane_of_couple(actor: Actor, couple_id: UUID) -> Lane | None:
    """The couple's lane, *Ours*; ``None`` when it isn't the actor's to see."""
    return _lane(actor, couple_id, CouplePlan, CoupleObjective, CoupleSignature)


def lanes(actor: Actor, couple: Couple, a: UUID, b: UUID) -> dict[str, Lane]:
    """The lanes A, ours, B that the actor may see, by name; the others have no key."""
    found = {
        "a": lane_of_person(actor, a),
        "ours": lane_of_couple(actor, couple.id),
        "b": lane_of_person(actor, b),
    }
    return {name: lane for name, lane in found.items() if lane is not None}


def may_read(actor: Actor, kind: str, subject: UUID) -> bool:
    """Whether the actor has the body of ``kind`` of this subject; one query, no row read."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select %s = any(wall.subjects(%s)) or wall.everyone(%s)", [subject, kind, kind]
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def _lane(actor: Actor, subject: UUID, plans: Any, rows: Any, signatures: Any) -> Lane | None:
    kind = rows.wall.kind
    owner = rows.wall.subject
    if not may_read(actor, kind, subject):
        return None
    plan = (
        plans.objects.visible_to(actor)
        .filter(**{owner: subject})
        .exclude(status="closed")
        .order_by("-opened_on")
        .first()
    )
    if plan is None:
        return Lane()
    listed = list(
        rows.objects.visible_to(actor).filter(plan=plan).order_by("status", "target_date", "id")
    )
    answers = dict(
        signatures.objects.visible_to(actor)
        .filter(plan=plan, revision=plan.revision)
        .values_list("signer_id", "answer")
    )
    audit.read(kind, subject, plan.id)
    return Lane(plan, listed, answers.get(actor.sure_id, ""), answers)


@dataclass(frozen=True)
class Choice:
    """An objective that a note may link."""

    key: UUID
    words: str


def objectives_on(actor: Actor, of: str, subject: UUID, day: date) -> list[Choice]:
    """The objectives of a chart's plan that are active on a day (C-66).

    ``of`` is ``P`` or ``C``. For the leader of a group these are the goals shown to the group.
    """
    model: Any = IndividualObjective if of == "P" else CoupleObjective
    found = [
        Choice(row.public_id, row.objective)
        for row in model.objects.filter(granted(model.wall))
        .filter(**{model.wall.subject: subject}, active_from__lte=day)
        .order_by("target_date", "id")
        if active_on(row.active_from, row.closed_on, day)
    ]
    if found or of == "C":
        return found
    return [
        Choice(goal.key, goal.words)
        for goal in GroupGoal.objects.visible_to(actor).filter(person_id=subject)
        if active_on(goal.active_from, goal.closed_on, day)
    ]


def has_plan(of: str, subject: UUID, day: date) -> bool:
    """Whether a plan with a row stands in this chart on a day; a service answers yes or no."""
    model: Any = IndividualObjective if of == "P" else CoupleObjective
    with as_service("plan_states"):
        return bool(
            model.objects.filter(**{model.wall.subject: subject}, active_from__lte=day).exists()
        )


def reviews_due(actor: Actor, by: date) -> list[IndividualPlan | CouplePlan]:
    """Plans whose review is due by a day, that the actor may write (C-65)."""
    own = IndividualPlan.objects.writable_by(actor).filter(review_due__lte=by)
    ours = CouplePlan.objects.writable_by(actor).filter(review_due__lte=by)
    both: list[IndividualPlan | CouplePlan] = [
        *own.exclude(status="closed"),
        *ours.exclude(status="closed"),
    ]
    return sorted(both, key=lambda plan: plan.review_due)


def own_goals(actor: Actor, person_ids: Sequence[UUID]) -> list[IndividualObjective]:
    """Running goals of these people's own plans, as far as the actor reads them."""
    rows = IndividualObjective.objects.visible_to(actor).filter(
        person_id__in=person_ids, status="active"
    )
    return list(rows.order_by("person_id", "active_from", "id")[:12])


def is_shown(actor: Actor, objective_key: UUID) -> bool:
    """Whether the leader of the person's group sees an objective (D2)."""
    return GroupGoal.objects.visible_to(actor).filter(key=objective_key).exists()
