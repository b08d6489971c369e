"""From the first question to the discharge: inquiry, screens, clearance, admission, care team."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Couple, Person, Staff
from mutual.wall.managers import Walls
from mutual.wall.policy import Walled

BOARD = [
    ("new", _("New")),
    ("contacted", _("Contacted")),
    ("screening", _("Screening")),
    ("verified", _("Verified")),
    ("scheduled", _("Scheduled")),
    ("admitted", _("Admitted")),
    ("declined", _("Declined")),
]


class Inquiry(models.Model):
    """One partner's first question; an address is not a person (F-19)."""

    wall = Walled("inquiry", subject="id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    name = models.CharField(_("the name we may use"), max_length=80)
    safe_route = models.CharField(
        _("a safe way to reach you"),
        max_length=10,
        choices=[("call", _("Phone call")), ("sms", _("Text message")), ("mail", _("Email"))],
    )
    reach = models.CharField(_("the number or address"), max_length=200)
    safe_hours = models.CharField(_("a safe time"), max_length=120)
    state = models.CharField(_("your state"), max_length=2)
    question = models.TextField(_("your question"), blank=True, default="", max_length=2000)
    language = models.CharField(max_length=10, default="en")
    status = models.CharField(max_length=12, choices=BOARD, default="new", db_index=True)
    # Joined by admissions by hand, never by address: the same mailbox may be two people (F-19).
    couple_key = models.UUIDField(default=uuid7, db_index=True)
    couple_word = models.CharField(
        _("a word you both know"), max_length=40, blank=True, default="", db_index=True
    )
    source = models.CharField(
        _("how you found us"),
        max_length=12,
        blank=True,
        default="",
        choices=[
            ("search", _("A search")),
            ("clinician", _("A clinician or programme")),
            ("insurance", _("My insurance")),
            ("person", _("Someone I know")),
            ("other", _("Another way")),
        ],
    )
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    next_action = models.CharField(max_length=200, blank=True, default="")
    next_on = models.DateField(null=True)
    received_at = models.DateTimeField(default=timezone.now)
    contacted_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)

    objects = Walls()


class Invitation(models.Model):
    """A private link for one partner; kept as a hash, used once (F-19, P-77)."""

    wall = Walled("inquiry", subject="inquiry_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    token_hash = models.BinaryField(unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)

    objects = Walls()


class Readiness(models.Model):
    """What admission needs of one person (C-10); answers of that person alone."""

    wall = Walled("screening")

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT)
    own_device = models.BooleanField(null=True)
    headphones = models.BooleanField(null=True)
    private_place = models.BooleanField(null=True)
    checked_at = models.DateTimeField(null=True)

    objects = Walls()


class ViolenceScreen(models.Model):
    """A live violence screen of one partner, alone (C-12, P-63). Answers and result are sealed."""

    wall = Walled("ipv_screen")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    asked_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT)
    sealed = models.BinaryField()

    objects = Walls()


class LiveScreen(models.Model):
    """A live suicide-risk screen (C-SSRS screener); answers and level are sealed (C-80)."""

    wall = Walled("live_screen")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    asked_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT)
    sealed = models.BinaryField()

    objects = Walls()


class ClearanceSignature(models.Model):
    """A counselor's signature that conjoint work may begin; the reasons are not here (C-18)."""

    wall = Walled("clearance", subject="couple_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    counselor = models.ForeignKey(Staff, on_delete=models.PROTECT)
    lifted_with = models.ForeignKey(
        Staff, null=True, on_delete=models.PROTECT, related_name="lifted"
    )
    signed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = Walls()


class ClearanceState(models.Model):
    """ "Go" or "not yet" of a couple, never whose, no reason (D3); written by the service."""

    wall = Walled("clearance", level="extract", subject="couple_id")

    couple = models.OneToOneField(Couple, primary_key=True, on_delete=models.PROTECT)
    go = models.BooleanField(default=False)

    objects = Walls()


class Episode(models.Model):
    """Admission to discharge of one person: stage, level, start, end (D11)."""

    wall = Walled("episode", level="summary")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="episodes")
    stage = models.CharField(
        max_length=12,
        choices=[
            ("screening", _("Screening")),
            ("admitted", _("Admitted")),
            ("closed", _("Closed")),
        ],
        default="screening",
    )
    level = models.CharField(max_length=4, blank=True, default="")
    opened_on = models.DateField()
    admitted_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(closed_on__isnull=True),
                name="one_open_episode",
            ),
        ]


