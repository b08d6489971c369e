"""Toxicology: that a test was made, and what it said (C-87)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Person
from mutual.wall.managers import Walls
from mutual.wall.policy import Walled


class SpecimenFacts(models.Model):
    """That a specimen was asked for and collected, seen by one member of staff; no result."""

    wall = Walled("toxicology", level="facts")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()
    observer_id = models.UUIDField()
    collected_at = models.DateTimeField(null=True)

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "id"], name="specimen_of_person"),
        ]


class Specimen(models.Model):
    """What a test said: presumptive until a laboratory confirmed it (C-87)."""

    wall = Walled("toxicology")

    facts = models.OneToOneField(
        SpecimenFacts, primary_key=True, on_delete=models.PROTECT, related_name="specimen"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    outcome = models.CharField(
        max_length=10,
        choices=[
            ("negative", _("Negative")),
            ("positive", _("Positive")),
            ("invalid", _("Could not be read")),
            ("declined", _("Declined")),
        ],
    )
    substances = models.JSONField(default=list)
    confirmed_at = models.DateTimeField(null=True)
    confirmed = models.CharField(max_length=10, blank=True, default="")
    laboratory = models.CharField(max_length=120, blank=True, default="")

    objects = Walls()
