"""What left the programme, what is about to, and what came from elsewhere."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Person
from mutual.privacy.models.consents import Consent
from mutual.wall.managers import Walls
from mutual.wall.policy import Walled


class Disclosure(models.Model):
    """Something left the programme: when, to whom, what, why, under what (P-27, P-35)."""

    wall = Walled("disclosure_log", extra_insert="(select wall.is_staff())")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField()
    recipient = models.CharField(max_length=200)
    what = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    basis = models.CharField(max_length=200)
    notice_id = models.CharField(max_length=40)
    by_id = models.UUIDField()
    #: The exit it went through (`privacy/exits.py`).
    way = models.CharField(max_length=40, blank=True, default="")
    #: The consent relied on, or the exception's key.
    consent = models.ForeignKey(
        Consent, null=True, on_delete=models.PROTECT, related_name="disclosures"
    )
    exception = models.CharField(max_length=30, blank=True, default="")
    #: What of the consent went along: the clear statement of its scope (2.32).
    scope = models.TextField(blank=True, default="")
    kinds: models.JSONField[list[str], list[str]] = models.JSONField(default=list)

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["person", "-at"])]


class EmergencyDisclosure(models.Model):
    """What was told in a medical emergency, until each part is written down (P-31, 2.51)."""

    wall = Walled(
        "disclosure_log",
        seen_by=("by_id",),
        written_by=("by_id",),
        extra_insert="by_id = (select wall.actor()) and (select wall.is_staff())",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    opened_at = models.DateTimeField()
    by_id = models.UUIDField()
    recipient = models.CharField(_("who was told"), max_length=120, blank=True, default="")
    facility = models.CharField(_("their facility"), max_length=120, blank=True, default="")
    discloser = models.CharField(_("who told it"), max_length=120, blank=True, default="")
    told_at = models.DateTimeField(_("when"), null=True)
    nature = models.CharField(_("nature of the emergency"), max_length=200, blank=True, default="")
    what = models.CharField(_("what was told"), max_length=200, blank=True, default="")
    why_no_consent = models.CharField(
        _("why consent could not be had"), max_length=200, blank=True, default=""
    )
    closed_at = models.DateTimeField(null=True)

    objects = Walls()

    class Meta:
        constraints = [
            # P-31: one part missing, and it can't be closed, not even past the forms.
            models.CheckConstraint(
                name="emergency_closed_whole",
                condition=models.Q(closed_at__isnull=True)
                | (
                    models.Q(told_at__isnull=False)
                    & ~models.Q(recipient="")
                    & ~models.Q(facility="")
                    & ~models.Q(discloser="")
                    & ~models.Q(nature="")
                    & ~models.Q(what="")
                    & ~models.Q(why_no_consent="")
                ),
            )
        ]


class OutgoingRelease(models.Model):
    """A copy prepared for somebody outside; the job that lets it go asks the gate again (P-21)."""

    wall = Walled(
        "disclosure_log",
        level="body",
        seen_by=("by_id",),
        written_by=("by_id",),
        extra_insert="by_id = (select wall.actor()) and (select wall.is_staff())",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    by_id = models.UUIDField()
    made_at = models.DateTimeField()
    code = models.CharField(max_length=80)
    recipient = models.CharField(max_length=200)
    purpose = models.CharField(max_length=20)
    what = models.CharField(max_length=200)
    kinds: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    state = models.CharField(
        max_length=10,
        default="queued",
        choices=[
            ("queued", _("Waiting")),
            ("sent", _("Let go")),
            ("withdrawn", _("Withdrawn")),
        ],
    )
    settled_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)
    disclosure = models.ForeignKey(Disclosure, null=True, on_delete=models.PROTECT)

    objects = Walls()


class ReceivedRecord(models.Model):
    """A record that came from elsewhere; a Part 2 label stays with it wherever it goes (P-29)."""

    wall = Walled("received_record")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    source = models.CharField(_("from whom"), max_length=200)
    title = models.CharField(_("what it is"), max_length=200)
    text = models.TextField(_("text"))
    part2 = models.BooleanField(_("protected by 42 CFR Part 2"), default=True)
    received_on = models.DateField(_("received on"))
    by_id = models.UUIDField()

    objects = Walls()
