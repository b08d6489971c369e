"""Instruments given and answered: that it was answered, its total, its answers, apart (P-7)."""

from __future__ import annotations

from django.db import models

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Person
from mutual.wall.managers import Walls
from mutual.wall.policy import Outside, Walled

#: One table for two kinds, separated by a CHECKed column (house.md): who a measure is about
#: decides whether the couples therapist sees it.
KINDS = {"own": "instrument", "dyadic": "dyadic_instrument"}
_FAMILY = [("own", "own"), ("dyadic", "dyadic")]


def _checked(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=models.Q(family__in=list(KINDS)))


class Assignment(models.Model):
    """A form that one account is asked to fill in, in its window (I-13, I-14)."""

    wall = Walled(
        column="family",
        kinds=KINDS,
        level="facts",
        seen_by=("person_id",),
        written_by=("person_id",),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    family = models.CharField(max_length=10, choices=_FAMILY, default="own")
    key = models.CharField(max_length=20)
    opens_on = models.DateField()
    due_on = models.DateField()
    closes_on = models.DateField()
    done_at = models.DateTimeField(null=True)

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["person", "key", "-due_on"])]
        constraints = [_checked("assignment_family")]


class Response(models.Model):
    """That an instrument was answered: which, when, how (what a bill may need)."""

    wall = Walled(column="family", kinds=KINDS, level="facts")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="responses")
    family = models.CharField(max_length=10, choices=_FAMILY, default="own")
    key = models.CharField(max_length=20)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10, default="en")
    mode = models.CharField(
        max_length=10, choices=[("self", "self"), ("live", "live"), ("paper", "paper")]
    )
    answered_at = models.DateTimeField()

    objects = Walls()

    class Meta:
        constraints = [_checked("response_family")]


class ResponseTotal(models.Model):
    """The total and its band: what a person sees of their own answers (D9)."""

    wall = Walled(column="family", kinds=KINDS, level="extract")

    response = models.OneToOneField(
        Response, primary_key=True, on_delete=models.PROTECT, related_name="result"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    family = models.CharField(max_length=10, choices=_FAMILY, default="own")
    key = models.CharField(max_length=20)
    answered_on = models.DateField()
    scorable = models.BooleanField()
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    subscales = models.JSONField(default=dict)
    band = models.CharField(max_length=40, blank=True, default="")
    estimated = models.BooleanField(default=False)

    objects = Walls()

    class Meta:
        constraints = [_checked("responsetotal_family")]


class ResponseBody(models.Model):
    """The answers as chosen (I-8) and the flags they raised; never shown to their author again."""

    wall = Walled(column="family", kinds=KINDS)

    response = models.OneToOneField(
        Response, primary_key=True, on_delete=models.PROTECT, related_name="body"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    family = models.CharField(max_length=10, choices=_FAMILY, default="own")
    answers = models.JSONField()
    flags = models.JSONField(default=list)

    objects = Walls()

    class Meta:
        constraints = [_checked("responsebody_family")]


class Wording(models.Model):
    """An owner's official words for an instrument, never without its permission (I-2).

    Written by ``mutual instruments install`` alone; the application reads it.
    """

    wall = Outside(
        "official words of instruments and who permits their use, no person", write=False
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=20)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    credit = models.TextField()
    permission = models.JSONField()
    items = models.JSONField()
    subscales = models.JSONField(default=dict)
    installed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_wording_of_a_version", fields=["key", "version", "language"]
            )
        ]
