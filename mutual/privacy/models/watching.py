"""What the privacy officer looks at: emergencies, conflicts of interest, unusual access."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Person, Staff
from mutual.wall.policy import Raw

_TRAIL = "(select wall.everyone('audit_trail'))"
_STAFFING = "(select wall.everyone('staffing.write'))"


class BreakGlass(models.Model):
    """A record opened in an emergency: by whom, why, for an hour at most, and its review (P-10)."""

    wall = Raw(
        why="an opening is a line of the trail with a text: the opener, the director and the"
        " privacy officer read it; the person finds it among who looked at the record (P-87)",
        select="by_id = (select wall.actor())"
        " or (person_id = any((select wall.everyone_but('audit_trail.extract'))::uuid[])) is false",
        insert="by_id = (select wall.actor()) and (select wall.is_staff())",
        update=f"by_id = (select wall.actor()) or {_TRAIL}",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    by_id = models.UUIDField(db_index=True)
    kind = models.CharField(
        _("what kind of emergency"),
        max_length=20,
        choices=[
            ("medical", _("Medical: overdose, withdrawal, a reaction")),
            ("suicide", _("Suicide risk")),
            ("violence", _("Violence or fear of it")),
            ("missing", _("Nobody can reach them, and there is reason to fear")),
            ("cover", _("Their clinician is away and care can't wait")),
        ],
    )
    reason = models.TextField(_("reason"))
    opened_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    #: By hand before its end: when, and by whom.
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.UUIDField(null=True)
    verdict = models.CharField(
        _("was it right to open it"),
        max_length=12,
        blank=True,
        default="",
        choices=[("justified", _("Justified")), ("unjustified", _("Not justified"))],
    )
    comment = models.TextField(_("comment"), blank=True, default="")
    follow_up = models.CharField(
        _("what follows"),
        max_length=12,
        blank=True,
        default="",
        choices=[
            ("none", _("Nothing")),
            ("talk", _("A talk with who opened it")),
            ("training", _("Training")),
            ("breach", _("A breach assessment")),
            ("sanction", _("A measure of the director")),
        ],
    )
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="glass_an_hour",
                condition=models.Q(ends_at__gt=models.F("opened_at")),
            ),
            models.CheckConstraint(
                name="glass_reviewed_whole",
                condition=models.Q(reviewed_at__isnull=True, verdict="")
                | (models.Q(reviewed_at__isnull=False) & ~models.Q(verdict="")),
            ),
        ]


class ConflictOfInterest(models.Model):
    """A member of staff is close to somebody: a name, whether or not that person is here (P-6)."""

    wall = Raw(
        why="a name that staff declare, not a record: it says nothing of whether the person is"
        " here; what it matches is in a table of its own",
        select=f"staff_id = (select wall.actor()) or {_STAFFING} or {_TRAIL}",
        insert="by_id = (select wall.actor())"
        f" and (staff_id = (select wall.actor()) or {_STAFFING} or {_TRAIL})",
        # Nobody ends their own: a conflict that could be lifted for a look would be none.
        update=f"({_STAFFING} or {_TRAIL}) and staff_id <> (select wall.actor())",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="conflicts")
    name = models.CharField(_("first and last name"), max_length=161)
    born = models.DateField(_("date of birth, if you know it"), null=True, blank=True)
    relation = models.CharField(
        _("how you are connected"),
        max_length=20,
        choices=[
            ("self", _("It is me: I am or was in care here")),
            ("relative", _("Relative")),
            ("partner", _("Partner or former partner")),
            ("friend", _("Friend")),
            ("neighbour", _("Neighbour")),
            ("colleague", _("Works or worked with me")),
            ("business", _("Money or business between us")),
            ("other", _("Something else")),
        ],
    )
    declared_at = models.DateTimeField()
    by_id = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True)
    ended_why = models.CharField(max_length=200, blank=True, default="")


class ConflictMatch(models.Model):
    """Somebody in care whom a declared name fits; written by the database alone (P-6)."""

    wall = Raw(
        why="tells who is in care: for the director and the privacy officer, never for the one"
        " who declared, nor for anybody with a conflict there",
        select="conflict_id not in (select c.id"  # noqa: S608  # nosec B608
        " from privacy_conflictofinterest c where c.staff_id = (select wall.actor()))"
        f" and ({_STAFFING} or {_TRAIL})"
        " and (person_id = any((select wall.conflicts())::uuid[])) is not true",
        update=f"({_STAFFING} or {_TRAIL})"
        " and (person_id = any((select wall.conflicts())::uuid[])) is not true",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    conflict = models.ForeignKey(
        ConflictOfInterest, on_delete=models.PROTECT, related_name="matches"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    #: Somebody else of the same name: looked at, and not meant.
    ruled_out_at = models.DateTimeField(null=True)
    ruled_out_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conflict", "person"], name="conflict_match_once"),
        ]


class WatchedPerson(models.Model):
    """Somebody many would be curious about: each look from outside their team is shown (P-88)."""

    wall = Raw(
        why="a note of the privacy officer to the trail; who is on it, nobody else learns",
        select=f"{_TRAIL} and (person_id = any((select wall.conflicts())::uuid[])) is not true",
        insert=f"{_TRAIL} and by_id = (select wall.actor())",
        update=_TRAIL,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    why = models.CharField(_("why"), max_length=200)
    since = models.DateTimeField()
    by_id = models.UUIDField()
    ended_at = models.DateTimeField(null=True)


class OnCallShift(models.Model):
    """Somebody is on call from a moment to a moment.

    The relation of the same time opens what the table gives a shift, and ends with it.
    """

    wall = Raw(
        why="the roster of staff: who is on call, no person in treatment",
        select="(select wall.is_staff())",
        insert="(select wall.everyone('on_call.write')) and by_id = (select wall.actor())",
        update="(select wall.everyone('on_call.write'))",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="on_call")
    during = DateTimeRangeField()
    by_id = models.UUIDField()
    relation_id = models.UUIDField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="on_call_once",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class UnusualAccess(models.Model):
    """Something in the trail that somebody should look at, and what came of it (P-88)."""

    wall = Raw(
        why="sums of the trail: the privacy officer's, and the watch's that finds them",
        select=f"{_TRAIL} and (subject_id = any((select wall.conflicts())::uuid[])) is not true",
        insert=_TRAIL,
        update=_TRAIL,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    rule = models.CharField(max_length=20)
    actor_id = models.UUIDField()
    subject_id = models.UUIDField(null=True)
    day = models.DateField()
    #: Numbers the explanation is made of; never words of a record.
    facts = models.JSONField(default=dict)
    last_seq = models.BigIntegerField()
    found_at = models.DateTimeField()
    disposition = models.CharField(
        _("what it is"),
        max_length=12,
        blank=True,
        default="",
        choices=[
            ("seen", _("Seen, nothing to do")),
            ("explained", _("Explained by who looked")),
            ("escalated", _("Escalated")),
        ],
    )
    comment = models.TextField(_("comment"), blank=True, default="")
    disposed_at = models.DateTimeField(null=True)
    disposed_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "actor_id", "subject_id", "day"],
                name="unusual_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["disposition", "-day"])]
