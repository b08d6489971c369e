"""Booking, moving and cancelling one session: one transaction, refused by the database too (F-4).

Whoever plans sees that somebody is busy then, never with whom.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Staff
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.week import availability, checks, groups
from mutual.week.kinds import SessionKind, kind_of
from mutual.week.locks import no_longer_free, taken_words
from mutual.week.models import Group, PersonBooking, Seat, Series, Session, StaffBooking
from mutual.week.telling import tell
from mutual.week.templates import programme_zone

#: Why a session is cancelled: a choice, since text would carry more than the trail may.
WHY_CANCELLED = [
    ("clinician", gettext_lazy("The clinician can't")),
    ("asked", gettext_lazy("Somebody who comes asked for it")),
    ("programme", gettext_lazy("The programme's plan changed")),
    ("technical", gettext_lazy("Technical reasons")),
    ("other", gettext_lazy("Another reason")),
]
RECORD_OF = {"P": "schedule_own", "C": "schedule_joint", "G": "group_roster"}


def book_session(
    actor: Actor,
    kind: str | SessionKind,
    *,
    clinician: Staff,
    start: datetime,
    persons: Sequence[UUID] = (),
    couple_id: UUID | None = None,
    group: Group | None = None,
    minutes: int | None = None,
    series: UUID | None = None,
    repeats: Series | None = None,
    agreed: bool = False,
    now: datetime | None = None,
) -> Session:
    """Book one session with its seats and busy times; who comes is told once, neutrally.

    Args:
        persons: who attends; for a couple's session both partners (or leave it out).
        couple_id: the couple of a joint session.
        group: the group of a group session; the persons join its roster.
        minutes: length without breaks, if not the kind's.
        repeats: the weekly meeting it is one of.
        agreed: they said yes to this time although their week says otherwise.
        now: when it is booked, for loading history.

    Raises:
        Refused: with the rule's words; nothing is written.
        NotThere: if the actor doesn't plan for this subject.
    """
    entry = kind_of(kind) if isinstance(kind, str) else kind
    subject, people = _subject(entry, list(persons), couple_id, group)
    refuse_unless_planning(actor, entry, subject, group)
    moment = now or timezone.now()
    on = start.astimezone(programme_zone()).date()
    checks.refuse_role(entry, clinician)
    if group is None:
        checks.refuse_attendance(entry, people)
    else:
        groups.refuse_joining(group, entry, people, on)
    for couple in _couples(entry, people, couple_id):
        checks.refuse_conjoint(entry, couple)
    checks.refuse_consents(entry, people, moment)
    checks.refuse_unlicensed(clinician, people, on)
    session = Session(
        kind=entry.key,
        subject_of=entry.subject,
        subject_id=subject,
        clinician=clinician,
        during=_range(start, (minutes or entry.minutes) + entry.breaks),
        break_minutes=entry.breaks,
        series=series,
        repeats=repeats,
        made_by=actor.sure_id,
    )
    availability.refuse_away(clinician, session.during)
    if not agreed:
        availability.refuse_unwanted(people, session.during)
    with no_longer_free([clinician.id], people, session.during), _writer(entry):
        session.save(force_insert=True)
        StaffBooking.objects.create(staff=clinician, session=session, during=session.during)
        if group is not None:
            groups.join_group(group, people, on, now=now)
        _seat(session, people, actor.sure_id)
    audit.note("write", RECORD_OF[entry.subject], subject, session.id)
    tell(session, people, "new", moment, until=session.during.upper)
    return session


def seat_in_group(
    actor: Actor, session: Session, persons: Sequence[UUID], *, now: datetime | None = None
) -> None:
    """Seat people in a group's session and put them on its roster.

    Raises:
        Refused: capacity, partners, licence, consents or a busy time, as in `book_session`.
    """
    entry = kind_of(session.kind)
    with as_service("rosters"):
        group = Group.objects.sole(id=session.subject_id)
    refuse_unless_planning(actor, entry, group.id, group)
    on = session.during.lower.astimezone(programme_zone()).date()
    new = [p for p in persons if not _has_seat(session, p)]
    groups.refuse_joining(group, entry, new, on)
    for couple in _couples(entry, new, None):
        checks.refuse_conjoint(entry, couple)
    checks.refuse_consents(entry, new, now or timezone.now())
    checks.refuse_unlicensed(session.clinician, new, on)
    with no_longer_free([], new, session.during), as_service("rosters"):
        groups.join_group(group, new, on, now=now)
        _seat(session, new, actor.sure_id)
    for person in new:
        audit.note("write", "schedule_own", person, session.id)


def reschedule(
    actor: Actor,
    session: Session,
    start: datetime,
    *,
    clinician: Staff | None = None,
    agreed: bool = False,
    now: datetime | None = None,
) -> Session:
    """Move a planned session, keeping its length; seats and busy times move with it.

    A session of a weekly series that is moved by itself stays where it was put (F-3).

    Raises:
        Refused: if it has begun or ended, a licence is missing, or somebody is busy then.
    """
    leads = clinician or session.clinician
    people, during = _movable(actor, session, start, leads, agreed=agreed)
    # Checked above; seats of a roster and of a cover's session are kept by the service.
    with no_longer_free([leads.id], people, during, session.id), as_service("rosters"):
        session.during, session.clinician = during, leads
        session.exception = session.repeats_id is not None
        session.save(update_fields=["during", "clinician", "exception"])
        Seat.objects.filter(session=session).update(during=during, clinician=leads)
        StaffBooking.objects.filter(session=session, cancelled=False).update(
            during=during, staff=leads
        )
        PersonBooking.objects.filter(session=session, cancelled=False).update(during=during)
    audit.note("write", RECORD_OF[session.subject_of], session.subject_id, session.id, "moved")
    moved = f"{int(start.timestamp())}:{leads.public_id.hex[:8]}"
    tell(session, people, moved, now or timezone.now(), until=session.during.upper)
    return session


def against_move(actor: Actor, session: Session, start: datetime) -> str:
    """Why a session can't move to ``start``, in words with what would keep the rule, or ``""``.

    Nothing is written; somebody else may still be faster.
    """
    try:
        people, during = _movable(actor, session, start, session.clinician, agreed=False)
    except Refused as refusal:
        return str(refusal.text)
    return taken_words([session.clinician_id], people, during, session.id)


def _movable(
    actor: Actor, session: Session, start: datetime, leads: Staff, *, agreed: bool
) -> tuple[list[UUID], TimestamptzRange]:
    """Who has a seat and the time it would take; `Refused` for a rule that it breaks."""
    refuse_unless_writable(actor, session)
    if session.status != "planned":
        raise Refused(_("Only a planned session can be moved."), field="start")
    people = seated(session)
    checks.refuse_role(kind_of(session.kind), leads)
    checks.refuse_unlicensed(leads, people, start.astimezone(programme_zone()).date())
    during = TimestamptzRange(start, start + (session.during.upper - session.during.lower))
    availability.refuse_away(leads, during)
    if not agreed and start != session.during.lower:
        availability.refuse_unwanted(people, during)
    return people, during


def cancel(
    actor: Actor, session: Session, *, reason: str = "", now: datetime | None = None
) -> Session:
    """Cancel a session that has not ended; its times are free again, and who had a seat is told.

    ``reason`` stands in the trail alone: whose wish it was is no fact that a partner may read.
    """
    refuse_unless_writable(actor, session)
    if session.status in ("ended", "cancelled"):
        raise Refused(_("This session is over; it can't be cancelled."))
    people = seated(session)
    with transaction.atomic(), as_service("rosters"):
        free(session)
        session.status = "cancelled"
        session.save(update_fields=["status"])
    audit.note("write", RECORD_OF[session.subject_of], session.subject_id, session.id,
               f"cancelled: {reason}" if reason else "cancelled")  # fmt: skip
    tell(session, people, "cancelled", now or timezone.now(), until=session.during.upper)
    return session


def free(session: Session, persons: Sequence[UUID] | None = None) -> None:
    """Cancel seats and busy times of a session, of all or of these people."""
    seats = Seat.objects.filter(session=session)
    bookings = PersonBooking.objects.filter(session=session)
    if persons is None:
        StaffBooking.objects.filter(session=session).update(cancelled=True)
    else:
        seats = seats.filter(person_id__in=persons)
        bookings = bookings.filter(person_id__in=persons)
    seats.update(cancelled=True)
    bookings.update(cancelled=True)


def seated(session: Session) -> list[UUID]:
    """Who has a seat in a session; for rules only."""
    with as_service("week_rules"):
        return list(
            Seat.objects.filter(session_id=session.id, cancelled=False)
            .order_by("person_id")
            .values_list("person_id", flat=True)
        )


def _has_seat(session: Session, person: UUID) -> bool:
    return person in seated(session)


def _subject(
    kind: SessionKind, people: list[UUID], couple_id: UUID | None, group: Group | None
) -> tuple[UUID, list[UUID]]:
    if kind.subject == "C":
        if couple_id is None:
            raise Refused(_("Choose the couple."), field="couple")
        both = checks.both_of(couple_id)
        if not both:
            raise NotThere
        if people and set(people) != set(both):
            raise Refused(_("Both partners need a seat in this session."), rule="C-40")
        return couple_id, both
    if kind.subject == "G":
        if group is None:
            raise Refused(_("Choose the group."), field="group")
        return group.id, people
    if len(people) != 1:
        raise Refused(_("Choose one person for this session."), field="person")
    return people[0], people


def _couples(kind: SessionKind, people: Sequence[UUID], couple_id: UUID | None) -> set[UUID]:
    if not kind.needs_clearance:
        return set()
    if couple_id:
        return {couple_id}
    return checks.couples_of(people)


def _range(start: datetime, minutes: int) -> TimestamptzRange:
    return TimestamptzRange(start, start + timedelta(minutes=minutes))


def seat_rows(session: Session, person: UUID, by: UUID) -> tuple[Seat, PersonBooking]:
    """The unsaved seat and busy time of one person in a session."""
    joint = session.subject_of == "C"
    whose: dict[str, Any] = {
        "session": session,
        "person_id": person,
        "subject_of": "C" if joint else "P",
        "subject_id": session.subject_id if joint else person,
        "during": session.during,
    }
    seat = Seat(
        **whose,
        clinician_id=session.clinician_id,
        kind=session.kind,
        break_minutes=session.break_minutes,
    )
    return seat, PersonBooking(**whose, made_by=by)


def _seat(session: Session, people: Sequence[UUID], by: UUID) -> None:
    for person in sorted(people):
        seat, booking = seat_rows(session, person, by)
        booking.save(force_insert=True)
        # A seat that was given up and is taken again stays one seat.
        again = Seat.objects.filter(session=session, person_id=person, cancelled=True).update(
            cancelled=False,
            during=seat.during,
            clinician_id=seat.clinician_id,
            kind=seat.kind,
        )
        if not again:
            seat.save(force_insert=True)


def seat_all(places: Sequence[tuple[Session, UUID]], by: UUID) -> None:
    """Seats and busy times for many places at once; seats given up before are taken again."""
    rows = [seat_rows(session, person, by) for session, person in places]
    PersonBooking.objects.bulk_create([busy for _seat, busy in rows])
    old = {
        (seat.session_id, seat.person_id): seat
        for seat in Seat.objects.filter(
            session_id__in=[session.id for session, _person in places],
            person_id__in=[person for _session, person in places],
        )
    }
    fresh = []
    for seat, _busy in rows:
        again = old.get((seat.session_id, seat.person_id))
        if again is None:
            fresh.append(seat)
            continue
        again.during, again.clinician_id = seat.during, seat.clinician_id
        again.kind, again.cancelled = seat.kind, False
        again.save(update_fields=["during", "clinician_id", "kind", "cancelled"])
    Seat.objects.bulk_create(fresh)


def _writer(kind: SessionKind) -> Any:
    """Rosters of groups are kept by their service; other sessions are written by the actor."""
    return as_service("rosters") if kind.subject == "G" else nullcontext()


def may_write(category: str, subject: UUID) -> bool:
    """Whether the current actor holds a grant of a category on a subject."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select %s = any((select wall.subjects(%s))::uuid[]) or (select wall.everyone(%s))",
            [subject, category, category],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def held(wanted: Set[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
    """Those of these (subject, category) of which the current actor holds a grant; one query."""
    subjects = sorted({subject for subject, _category in wanted}, key=str)
    categories = sorted({category for _subject, category in wanted})
    with connection.cursor() as cursor:
        cursor.execute("select subject, category from wall.held(%s, %s)", [subjects, categories])
        return set(cursor.fetchall()) & set(wanted)


def refuse_unless_planning(
    actor: Actor, kind: SessionKind, subject: UUID, group: Group | None
) -> None:
    """Raise `NotThere` unless the actor plans for this subject."""
    if kind.subject == "G":
        if not groups.may_keep_rosters(actor, group):
            raise NotThere
    elif not may_write(f"{RECORD_OF[kind.subject]}.write", subject):
        raise NotThere


def refuse_unless_writable(actor: Actor, session: Session) -> None:
    """Raise `NotThere` unless the actor may move this session."""
    if session.subject_of == "G":
        if not (actor.has(*groups.PLANNERS) or actor.id == session.clinician_id):
            raise NotThere
    elif actor.id != session.clinician_id and not may_write(
        f"{RECORD_OF[session.subject_of]}.write", session.subject_id
    ):
        raise NotThere


def local_day(moment: datetime) -> date:
    """The day of an instant on the programme's calendar."""
    return moment.astimezone(programme_zone()).date()
