"""Small helpers of the week's tests; the people are those of tests/world.py."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from mutual.people.models import Staff
from mutual.wall.context import Actor
from mutual.week.actions import book_session, make_group, plan_week
from mutual.week.models import Group, Session
from mutual.week.templates import TEMPLATES, moment
from tests.world import id_of

#: The world's couple Ana and Ben is admitted 30 days ago at 2.1 each, cleared and signed.
AB = [id_of("ana"), id_of("ben")]
CD = [id_of("cleo"), id_of("dan")]


def staff(name: str) -> Staff:
    """A member of staff of the test world."""
    return Staff.objects.get(id=id_of(name))


def monday(weeks: int = 2) -> date:
    """A Monday some weeks ahead."""
    today = timezone.localdate()
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def at(day: int, hour: int, minute: int = 0, weeks: int = 2) -> datetime:
    """A wall-clock time of the programme in that week."""
    return moment(monday(weeks) + timedelta(days=day), time(hour, minute))


def individual(actor: Actor, person: str, clinician: str, start: datetime, **more: Any) -> Session:
    """An individual session."""
    return book_session(
        actor,
        "individual",
        clinician=staff(clinician),
        start=start,
        persons=[id_of(person)],
        **more,
    )


def conjoint(actor: Actor, start: datetime, couple: str = "ab", by: str = "reyes") -> Session:
    """A couples session."""
    return book_session(
        actor, "conjoint", clinician=staff(by), start=start, couple_id=id_of(couple)
    )


def group(
    actor: Actor, kind: str, leader: str, start: datetime, *people: str
) -> tuple[Group, Session]:
    """A group of a kind with one session and these people on its roster."""
    made = make_group(actor, kind, staff(leader))
    session = book_session(
        actor,
        kind,
        clinician=staff(leader),
        start=start,
        group=made,
        persons=[id_of(p) for p in people],
    )
    return made, session


def planned(actor: Actor, template: str = "shared", couple: str = "ab", weeks: int = 2) -> Any:
    """A planned week of a couple."""
    assert template in TEMPLATES
    return plan_week(actor, id_of(couple), monday(weeks), template)
