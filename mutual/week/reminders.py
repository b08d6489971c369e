"""Reminders of sessions that are near: once per person, session and lead time (F-6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as mark
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import NotThere, Refused
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.wall.models import Notice
from mutual.wall.outbox import holds
from mutual.week.feeds import drafts_of
from mutual.week.models import ReminderChoice, Seat
from mutual.week.templates import monday_of

#: Minutes before a session at which its person may be told, neutrally (P-49).
LEADS = {
    24 * 60: mark("a day before"),
    3 * 60: mark("3 hours before"),
    60: mark("an hour before"),
    15: mark("15 minutes before"),
}
#: What holds until somebody chooses.
USUAL = (24 * 60, 60)
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
        for minutes in LEADS:
            lead = timedelta(minutes=minutes)
            begin = TimestamptzRange(moment + lead - LATE_BY, moment + lead, "(]")
            seats = list(
                Seat.objects.filter(cancelled=False, during__startswith__contained_by=begin)
            )
            people = {seat.person_id for seat in seats}
            chosen, drafts = _chosen(people), drafts_of(people)
            wanted = [
                seat
                for seat in seats
                if minutes in chosen.get(seat.person_id, USUAL)
                and monday_of(seat.during.lower) not in drafts.get(seat.person_id, ())
            ]
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


def choose(actor: Actor, leads: Iterable[int]) -> None:
    """Keep when somebody wants to be reminded: minutes before, of :data:`LEADS`; none is none.

    Raises:
        Refused: for a time that isn't among them.
    """
    if not actor.is_person:
        raise NotThere
    kept = sorted(set(leads), reverse=True)
    if not set(kept) <= set(LEADS):
        raise Refused(_("Choose from the times that are shown."), field="leads")
    ReminderChoice.objects.update_or_create(person_id=actor.sure_id, defaults={"leads": kept})
    audit.note("write", "account_device", actor.id, actor.id, "reminders")


def chosen_by(actor: Actor) -> tuple[int, ...]:
    """When the actor is reminded, in minutes before a session, longest first."""
    own = ReminderChoice.objects.visible_to(actor).filter(person_id=actor.sure_id).first()
    return tuple(own.leads) if own else USUAL


def _chosen(people: set[UUID]) -> dict[UUID, list[int]]:
    rows = ReminderChoice.objects.filter(person_id__in=people)
    return dict(rows.values_list("person_id", "leads"))


@holds("session")
def _still_on(rest: str, due: datetime) -> bool:
    """A reminder holds while its session stands at the hour it was written for."""
    public, _sep, minutes = rest.partition(":")
    with as_service("reminders"):
        seat = Seat.objects.filter(public_id=public, cancelled=False).first()
    if seat is None or seat.during.lower is None:
        return False
    return bool(abs(seat.during.lower - timedelta(minutes=int(minutes)) - due) < LATE_BY)