class LevelRating(models.Model):
    """Six dimensions with risk, minimum level and reason; the level they indicate (C-25, C-26)."""

    wall = Walled("episode")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="ratings")
    edition = models.PositiveSmallIntegerField(default=4)
    dimensions = models.JSONField()
    proposed = models.CharField(max_length=4)
    chosen = models.CharField(max_length=4)
    reason = models.TextField(blank=True, default="")
    signer = models.ForeignKey(Staff, on_delete=models.PROTECT)
    signed_at = models.DateTimeField()

    objects = Walls()


class LevelChange(models.Model):
    """A move to another level of care: who receives the person, and from which day (C-30)."""

    wall = Walled("episode")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="moves")
    was = models.CharField(max_length=4, blank=True)
    level = models.CharField(max_length=4)
    receiver = models.CharField(max_length=200)
    first_date = models.DateField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT)
    at = models.DateTimeField()

    objects = Walls()


class StayDecision(models.Model):
    """Whether a person stays at this level, decided every 14 days or sooner (C-29)."""

    wall = Walled("episode")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="stays")
    progressing = models.BooleanField()
    able_to_progress = models.BooleanField()
    new_problem = models.BooleanField()
    outcome = models.CharField(
        max_length=25,
        choices=[
            ("stay", _("Stays at this level")),
            ("transfer_or_discharge", _("Transfer or discharge")),
        ],
    )
    words = models.TextField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT)
    decided_at = models.DateTimeField()

    objects = Walls()


class Closing(models.Model):
    """Why and how an episode ended (C-31)."""

    wall = Walled("episode")

    episode = models.OneToOneField(Episode, primary_key=True, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    reason = models.CharField(
        max_length=20,
        choices=[
            ("completed", _("Completed")),
            ("transferred", _("Transferred")),
            ("own_choice", _("Own choice")),
            ("lost", _("Lost to contact")),
            ("administrative", _("Administrative")),
            ("died", _("Died")),
        ],
    )
    words = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT)
    decided_at = models.DateTimeField()

    objects = Walls()


class CoupleEpisode(models.Model):
    """The joint work that spans the two episodes."""

    wall = Walled("couple_episode", level="summary", subject="couple_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="episodes")
    status = models.CharField(
        max_length=10,
        choices=[("open", _("Open")), ("held", _("Held")), ("closed", _("Closed"))],
        default="open",
    )
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    objects = Walls()


class CareAssignment(models.Model):
    """A clinician on a person's care team, for a time.

    ``slot`` separates duties that one clinician may not hold for the same couple at the same
    time: ``ct``, ``counselor:<person>``, ``medical``. The constraints are C-3 and C-4: the
    couples therapist counsels and prescribes for neither partner, and no one counsels both.
    """

    wall = Walled("care_team", level="summary", seen_by=("staff_id",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="care_team")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT)
    role = models.CharField(
        max_length=20,
        choices=[
            ("couples_therapist", _("Couples therapist")),
            ("counselor", _("Drug and alcohol counselor")),
            ("prescriber", _("Prescriber")),
            ("nurse", _("Nurse")),
            ("supervisor", _("Clinical supervisor")),
        ],
    )
    slot = models.CharField(max_length=60)
    during = DateRangeField()

    objects = Walls()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="care_team_one_duty",
                expressions=[
                    ("couple", RangeOperators.EQUAL),
                    ("staff", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                    ("slot", RangeOperators.NOT_EQUAL),
                ],
            ),
            ExclusionConstraint(
                name="care_team_one_of_each",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(role__in=["couples_therapist", "counselor"]),
            ),
        ]


class TeamChange(models.Model):
    """Why a place on a care team ended, and who ended it."""

    wall = Walled("care_team")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    assignment = models.OneToOneField(CareAssignment, on_delete=models.PROTECT)
    why = models.CharField(max_length=10)
    by_id = models.UUIDField()
    at = models.DateTimeField()

    objects = Walls()
