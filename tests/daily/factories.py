"""Small helpers of the daily tests; the people are those of tests/world.py."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from mutual.daily.actions import record_contract_readiness, start_contract
from mutual.daily.models import RecoveryContract
from mutual.people.models import Couple, Person
from mutual.week.actions import publish_week, reschedule
from mutual.week.planning import planned
from tests.week.factories import conjoint
from tests.world import id_of

Act = Callable[[str], AbstractContextManager[Any]]
ZONES = {"ana": "America/Chicago", "ben": "America/Denver"}
CALM = {"urge": "2", "used": "no", "mood": "6"}


def raw(sql: str, *params: object) -> list[tuple[Any, ...]]:
    """Rows of a statement under the application's role."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def local(person: str, hour: int, minute: int = 0, days: int = 0) -> datetime:
    """A wall-clock time of a person, some days from their today."""
    zone = ZoneInfo(ZONES[person])
    day = timezone.now().astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def today_of(person: str) -> date:
    """The local date of a person."""
    return timezone.now().astimezone(ZoneInfo(ZONES[person])).date()


def ready(act: Act, **undecided: None) -> None:
    """Both partners ready for a contract; name one to leave them undecided."""
    for person, counselor in (("ana", "mo"), ("ben", "kit")):
        with act(counselor) as staff:
            record_contract_readiness(
                staff,
                Person.objects.get(id=id_of(person)),
                accepts_abstinence=True,
                means_to_stay=None if person in undecided else True,
            )


def contract(act: Act, **more: Any) -> RecoveryContract:
    """An open contract of Ana and Ben."""
    ready(act)
    with act("reyes") as therapist:
        return start_contract(
            therapist,
            Couple.objects.get(id=id_of("ab")),
            "I stay away from alcohol today.",
            "Thank you for today.",
            **more,
        )


def couples_session(act: Act, start: datetime) -> Any:
    """A couples session, so that the week isn't side by side."""
    with act("reyes") as therapist:
        return conjoint(therapist, start)


__all__ = [
    "CALM",
    "contract",
    "couples_session",
    "local",
    "planned",
    "publish_week",
    "raw",
    "ready",
    "reschedule",
    "today_of",
]
