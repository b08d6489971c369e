"""The times at which a session could be instead, and that keep every rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from mutual.people.models import Staff
from mutual.week import checks
from mutual.week.kinds import SessionKind, kind_of
from mutual.week.minutes import check_week
from mutual.week.models import Session
from mutual.week.planning import planned
from mutual.week.standing import Standing
from mutual.week.templates import moment, monday_of, programme_zone

EARLIEST, LATEST, STEP = time(8), time(21), timedelta(minutes=30)
#: Nobody is asked to come within this time.
SOONEST = timedelta(hours=2)
#: How many are offered.
OFFERED = 8


@dataclass(frozen=True)
class Slot:
    """One time that keeps every rule; ``liked`` by all who come, as far as they said."""

    start: datetime
    end: datetime
    liked: bool


def slots(
    kind: str | SessionKind,
    clinician: Staff,
    people: Sequence[UUID],
    now: datetime,
    *,
    near: datetime | None = None,
    moving: Session | None = None,
    days: int = 7,
    limit: int = OFFERED,
) -> list[Slot]:
    """Times in the next days at which clinician and all people can, nearest to ``near`` first.

    Free, at work, licensed (C-46), never against what they said of their hours, not both in
    child care hours (C-41), no holiday, and no week left short that was not short (C-35).

    Args:
        moving: the session that would move; without it one would be new.
    """
    entry = kind_of(kind) if isinstance(kind, str) else kind
    length = timedelta(minutes=entry.whole_minutes)
    if moving is not None:
        length = moving.during.upper - moving.during.lower
    zone = programme_zone()
    first = now.astimezone(zone).date()
    wished = near or (moving.during.lower if moving is not None else now)
    if wished > now + timedelta(days=days):
        first = wished.astimezone(zone).date() - timedelta(days=days // 2)
    end = moment(first + timedelta(days=days + 1), time())
    standing = Standing(
        _with_partners(people), now, end, staff=[clinician.id],
        leaving_out=moving.id if moving is not None else None,
    )  # fmt: skip
    found = []
    for day in (first + timedelta(days=n) for n in range(days + 1)):
        if not standing.licensed(clinician.id, people, day):
            continue
        for start in _starts(day):
            until = start + length
            if (
                start >= now + SOONEST
                and (moving is None or start != moving.during.lower)
                and standing.staff_free(clinician.id, start, until)
                and standing.together_free(people, start, until)
            ):
                liked = all(standing.preferred(p, start, until) for p in people)
                found.append(Slot(start, until, liked))
    if moving is not None:
        found = _keeping_the_week(found, moving, people)
    found.sort(key=lambda s: (s.start != near, not s.liked, abs(s.start - wished), s.start))
    return found[:limit]


def _with_partners(people: Sequence[UUID]) -> list[UUID]:
    partners = checks.partner_ids(people)
    return list(dict.fromkeys([*people, *partners.values()]))


def _starts(day: date) -> list[datetime]:
    start, end = moment(day, EARLIEST), moment(day, LATEST)
    return [start + n * STEP for n in range(int((end - start) / STEP))]


def _keeping_the_week(found: list[Slot], moving: Session, people: Sequence[UUID]) -> list[Slot]:
    """Without the weeks that would end short, or without an own session, by this move."""
    home = monday_of(moving.during.lower)
    couples = checks.couples_of(people)
    weeks = {monday_of(slot.start) for slot in found} - {home}
    if not weeks or not couples:
        return found
    barred = set()
    for monday in weeks:
        example = next(s for s in found if monday_of(s.start) == monday)
        during = TimestamptzRange(example.start, example.end)
        for couple in couples:
            if _broken(couple, home, moving.id, during) or _broken(
                couple, monday, moving.id, during
            ):
                barred.add(monday)
    return [slot for slot in found if monday_of(slot.start) not in barred]


def _broken(couple: UUID, monday: date, session: UUID, during: TimestamptzRange) -> bool:
    """Whether a move breaks what a week kept before (C-35, C-45)."""
    was, then = planned(couple, monday), planned(couple, monday, moved=(session, during))
    before = len(check_week(was.people).refused) + len(was.missing)
    return len(check_week(then.people).refused) + len(then.missing) > before


def offered(
    kind: str, clinician: Staff, people: Sequence[UUID], start: datetime, minutes: int,
    *, moving: UUID | None = None,
) -> bool:  # fmt: skip
    """Whether a time may be asked for: yes or no, never why (P-60)."""
    end = start + timedelta(minutes=minutes)
    standing = Standing(
        _with_partners(people), start, end, staff=[clinician.id], leaving_out=moving
    )
    day = start.astimezone(programme_zone()).date()
    return (
        standing.licensed(clinician.id, people, day)
        and standing.staff_free(clinician.id, start, end)
        and standing.together_free(people, start, end)
    )
