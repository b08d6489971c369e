"""Reminders of sessions that are near: once per person, session and lead time (F-6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from psycopg.types.range import TimestamptzRange

from mutual.wall.context import as_service
from mutual.wall.models import Notice
from mutual.wall.outbox import holds
from mutual.week.feeds import draft_weeks
from mutual.week.models import Seat
from mutual.week.templates import monday_of

#: How long before a session its person is told, neutrally (P-49).
LEADS = (timedelta(hours=24), timedelta(hours=1))
#: A reminder that the job missed by more than this is not sent after all.
LATE_BY = timedelta(minutes=30)


def remind(now: datetime | None = None) -> int:
    """Write down the reminders that are due; returns how many seats were looked at.

    Run as often as you like, by as many workers as you like: the database keeps one row per
    person, session and lead time, and the sender sends each row once.
    """
    moment = now or timezone.now()
    count = 0
    with transaction.atomic(), as_service("reminders"):
        for lead in LEADS:
            begin = TimestamptzRange(moment + lead - LATE_BY, moment + lead, "(]")
            seats = list(
                Seat.objects.filter(cancelled=False, during__startswith__contained_by=begin)
            )
            wanted = [s for s in seats if monday_of(s.during.lower) not in _drafts(s)]
            minutes = int(lead / timedelta(minutes=1))
            Notice.objects.bulk_create(
                [
                    Notice(
                        viewer_id=seat.person_id,
                        occasion=f"session:{seat.public_id}:{minutes}",
                        due=seat.during.lower - lead,
                        until=seat.during.lower,
                    )
                    for seat in wanted
                ],
                ignore_conflicts=True,
            )
            count += len(wanted)
    return count


@holds("session")
def _still_on(rest: str, due: datetime) -> bool:
    """A reminder holds while its session stands at the hour it was written for."""
    public, _, minutes = rest.partition(":")
    with as_service("reminders"):
        seat = Seat.objects.filter(public_id=public, cancelled=False).first()
    if seat is None or seat.during.lower is None:
        return False
    return bool(abs(seat.during.lower - timedelta(minutes=int(minutes)) - due) < LATE_BY)


def _drafts(seat: Seat) -> set[object]:
    return draft_weeks(seat.person_id)


@app.periodic(cron="*/5 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="week.remind", queueing_lock="week.remind")  # type: ignore[untyped-decorator]
def remind_task(timestamp: int) -> None:
    """Every five minutes."""
    remind()


@app.task(name="week.propose", pass_context=False)  # type: ignore[untyped-decorator]
def propose_task(proposal: str) -> None:
    """Work one proposal out; its id is all the job knows."""
    from mutual.week.bridge.proposing import work_out

    work_out(UUID(proposal))


@app.periodic(cron="15 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="week.waiting", queueing_lock="week.waiting")  # type: ignore[untyped-decorator]
def waiting_task(timestamp: int) -> None:
    """Every hour: offers lapse, the next on each waiting list get theirs."""
    from mutual.week.waiting import fill_all

    fill_all()


@app.periodic(cron="5 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="week.forecast", queueing_lock="week.forecast")  # type: ignore[untyped-decorator]
def forecast_task(timestamp: int) -> None:
    """Every hour: from Wednesday 11:00 on counselors learn whose week ends short."""
    from mutual.week.forecast import tell_by_wednesday

    tell_by_wednesday()
