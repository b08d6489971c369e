"""What a person takes, what was ordered, and what the law wants logged first."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Person
from mutual.wall.managers import Walls
from mutual.wall.policy import Walled


class MedicineFacts(models.Model):
    """That something is taken or was ordered, from when to when; not what (``M``)."""

    wall = Walled("medication", level="facts")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    source = models.CharField(
        max_length=10, choices=[("ordered", _("Ordered here")), ("told", _("Told by the person"))]
    )
    by_id = models.UUIDField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    made_at = models.DateTimeField()

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "id"], name="medicine_of_person"),
            models.CheckConstraint(
                name="medicine_dates",
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
            ),
        ]


class Medicine(models.Model):
    """What it is, how it is taken, and on what the order rests (C-90 to C-93)."""

    wall = Walled("medication")

    facts = models.OneToOneField(
        MedicineFacts, primary_key=True, on_delete=models.PROTECT, related_name="medicine"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    substance = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    directions = models.CharField(max_length=300)
    days_supply = models.PositiveSmallIntegerField(null=True)
    checked = models.JSONField(default=list)  # keys of the checklist's items, all of them (C-93)
    lawful_path = models.CharField(max_length=20, blank=True, default="")  # C-91, C-92
    stop_reason = models.CharField(max_length=200, blank=True, default="")

    objects = Walls()


class MonitoringQuery(models.Model):
    """A look into a state's prescription monitoring program, logged before the order (C-92)."""

    wall = Walled("medication")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    state = models.CharField(max_length=2)
    by_id = models.UUIDField()
    at = models.DateTimeField()
    answered = models.BooleanField()  # false: the program could not be reached

    objects = Walls()


class NaloxoneOffer(models.Model):
    """Naloxone was offered to a person, and until when a kit is good (C-84)."""

    wall = Walled("medication")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    by_id = models.UUIDField()
    offered_on = models.DateField()
    taken = models.BooleanField()
    expires_on = models.DateField(null=True)

    objects = Walls()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="naloxone_kit_has_date",
                condition=models.Q(taken=False) | models.Q(expires_on__isnull=False),
            ),
        ]
