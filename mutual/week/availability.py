"""Working hours, times away, a partner's own week, journeys, holidays: kept and obeyed.

What a partner says of their week is their own and of those who plan; the partner never learns of
it, not even as "busy" (P-60).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange, TimestamptzRange

from mutual.base import zones
from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import shown_names
from mutual.people.models import Staff
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.week.clocks import Stretch, at_work, has_time
from mutual.week.minutes import Span
from mutual.week.models import ClosedDay, FreeTime, StaffBooking, TimeAway, Trip, WorkTime
from mutual.week.templates import programme_zone

#: Who keeps the hours of colleagues beside their own.
KEEPERS = ("admissions", "care_coordinator", "director")
#: A person says at most so many stretches; more is a mistake.
MOST = 60
#: How far ahead a calendar file is read.
AHEAD = timedelta(days=180)


def set_work_times(actor: Actor, staff: Staff, stretches: Sequence[Stretch]) -> None:
    """Write down somebody's whole working week, on their own clock; what was there is replaced.

    Raises:
        Refused: a stretch that does not end after it begins.
        NotThere: for the hours of a colleague, unless the actor plans or directs.
    """
    if actor.id != staff.id and not actor.has(*KEEPERS):
        raise NotThere
    _refuse_stretches(stretches, ("work", "supervision"))
    with transaction.atomic():
        WorkTime.objects.filter(staff=staff).delete()
        WorkTime.objects.bulk_create(
            WorkTime(staff=staff, day=s.day, start=s.start, end=s.end, what=s.what or "work")
            for s in stretches
        )


def take_time_off(actor: Actor, staff: Staff, start: datetime, end: datetime) -> TimeAway:
    """No session of this member of staff from ``start`` to ``end``; why is not asked.

    Sessions already there stay until somebody stands in or they are moved.
    """
    if actor.id != staff.id and not actor.has(*KEEPERS):
        raise NotThere
    if end <= start:
        raise Refused(_("The end comes after the beginning."), field="end")
    away = TimeAway(staff=staff, during=TimestamptzRange(start, end), made_by=actor.sure_id)
    away.save(force_insert=True)
    return away


def take_busy_file(
    actor: Actor, staff: Staff, raw: bytes, *, today: date | None = None
) -> tuple[int, int]:
    """Somebody's own calendar as a file: its busy times of today and the time ahead, and no more.

    The file takes the place of the one before; times away that were typed stay. Titles, places
    and guests are never kept.

    Returns:
        How many times are kept, and how many of the own sessions stand in one of them; these stay
        until somebody stands in or they are moved.

    Raises:
        Refused: with the line that can't be read; what was there before stays.
    """
    from mutual.week.busyfile import busy_times

    if actor.id != staff.id and not actor.has(*KEEPERS):
        raise NotThere
    first = today or timezone.localdate()
    spans = busy_times(raw, zone=zones.zone(staff.zone), first=first, last=first + AHEAD)
    before = TimeAway.objects.filter(staff=staff, from_file=True, given_back=False)
    with transaction.atomic():
        kept = {Span(row.during.lower, row.during.upper): row.id for row in before}
        gone = [key for span, key in kept.items() if span not in spans]
        TimeAway.objects.filter(id__in=gone).update(given_back=True)
        TimeAway.objects.bulk_create(
            TimeAway(
                staff=staff, during=TimestamptzRange(span.start, span.end),
                from_file=True, made_by=actor.sure_id,
            )
            for span in spans
            if span not in kept
        )  # fmt: skip
    return len(spans), _sessions_in(staff, spans)


def _sessions_in(staff: Staff, spans: Sequence[Span]) -> int:
    if not spans:
        return 0
    whole = TimestamptzRange(spans[0].start, spans[-1].end)
    booked = StaffBooking.objects.filter(staff=staff, cancelled=False, during__overlap=whole)
    return sum(
        any(at.lower < span.end and at.upper > span.start for span in spans)
        for at in booked.values_list("during", flat=True)
    )


def drop_busy_file(actor: Actor, staff: Staff) -> None:
    """None of the times of the calendar file stands any more."""
    if actor.id != staff.id and not actor.has(*KEEPERS):
        raise NotThere
    TimeAway.objects.filter(staff=staff, from_file=True).update(given_back=True)


def give_back(actor: Actor, public_id: UUID) -> TimeAway:
    """The time is free for sessions again."""
    away = TimeAway.objects.select_related("staff").filter(public_id=public_id).first()
    if away is None or (actor.id != away.staff_id and not actor.has(*KEEPERS)):
        raise NotThere
    away.given_back = True
    away.save(update_fields=["given_back"])
    return away


def set_free_times(actor: Actor, person_id: UUID, stretches: Sequence[Stretch]) -> None:
    """Write down what a partner says of their week; what was there is replaced.

    Raises:
        Refused: a stretch that does not end after it begins, or far too many.
        NotThere: for somebody whose contact sheet the actor may not change.
    """
    _refuse_stretches(stretches, ("free", "prefer", "never", "care"))
    with transaction.atomic():
        if not _may_keep(actor, person_id):
            raise NotThere
        FreeTime.objects.filter(person_id=person_id).delete()
        FreeTime.objects.bulk_create(
            FreeTime(person_id=person_id, day=s.day, start=s.start, end=s.end, what=s.what)
            for s in stretches
        )
    audit.note("write", "contact_location", person_id, person_id, "hours")


def add_trip(
    actor: Actor, person_id: UUID, first: date, last: date, *, zone: str, state: str
) -> Trip:
    """A partner is elsewhere from ``first`` to ``last``, both included (C-46).

    Their own pages follow that clock on these days; sessions with a clinician who is not licensed
    there are refused from now on, and those already planned are shown to who plans.

    Raises:
        Refused: an unknown zone or state, an end before the beginning, or another journey then.
    """
    if last < first:
        raise Refused(_("The last day comes after the first."), field="last")
    if zone not in available_timezones():
        raise Refused(_("Choose a time zone."), field="zone")
    if len(state) != 2 or not state.isalpha():
        raise Refused(_("Choose a state."), field="state")
    if not _may_keep(actor, person_id):
        raise NotThere
    trip = Trip(
        person_id=person_id, during=DateRange(first, last, "[]"), zone=zone, state=state.upper()
    )
    try:
        with transaction.atomic():
            trip.save(force_insert=True)
    except IntegrityError as error:
        words = _("Another journey is written down for these days. Take it back first.")
        raise Refused(words, field="first") from error
    audit.note("write", "contact_location", person_id, trip.id, "journey")
    return trip


def drop_trip(actor: Actor, public_id: UUID) -> None:
    """Take a journey back."""
    trip = Trip.objects.writable_by(actor).sole(public_id=public_id)
    person, key = trip.person_id, trip.id
    trip.delete()
    audit.note("write", "contact_location", person, key, "journey taken back")


def close_day(actor: Actor, day: date, name: str) -> ClosedDay:
    """A holiday of the programme."""
    if not actor.has(*KEEPERS):
        raise NotThere
    made, _new = ClosedDay.objects.update_or_create(day=day, defaults={"name": name.strip()[:80]})
    return made


def open_day(actor: Actor, day: date) -> None:
    """No holiday after all."""
    if not actor.has(*KEEPERS):
        raise NotThere
    ClosedDay.objects.filter(day=day).delete()


def _may_keep(actor: Actor, person_id: UUID) -> bool:
    from mutual.week.booking import may_write

    return actor.id == person_id or may_write("contact_location.write", person_id)


def _refuse_stretches(stretches: Sequence[Stretch], known: Iterable[str]) -> None:
    if len(stretches) > MOST:
        raise Refused(_("These are too many times for one week."), field="times")
    for one in stretches:
        midnight = one.end.hour == 0 and one.end.minute == 0
        if not 0 <= one.day <= 6 or (one.end <= one.start and not midnight):
            raise Refused(_("Each time ends after it begins."), field="times")
        if one.what and one.what not in known:
            raise Refused(_("Choose what the time is for."), field="times")


# What stands against a time ------------------------------------------------------------------


def refuse_away(staff: Staff, during: TimestamptzRange) -> None:
    """Raise `Refused` when a clinician is not at work for the whole of a time; two queries."""
    assert during.lower is not None and during.upper is not None
    times = [work.stretch for work in WorkTime.objects.filter(staff_id=staff.id)]
    asked = Span(during.lower, during.upper)
    here = zones.zone(staff.zone)
    away = TimeAway.objects.filter(staff_id=staff.id, given_back=False, during__overlap=during)
    if at_work(times, asked, here) and not away.exists():
        return
    raise Refused(
        _("%(name)s is not at work then (%(when)s). Choose another time or clinician.")
        % {"name": staff.name, "when": zones.span(during.lower, during.upper, programme_zone())},
        field="start",
    )


def refuse_unwanted(people: Sequence[UUID], during: TimestamptzRange) -> None:
    """Raise `Refused` for a person who said that they cannot then; one query.

    The name is shown to who may know it; the answer is never shown to a partner.
    """
    assert during.lower is not None and during.upper is not None
    said, clocks = said_of(people, during.lower)
    asked = Span(during.lower, during.upper)
    for person, times in said.items():
        if has_time(times, asked, zones.zone(clocks[person])):
            continue
        name = shown_names([person]).get(person, (_("One of them"), ""))[0]
        words = _("%(name)s cannot then, as they told us. Choose another time, or ask them first.")
        raise Refused(words % {"name": name}, field="start")


def said_of(
    people: Sequence[UUID], at: datetime
) -> tuple[dict[UUID, list[Stretch]], dict[UUID, str]]:
    """What people said of their week, and each one's zone on a day; one query."""
    day = at.astimezone(programme_zone()).date()
    trip = Trip.objects.filter(person_id=OuterRef("person_id"), during__contains=day)
    with as_service("week_rules"):
        rows = list(
            FreeTime.objects.filter(person_id__in=list(people)).annotate(
                clock=Coalesce(Subquery(trip.values("zone")[:1]), F("person__zone"))
            )
        )
    said: dict[UUID, list[Stretch]] = {}
    clocks: dict[UUID, str] = {}
    for row in rows:
        said.setdefault(row.person_id, []).append(row.stretch)
        clocks[row.person_id] = row.clock
    return said, clocks


