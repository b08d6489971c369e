"""Agreements of the programme: its confidences setting, auditors, vendors."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Person, Staff
from mutual.wall.policy import Raw

_DIRECTOR = "(select wall.everyone('staffing.write'))"


class ConfidencesSetting(models.Model):
    """What holds for words said to the couples therapist alone, from a moment on (P-12, P-14)."""

    wall = Raw(
        why="a setting of the whole programme; everybody reads it in what they sign",
        select="true",
        insert=_DIRECTOR,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    value = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    since = models.DateTimeField()
    by_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version"], name="setting_version_once")]


class AuditEngagement(models.Model):
    """An audit or evaluation: who, what for, when, whose records, under what duty (P-33, 2.53)."""

    wall = Raw(
        why="an engagement names no patient; its sample does, and has a policy of its own",
        select="auditor_id = (select wall.actor()) or (select wall.everyone('disclosure_log'))",
        insert=_DIRECTOR,
        update=_DIRECTOR,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    auditor = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="engagements")
    organisation = models.CharField(_("organisation"), max_length=200)
    purpose = models.CharField(_("purpose"), max_length=200)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    duty_signed_on = models.DateField(_("duty signed on"))
    duty_signed_name = models.CharField(_("signed by"), max_length=120)
    ends_with = models.CharField(
        _("at the end copies are"),
        max_length=12,
        choices=[("returned", _("returned")), ("destroyed", _("destroyed"))],
    )
    confirmed_on = models.DateField(null=True)
    by_id = models.UUIDField()
    opened_at = models.DateTimeField()


class EngagementPerson(models.Model):
    """Somebody whose record is in an audit's sample."""

    wall = Raw(
        why="the sample of an engagement: its auditor, the director and the privacy officer",
        select="(select wall.everyone('disclosure_log')) or exists (select from"
        " public.privacy_auditengagement e where e.id = engagement_id"
        " and e.auditor_id = (select wall.actor())"
        " and now() between e.first_day - 1 and e.last_day + 2)",
        insert=_DIRECTOR,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    engagement = models.ForeignKey(AuditEngagement, on_delete=models.PROTECT, related_name="sample")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "person"], name="sample_once"),
        ]


class Vendor(models.Model):
    """A firm that works for the programme, its agreements, and whether its line is on (P-34)."""

    wall = Raw(
        why="agreements with firms name no patient; every exit asks whether they hold",
        select="(select wall.actor()) is not null",
        insert=f"{_DIRECTOR} or (select wall.everyone('legal_demand.write'))",
        update=f"{_DIRECTOR} or (select wall.everyone('legal_demand.write'))",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    name = models.CharField(_("firm"), max_length=120)
    connection = models.CharField(
        _("what it does"),
        max_length=20,
        unique=True,
        choices=[
            ("clearinghouse", _("Carries claims to payers")),
            ("mail", _("Sends mail")),
            ("sms", _("Sends text messages")),
            ("video", _("Carries video")),
            ("storage", _("Keeps copies")),
        ],
    )
    #: Last days of the qualified service organization and business associate agreements.
    qso_until = models.DateField(_("service agreement (QSO) until"), null=True)
    baa_until = models.DateField(_("business associate agreement until"), null=True)
    on = models.BooleanField(default=False)
    by_id = models.UUIDField()


class RetentionRule(models.Model):
    """How many years a state wants a record kept (P-45); ten where nothing is set."""

    wall = Raw(
        why="a setting of the whole programme",
        select="(select wall.is_staff())",
        insert=_DIRECTOR,
        update=_DIRECTOR,
    )

    state = models.CharField(max_length=2, primary_key=True)
    years = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(name="kept_six_years", condition=models.Q(years__gte=6)),
        ]
