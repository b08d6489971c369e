"""An evening in the room: where each person is, what each tapped, who waits, who was there."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Person, Staff
from mutual.wall.managers import Walls
from mutual.wall.policy import Raw, Walled
from mutual.week.models import Session

#: Whether a session's own clinician acts; a row about a person in it is theirs to make.
_HOLDS = (
    "clinician_id = (select wall.actor()) and exists (select from public.week_session s"
    " where s.id = session_id and s.clinician_id = (select wall.actor()))"
)
#: Whether a person acts who has a seat in the session.
_SITS = (
    "person_id = (select wall.actor()) and exists (select from public.week_seat p"
    " where p.session_id = {table}.session_id and p.person_id = (select wall.actor())"
    " and not p.cancelled)"
)


class Confirmation(models.Model):
    """Where one person is this evening and how to reach them there (C-78, P-75).

    The partner has no right on this kind; the clinician of the session sees the row, and adds
    the place's own emergency number.
    """

    wall = Walled("contact_location", seen_by=("clinician_id",), written_by=("clinician_id",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    clinician = models.ForeignKey(Staff, on_delete=models.PROTECT)
    label = models.CharField(max_length=40)
    address = models.CharField(max_length=200)
    state = models.CharField(max_length=2)
    near = models.CharField(max_length=120, blank=True, default="")
    call_back = models.CharField(max_length=30)
    local_number = models.CharField(max_length=30, blank=True, default="")
    emergency_confirmed = models.BooleanField(default=False)
    private_now = models.BooleanField(default=False)
    headphones = models.BooleanField(default=False)
    licensed = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField()

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_confirmation"),
        ]


class Tap(models.Model):
    """One silent tap before a conjoint session (P-78): sealed, for the own counselor alone.

    The person who taps can't read it back either: whoever holds the phone later learns nothing.
    """

    wall = Walled("ipv_screen", extra_insert=_SITS.format(table="room_tap"))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    tapped_at = models.DateTimeField()
    sealed = models.BinaryField()

    objects = Walls()


class RoomSeat(models.Model):
    """One person at the door of one session: own row, and the session's clinician's to see.

    ``page`` is the latest page of the person: an older one is taken over. The two silent signals
    of *Help* change nothing at the person's end (P-80).
    """

    wall = Raw(
        why="who waits is told to nobody but the person and the session's clinician, whatever"
        " else they may see of a schedule (P-78)",
        select="person_id = (select wall.actor()) or clinician_id = (select wall.actor())"
        " or (select wall.everyone('room'))",
        insert=_SITS.format(table="room_roomseat"),
        update="person_id = (select wall.actor())",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    clinician = models.ForeignKey(Staff, on_delete=models.PROTECT)
    page = models.UUIDField(null=True)
    asked_at = models.DateTimeField(null=True)
    since = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    not_alone_at = models.DateTimeField(null=True)
    not_freely_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_room_seat"),
        ]


class Admission(models.Model):
    """A person let in by the clinician's hand, and perhaps put out again (P-77)."""

    wall = Raw(
        why="a clinician's hand alone admits; the person may know it of themselves, nobody else",
        select="person_id = (select wall.actor()) or clinician_id = (select wall.actor())"
        " or (select wall.everyone('room'))",
        insert=_HOLDS,
        update=_HOLDS,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    clinician = models.ForeignKey(Staff, on_delete=models.PROTECT)
    admitted_at = models.DateTimeField()
    out_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_admission"),
        ]


class RoomState(models.Model):
    """The room of a session: since when it runs, locked or not, with whom alone, its breaks."""

    wall = Raw(
        why="how the clinician runs the room is theirs; partners learn only what concerns them",
        select="clinician_id = (select wall.actor()) or (select wall.everyone('room'))",
        insert=_HOLDS,
        update=_HOLDS,
    )

    session = models.OneToOneField(Session, primary_key=True, on_delete=models.PROTECT)
    clinician = models.ForeignKey(Staff, on_delete=models.PROTECT)
    page = models.UUIDField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    locked = models.BooleanField(default=False)
    alone_with = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    breaks = models.JSONField(default=list, blank=True)  # [start, end or null], ISO moments


class Presence(models.Model):
    """One stretch in which a person's page was connected (C-33, C-56); attendance is their union.

    ``until`` grows while it lasts, so that a crash loses seconds, not the evening.
    """

    wall = Walled(
        "attendance",
        seen_by=("clinician_id",),
        extra_insert=_SITS.format(table="room_presence"),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    clinician = models.ForeignKey(Staff, on_delete=models.PROTECT)
    since = models.DateTimeField()
    until = models.DateTimeField()
    camera = models.BooleanField(default=False)

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["session", "person"])]
        constraints = [
            models.CheckConstraint(
                name="presence_forward", condition=models.Q(until__gte=models.F("since"))
            ),
        ]


class ClinicianPresence(models.Model):
    """One stretch in which the clinician's page was connected (C-33: with a clinician)."""

    wall = Raw(
        why="a clinician's own time in the room carries no person",
        select="clinician_id = (select wall.actor()) or (select wall.everyone('room'))",
        insert="(select wall.everyone('attendance.write'))",
        update="(select wall.everyone('attendance.write'))",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    clinician = models.ForeignKey(Staff, on_delete=models.PROTECT)
    since = models.DateTimeField()
    until = models.DateTimeField()


class Emergency(models.Model):
    """An emergency in the room: a timed log about one person, closed with a crisis note (C-83)."""

    wall = Walled(
        "crisis_note",
        author="clinician_id",
        seen_by=("clinician_id",),
        written_by=("clinician_id",),
        extra_insert=_HOLDS,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    clinician = models.ForeignKey(Staff, on_delete=models.PROTECT)
    second = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    log = models.JSONField(default=list, blank=True)  # [moment, words]

    objects = Walls()

    class Meta:
        verbose_name = _("emergency")
