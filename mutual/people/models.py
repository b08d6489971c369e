"""Persons, couples, staff and the accounts they sign in with."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.wall.managers import Walls
from mutual.wall.policy import Outside, Walled


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; an address is compared without case."""

    def create_user(self, email: str, password: str | None = None, **more: object) -> Account:
        """An account for one actor (P-82: one account per person)."""
        account = self.model(email=email.strip().lower(), **more)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account of an address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """What one person or member of staff signs in with (P-82)."""

    wall = Outside("sign-in reads an account by its address before anybody is known")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("email"), unique=True)
    actor_id = models.UUIDField(unique=True)
    actor_kind = models.CharField(max_length=10, choices=[("person", "person"), ("staff", "staff")])
    pin_hash = models.CharField(max_length=200, blank=True, default="")
    pin_tries = models.PositiveSmallIntegerField(default=0)
    pin_blocked_until = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=60, default="America/Chicago")
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="account_email_lower", condition=models.Q(email=Lower("email"))
            )
        ]


class Person(models.Model):
    """An adult in treatment (or about to be): one of two partners."""

    wall = Walled("person_profile", subject="id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    given_name = models.CharField(_("first name"), max_length=80)
    family_name = models.CharField(_("last name"), max_length=80)
    birth_date = models.DateField(_("date of birth"), null=True)
    sex = models.CharField(
        _("sex on the insurance card"),
        max_length=1,
        default="U",
        choices=[("F", _("Female")), ("M", _("Male")), ("U", _("Not given"))],
    )
    zone = models.CharField(_("time zone"), max_length=60, default="America/Chicago")
    state = models.CharField(_("state"), max_length=2, default="TX")
    language = models.CharField(max_length=10, default="en")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = Walls()

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"


class ShownName(models.Model):
    """The name and pronouns a person chose to show: all that the partner sees (D10)."""

    wall = Walled("person_profile", level="extract")

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT)
    name = models.CharField(_("name to show"), max_length=80)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True, default="")

    objects = Walls()

    def __str__(self) -> str:
        return self.name


class ContactLocation(models.Model):
    """How and when a person may safely be reached, and where they are (C-19, P-38, P-70)."""

    wall = Walled("contact_location")

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT)
    phone = models.CharField(_("phone"), max_length=30, blank=True, default="")
    safe_route = models.CharField(
        _("safe way to reach me"),
        max_length=20,
        default="portal",
        choices=[
            ("portal", _("Only inside Mutual")),
            ("call", _("Phone call")),
            ("sms", _("Text message")),
            ("mail", _("Email")),
        ],
    )
    safe_mail = models.EmailField(_("a safe mailbox"), blank=True, default="")
    safe_days = models.CharField(
        _("safe days"),
        max_length=8,
        blank=True,
        default="",
        choices=[
            ("any", _("Any day")),
            ("week", _("Monday to Friday")),
            ("weekend", _("Saturday and Sunday")),
        ],
    )
    #: On the person's own clock; a sender obeys these, ``safe_hours`` is for who calls.
    safe_from = models.TimeField(_("from"), null=True, blank=True)
    safe_to = models.TimeField(_("until"), null=True, blank=True)
    safe_hours = models.CharField(_("safe hours"), max_length=80, blank=True, default="")
    voicemail = models.BooleanField(_("voicemail is safe"), default=False)
    code_word = models.CharField(_("code word"), max_length=40, blank=True, default="")
    emergency_name = models.CharField(
        _("emergency contact"), max_length=120, blank=True, default=""
    )
    emergency_phone = models.CharField(_("their phone"), max_length=30, blank=True, default="")
    emergency_nobody = models.BooleanField(_("nobody"), default=False)
    places = models.JSONField(default=dict, blank=True)  # label -> {"address", "state"}

    objects = Walls()


class Couple(models.Model):
    """Two adults who enrol together; members are `CoupleMember` rows (C-1)."""

    wall = Walled("couple", level="facts", subject="id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    number = models.PositiveIntegerField(unique=True)
    formed_on = models.DateField()
    #: Separated: nothing new opens or is written between the two; ``ended_on`` follows once both
    #: have heard it from a clinician (P-71).
    parted_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)

    objects = Walls()


class CoupleMember(models.Model):
    """One partner of a couple; side A or B fixes hue and column everywhere."""

    wall = Walled("couple", level="facts", subject="couple_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    side = models.CharField(max_length=1, choices=[("A", "A"), ("B", "B")])
    during = DateRangeField()

    objects = Walls()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["couple", "side"], name="couple_two_sides"),
            models.UniqueConstraint(fields=["couple", "person"], name="couple_two_people"),
            models.CheckConstraint(name="couple_side", condition=models.Q(side__in=["A", "B"])),
            # C-1: each in at most one open couple.
            ExclusionConstraint(
                name="one_open_couple",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Staff(models.Model):
    """A member of staff; the directory carries no record of anybody in treatment."""

    wall = Outside("staff directory: names, credentials and roles, no person in treatment")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    name = models.CharField(max_length=120)
    credential = models.CharField(max_length=60, blank=True, default="")
    roles: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=30), default=list
    )
    npi = models.CharField(max_length=10, blank=True, default="")
    zone = models.CharField(max_length=60, default=settings.PROGRAMME_ZONE)
    violence_screen_trained = models.BooleanField(default=False)
    supervisor = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="supervisees"
    )
    active_from = models.DateField()
    active_until = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def person_id(self) -> UUID:
        """The actor id, named like a person's for code that treats both alike."""
        return self.id


class Licence(models.Model):
    """A licence of a member of staff in one state, for a time (C-46, P-76)."""

    wall = Outside("staff directory: licences, no person in treatment")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="licences")
    state = models.CharField(max_length=2)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    valid = DateRangeField()

    class Meta:
        indexes = [models.Index(fields=["staff", "state"])]


class StaffTask(models.Model):
    """Something a member of staff has to do about a person, by a time."""

    wall = Walled(
        "staff_task", author="author_id", addressee="addressee_id", written_by=("addressee_id",)
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    author_id = models.UUIDField()
    addressee_id = models.UUIDField(db_index=True)
    rule = models.CharField(max_length=10, blank=True, default="")
    text = models.TextField()
    due = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = Walls()


# What sign-in keeps beside them is in a file of its own; Django looks for models here.
from mutual.people.account_models import (  # noqa: E402
    AccessReview,
    AccessReviewLine,
    Departure,
    KnownDevice,
    Recovery,
    Tries,
)

__all__ = [
    "AccessReview",
    "AccessReviewLine",
    "Account",
    "AccountManager",
    "ContactLocation",
    "Couple",
    "CoupleMember",
    "Departure",
    "KnownDevice",
    "Licence",
    "Person",
    "Recovery",
    "ShownName",
    "Staff",
    "StaffTask",
    "Tries",
]
