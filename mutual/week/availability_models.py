"""When staff work and partners have time, where somebody is, and when the programme rests."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from mutual.base import zones
from mutual.base.ids import public_id, uuid7
from mutual.people.models import Person, Staff
from mutual.wall.managers import Walls
from mutual.wall.policy import Raw, Walled
from mutual.week.clocks import Stretch

_PLANS = "(select wall.everyone('staffing.write')) or (select wall.everyone('schedule_own.write'))"
_OWN_OR_PLANS = f"staff_id = (select wall.actor()) or {_PLANS}"

FREE_TIMES = [
    ("free", _("I can")),
    ("prefer", _("I prefer")),
    ("never", _("Never then")),
    ("care", _("One of us stays with the children")),
]
WORK = [("work", _("Working hours")), ("supervision", _("Supervision, no sessions"))]


class WeeklyTime(models.Model):
    """A stretch of every week on somebody's own clock (F-1): day (Monday 0), from, to."""

    day = models.PositiveSmallIntegerField()
    start = models.TimeField()
    end = models.TimeField()
    what: str

    class Meta:
        abstract = True

    @property
    def stretch(self) -> Stretch:
        """As the rules of clocks take it."""
        return Stretch(self.day, self.start, self.end, self.what)

    @property
    def key(self) -> str:
        """Names it in a form: somebody's own times are told apart by what they say."""
        return f"{self.day}-{self.start:%H%M}-{self.end:%H%M}-{self.what}"

    @property
    def words(self) -> str:
        """Day and times for people."""
        return f"{WEEKDAYS[self.day]}, {zones.clock(self.start)} – {zones.clock(self.end)}"


class WorkTime(WeeklyTime):
    """A weekly stretch of work, on the clock of the member of staff (F-1)."""

    wall = Raw(
        why="working hours of staff carry no person in treatment; everybody who plans needs them",
        select="(select wall.is_staff())",
        insert=_OWN_OR_PLANS,
        update=_OWN_OR_PLANS,
        delete=_OWN_OR_PLANS,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="work_times")
    what = models.CharField(
        max_length=12,
        default="work",
        choices=WORK,
    )

    class Meta:
        indexes = [models.Index(fields=["staff"], name="worktime_staff")]


class TimeAway(models.Model):
    """A time in which a member of staff holds no session; why is nobody's business."""

    wall = Raw(
        why="times away of staff carry no person in treatment and no reason",
        select="(select wall.is_staff())",
        insert=_OWN_OR_PLANS,
        update=_OWN_OR_PLANS,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="away")
    during = DateTimeRangeField()
    given_back = models.BooleanField(default=False)
    #: From a calendar file: the next file takes its place.
    from_file = models.BooleanField(default=False)
    made_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["staff"], name="away_staff")]


class FreeTime(WeeklyTime):
    """A weekly stretch in which a partner can, would rather, or never can, on their own clock.

    Held with where and how one may be reached: the person's own, and of those who plan.
    """

    wall = Walled("contact_location", level="facts", deletable=True)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="free_times")
    what = models.CharField(max_length=8, choices=FREE_TIMES)

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["person"], name="freetime_person")]


class Trip(models.Model):
    """Days on which a partner is in another zone and state, both days included (C-46, F-1)."""

    wall = Walled("contact_location", level="facts", deletable=True)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="trips")
    during = DateRangeField()
    zone = models.CharField(max_length=60)
    state = models.CharField(max_length=2)

    objects = Walls()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_place_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class ClosedDay(models.Model):
    """A holiday of the programme: no session of a series or template falls on it."""

    wall = Raw(
        why="the programme's holidays are for everybody who has an account",
        select="(select wall.actor()) is not null",
        insert=_PLANS,
        update=_PLANS,
        delete=_PLANS,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    day = models.DateField(unique=True)
    name = models.CharField(max_length=80)
