"""What the record keeps of a person's stay besides notes: closing it, and how it ended."""

from __future__ import annotations

from django.db import models

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Person
from mutual.wall.managers import Walls
from mutual.wall.policy import Walled


class ClosedRecord(models.Model):
    """The person, in a private contact, closed their portal record: it looks empty (C-76)."""

    wall = Walled("episode", deletable=True)

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT)
    closed_at = models.DateTimeField()
    by_id = models.UUIDField()

    objects = Walls()


class DischargeFacts(models.Model):
    """That a discharge summary exists, and when it was due and signed (C-102)."""

    wall = Walled("discharge_summary", level="facts")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    episode_id = models.UUIDField(unique=True)
    due_on = models.DateField()
    signed_at = models.DateTimeField(null=True)
    author_id = models.UUIDField()

    objects = Walls()


class DischargeSummary(models.Model):
    """What the summary and the continuing recovery plan say (C-102, C-103)."""

    wall = Walled("discharge_summary")

    facts = models.OneToOneField(
        DischargeFacts, primary_key=True, on_delete=models.PROTECT, related_name="summary"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    content = models.JSONField(default=dict)
    recovery_plan = models.JSONField(default=dict)

    objects = Walls()
