"""Weekly meetings: one wall-clock time of the programme, changed for one, from one on, or for all.

What was changed by itself stays where it was put, and what was cancelled stays gone (F-3). A
holiday has no meeting. The clock time is the programme's through every change of clocks (F-1).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base import zones
from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Staff
from mutual.wall.context import Actor, as_service
from mutual.week import booking
from mutual.week.kinds import kind_of
from mutual.week.models import ClosedDay, Group, Series, Session
from mutual.week.templates import moment, programme_zone

Which = Literal["this", "following", "all"]
#: A series is planned for at most a year.
MOST = 53


def start_series(
    actor: Actor,
    kind: str,
    *,
    clinician: Staff,
    first: date,
    at: time,
    last: date,
    persons: Sequence[UUID] = (),
    couple_id: UUID | None = None,
    group: Group | None = None,
    agreed: bool = False,
    now: datetime | None = None,
) -> tuple[Series, list[Session]]:
    """Book a meeting of every week from ``first`` to ``last``, both included; holidays have none.

    Raises:
        Refused: naming the day on which a rule stands against it; nothing is written.
        NotThere: if the actor doesn't plan for this subject.
    """
    entry = kind_of(kind)
    days = _weekly(first, last)
    if not days:
        raise Refused(_("The last day comes after the first."), field="until")
    if len(days) > MOST:
        raise Refused(_("Plan a year at most."), field="until")
    closed = set(ClosedDay.objects.filter(day__in=days).values_list("day", flat=True))
    subject = group.id if group else couple_id if entry.subject == "C" else None
    if subject is None:
        if len(persons) != 1:
            raise Refused(_("Choose one person for this session."), field="person")
        subject = persons[0]
    with transaction.atomic():
        series = Series(
            kind=entry.key, subject_of=entry.subject, subject_id=subject, clinician=clinician,
            first=first, last=last, at=at, made_by=actor.sure_id,
        )  # fmt: skip
        made: list[Session] = []
        for day in days:
            if day in closed:
                continue
            with _naming(day):
                if not made:
                    # The first booking says whether the actor may plan for this subject at all.
                    booking.refuse_unless_planning(actor, entry, subject, group)
                    with as_service("rosters"):
                        series.save(force_insert=True)
                made.append(
                    booking.book_session(
                        actor, entry, clinician=clinician, start=moment(day, at), persons=persons,
                        couple_id=couple_id, group=group, repeats=series, agreed=agreed, now=now,
                    )
                )  # fmt: skip
        if not made:
            raise Refused(_("Every day of it is a holiday. Choose other days."), field="until")
    return series, made


def change_series(
    actor: Actor,
    session: Session,
    which: Which,
    start: datetime,
    *,
    clinician: Staff | None = None,
    agreed: bool = False,
    now: datetime | None = None,
) -> list[Session]:
    """Move one meeting, this and the following, or all that are still to come.

    Raises:
        Refused: naming the day on which a rule stands against it; nothing moves then.
    """
    if which == "this" or session.repeats_id is None:
        return [booking.reschedule(actor, session, start, clinician=clinician, agreed=agreed,
                                   now=now)]  # fmt: skip
    at = now or timezone.now()
    old, new = _local(session.during.lower), _local(start)
    shift = (new.date() - old.date()).days
    with transaction.atomic():
        series = _series(actor, session)
        whole = _planned(series, session if which == "following" else None, at)
        mine = [s for s in whole if not s.exception or s.id == session.id]
        if which == "following":
            series = _split(series, session, whole)
        # From the far end, so that none runs into the next one of its own series.
        mine.sort(key=lambda s: s.during.lower, reverse=shift > 0)
        moved = []
        for one in mine:
            day = _local(one.during.lower).date() + timedelta(days=shift)
            with _naming(day):
                if ClosedDay.objects.filter(day=day).exists():
                    raise Refused(_("a holiday of the programme"), field="start")
                done = booking.reschedule(
                    actor, one, moment(day, new.time()), clinician=clinician, agreed=agreed, now=now
                )
            # It follows its series again: only what is changed alone is an exception.
            with as_service("rosters"):
                Session.objects.filter(id=done.id).update(exception=False)
            done.exception = False
            moved.append(done)
        with as_service("rosters"):
            Series.objects.filter(id=series.id).update(
                at=new.time(), clinician=clinician or series.clinician
            )
    return sorted(moved, key=lambda s: s.during.lower)


def cancel_series(
    actor: Actor, session: Session, which: Which, *, reason: str, now: datetime | None = None
) -> list[Session]:
    """Cancel one meeting, this and the following, or all to come; moved ones go with them."""
    if which == "this" or session.repeats_id is None:
        return [booking.cancel(actor, session, reason=reason, now=now)]
    at = now or timezone.now()
    with transaction.atomic():
        series = _series(actor, session)
        gone = _planned(series, session if which == "following" else None, at)
        for one in gone:
            booking.cancel(actor, one, reason=reason, now=now)
        if gone:
            end = _local(gone[0].during.lower).date() - timedelta(days=1)
            with as_service("rosters"):
                Series.objects.filter(id=series.id).update(last=max(series.first, end))
    return gone


def meetings_left(session: Session, now: datetime | None = None) -> int:
    """How many meetings of a session's series are still to come, this one among them."""
    if session.repeats_id is None:
        return 0
    with as_service("rosters"):
        return Session.objects.filter(
            repeats_id=session.repeats_id, status="planned",
            during__startswith__gt=now or timezone.now(),
        ).count()  # fmt: skip


def _weekly(first: date, last: date) -> list[date]:
    return [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]


def _local(at: datetime | None) -> datetime:
    assert at is not None
    return at.astimezone(programme_zone())


def _series(actor: Actor, session: Session) -> Series:
    """The series of a session, locked; whoever may move the session may change its series."""
    booking.refuse_unless_writable(actor, session)
    with as_service("rosters"):
        found = (
            Series.objects.select_for_update(of=("self",))
            .filter(id=session.repeats_id or session.id)
            .first()
        )
    if found is None:
        raise NotThere
    return found


def _planned(series: Series, since: Session | None, now: datetime) -> list[Session]:
    """The meetings of a series that are still to come, from one on."""
    with as_service("rosters"):
        rows = Session.objects.select_related("clinician").filter(
            repeats=series, status="planned", during__startswith__gt=now
        )
        if since is not None:
            rows = rows.filter(during__startswith__gte=since.during.lower)
        return list(rows.order_by("during"))


def _split(series: Series, session: Session, following: Sequence[Session]) -> Series:
    """A series of its own from a meeting on; the old one ends before it."""
    first = _local(session.during.lower).date()
    with as_service("rosters"):
        fresh = Series(
            kind=series.kind, subject_of=series.subject_of, subject_id=series.subject_id,
            clinician_id=series.clinician_id, first=first, last=series.last, at=series.at,
            made_by=series.made_by,
        )  # fmt: skip
        fresh.save(force_insert=True)
        Session.objects.filter(id__in=[s.id for s in following]).update(repeats=fresh)
        Series.objects.filter(id=series.id).update(
            last=max(series.first, first - timedelta(days=1))
        )
    return fresh


class _naming:  # noqa: N801 (reads as a word in a with statement)
    """A refusal inside names the day it is about."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Refused):
            words = f"{zones.day(self.day)}: {error.text}"
            raise Refused(words, rule=error.rule, field=error.field) from error
