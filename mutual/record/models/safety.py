"""A person's safety plan, and what went wrong in the programme."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Person
from mutual.wall.managers import Walls
from mutual.wall.policy import Walled


class SafetyPlan(models.Model):
    """One saved version of a person's safety plan, sealed (C-82, P-9).

    Each save is a row; the newest is the plan, the older ones stay as they were.
    """

    wall = Walled("safety_plan")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    version = models.PositiveIntegerField()
    by_id = models.UUIDField()
    saved_at = models.DateTimeField()
    sealed = models.BinaryField()

    objects = Walls()

    class Meta:
        constraints = [
            # F-14: two writers never overwrite each other.
            models.UniqueConstraint(fields=["person", "version"], name="safety_plan_version"),
        ]


class Incident(models.Model):
    """Something that went wrong and what was done, kept apart from the chart (issue reports).

    Only its author and whoever it is addressed to read it, beside supervisor and director.
    """

    wall = Walled(
        "incident", author="author_id", addressee="addressee_id", written_by=("addressee_id",)
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    author_id = models.UUIDField()
    addressee_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    happened_at = models.DateTimeField()
    what = models.TextField()
    done = models.TextField(_("what was done"))
    told = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    finding = models.TextField(blank=True, default="")

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["person", "-happened_at"])]
        constraints = [
            models.CheckConstraint(
                name="incident_closed_with_finding",
                condition=models.Q(closed_at__isnull=True) | ~models.Q(finding=""),
            ),
        ]
