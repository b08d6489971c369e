"""What the law asks of the programme itself: demands, holds, breaches."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.people.models import Person
from mutual.wall.managers import Walls
from mutual.wall.policy import Raw, Walled


class LegalDemand(models.Model):
    """A subpoena, warrant, letter or order that asks for somebody's record (P-30)."""

    wall = Walled("legal_demand")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    #: Empty when nobody of that name is here: the answer is the same.
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    name_asked = models.CharField(_("name in the demand"), max_length=200)
    form = models.CharField(
        _("what came"),
        max_length=20,
        choices=[
            ("subpoena", _("Subpoena")),
            ("warrant", _("Warrant")),
            ("letter", _("Letter of a lawyer")),
            ("order", _("Court order")),
        ],
    )
    sender = models.CharField(_("from whom"), max_length=200)
    received_on = models.DateField(_("received on"))
    asks_for = models.TextField(_("what it asks for"))
    #: A court order under 42 CFR 2.61 to 2.67, and a subpoena or mandate that compels.
    part2_order = models.BooleanField(_("a court order under 42 CFR Part 2"), default=False)
    compelled = models.BooleanField(_("a subpoena or mandate that compels"), default=False)
    ordered_kinds: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    basis = models.CharField(max_length=20, blank=True, default="")  # none, legal, order
    judged_at = models.DateTimeField()
    by_id = models.UUIDField()
    answered_at = models.DateTimeField(null=True)

    objects = Walls()


class LegalHold(models.Model):
    """Nothing of this person may be deleted until it is lifted (P-30, P-45)."""

    wall = Walled("legal_demand")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    why = models.CharField(max_length=200)
    begun_at = models.DateTimeField()
    by_id = models.UUIDField()
    lifted_at = models.DateTimeField(null=True)

    objects = Walls()


class Breach(models.Model):
    """A suspected breach: what happened, how grave it is, who must be told by when (P-36)."""

    wall = Raw(
        why="the event itself names no person; whom it touched is of the kind breach",
        select="(select wall.everyone('breach'))",
        insert="(select wall.everyone('breach.write'))",
        update="(select wall.everyone('breach.write'))",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    discovered_on = models.DateField(_("discovered on"))
    what = models.TextField(_("what happened"))
    by_partner = models.BooleanField(_("a partner looked"), default=False)
    by_id = models.UUIDField()
    #: The four factors of 164.402(2), in words.
    nature = models.TextField(_("what kind of information, how identifying"), blank=True)
    who_got_it = models.TextField(_("who used it or got it"), blank=True)
    acquired = models.TextField(_("whether it was really taken or seen"), blank=True)
    mitigated = models.TextField(_("how far the risk was lowered"), blank=True)
    low_risk = models.BooleanField(null=True)
    assessed_at = models.DateTimeField(null=True)
    hhs_told_on = models.DateField(null=True)
    media_told_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)


class BreachPerson(models.Model):
    """Somebody a breach touched, and when they were told at their safe channel (P-36)."""

    wall = Walled("breach")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    state = models.CharField(max_length=2)
    told_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=20, blank=True, default="")

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["breach", "person"], name="breach_person_once"),
        ]
