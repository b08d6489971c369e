"""Life between sessions: the day's check-in, what is ours, and two threads that never meet.

A check-in is one person's and the partner reads none of it. What is *ours* is shown only as a
state of both: the halves lie in tables that neither partner can read back (C-49, C-50).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Couple, Person
from mutual.wall.managers import Walls
from mutual.wall.policy import Walled

#: Parts of a contract that stand only while both consent (C-50).
PARTS = [
    ("observed_dose", _("Medicine taken together")),
    ("test_sharing", _("Test results shown to each other")),
    ("no_past_use_talk", _("The past stays for sessions")),
]


class CheckIn(models.Model):
    """That a person checked in for a local day; what they said is in the body (I-23)."""

    wall = Walled("checkin", level="facts")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    day = models.DateField()
    given_at = models.DateTimeField(default=timezone.now)

    objects = Walls()

    class Meta:
        constraints = [
            # Its index also answers "the last days of a person".
            models.UniqueConstraint(fields=["person", "day"], name="checkin_once_a_day"),
            models.UniqueConstraint(fields=["person", "id"], name="checkin_of_person"),
        ]


class CheckInBody(models.Model):
    """The answers of a day; what was skipped is null, never 0 (I-21, I-23)."""

    wall = Walled("checkin")

    checkin = models.OneToOneField(
        CheckIn, primary_key=True, on_delete=models.PROTECT, related_name="body"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    urge = models.PositiveSmallIntegerField()
    used = models.CharField(
        max_length=10,
        choices=[("no", _("No")), ("yes", _("Yes")), ("in_person", _("Would say in person"))],
    )
    mood = models.PositiveSmallIntegerField()
    sleep = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    medicine = models.CharField(
        max_length=10,
        choices=[("yes", _("Yes")), ("no", _("No")), ("none", _("None planned"))],
        blank=True,
        default="",
    )
    call_me = models.BooleanField(default=False)

    objects = Walls()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="checkin_ranges",
                condition=models.Q(urge__lte=10, mood__lte=10)
                & (models.Q(sleep__isnull=True) | models.Q(sleep__gte=0, sleep__lte=24)),
            )
        ]


class TrustTick(models.Model):
    """One partner's own half of a day's trust talk: handed in, never read back (C-49)."""

    wall = Walled("trust_discussion", subject="couple_id")

    # A random key: a key ordered by time would tell when (P-52).
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    day = models.DateField()

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["couple", "day", "person"], name="trust_tick_once"),
        ]


class TrustDay(models.Model):
    """A day on which both said that they had their talk (D12); no row is "not yet"."""

    wall = Walled("trust_discussion", level="extract", subject="couple_id")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    day = models.DateField()

    objects = Walls()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["couple", "day"], name="trust_day_once")]


class ContractReadiness(models.Model):
    """Whether one partner is ready for a contract, asked by the own counselor (C-47).

    Their own screening record: the couples therapist learns only that it opens or not.
    """

    wall = Walled("screening")

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT)
    has_sud = models.BooleanField(_("treated for substance use"), default=True)
    accepts_abstinence = models.BooleanField(_("accepts at least temporary abstinence"), null=True)
    means_to_stay = models.BooleanField(_("means to stay together or reconcile"), null=True)
    asked_at = models.DateTimeField()

    objects = Walls()


class RecoveryContract(models.Model):
    """What both promise each other for a day: a statement, a thanks, and what else they chose."""

    wall = Walled("recovery_contract", subject="couple_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    statement = models.CharField(_("what each says"), max_length=300)
    thanks = models.CharField(_("what the other answers"), max_length=300)
    promises = models.JSONField(default=list, blank=True)  # [[words, more words], …]
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    paused_on = models.DateField(null=True)

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple"],
                condition=models.Q(ended_on__isnull=True),
                name="one_open_contract",
            ),
            models.UniqueConstraint(fields=["couple", "id"], name="contract_of_couple"),
        ]


class ContractPart(models.Model):
    """An optional part that both agreed to, as both see it (C-50)."""

    wall = Walled("recovery_contract", subject="couple_id")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    contract = models.ForeignKey(RecoveryContract, on_delete=models.PROTECT, related_name="parts")
    code = models.CharField(max_length=20, choices=PARTS)
    shown = models.BooleanField(default=True)

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "code"], name="contract_part_once"),
        ]


class PartConsent(models.Model):
    """One partner's own half of a part: that person's consent, read by no partner (C-50)."""

    wall = Walled("consent")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    couple_id = models.UUIDField()
    code = models.CharField(max_length=20, choices=PARTS)
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # Until the own counselor has spoken with them, at most 72 h, the other's tile stays.
    shown_until = models.DateTimeField(null=True)

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["couple_id", "code"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "code"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_part_consent",
            ),
        ]


class PartDay(models.Model):
    """An entry under a part: kept only while both consent (C-50)."""

    wall = Walled("recovery_contract", subject="couple_id")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    code = models.CharField(max_length=20, choices=PARTS)
    day = models.DateField()

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["couple", "code", "day"], name="part_day_once"),
        ]


class Gratitude(models.Model):
    """A line of thanks from one partner to the other: ours."""

    wall = Walled("gratitude", subject="couple_id")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    text = models.CharField(_("thank you for"), max_length=280)
    day = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["couple", "-made_at"])]


class Agreement(models.Model):
    """Something both mean to keep, in their own words, perhaps with a date: ours.

    It stands from the day on which the second of the two said yes. What wasn't kept is talked
    about in the next session; nobody is named for it.
    """

    wall = Walled("agreement", subject="couple_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    author_id = models.UUIDField()
    words = models.CharField(_("what you agree on"), max_length=300)
    due_on = models.DateField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    stands_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    outcome = models.CharField(
        max_length=10,
        choices=[("kept", _("Kept")), ("let_go", _("Let go"))],
        blank=True,
        default="",
    )

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["couple", "-made_at"])]
        constraints = [
            models.UniqueConstraint(fields=["couple", "id"], name="agreement_of_couple"),
            models.CheckConstraint(
                name="agreement_closed_with_outcome",
                condition=models.Q(closed_on__isnull=True, outcome="")
                | (models.Q(closed_on__isnull=False) & ~models.Q(outcome="")),
            ),
        ]


class AgreementYes(models.Model):
    """One partner's own yes to an agreement; nobody says it for the other."""

    wall = Walled("agreement", subject="couple_id")

    # A random key: a key ordered by time would tell who was first (P-52).
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="yeses")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "person"], name="agreement_yes_once"),
        ]


