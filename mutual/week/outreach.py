"""The call after a missed session: who makes it and how soon, from what the record knows (C-57).

Nobody ticks "urgent". Whoever marks the no-show may be a group's leader who knows nothing of a
screen; so the task is the own counselor's alone, and looks the same to everybody else: like
nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.dispatch import Signal
from django.utils.translation import gettext as _

from mutual.base.ids import uuid7
from mutual.episode import risk
from mutual.people.models import StaffTask
from mutual.plan.models import Diagnosis
from mutual.wall import audit
from mutual.wall.context import as_service
from mutual.week.models import Session

#: The own counselor calls within this time of the start, sooner after known risk.
CALL_WITHIN = timedelta(hours=24)
CALL_SOON = timedelta(hours=2)
#: How long an opioid return to use makes a missed session urgent.
USE_COUNTS = timedelta(days=14)
#: Opioid related disorders in ICD-10-CM.
OPIOID = "F11"

#: Sent as the service ``outreach`` with ``person_id``, ``since``, ``until``; ``opioid`` says
#: whether the person has an opioid diagnosis. A room above answers True when it knows of opioid
#: use in those days.
asks_of_use = Signal()


def is_urgent(person_id: UUID, at: datetime) -> bool:
    """Whether the record knows a reason to call within two hours, as of ``at``.

    C-SSRS moderate or high in 30 days, or opioid return to use in 14. Runs as the service
    ``outreach``; no more than yes or no comes back.
    """
    with as_service("outreach"):
        if risk.screen_was_grave(person_id, at):
            return True
        opioid = any(
            row.until is None or row.until > at.date()
            for row in Diagnosis.objects.filter(person_id=person_id, code__startswith=OPIOID)
        )
        answers = asks_of_use.send(
            is_urgent, person_id=person_id, since=at - USE_COUNTS, until=at, opioid=opioid
        )
        return any(bool(answer) for _receiver, answer in answers)


def task_call(session: Session, person_id: UUID, counselor: UUID, moment: datetime) -> UUID:
    """Task the own counselor to call: within 24 h of the start, within 2 h of now if urgent.

    A second press, or a second session missed that evening, finds the first task (F-13), unless
    this one is needed sooner. Returns the task's id, which is all that the one
    who marked the absence gets to know.
    """
    start = session.during.lower
    urgent = is_urgent(person_id, moment)
    due = max(start + CALL_SOON, moment) if urgent else start + CALL_WITHIN
    with as_service("outreach"):
        already = (
            StaffTask.objects.filter(
                person_id=person_id, addressee_id=counselor, rule="C-57",
                due__gt=start, due__lte=due,
            )
            .values_list("id", flat=True)
            .first()
        )  # fmt: skip
        if already is not None:
            return already
        task = StaffTask(
            id=uuid7(), person_id=person_id, author_id=counselor, addressee_id=counselor,
            rule="C-57", text=_urgent_words() if urgent else _call_words(), due=due,
        )  # fmt: skip
        task.save(force_insert=True)
    audit.note("write", "staff_task", person_id, task.id)
    return task.id


def _call_words() -> str:
    return _(
        "Did not come to the session. Call by the safe route; if you don't reach them,"
        " try twice more on other days by other safe routes. Don't ask the partner."
    )


def _urgent_words() -> str:
    return _(
        "Call within two hours: did not come to the session, and the record knows a risk."
        " If you don't reach them by the safe route, call your supervisor; then try twice more"
        " on other days by other safe routes. Don't ask the partner."
    )
