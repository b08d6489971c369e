"""Billable days, claims with their lines, and the files that carry them."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.coverage.models import Authorization, InsuranceCard, Payer
from mutual.people.models import Person
from mutual.wall.managers import Walls
from mutual.wall.policy import Raw, Walled

STATES = [
    ("ready", _("Ready")),
    ("batched", _("In a file")),
    ("voided", _("Taken back")),
]
_BILLER = "(select wall.everyone('claim.write'))"


class BillingIdentity(models.Model):
    """The programme as payers and the clearinghouse know it: one row."""

    wall = Raw(
        why="the programme's own enrolment; no person in treatment",
        select="(select wall.is_staff())",
        insert=_BILLER,
        update=_BILLER,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    only = models.BooleanField(default=True, unique=True, editable=False)
    name = models.CharField(_("name on claims"), max_length=60)
    npi = models.CharField(_("NPI"), max_length=10)
    tax_id = models.CharField(_("tax number"), max_length=10)
    taxonomy = models.CharField(_("taxonomy"), max_length=10, default="261QR0405X")
    address = models.CharField(_("street"), max_length=55)
    city = models.CharField(_("city"), max_length=30)
    state = models.CharField(_("state"), max_length=2)
    postcode = models.CharField(_("ZIP code, nine digits"), max_length=10)
    contact = models.CharField(_("whom a payer may call"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20)
    sender_id = models.CharField(_("our number at the clearinghouse"), max_length=15)
    receiver_name = models.CharField(_("clearinghouse"), max_length=60)
    receiver_id = models.CharField(_("its number"), max_length=15)
    usage = models.CharField(
        _("what files are for"),
        max_length=1,
        default="T",
        choices=[("T", _("Test")), ("P", _("Real claims"))],
    )


class ClaimFile(models.Model):
    """An 837P as it left: bytes sealed and never changed; for billers alone."""

    wall = Raw(
        why="one file carries claims of many people, so it is nobody's record: billers alone",
        select=_BILLER,
        insert=_BILLER,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    name = models.CharField(max_length=40)  # neutral (P-51)
    sealed = models.BinaryField()
    digest = models.BinaryField()
    interchange_control = models.PositiveIntegerField(unique=True)
    group_control = models.PositiveIntegerField(unique=True)
    key = models.BinaryField(unique=True)  # SHA-256 of the claims in it: once is once (F-13)
    size = models.PositiveIntegerField()
    claim_count = models.PositiveSmallIntegerField()
    total = models.DecimalField(max_digits=11, decimal_places=2)
    built_at = models.DateTimeField()
    by_id = models.UUIDField()


class Claim(models.Model):
    """One patient, one payer (B-15); its amounts are those of its lines (B-16)."""

    wall = Walled("claim")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="claims")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT)
    card = models.ForeignKey(InsuranceCard, on_delete=models.PROTECT)
    authorization = models.ForeignKey(Authorization, null=True, on_delete=models.PROTECT)
    control = models.CharField(max_length=20, unique=True)
    diagnoses: ArrayField[list[str], list[str]] = ArrayField(models.CharField(max_length=8))
    place = models.CharField(max_length=2)
    first_day = models.DateField()
    last_day = models.DateField()
    total = models.DecimalField(max_digits=10, decimal_places=2)
    state = models.CharField(max_length=8, choices=STATES, default="ready")
    file = models.ForeignKey(ClaimFile, null=True, on_delete=models.PROTECT, related_name="claims")
    made_at = models.DateTimeField()
    by_id = models.UUIDField()

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["person", "-first_day"])]


class ClaimLine(models.Model):
    """One service of one day; a programme day is one unit per patient and day (B-21, B-29)."""

    wall = Walled("claim")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="lines")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    date = models.DateField()
    code = models.CharField(max_length=5)
    modifiers: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=2), default=list
    )
    units = models.PositiveSmallIntegerField(default=1)
    charge = models.DecimalField(max_digits=9, decimal_places=2)
    control = models.CharField(max_length=20, unique=True)
    live = models.BooleanField(default=True)

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "date", "code"],
                name="billed_once",
                condition=models.Q(live=True),
            ),
        ]


class BillableDay(models.Model):
    """What the last check said of one person's programme day: billable, held or on a claim."""

    wall = Walled("claim")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    date = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=8,
        choices=[("billable", _("Billable")), ("held", _("Held")), ("billed", _("On a claim"))],
    )
    code = models.CharField(max_length=20, blank=True, default="")  # why it is held
    detail = models.JSONField(default=dict)  # numbers of the reason, never words
    payer = models.ForeignKey(Payer, null=True, on_delete=models.PROTECT)
    checked_at = models.DateTimeField()

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["state", "date"])]
        constraints = [models.UniqueConstraint(fields=["person", "date"], name="one_day")]

    @property
    def week(self) -> dt.date:
        """The Monday of its week."""
        return self.date - dt.timedelta(days=self.date.weekday())
