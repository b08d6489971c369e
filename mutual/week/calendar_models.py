"""What a person chose of calendars and reminders: theirs alone, like their devices."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from mutual.people.models import Person
from mutual.wall.managers import Walls
from mutual.wall.policy import Walled


class Feed(models.Model):
    """A person's calendar feed: its secret is kept as a hash; off at first (P-50)."""

    wall = Walled("account_device", deletable=True)

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE)
    secret_hash = models.BinaryField(unique=True)
    word = models.CharField(max_length=40, blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = Walls()


class ReminderChoice(models.Model):
    """When a person wants to be reminded of sessions, in minutes before; empty is never."""

    wall = Walled("account_device", deletable=True)

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE)
    leads = ArrayField(models.PositiveSmallIntegerField(), default=list)

    objects = Walls()
