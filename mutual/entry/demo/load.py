"""Load the demo programme: twelve couples at different stages, three weeks of history.

Deterministic, relative to today. Everything goes through the rooms' actions, as the actors who
would do it, with the dates at which they would have done it. One transaction: whole or nothing.
Run as the owner by ``mutual demo``: ``python -m mutual.entry.demo.load``.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from mutual.entry.demo.cast import Pair
    from mutual.people.models import Couple, Person

SPACE = UUID("6d757475-616c-4000-8000-64656d6f0000")
IN_CARE = ("admitted", "held", "parted")
_begun = time.monotonic()


def say(text: str) -> None:
    """Progress goes to standard error."""
    print(f"demo: {time.monotonic() - _begun:5.1f} s  {text}", file=sys.stderr, flush=True)


def id_of(key: str) -> UUID:
    """The fixed id of somebody of the demo."""
    return uuid5(SPACE, key)


class Programme:
    """The demo programme while it is being loaded."""

    def __init__(self, now: datetime) -> None:
        from mutual.week.templates import programme_zone

        self.now = now
        self.today: date = now.astimezone(programme_zone()).date()
        self.monday = self.today - timedelta(days=self.today.weekday())
        self.people: dict[str, Person] = {}
        self.couples: dict[str, Couple] = {}

    def days(self, pair: Pair) -> int:
        """Days since admission, or since the inquiry of those who aren't admitted."""
        if pair.stage not in IN_CARE:
            return pair.days
        return (self.today - self.monday).days + 7 * pair.weeks

    def ago(self, days: float) -> datetime:
        """A moment ``days`` ago."""
        return self.now - timedelta(days=days)


def load(now: datetime) -> None:
    """Load everything; the caller holds the transaction."""
    from mutual.entry.demo import care, history, office, starting, week_life
    from mutual.entry.demo.cast import COUPLES

    programme = Programme(now)
    starting.staff(programme)
    starting.payers(programme)
    say("staff, payers")
    for pair in COUPLES:
        starting.couple(programme, pair)
    say("couples")
    in_care = [p for p in COUPLES if p.stage in IN_CARE]
    history.plans(programme, in_care)
    history.weeks(programme, in_care)
    say("weeks")
    history.attendance(programme, in_care)
    say("attendance")
    history.notes(programme, in_care)
    say("notes")
    history.daily_life(programme, in_care)
    say("daily life")
    history.money(programme, in_care)
    care.write(programme)
    office.write(programme)
    say("insurance, safety, requests")
    history.parting(programme, in_care)
    week_life.week_life(programme, in_care)
    say("a discharge, changes of the week")


def refresh(now: datetime) -> None:
    """A couples session of Ana and Ben that starts in ten minutes, if they still may have one."""
    from django.db import transaction

    from mutual.base.refusal import Refused
    from mutual.entry.demo import history

    try:
        with transaction.atomic():
            history.soon(Programme(now))
    except Refused as refusal:
        # Somebody has played on: a discharge, a hold. What they did stays.
        say(f"no couples session soon: {refusal.text}")


def main() -> int:
    """Load once; on later starts only make sure that there is a session to join soon."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutual.base.settings")
    django.setup()
    from django.db import connection, transaction
    from django.utils import timezone

    from mutual.base.refusal import Refused
    from mutual.people.models import Account

    # What was imported stays until the end, and little that is made here is ever garbage.
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    now = timezone.now().replace(second=0, microsecond=0)
    fresh = not Account.objects.exists()
    try:
        with transaction.atomic():
            if fresh:
                load(now)
            refresh(now)
    except Refused as error:
        say(f"refused: {error.text} ({error.rule})")
        return 1
    if fresh:
        with connection.cursor() as cursor:
            cursor.execute("analyze")
    return 0


if __name__ == "__main__":
    sys.exit(main())
