"""What sign-in keeps beside the accounts: devices, tries, recoveries, departures, reviews."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.wall.policy import Outside, Raw

ACCOUNT = "people.Account"
STAFF = "people.Staff"


class KnownDevice(models.Model):
    """A browser that an account has signed in with: a new one is told at the safe channel (P-84).

    The browser carries a random word, this row its hash: a browser that two people use holds one
    word, and nothing in it says who they are.
    """

    wall = Outside("devices of an account, asked by sign-in code before anybody is known")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(ACCOUNT, on_delete=models.CASCADE, related_name="devices")
    device_hash = models.BinaryField(max_length=32)
    first_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "device_hash"], name="known_device_once"),
        ]


class Tries(models.Model):
    """How often something was tried lately, under a keyed hash that names nobody (P-32)."""

    wall = Outside("counts of tries under keyed hashes, before anybody is known; no person")

    key = models.BinaryField(primary_key=True, max_length=32)
    count = models.PositiveIntegerField()
    since = models.DateTimeField()
    last = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["last"], name="tries_last")]


class Recovery(models.Model):
    """Somebody lost every key: seen by two members of staff, a wait, then one way in (P-85).

    A request for an address without an account is a row as well, so that both take the same work.
    """

    wall = Raw(
        why="asked before anybody is known; who it is about may see and stop it, and the pages of"
        " staff work on it as the service 'recovery'",
        select="actor_id = (select wall.actor()) or (select wall.everyone('recovery'))",
        insert="(select wall.everyone('recovery'))",
        update="actor_id = (select wall.actor()) or (select wall.everyone('recovery'))",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    actor_id = models.UUIDField(null=True, db_index=True)
    asked_at = models.DateTimeField()
    first_id = models.UUIDField(null=True)
    first_at = models.DateTimeField(null=True)
    second_id = models.UUIDField(null=True)
    second_at = models.DateTimeField(null=True)
    #: Of the words read out on the video call; they count from ``opens_at`` on.
    words_hash = models.CharField(max_length=200, blank=True, default="")
    opens_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="recovery_two_staff",
                condition=models.Q(second_id__isnull=True)
                | models.Q(first_id__isnull=False) & ~models.Q(second_id=models.F("first_id")),
            ),
        ]


class Departure(models.Model):
    """A member of staff left: when everything ended, by whose hand, and what was found (P-86)."""

    wall = Outside("staff directory: counts of what ended, no person in treatment")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff = models.OneToOneField(STAFF, on_delete=models.PROTECT, related_name="departure")
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    #: Key of a line of the report -> how many.
    found = models.JSONField(default=dict)


class AccessReview(models.Model):
    """The quarterly look at who may do what (P-86): begun, answered line by line, closed."""

    wall = Outside("staff directory: reviews of roles, no person in treatment")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["closed_at"],
                name="one_open_review",
                condition=models.Q(closed_at__isnull=True),
                nulls_distinct=False,
            ),
        ]


class AccessReviewLine(models.Model):
    """One member of staff and one role in a review: still needed, or taken away."""

    wall = Outside("staff directory: reviews of roles, no person in treatment")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    review = models.ForeignKey(AccessReview, on_delete=models.PROTECT, related_name="lines")
    staff = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    answer = models.CharField(
        max_length=10,
        blank=True,
        default="",
        choices=[("keep", _("Still needed")), ("end", _("Taken away"))],
    )
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "staff", "role"], name="review_line_once"),
        ]