class JournalPage(models.Model):
    """A page of a person's own journal: sealed, theirs alone, theirs to throw away (P-9)."""

    wall = Walled("journal", deletable=True)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    day = models.DateField()
    sealed = models.BinaryField()
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["person", "-day"])]


class Worksheet(models.Model):
    """A worksheet of a person, begun and perhaps finished; ``text`` is by question (sheets.py)."""

    wall = Walled("worksheet")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    sheet = models.SlugField(max_length=40)
    text = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["person", "-saved_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "sheet"],
                condition=models.Q(finished_at__isnull=True),
                name="one_open_worksheet",
            )
        ]


class OwnMessage(models.Model):
    """A message between one person and one of their own clinicians (P-55)."""

    wall = Walled("message_own", author="author_id", addressee="addressee_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    author_id = models.UUIDField()
    addressee_id = models.UUIDField()
    text = models.TextField(max_length=4000)
    sent_at = models.DateTimeField(default=timezone.now)

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["person", "-sent_at"])]


class CoupleMessage(models.Model):
    """A message to one reader of the couple's thread; the same words to each other reader.

    One row for each reader, so that the wall asks of every row whether this reader is its
    author or addressee, and somebody who leaves the team reads none from that second on.
    """

    wall = Walled(
        "message_couple", subject="couple_id", author="author_id", addressee="addressee_id"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message_id = models.UUIDField(default=uuid.uuid4)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT)
    author_id = models.UUIDField()
    addressee_id = models.UUIDField()
    text = models.TextField(max_length=4000)
    sent_at = models.DateTimeField(default=timezone.now)

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["couple", "-sent_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["message_id", "addressee_id"], name="couple_message_once"
            ),
        ]
