"""A task that a date brings, for the one of the team who does it; open ones are written once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from mutual.episode.models import CareAssignment
from mutual.people.models import StaffTask
from mutual.wall.context import current


def write_task(
    person_id: UUID, rule: str, words: str, due: datetime, today: date, roles: Sequence[str]
) -> int:
    """Write a task for the first of these roles that the person's team has today.

    Returns 1, or 0 where one is open or nobody is there to do it.
    """
    if StaffTask.objects.filter(
        person_id=person_id, author_id=current().sure_id, rule=rule, done_at__isnull=True
    ).exists():
        return 0
    team = dict(
        CareAssignment.objects.filter(
            person_id=person_id, role__in=list(roles), during__contains=today
        ).values_list("role", "staff_id")
    )
    addressee = next((team[role] for role in roles if role in team), None)
    if addressee is None:
        return 0
    StaffTask(
        person_id=person_id,
        author_id=current().sure_id,
        addressee_id=addressee,
        rule=rule,
        text=words,
        due=due,
    ).save(force_insert=True)
    return 1
