"""One plan of two people and a relationship: three columns, each with its own readers (C-64)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Couple, Person
from mutual.wall.managers import Walls
from mutual.wall.policy import Walled

PLAN_STATUS = [("draft", _("Draft")), ("active", _("Active")), ("closed", _("Closed"))]
ROW_STATUS = [("active", _("Active")), ("met", _("Met")), ("closed", _("Closed"))]


class PlanRow(models.Model):
    """A row of a plan: problem to objective, who does what, by when (C-63)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    problem = models.TextField()
    goal = models.TextField()
    objective = models.TextField()
    measure = models.CharField(max_length=200)
    intervention = models.CharField(max_length=200)
    frequency = models.CharField(max_length=120)
    responsible = models.CharField(max_length=120)
    active_from = models.DateField()
    target_date = models.DateField()
    closed_on = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=ROW_STATUS, default="active")
    theme = models.CharField(max_length=30, blank=True, default="")  # of the goal library
    version = models.PositiveIntegerField(default=0)  # two writers, neither lost (F-14)

    objects = Walls()

    class Meta:
        abstract = True


class IndividualPlan(models.Model):
    """One person's plan."""

    wall = Walled("plan_individual", level="facts")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="plans")
    status = models.CharField(max_length=10, choices=PLAN_STATUS, default="draft")
    opened_on = models.DateField()
    review_due = models.DateField()
    revision = models.PositiveIntegerField(default=1)  # signatures are under one revision

    objects = Walls()


class IndividualObjective(PlanRow):
    """A row of one person's plan."""

    wall = Walled("plan_individual")

    plan = models.ForeignKey(IndividualPlan, on_delete=models.PROTECT, related_name="rows")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)

    class Meta(PlanRow.Meta):
        abstract = False


class IndividualSignature(models.Model):
    """A signature, a signature with a comment, or a decline, under a person's plan (C-67)."""

    wall = Walled(
        "plan_individual",
        extra_insert="person_id = (select wall.actor()) and signer_id = (select wall.actor())",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(IndividualPlan, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    revision = models.PositiveIntegerField(default=1)
    signer_id = models.UUIDField()
    answer = models.CharField(
        max_length=10, choices=[("signed", _("Signed")), ("declined", _("Declined"))]
    )
    comment = models.TextField(blank=True, default="")
    signed_at = models.DateTimeField()

    objects = Walls()

    class Meta:
        constraints = [
            # F-13: pressing Sign twice signs once.
            models.UniqueConstraint(
                fields=["plan", "revision", "signer_id"], name="one_individual_signature"
            ),
        ]


class GroupGoal(models.Model):
    """What the own counselor shows of an objective to the leader of a group (D2)."""

    wall = Walled("plan_individual", level="extract")

    objective = models.OneToOneField(
        IndividualObjective, primary_key=True, on_delete=models.PROTECT, related_name="in_group"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    key = models.UUIDField(unique=True)  # the objective's public id, as notes link it
    words = models.CharField(max_length=300)
    active_from = models.DateField()
    closed_on = models.DateField(null=True)

    objects = Walls()


class CouplePlan(models.Model):
    """The couple's plan: a draft until A, B and the couples therapist have signed (C-64)."""

    wall = Walled("plan_couple", level="facts", subject="couple_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="plans")
    status = models.CharField(max_length=10, choices=PLAN_STATUS, default="draft")
    opened_on = models.DateField()
    review_due = models.DateField()
    revision = models.PositiveIntegerField(default=1)  # signatures are under one revision

    objects = Walls()


class CoupleObjective(PlanRow):
    """A row of the couple's plan; cites no row of a partner's own (C-64)."""

    wall = Walled("plan_couple", subject="couple_id")

    plan = models.ForeignKey(CouplePlan, on_delete=models.PROTECT, related_name="rows")
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)

    class Meta(PlanRow.Meta):
        abstract = False


class CoupleSignature(models.Model):
    """A signature under the couple's plan."""

    wall = Walled(
        "plan_couple",
        subject="couple_id",
        # Beside the couples therapist, who writes it, the two partners sign (C-64).
        extra_insert="signer_id = (select wall.actor()) and not (select wall.is_staff())"
        " and couple_id = any((select wall.subjects('plan_couple'))::uuid[])",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(CouplePlan, on_delete=models.PROTECT, related_name="signatures")
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    revision = models.PositiveIntegerField(default=1)
    signer_id = models.UUIDField()
    answer = models.CharField(
        max_length=10, choices=[("signed", _("Signed")), ("declined", _("Declined"))]
    )
    comment = models.TextField(blank=True, default="")
    signed_at = models.DateTimeField()

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "revision", "signer_id"], name="one_couple_signature"
            ),
        ]


class Diagnosis(models.Model):
    """A diagnosis of one person, by ICD-10-CM code; the code is a fact (M)."""

    wall = Walled("diagnosis", level="facts")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="diagnoses")
    code = models.CharField(max_length=8)
    words = models.CharField(max_length=120)
    principal = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True)
    by_id = models.UUIDField()

    objects = Walls()