# What screens read ---------------------------------------------------------------------------


def work_of(staff_id: UUID) -> list[WorkTime]:
    """The working week of a member of staff."""
    return list(WorkTime.objects.filter(staff_id=staff_id).order_by("day", "start"))


def away_of(staff_id: UUID, now: datetime | None = None) -> list[TimeAway]:
    """Times away that are not over, soonest first; those of a calendar file among them."""
    at = now or timezone.now()
    rows = TimeAway.objects.filter(staff_id=staff_id, given_back=False, during__endswith__gt=at)
    return list(rows.order_by("during"))


def free_of(actor: Actor, person_id: UUID) -> list[FreeTime]:
    """What a person said of their week, as far as the actor may read it."""
    rows = FreeTime.objects.visible_to(actor).filter(person_id=person_id)
    return list(rows.order_by("day", "start"))


def trips_of(actor: Actor, person_id: UUID, today: date) -> list[Trip]:
    """Journeys that are not over."""
    rows = Trip.objects.visible_to(actor).filter(person_id=person_id, during__endswith__gt=today)
    return list(rows.order_by("during"))


def clock_on(at: datetime) -> Coalesce:
    """For ``annotate`` on `Person`: the zone they are in at a moment, travel minded (F-2)."""
    day = at.astimezone(programme_zone()).date()
    trip = Trip.objects.filter(person_id=OuterRef("pk"), during__contains=day)
    return Coalesce(Subquery(trip.values("zone")[:1]), F("zone"))


def last_day(trip: Trip) -> date:
    """The last day of a journey, which the database keeps as the day after."""
    after: date = trip.during.upper
    return after - timedelta(days=1)
