"""Planned days beside what each partner's payer has authorized, for those who may know (F-16).

The couples therapist plans the week and knows no approval (access table); so each line is said
only to an actor with a right to that partner's authorizations.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.coverage.models import Authorization
from mutual.coverage.queries import units_warnings
from mutual.wall.context import as_service
from mutual.week import checks
from mutual.week.minutes import PER_DIEM_MINUTES
from mutual.week.planning import person_week
from mutual.week.templates import moment, week_span


def warnings(names: Mapping[UUID, str], monday: date, *, today: date | None = None) -> list[str]:
    """What a week plans beyond each partner's authorizations, in words that name the partner.

    Counted are the days from today to the end of the week that reach a billable day's minutes:
    what is planned before the week takes its units first.

    Args:
        names: person id to name, of the couple.
        monday: of the week that is planned.
    """
    day = today or timezone.localdate()
    until = monday + timedelta(days=7)
    if until <= day:
        return []
    with as_service("approvals"):
        rows = list(Authorization.objects.filter(person_id__in=list(names), last_day__gte=day))
    people = _known({row.person_id for row in rows})
    if not people:
        return []
    seats = checks.seats_in(people, moment(day, time()), week_span(monday)[1])
    facts = checks.facts_of(people)
    found = []
    for person in sorted(people, key=lambda one: names[one]):
        own = [seat for seat in seats if seat.person_id == person]
        days = person_week("", facts.get(person), own, monday).days
        full = [on for on, minutes in days.items() if minutes >= PER_DIEM_MINUTES]
        mine = [row for row in rows if row.person_id == person]
        found += [
            _("%(name)s: %(words)s") % {"name": names[person], "words": words}
            for words in units_warnings(mine, full, since=monday)
        ]
    return found


def _known(people: set[UUID]) -> list[UUID]:
    """Of these people, those of whose authorizations the current actor may know."""
    if not people:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "select one from unnest(%s::uuid[]) as one"
            " where one = any((select wall.subjects('authorization.facts'))::uuid[])"
            " or (select wall.everyone('authorization.facts'))",
            [[str(one) for one in people]],
        )
        return [row[0] for row in cursor.fetchall()]
