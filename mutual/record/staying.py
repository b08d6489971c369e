"""When each one's continued stay is decided next, and the task for who decides it (C-29)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from mutual.coverage.models import Authorization
from mutual.episode.asam import AHEAD_OF_END, continued_stay_due
from mutual.episode.models import StayDecision
from mutual.record.care_tasks import write_task

#: Days before the decision is due on which it becomes a task of the own counselor.
TASK_BEFORE = 3


def due_days(stays: Mapping[UUID, date]) -> dict[UUID, date]:
    """The day by which each one's continued stay is decided next.

    What the actor may not read counts as not there: without the authorizations, every 14 days.

    Args:
        stays: person id to the day of admission, of people in care.
    """
    last = dict(stays)
    rows = StayDecision.objects.filter(person_id__in=list(stays), episode__closed_on__isnull=True)
    for person, at in rows.order_by("decided_at").values_list("person_id", "decided_at"):
        last[person] = max(last[person], at.astimezone(_zone()).date())
    ends: dict[UUID, date] = {}
    known = Authorization.objects.filter(person_id__in=list(stays)).order_by("-last_day")
    for person, day in known.values_list("person_id", "last_day"):
        if day - AHEAD_OF_END > last[person]:
            ends[person] = day
    return {person: continued_stay_due(day, ends.get(person)) for person, day in last.items()}


def write_tasks(stays: Mapping[UUID, date], today: date) -> int:
    """A task for the own counselor of each one whose decision is near; returns how many."""
    count = 0
    for person, due in due_days(stays).items():
        if today >= due - timedelta(days=TASK_BEFORE):
            at = datetime.combine(max(due, today), time(17), _zone())
            count += write_task(
                person, "C-29", _("Decide the continued stay."), at, today, ("counselor",)
            )
    return count


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.PROGRAMME_ZONE)
