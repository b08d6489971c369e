"""How a week ends on today's plan, by Wednesday noon at the latest; and who was silent for days.

Minutes are those of C-33 and C-36; what is held but not confirmed yet counts as planned and says
so. Runs as ``hours_forecast`` and hands out minutes and dates, to who may know attendance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.zones import duration
from mutual.episode.asam import weekly_minutes
from mutual.people.lookups import Partner, members
from mutual.people.models import Couple, CoupleMember, Person, StaffTask
from mutual.wall.context import Actor, as_service
from mutual.week import checks
from mutual.week.attending import own_counselor
from mutual.week.kinds import counts
from mutual.week.minutes import Span, length, union, whole_minutes
from mutual.week.models import Attendance, Seat
from mutual.week.planning import net_spans
from mutual.week.templates import monday_of, programme_zone, week_span

#: Nobody in care should be without a contact for longer.
SILENT = timedelta(days=2)
#: The forecast reaches the counselor on this weekday, from this hour of the programme's clock.
WEDNESDAY, HOUR = 2, 11


@dataclass(frozen=True)
class Forecast:
    """One person's week in minutes that count: so far, still planned, and what is needed."""

    attended: int
    unconfirmed: int
    to_come: int
    least: int
    judged: bool

    @property
    def ends_at(self) -> int:
        """Minutes at the end of the week on today's plan."""
        return self.attended + self.unconfirmed + self.to_come

    @property
    def short(self) -> int:
        """Minutes missing then; a first or last week is shown and not judged (C-37)."""
        return max(0, self.least - self.ends_at) if self.judged else 0


def forecast(
    people: Sequence[UUID], monday: date, now: datetime | None = None
) -> dict[UUID, Forecast]:
    """The forecast of each person's week; three queries, for rules and reports."""
    at = now or timezone.now()
    start, end = week_span(monday)
    facts = checks.facts_of(people)
    with as_service("hours_forecast"):
        row = Attendance.objects.filter(
            person_id=OuterRef("person_id"), session_id=OuterRef("session_id")
        )
        seats: list[Any] = list(
            Seat.objects.filter(
                person_id__in=list(people), cancelled=False, during__startswith__gte=start,
                during__startswith__lt=end,
            ).annotate(there=Subquery(row.values("minutes")[:1]))
        )  # fmt: skip
    found = {}
    for person in people:
        mine = [s for s in seats if s.person_id == person and counts(s.kind)]
        been = [
            Span(s.during.lower, s.during.lower + timedelta(minutes=s.there))
            for s in mine if s.there is not None
        ]  # fmt: skip
        waits = [n for s in mine if s.there is None and s.during.upper <= at for n in net_spans(s)]
        coming = [n for s in mine if s.there is None and s.during.upper > at for n in net_spans(s)]
        # A minute counts once, whatever overlaps (C-36).
        attended, held = _minutes(been), _minutes([*been, *waits])
        whole = _minutes([*been, *waits, *coming])
        fact = facts.get(person)
        limits = weekly_minutes(fact.level) if fact and fact.level else None
        judged = (
            fact is not None and fact.admitted_on is not None and fact.admitted_on <= monday
            and (fact.closed_on is None or fact.closed_on >= monday + timedelta(days=7))
        )  # fmt: skip
        found[person] = Forecast(
            attended, held - attended, whole - held, limits[0] if limits else 0, judged
        )
    return found


def _minutes(spans: Iterable[Span]) -> int:
    return whole_minutes(length(union(spans)))


@dataclass(frozen=True)
class Line:
    """One person of the report; ``make_up`` is whom the actor may book a make-up for."""

    partner: Partner
    make_up: UUID | None
    couple: Couple
    forecast: Forecast
    last_seen: datetime | None
    silent: bool

    @property
    def side(self) -> str:
        """The hue of this partner."""
        return self.partner.side.lower()

    @property
    def words(self) -> str:
        """How the week ends on today's plan."""
        return _("on today's plan %(name)s ends at %(time)s") % {
            "name": self.partner.name, "time": duration(self.forecast.ends_at)
        }  # fmt: skip


def report(actor: Actor, monday: date, now: datetime | None = None) -> list[Line]:
    """Everybody in care whose attendance the actor may know, short ones first; five queries."""
    at = now or timezone.now()
    rows = (
        CoupleMember.objects.visible_to(actor)
        .filter(couple__ended_on__isnull=True, person_id__granted="attendance.facts")
        .select_related("couple")
        .annotate(
            make_up=Subquery(
                Person.objects.filter(
                    id=OuterRef("person_id"), id__granted="schedule_own.write"
                ).values("public_id")
            )
        )
    )
    both = members(rows)
    people = [partner.person_id for _row, partner in both]
    ends = forecast(people, monday, at)
    facts = checks.facts_of(people)
    seen = last_seen(people, at)
    found = []
    for row, partner in both:
        line: Any = row
        fact = facts.get(partner.person_id)
        if fact is None or fact.admitted_on is None or fact.closed_on is not None:
            continue
        last = seen.get(partner.person_id)
        since = last or datetime.combine(fact.admitted_on, datetime.min.time(), programme_zone())
        ends_ = ends[partner.person_id]
        quiet = at - since > SILENT
        found.append(Line(partner, line.make_up, row.couple, ends_, last, quiet))
    found.sort(key=lambda one: (-one.forecast.short, not one.silent, one.partner.name))
    return found


def last_seen(people: Sequence[UUID], now: datetime) -> dict[UUID, datetime]:
    """When each person was last in a session; one query."""
    came = Attendance.objects.filter(
        person_id=OuterRef("person_id"), session_id=OuterRef("session_id"), minutes__gt=0
    )
    with as_service("hours_forecast"):
        rows = (
            Seat.objects.filter(
                Exists(came), person_id__in=list(people), during__startswith__lte=now
            )
            .values_list("person_id")
            .annotate(at=Max("during__endswith"))
        )
        return dict(rows)


def tell_by_wednesday(now: datetime | None = None) -> int:
    """Task the own counselor of everybody whose week ends short; once a week and person.

    Does nothing before Wednesday 11:00 of the programme's clock, so that it is known by noon.
    """
    at = now or timezone.now()
    local = at.astimezone(programme_zone())
    monday = monday_of(at)
    if (local.weekday(), local.hour) < (WEDNESDAY, HOUR):
        return 0
    end = week_span(monday)[1]
    count = 0
    with transaction.atomic():
        with as_service("hours_forecast"):
            open_ = Couple.objects.filter(ended_on__isnull=True)
            people = list(
                CoupleMember.objects.filter(couple__in=open_).values_list("person_id", flat=True)
            )
        for person, one in forecast(people, monday, at).items():
            counselor = own_counselor(person, local.date()) if one.short else None
            if counselor is None:
                continue
            with as_service("hours_forecast") as service:
                if StaffTask.objects.filter(person_id=person, rule="C-35", due=end).exists():
                    continue
                StaffTask.objects.create(
                    person_id=person, author_id=service.sure_id, addressee_id=counselor,
                    rule="C-35", due=end,
                    text=_("On today's plan this week ends at %(time)s; %(least)s are needed."
                           " Offer a make-up before Sunday is over.")
                    % {"time": duration(one.ends_at), "least": duration(one.least)},
                )  # fmt: skip
            count += 1
    return count
