"""Consents, their joint state, and the log of what left the programme."""

from __future__ import annotations

from django.db import models

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Couple, Person
from mutual.wall.managers import Walls
from mutual.wall.policy import Walled


class Consent(models.Model):
    """One person's signed consent (P-17): who, what, to whom, why, until; with its very words."""

    wall = Walled("consent")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    code = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    language = models.CharField(max_length=10, default="en")
    discloser = models.CharField(max_length=200)
    recipient = models.CharField(max_length=200)
    description = models.TextField()
    purpose = models.CharField(max_length=200)
    revocation = models.TextField(default="", blank=True)
    words = models.TextField()
    expires_on = models.DateField(null=True)
    expiry_event = models.CharField(max_length=200, blank=True, default="")
    signed_name = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    answer = models.CharField(
        max_length=10, choices=[("given", "given"), ("declined", "declined")], default="given"
    )
    revoked_at = models.DateTimeField(null=True)

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["person", "code", "-signed_at"])]
        constraints = [
            models.CheckConstraint(
                name="consent_has_expiry",
                condition=models.Q(expires_on__isnull=False) | ~models.Q(expiry_event=""),
            ),
            models.CheckConstraint(name="consent_is_signed", condition=~models.Q(signed_name="")),
            # P-17: no part of a written consent may be left out, not even past the forms.
            *(
                models.CheckConstraint(
                    name=f"consent_has_{part}", condition=~models.Q(**{part: ""})
                )
                for part in (
                    "discloser",
                    "recipient",
                    "description",
                    "purpose",
                    "revocation",
                    "words",
                )
            ),
        ]


class JointConsent(models.Model):
    """Whether a consent of both is in force; all that the two see of it together (D13)."""

    wall = Walled("consent_joint", level="extract", subject="couple_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    code = models.CharField(max_length=80)
    in_force = models.BooleanField(default=False)

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["couple", "code"], name="joint_consent_once"),
        ]


class Disclosure(models.Model):
    """Something left the programme: when, to whom, what, why, under what (P-27, P-35)."""

    wall = Walled("disclosure_log", extra_insert="(select wall.is_staff())")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField()
    recipient = models.CharField(max_length=200)
    what = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    basis = models.CharField(max_length=200)
    notice_id = models.CharField(max_length=40)
    by_id = models.UUIDField()

    objects = Walls()
