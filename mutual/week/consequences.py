"""What a week, or a move within it, means in words with numbers; the broken ones last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from mutual.base.zones import duration
from mutual.episode.asam import weekly_minutes
from mutual.people.lookups import Partner
from mutual.wall.context import Actor
from mutual.week.booking import against_move, may_write
from mutual.week.minutes import PersonWeek, check_week
from mutual.week.models import Session, WeekPlan
from mutual.week.planning import Planned, planned
from mutual.week.templates import monday_of


@dataclass(frozen=True)
class Line:
    """One consequence: tone (``ok`` or ``warn``), sentence, detail."""

    tone: str
    words: str
    detail: str = ""


def of_week(
    couple_id: UUID, monday: date, *, people: Sequence[Partner] = (), plan: WeekPlan | None = None
) -> list[Line]:
    """What the week holds, for those who plan for this couple.

    Who already read its two partners and its plan hands them over with both.
    """
    found = planned(couple_id, monday, known=(people, plan) if len(people) == 2 else None)
    return _ordered([*_people(found.people), *_problems(found)])


def of_move(actor: Actor, session: Session, couple_id: UUID, start: datetime) -> list[Line]:
    """What moving a session to ``start`` does to each partner's week, and what forbids it.

    Nothing is written.
    """
    length = session.during.upper - session.during.lower
    during = TimestamptzRange(start, start + length)
    lines = _changes(session, couple_id, during)
    if against := against_move(actor, session, start):
        lines.append(Line("warn", against))
    if monday_of(start) != monday_of(session.during.lower):
        lines.append(Line("warn", _("It moves to another week.")))
    return _ordered(lines)


def of_cancel(session: Session, couple_id: UUID) -> list[Line]:
    """What cancelling a session does to each partner's week; nothing is written."""
    never = TimestamptzRange(
        session.during.lower - timedelta(days=3650), session.during.upper - timedelta(days=3650)
    )
    return _ordered(_changes(session, couple_id, never))


def _changes(session: Session, couple_id: UUID, during: TimestamptzRange) -> list[Line]:
    """Each partner's week before and after, and what stands against it then."""
    monday = monday_of(session.during.lower)
    before = planned(couple_id, monday)
    after = planned(couple_id, monday, moved=(session.id, during))
    lines = []
    for was, then in zip(before.people, after.people, strict=True):
        if was.minutes == then.minutes and was.days == then.days:
            lines.append(Line("ok", _("%(name)s: nothing changes") % {"name": was.name}))
        elif was.minutes == then.minutes:
            words = _("%(name)s: week stays %(time)s") % {
                "name": was.name, "time": duration(was.minutes)
            }  # fmt: skip
            lines.append(Line("ok", words, _least(then)))
        else:
            words = _("%(name)s: %(was)s → %(then)s") % {
                "name": was.name, "was": duration(was.minutes), "then": duration(then.minutes)
            }  # fmt: skip
            lines.append(Line(_tone(then), words, _least(then)))
    return [*lines, *_problems(after)]


def may_publish(couple_id: UUID) -> bool:
    """Whether the current actor plans for this couple."""
    return may_write("schedule_joint.write", couple_id)


def _people(people: Sequence[PersonWeek]) -> list[Line]:
    return [
        Line(
            _tone(person),
            _("%(name)s: %(time)s") % {"name": person.name, "time": duration(person.minutes)},
            _least(person),
        )
        for person in people
    ]


def _tone(person: PersonWeek) -> str:
    limits = weekly_minutes(person.level)
    if person.partial or limits is None:
        return "ok"
    least, most = limits
    return "ok" if least <= person.minutes and (most is None or person.minutes <= most) else "warn"


def _least(person: PersonWeek) -> str:
    limits = weekly_minutes(person.level)
    if person.partial:
        return _("first or last week, shown and not judged")
    if not limits or not limits[0]:
        return _("level %(level)s") % {"level": person.level}
    return _("at least %(time)s is needed") % {"time": duration(limits[0])}


def _problems(found: Planned) -> list[Line]:
    check = check_week(found.people)
    return [
        *(Line("warn", words) for words in check.refused),
        *(Line("warn", words) for words in found.missing),
        *(Line("warn", words) for words in check.warned),
    ]


def _ordered(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.tone != "ok")
