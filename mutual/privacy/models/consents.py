"""Consents, each one person's, and the joint state of those that take both."""

from __future__ import annotations

from django.db import models

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Couple, Person
from mutual.wall.managers import Walls
from mutual.wall.policy import Walled


class Consent(models.Model):
    """One person's signed consent (P-17): who, what, to whom, why, until; with its very words."""

    # Deleted only while it hasn't begun (P-25); a trigger keeps all others (P-45).
    wall = Walled("consent", deletable=True)

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
    #: From when it counts; later than the signature for a release to the partner (P-25).
    starts_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    #: Taken back on paper: who wrote it down here (P-21).
    revoked_by_id = models.UUIDField(null=True)
    #: What a consent to somebody outside covers, and how they are reached.
    kinds: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    reach = models.CharField(max_length=300, blank=True, default="")

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


class JointSpan(models.Model):
    """When an agreement of both was in force, and in which version (P-14).

    Times would tell one partner when the other signed, so no partner reads them.
    """

    wall = Walled("consent_joint", subject="couple_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    code = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = Walls()


class JointEnd(models.Model):
    """The programme ended an agreement of both; to the two it looks like any end (P-24)."""

    wall = Walled("consent_joint", subject="couple_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    code = models.CharField(max_length=80)
    at = models.DateTimeField()
    by_id = models.UUIDField()
    why = models.CharField(max_length=300)

    objects = Walls()


class ReleaseOffer(models.Model):
    """In a person's own session the own counselor opens a release to the partner (P-25).

    Without one nothing of the kind can be signed; it ends with the session.
    """

    wall = Walled(
        "consent",
        seen_by=("by_id",),
        written_by=("by_id",),
        extra_insert="by_id = (select wall.actor()) and (select wall.is_staff())"
        " and person_id = any((select wall.subjects('consent'))::uuid[])",
        deletable=True,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    code = models.CharField(max_length=80)
    session_id = models.UUIDField()
    by_id = models.UUIDField()
    opened_at = models.DateTimeField()
    until = models.DateTimeField()

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "code", "session_id"], name="offer_once"),
        ]
