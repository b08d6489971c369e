"""Decisions about plans: what a row needs, who signs, when a review is due. No ORM."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

#: C-65 (D): days to the first plan, between reviews, and to the talk after a decline (C-67).
FIRST_PLAN_DAYS = 7
REVIEW_DAYS = 30
TALK_DAYS = 7
#: C-65: what brings a review forward to the day it happens.
REVIEW_CAUSES = ("level", "hold", "return_to_use")


@dataclass(frozen=True)
class Row:
    """A plan row as written (C-63)."""

    problem: str
    goal: str
    objective: str
    measure: str
    intervention: str
    frequency: str
    responsible: str
    target_date: date | None
    theme: str = ""


#: The words of a row, in the order in which they are asked for.
WORDS = ("problem", "goal", "objective", "measure", "intervention", "frequency", "responsible")


def missing(row: Row) -> list[str]:
    """The fields of a row that are empty (C-63)."""
    lacking = [name for name in WORDS if not getattr(row, name).strip()]
    return lacking + ([] if row.target_date else ["target_date"])


def unmeasurable(row: Row) -> bool:
    """Whether nobody could tell if and when the objective is met (C-63)."""
    return not row.measure.strip() or row.target_date is None


def first_plan_due(admitted_on: date) -> date:
    """The first plan stands within 7 days of admission (C-65)."""
    return admitted_on + timedelta(days=FIRST_PLAN_DAYS)


def review_due(last: date) -> date:
    """The next review: 30 days after the plan or the last review (C-65)."""
    return last + timedelta(days=REVIEW_DAYS)


def complete(needed: Iterable[UUID], signed: Iterable[UUID]) -> bool:
    """Whether all who have to sign have signed (C-64); nobody to sign is nobody's plan."""
    wanted = set(needed)
    return bool(wanted) and wanted <= set(signed)


def active_on(active_from: date, closed_on: date | None, day: date) -> bool:
    """Whether an objective is active on a day: closed on 1 Mar isn't on 3 Mar (C-66)."""
    return active_from <= day and (closed_on is None or day <= closed_on)
