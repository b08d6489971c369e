"""Sessions, seats, bookings, attendance, groups: the week of two people and their programme."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    DateRangeField,
    DateTimeRangeField,
    RangeOperators,
)
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Couple, Person, Staff
from mutual.wall.managers import Walls
from mutual.wall.policy import Raw, Walled

SESSION_STATUS = [
    ("planned", _("Planned")),
    ("running", _("Running")),
    ("ended", _("Ended")),
    ("cancelled", _("Cancelled")),
]


class Group(models.Model):
    """A group or class with a leader and a capacity in persons (C-42)."""

    wall = Walled("group_roster", level="summary", subject="id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    leader = models.ForeignKey(Staff, on_delete=models.PROTECT)
    second_leader = models.ForeignKey(
        Staff, null=True, on_delete=models.PROTECT, related_name="groups_beside"
    )
    capacity = models.PositiveSmallIntegerField(default=12)
    #: Of a fixed group: from this day nobody joins from its waiting list (F-5).
    starts_on = models.DateField(null=True)

    objects = Walls()


class GroupMember(models.Model):
    """A person on a group's roster, for a time."""

    wall = Walled("group_roster", subject="group_id", seen_by=("person_id",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    alias = models.CharField(max_length=40, blank=True, default="")
    during = DateRangeField()

    objects = Walls()


class KeepApart(models.Model):
    """Two people who may not share a group, whatever the cause; no reason is kept (C-44)."""

    wall = Raw(
        why="names two people at once, so no person may read it as their own: only who keeps"
        " the rosters of all groups",
        select="(select wall.everyone('group_roster.write'))",
        insert="(select wall.everyone('group_roster.write'))",
        update="(select wall.everyone('group_roster.write'))",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    one = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="apart_are_two", condition=~models.Q(one=models.F("other"))
            ),
        ]


class Session(models.Model):
    """One meeting: an own session (P), a joint one (C) or a group's (G)."""

    wall = Walled(
        level="summary",
        subject="subject_id",
        column="subject_of",
        kinds={"P": "schedule_own", "C": "schedule_joint", "G": "group_roster"},
        seen_by=("clinician_id",),
        written_by=("clinician_id",),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    subject_of = models.CharField(max_length=1)
    subject_id = models.UUIDField()
    clinician = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="sessions")
    during = DateTimeRangeField()
    break_minutes = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=SESSION_STATUS, default="planned")
    series = models.UUIDField(null=True)
    #: The weekly meeting it is one of; ``exception``: changed by itself, the series leaves it.
    repeats = models.ForeignKey("week.Series", null=True, on_delete=models.PROTECT)
    exception = models.BooleanField(default=False)
    made_by = models.UUIDField()
    made_at = models.DateTimeField(auto_now_add=True)

    objects = Walls()

    class Meta:
        indexes = [
            GistIndex(fields=["during"], name="session_during"),
            models.Index(fields=["subject_id"]),
            models.Index(fields=["clinician"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="session_subject_of", condition=models.Q(subject_of__in=["P", "C", "G"])
            ),
        ]


class Seat(models.Model):
    """One person's place in a session; the person's own schedule is made of these.

    ``subject_of`` is ``C`` in a joint session (both partners see both seats of it), else ``P``.
    """

    wall = Walled(
        level="facts",
        subject="subject_id",
        column="subject_of",
        kinds={"P": "schedule_own", "C": "schedule_joint"},
        seen_by=("person_id", "clinician_id"),
        written_by=("clinician_id",),
        extra_insert="(select wall.is_staff()) and clinician_id = (select wall.actor())"
        " and exists (select from public.week_session s where s.id = session_id"
        " and s.clinician_id = (select wall.actor()))",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    subject_of = models.CharField(max_length=1)
    subject_id = models.UUIDField()
    clinician = models.ForeignKey(Staff, on_delete=models.PROTECT)
    kind = models.CharField(max_length=40)
    during = DateTimeRangeField()
    break_minutes = models.PositiveSmallIntegerField(default=0)
    cancelled = models.BooleanField(default=False)
    #: Since when the person takes part by phone: audio only, modifier 93.
    phone_at = models.DateTimeField(null=True)
    #: How often time or fate changed, for calendars; the database counts (constraints.sql).
    sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = Walls()

    class Meta:
        indexes = [
            models.Index(fields=["person"]),
            GistIndex(fields=["during"], name="seat_during"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_seat"),
            models.CheckConstraint(
                name="seat_subject_of", condition=models.Q(subject_of__in=["P", "C"])
            ),
        ]


class PersonBooking(models.Model):
    """A person's time is taken: all that a busy time is (D5). Never twice at once (F-4).

    ``subject_of`` is that of the seat: who plans the couple's sessions moves their bookings too.
    """

    wall = Walled(
        level="extract",
        subject="subject_id",
        column="subject_of",
        kinds={"P": "schedule_own", "C": "schedule_joint"},
        seen_by=("person_id",),
        written_by=("made_by",),
        extra_insert="(select wall.is_staff()) and exists"
        " (select from public.week_session s where s.id = session_id)",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    subject_of = models.CharField(max_length=1, default="P")
    subject_id = models.UUIDField()
    during = DateTimeRangeField()
    cancelled = models.BooleanField(default=False)
    made_by = models.UUIDField()

    objects = Walls()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="person_never_twice",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(cancelled=False),
            ),
            models.CheckConstraint(
                name="booking_subject_of", condition=models.Q(subject_of__in=["P", "C"])
            ),
        ]


class StaffBooking(models.Model):
    """A clinician's time is taken; staff see when, never with whom. Never twice at once (F-4)."""

    wall = Raw(
        why="busy times of staff carry no person; every member of staff plans with them",
        select="(select wall.is_staff())",
        insert="(select wall.is_staff())",
        update="(select wall.is_staff())",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    during = DateTimeRangeField()
    cancelled = models.BooleanField(default=False)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="staff_never_twice",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(cancelled=False),
            ),
        ]


class Attendance(models.Model):
    """Minutes one person was in a session, as measured and as confirmed (C-33, C-55)."""

    wall = Walled(
        "attendance",
        level="summary",
        seen_by=("clinician_id",),
        written_by=("clinician_id",),
        extra_insert="(select wall.is_staff()) and clinician_id = (select wall.actor())"
        " and exists (select from public.week_session s where s.id = session_id"
        " and s.clinician_id = (select wall.actor()))",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    clinician = models.ForeignKey(Staff, on_delete=models.PROTECT)
    measured = models.PositiveSmallIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(
        max_length=10,
        choices=[
            ("attended", _("Attended")),
            ("partial", _("Partial")),
            ("no_show", _("No-show")),
            ("excused", _("Excused")),
        ],
    )
    late = models.BooleanField(default=False)
    left_early = models.BooleanField(default=False)
    audio_only = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField()
    confirmed_by = models.UUIDField()

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_attendance"),
        ]


class AttendanceReason(models.Model):
    """Why somebody is excused, or minutes differ from those measured (C-55).

    Free words may tell what happened: whoever has the facts alone reads the minutes without them.
    """

    wall = Walled(
        "attendance",
        seen_by=("clinician_id",),
        written_by=("clinician_id",),
        extra_insert="(select wall.is_staff()) and clinician_id = (select wall.actor())"
        " and exists (select from public.week_attendance a where a.id = attendance_id"
        " and a.person_id = week_attendancereason.person_id"
        " and a.clinician_id = (select wall.actor()))",
    )

    attendance = models.OneToOneField(
        Attendance, primary_key=True, on_delete=models.PROTECT, related_name="why"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    clinician = models.ForeignKey(Staff, on_delete=models.PROTECT)
    words = models.CharField(max_length=200, blank=True, default="")

    objects = Walls()


class WeekPlan(models.Model):
    """A couple's programme week and its shape; a draft until it is published (C-35)."""

    wall = Walled("schedule_joint", level="summary", subject="couple_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    monday = models.DateField()
    shape = models.CharField(max_length=20, default="shared")
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["couple", "monday"], name="one_week_plan"),
        ]


# Availability, calendars and planning have files of their own; Django looks for models here.
from mutual.week.availability_models import (  # noqa: E402
    ClosedDay,
    FreeTime,
    TimeAway,
    Trip,
    WorkTime,
)
from mutual.week.calendar_models import Feed, ReminderChoice  # noqa: E402
from mutual.week.planning_models import (  # noqa: E402
    ChangeAsk,
    Proposal,
    ProposedSession,
    Series,
    Waiting,
)

__all__ = [
    "Attendance",
    "AttendanceReason",
    "ChangeAsk",
    "ClosedDay",
    "Feed",
    "FreeTime",
    "Group",
    "GroupMember",
    "KeepApart",
    "PersonBooking",
    "Proposal",
    "ProposedSession",
    "ReminderChoice",
    "Seat",
    "Series",
    "Session",
    "StaffBooking",
    "TimeAway",
    "Trip",
    "Waiting",
    "WeekPlan",
    "WorkTime",
]
