"""What a person asks about their own record, each on its legal clock."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Person
from mutual.wall.managers import Walls
from mutual.wall.policy import Walled

KINDS = [
    ("access", _("A copy of my record")),
    ("conjoint", _("The notes of our shared sessions")),
    ("amendment", _("A correction in my record")),
    ("accounting", _("How my record was shared")),
    ("restriction", _("Not to tell my health plan or somebody else")),
    ("confidential", _("To be reached in another way")),
]
STATES = [
    ("open", _("Open")),
    ("granted", _("Agreed")),
    ("denied", _("Not agreed")),
    ("withdrawn", _("Taken back")),
]


class PrivacyRequest(models.Model):
    """One request of one person, its clock and its answer (P-38 to P-43)."""

    wall = Walled(
        "privacy_request",
        seen_by=("decider_id", "reviewer_id"),
        written_by=("decider_id", "reviewer_id"),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20, choices=KINDS)
    asked_at = models.DateTimeField()
    words = models.TextField(blank=True, default="")
    form = models.CharField(max_length=10, blank=True, default="")  # access: pdf, json
    self_pay = models.BooleanField(default=False)  # restriction: paid in full by the person
    due_on = models.DateField()
    extended_on = models.DateField(null=True)
    extended_why = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=STATES, default="open")
    #: A licensed professional, or whoever the privacy officer asks for the answer.
    decider_id = models.UUIDField(null=True)
    decided_by_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=30, blank=True, default="")
    answer = models.TextField(blank=True, default="")
    #: P-42: what the person may read, prepared without what the other said in confidence.
    prepared = models.BinaryField(null=True)
    #: P-43: the person's own words that go along with a refused correction.
    statement = models.TextField(blank=True, default="")
    review_asked_at = models.DateTimeField(null=True)
    reviewer_id = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    review_answer = models.TextField(blank=True, default="")

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.CheckConstraint(
                name="request_extended_with_reason",
                condition=models.Q(extended_on__isnull=True) | ~models.Q(extended_why=""),
            ),
            models.CheckConstraint(
                name="request_reviewed_by_another",
                condition=models.Q(reviewed_at__isnull=True)
                | ~models.Q(reviewer_id=models.F("decided_by_id")),
            ),
        ]
