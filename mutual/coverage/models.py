"""Payers and their dated terms, insurance cards, the payers' answers, authorizations."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Person
from mutual.wall.managers import Walls
from mutual.wall.policy import Raw, Walled

#: X12 code of how the patient stands to the policyholder; "18" is the policyholder.
RELATIONSHIPS = [
    ("18", _("My own policy")),
    ("01", _("My spouse's policy")),
    ("53", _("My life partner's policy")),
    ("G8", _("Somebody else's policy")),
]
#: What a person decided after reading whom the plan writes to (P-56, B-46).
TOLD = [
    ("", _("Not read yet")),
    ("private", _("Asks the plan to write to them alone")),
    ("usual", _("The plan may write as it does")),
]
_REFERENCE = Raw(
    why="reference data about payers: no person in treatment; staff keep it, everybody signed in"
    " may read it",
    select="(select wall.actor()) is not null",
    insert="(select wall.is_staff())",
    update="(select wall.is_staff())",
)


class Payer(models.Model):
    """An insurance company, as claims name it."""

    wall = _REFERENCE

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    name = models.CharField(_("name of the insurance company"), max_length=60, unique=True)
    electronic_id = models.CharField(_("electronic payer number"), max_length=20)
    filing = models.CharField(
        _("kind of plan on claims"),
        max_length=2,
        default="CI",
        choices=[("CI", _("Commercial")), ("BL", _("Blue Cross Blue Shield")), ("HM", _("HMO"))],
    )

    def __str__(self) -> str:
        return self.name


class PayerTerms(models.Model):
    """What one payer's contract says for a time, with its source (B-21, B-30).

    Minutes are documented clinical minutes of one day; money is dollars for one programme day.
    An empty value means "not known": it holds a claim or widens an estimate, it is never guessed.
    """

    wall = _REFERENCE

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="terms")
    during = DateRangeField()
    source = models.CharField(_("where this is written"), max_length=200)
    in_network = models.BooleanField(_("contract with this payer"), default=True)
    minimum_minutes = models.PositiveSmallIntegerField(_("minutes of a billable day"), null=True)
    filing_days = models.PositiveSmallIntegerField(_("days to file a claim"), null=True)
    authorization = models.CharField(
        max_length=12,
        default="unknown",
        choices=[
            ("required", _("needed")),
            ("not_required", _("not needed")),
            ("unknown", _("not known")),
        ],
    )
    charge = models.DecimalField(_("charge for a day"), max_digits=9, decimal_places=2, null=True)
    allowed = models.DecimalField(_("allowed for a day"), max_digits=9, decimal_places=2, null=True)
    allowed_low = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    allowed_high = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    modifiers: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=2), default=list
    )
    bundled: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=5), default=list
    )

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="payer_terms_once",
                expressions=[
                    ("payer", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="payer_terms_have_source", condition=~models.Q(source="")),
        ]

    @property
    def charge_or_zero(self) -> Decimal:
        """The charge, 0 where none is known."""
        return self.charge or Decimal("0.00")


class InsuranceCard(models.Model):
    """One person's policy as its card has it; whose policy it is is not whose facts (F-17)."""

    wall = Walled("insurance_card")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cards")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT)
    plan_name = models.CharField(_("name of the plan"), max_length=80, blank=True, default="")
    member_id = models.CharField(_("member number"), max_length=40)
    group_number = models.CharField(_("group number"), max_length=40, blank=True, default="")
    relationship = models.CharField(
        _("whose policy it is"), max_length=2, choices=RELATIONSHIPS, default="18"
    )
    address = models.CharField(_("street, as the plan has it"), max_length=55)
    city = models.CharField(_("city"), max_length=30)
    state = models.CharField(_("state"), max_length=2)
    postcode = models.CharField(_("ZIP code"), max_length=10)
    holder_given = models.CharField(
        _("policyholder's first name"), max_length=35, blank=True, default=""
    )
    holder_family = models.CharField(
        _("policyholder's last name"), max_length=60, blank=True, default=""
    )
    holder_birth = models.DateField(_("policyholder's date of birth"), null=True, blank=True)
    holder_sex = models.CharField(
        _("policyholder's sex on the card"),
        max_length=1,
        default="U",
        choices=[("F", _("Female")), ("M", _("Male")), ("U", _("Not given"))],
    )
    told = models.CharField(max_length=8, choices=TOLD, blank=True, default="")
    told_at = models.DateTimeField(null=True)
    # P-39: paid by the person in full; from that day the plan is told nothing.
    self_pay_since = models.DateField(_("pays without the plan since"), null=True, blank=True)
    active_from = models.DateField(_("in force since"))
    ended_on = models.DateField(null=True)
    saved_at = models.DateTimeField()
    by_id = models.UUIDField()

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ended_on__isnull=True), name="one_open_card"
            ),
            models.CheckConstraint(
                name="card_has_holder",
                condition=models.Q(relationship="18")
                | (~models.Q(holder_given="") & ~models.Q(holder_family="")),
                violation_error_message=_(
                    "It is somebody else's policy: type the policyholder's name and birth date."
                ),
            ),
        ]

    @property
    def own(self) -> bool:
        """Whether the person holds the policy."""
        return self.relationship == "18"


class BenefitAnswer(models.Model):
    """A payer's answer (271) about one person: its very bytes, sealed, and what they say (B-47).

    Never changed and never deleted (constraints.sql); a newer answer stands beside it.
    """

    wall = Walled("benefit")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="answers")
    card = models.ForeignKey(InsuranceCard, on_delete=models.PROTECT)
    sealed = models.BinaryField()
    digest = models.BinaryField()  # SHA-256 of the bytes
    place = models.PositiveSmallIntegerField()  # which person of the file it is, from 0
    report = models.JSONField()
    imported_at = models.DateTimeField()
    by_id = models.UUIDField()

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["person", "-imported_at"])]
        constraints = [
            # B-4: the same file, whatever it is called, is one answer.
            models.UniqueConstraint(fields=["person", "digest"], name="answer_once"),
        ]


class Authorization(models.Model):
    """Units that a payer allows one person for one code, for a time (B-26, F-16)."""

    wall = Walled("authorization")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="authorizations")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT)
    code = models.CharField(_("code"), max_length=5, default="H0015")
    number = models.CharField(_("authorization number"), max_length=50)
    units = models.PositiveSmallIntegerField(_("units allowed"))
    used = models.PositiveSmallIntegerField(_("units used"), default=0)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    added_at = models.DateTimeField()
    by_id = models.UUIDField()

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "payer", "number", "code"], name="authorization_once"
            ),
            models.CheckConstraint(
                name="authorization_days",
                condition=models.Q(last_day__gte=models.F("first_day")),
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                name="authorization_units",
                condition=models.Q(used__lte=models.F("units")),
                violation_error_message=_(
                    "Units must be 1 or more, and no more used than allowed."
                ),
            ),
        ]

    @property
    def left(self) -> int:
        """Units that are left."""
        return self.units - self.used

    def covers(self, code: str, day: dt.date) -> bool:
        """Whether it is for this code on this day."""
        return self.code == code and self.first_day <= day <= self.last_day
