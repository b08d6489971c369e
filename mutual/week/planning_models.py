"""What the planning of weeks keeps beside the sessions: series, waiting lists, asks, proposals."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Person, Staff
from mutual.wall.managers import Walls
from mutual.wall.policy import Raw, Walled

_KINDS = {"P": "schedule_own", "C": "schedule_joint", "G": "group_roster"}
_OF = models.Q(subject_of__in=["P", "C", "G"])


class Series(models.Model):
    """A meeting of every week at one wall-clock time of the programme (F-1, F-3)."""

    wall = Walled(
        level="summary",
        subject="subject_id",
        column="subject_of",
        kinds=_KINDS,
        seen_by=("clinician_id",),
        written_by=("clinician_id",),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    subject_of = models.CharField(max_length=1)
    subject_id = models.UUIDField()
    clinician = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="series")
    first = models.DateField()
    last = models.DateField()
    at = models.TimeField()
    made_by = models.UUIDField()
    made_at = models.DateTimeField(auto_now_add=True)

    objects = Walls()

    class Meta:
        constraints = [models.CheckConstraint(name="series_subject_of", condition=_OF)]


class Waiting(models.Model):
    """A person's place on a group's waiting list; a couple's two share their ``party`` (F-5)."""

    wall = Walled("group_roster", level="facts", subject="group_id", seen_by=("person_id",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    group = models.ForeignKey("week.Group", on_delete=models.PROTECT, related_name="waiting")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    party = models.UUIDField()
    asked_at = models.DateTimeField()
    state = models.CharField(
        max_length=10,
        default="waiting",
        choices=[
            ("waiting", _("Waits")),
            ("offered", _("Offered")),
            ("accepted", _("Said yes")),
            ("joined", _("Joined")),
            ("declined", _("Declined")),
            ("lapsed", _("Not answered")),
        ],
    )
    until = models.DateTimeField(null=True)

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["group", "state"], name="waiting_of_group")]


class ChangeAsk(models.Model):
    """A partner asks for another time, for a time at all, or says they cannot come.

    Held with where and how one may be reached: the person's own, and of those who plan; never the
    partner's, whatever is shared of the schedule.
    """

    wall = Walled("contact_location", level="facts")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="asks")
    session = models.ForeignKey("week.Session", null=True, on_delete=models.PROTECT)
    what = models.CharField(
        max_length=8,
        choices=[
            ("move", _("Another time")),
            ("cancel", _("Cannot come")),
            ("new", _("A time to meet")),
        ],
    )
    kind = models.CharField(max_length=40)
    wished = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(
        max_length=10,
        default="open",
        choices=[
            ("open", _("Asked")),
            ("done", _("Done")),
            ("declined", _("Not offered")),
            ("withdrawn", _("Taken back")),
        ],
    )
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"], name="ask_open")]


_ALL_WEEKS = (
    "(select wall.everyone('schedule_own.write'))"
    " and (select wall.everyone('schedule_joint.write'))"
    " and (select wall.everyone('group_roster.write'))"
)


class Proposal(models.Model):
    """A week the solver proposes, or a repair; its sessions are rows of their own."""

    wall = Raw(
        why="a proposal spans the whole programme and names nobody; for who plans every week",
        select=_ALL_WEEKS,
        insert=_ALL_WEEKS,
        update=_ALL_WEEKS,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    monday = models.DateField()
    repair = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10,
        default="waiting",
        choices=[
            ("waiting", _("Waits")),
            ("running", _("Works")),
            ("ready", _("Ready")),
            ("nothing", _("No whole week")),
            ("failed", _("Stopped")),
        ],
    )
    seconds = models.PositiveSmallIntegerField(default=10)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    #: Shown while it works: sessions without a place, then what the week costs.
    missing = models.PositiveIntegerField(null=True)
    cost = models.PositiveIntegerField(null=True)
    proved = models.BooleanField(default=False)
    #: Sentences; couples by number, partners as A and B.
    conflicts = models.JSONField(default=list)
    notes = models.JSONField(default=list)


class ProposedSession(models.Model):
    """One session as a proposal has it, beside what is booked today."""

    wall = Walled(level="summary", subject="subject_id", column="subject_of", kinds=_KINDS)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="sessions")
    kind = models.CharField(max_length=40)
    subject_of = models.CharField(max_length=1)
    subject_id = models.UUIDField()
    #: The group exists; without it an accepted session makes the section.
    group = models.ForeignKey("week.Group", null=True, on_delete=models.PROTECT)
    clinician = models.ForeignKey(Staff, on_delete=models.PROTECT)
    during = DateTimeRangeField()
    people: ArrayField[list[UUID], list[UUID]] = ArrayField(models.UUIDField(), default=list)
    #: What is booked today in its place.
    session = models.ForeignKey("week.Session", null=True, on_delete=models.PROTECT)
    change = models.CharField(
        max_length=6,
        choices=[
            ("new", _("New")),
            ("move", _("Moves")),
            ("staff", _("Another clinician")),
            ("seats", _("More seats")),
            ("same", _("Stays")),
            ("gone", _("Ends")),
        ],
    )
    state = models.CharField(
        max_length=8,
        default="open",
        choices=[
            ("open", _("Proposed")),
            ("accepted", _("Accepted")),
            ("refused", _("Not possible any more")),
        ],
    )
    words = models.CharField(max_length=300, blank=True, default="")

    objects = Walls()

    class Meta:
        constraints = [models.CheckConstraint(name="proposed_subject_of", condition=_OF)]
        indexes = [models.Index(fields=["proposal"], name="proposed_of")]
