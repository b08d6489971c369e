"""What members of staff have to do: open tasks, and that one is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from mutual.people.lookups import shown
from mutual.people.models import StaffTask
from mutual.wall import audit
from mutual.wall.context import Actor


@dataclass(frozen=True)
class Task:
    """An open task: about whom, what, until when."""

    public_id: UUID
    name: str
    text: str
    rule: str
    due: datetime


def open_tasks(actor: Actor, *, limit: int = 30) -> list[Task]:
    """The open tasks addressed to the actor, the earliest due first; one query."""
    rows = (
        StaffTask.objects.visible_to(actor)
        .filter(addressee_id=actor.sure_id, done_at__isnull=True)
        .annotate(name=shown("name"))
        .order_by("due")[:limit]
    )
    return [Task(row.public_id, row.name, row.text, row.rule, row.due) for row in rows]


def finish_task(actor: Actor, public_id: UUID, *, now: datetime | None = None) -> StaffTask:
    """Mark a task done; once is once (F-13).

    Raises:
        NotThere: if it isn't addressed to the actor or written by them.
    """
    task = StaffTask.objects.writable_by(actor).sole(public_id=public_id)
    if task.done_at is None:
        task.done_at = now or timezone.now()
        task.save(update_fields=["done_at"])
        audit.note("write", "staff_task", task.person_id, task.id, "done")
    return task
