"""A week as blocks for the kit's grid: two lanes for staff, a partner's own lane for a partner."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from mutual.base.weekgrid import Block
from mutual.base.zones import zone as zone_of
from mutual.people.models import CoupleMember
from mutual.wall.context import Actor
from mutual.week.kinds import KINDS, NEUTRAL
from mutual.week.models import PersonBooking, Seat
from mutual.week.queries import SeatRow, with_session
from mutual.week.templates import week_span


def week_blocks(
    actor: Actor,
    couple_id: UUID,
    monday: date,
    zone: str | ZoneInfo,
    *,
    now: datetime | None = None,
    sides: dict[UUID, str] | None = None,
) -> list[Block]:
    """The couple's week for staff: what the actor may see, in two lanes; two queries.

    ``sides`` are those of both partners; without them they are asked for.

    Where only a busy time is the actor's (D5), the block says "Busy" and nothing else.
    """
    here, at = zone_of(zone), now or timezone.now()
    if sides is None:
        rows = CoupleMember.objects.filter(couple_id=couple_id)
        sides = dict(rows.values_list("person_id", "side"))
    during = TimestamptzRange(*week_span(monday))
    seats: list[Any] = list(
        with_session(Seat.objects.visible_to(actor))
        .filter(person_id__in=list(sides), cancelled=False, during__overlap=during)
        .order_by("during")
    )
    by_session: dict[UUID, list[Any]] = {}
    for seat in seats:
        by_session.setdefault(seat.session_id, []).append(seat)
    blocks = []
    for here_seats in by_session.values():
        seat = here_seats[0]
        kind = KINDS.get(seat.kind)
        attendance = kind.attendance if kind else "apart"
        where = seat.session_public_id
        href = f"/staff/week/session/{where}/" if where else ""
        lanes = (
            ["both"]
            if len(here_seats) == 2 and attendance != "apart"
            else [sides[s.person_id].lower() for s in here_seats]
        )
        for lane in lanes:
            blocks.append(
                _block(
                    seat.during, here, monday, lane,
                    "visit" if kind and not kind.counts else attendance,
                    _status(seat.status, seat.during, kind, at),
                    str(kind.label) if kind else str(NEUTRAL),
                    _called(seat.leader), href,
                )
            )  # fmt: skip
    blocks += _busy_blocks(actor, sides, set(by_session), monday, here)
    return blocks


def _busy_blocks(
    actor: Actor, sides: dict[UUID, str], known: set[UUID], monday: date, zone: ZoneInfo
) -> list[Block]:
    rows = (
        PersonBooking.objects.visible_to(actor)
        .filter(
            person_id__in=list(sides), cancelled=False,
            during__overlap=TimestamptzRange(*week_span(monday)),
        )
        .exclude(session_id__in=known)
    )  # fmt: skip
    return [
        _block(row.during, zone, monday, sides[row.person_id].lower(), "apart", "planned",
               _("Busy"), "", "")
        for row in rows
    ]  # fmt: skip


def own_blocks(
    rows: list[SeatRow],
    lane: str,
    monday: date,
    zone: str | ZoneInfo,
    now: datetime,
    *,
    private: bool,
) -> list[Block]:
    """One partner's own week: own seats and the together sessions, in one lane.

    Without ``private`` (the PIN) an own session is called "Session" (P-68).
    """  # fmt: skip
    here = zone_of(zone)
    blocks = []
    for row in rows:
        kind = KINDS.get(row.kind)
        visit = private and kind is not None and not kind.counts
        blocks.append(
            _block(
                TimestamptzRange(row.start, row.end), here, monday,
                "both" if row.together else lane,
                "visit" if visit else row.attendance,
                _status(row.status, TimestamptzRange(row.start, row.end), None, now),
                row.title if private else row.neutral,
                row.clinician if private or row.attendance != "apart" else "", "",
            )
        )  # fmt: skip
    return blocks


def _called(name: str) -> str:
    """A clinician as colleagues call them: "Mo", "Dr. Reyes"."""
    return name if name.startswith("Dr.") else name.split(" ", 1)[0]


def _status(status: str, during: TimestamptzRange, kind: object, now: datetime) -> str:
    if status == "cancelled":
        return "cancelled"
    end = during.upper
    assert end is not None
    return "done" if status == "ended" or end <= now else "planned"


def _block(
    during: TimestamptzRange,
    zone: ZoneInfo,
    monday: date,
    lane: str,
    kind: str,
    status: str,
    label: str,
    detail: str,
    href: str,
) -> Block:
    start, end = during.lower, during.upper
    assert start is not None and end is not None
    local = start.astimezone(zone)
    return Block(
        day=(local.date() - monday).days,
        start=local.hour * 60 + local.minute,
        minutes=int((end - start) / timedelta(minutes=1)),
        lane=lane,
        kind=kind,
        status=status,
        label=label,
        detail=detail,
        href=href,
    )
