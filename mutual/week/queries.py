"""What screens read of the week, always for an actor; the walls decide what is there.

A partner's answers come from the partner's own seats and the seats of joint sessions; never from
the other's own week, not even as "busy" (C-61, P-60).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from mutual.base.zones import zone as zone_of
from mutual.episode.queries import week_sentence
from mutual.people.lookups import Partner, couple_of, members, shown, shown_names
from mutual.people.models import Couple, CoupleMember, Person, Staff
from mutual.wall.context import Actor, as_service
from mutual.week import checks
from mutual.week.feeds import draft_weeks
from mutual.week.kinds import KINDS, NEUTRAL, counts
from mutual.week.minutes import Span, minutes_by_week
from mutual.week.models import Attendance, Seat, Session
from mutual.week.planning import person_week
from mutual.week.templates import moment, monday_of, programme_zone, week_span

#: The *Join* button wakes this long before the start, and stays until the end.
WAKES = timedelta(minutes=15)


@dataclass(frozen=True)
class SeatRow:
    """One place of a person in a session, as its own person may see it.

    ``title`` is the kind's; ``neutral`` what a screen without the PIN shows of an own session.
    ``minutes`` are planned, breaks left out.
    """

    session_public_id: UUID | None
    kind: str
    title: str
    neutral: str
    attendance: str
    clinician: str
    start: datetime
    end: datetime
    minutes: int
    status: str
    person_id: UUID

    @property
    def together(self) -> bool:
        """Whether both partners are in it."""
        return self.attendance == "together"

    def opens(self, now: datetime) -> bool:
        """Whether it can be joined now."""
        return self.status in ("planned", "running") and self.start - WAKES <= now < self.end


def seats_between(
    actor: Actor, person_id: UUID, start: datetime, end: datetime, *, cancelled: bool = False
) -> list[SeatRow]:
    """The seats of one person in a time, in order, as far as the actor may see them.

    For the person's own eye, weeks that the team is still planning are left out. Two queries.
    """
    seats = Seat.objects.visible_to(actor).filter(
        person_id=person_id, during__overlap=TimestamptzRange(start, end)
    )
    if not cancelled:
        seats = seats.filter(cancelled=False)
    rows = list(with_session(seats).order_by("during"))
    if rows and actor.is_person:
        drafts = draft_weeks(person_id)
        rows = [s for s in rows if monday_of(s.during.lower) not in drafts]
    return [_row(seat) for seat in rows]


def next_seat(actor: Actor, now: datetime | None = None) -> SeatRow | None:
    """The actor's own next session, or the one that runs now, within four weeks."""
    at = now or timezone.now()
    rows = seats_between(actor, actor.sure_id, at, at + timedelta(days=28))
    return next((row for row in rows if row.status in ("planned", "running")), None)


def upcoming(actor: Actor, now: datetime | None = None, *, days: int = 7) -> list[SeatRow]:
    """The actor's own sessions from now on, for so many days."""
    at = now or timezone.now()
    return seats_between(actor, actor.sure_id, at, at + timedelta(days=days))


def with_session(seats: QuerySet[Seat]) -> QuerySet[Seat]:
    """With what the rows need of session and clinician, as far as the actor may see those."""
    session = Session.objects.filter(id=OuterRef("session_id"))
    leader = Staff.objects.filter(id=OuterRef("clinician_id"))
    return seats.annotate(
        session_public_id=Subquery(session.values("public_id")[:1]),
        status=Coalesce(Subquery(session.values("status")[:1]), Value("planned")),
        leader=Coalesce(Subquery(leader.values("name")[:1]), Value("")),
    )


def _row(seat: Any) -> SeatRow:
    kind = KINDS.get(seat.kind)
    start, end = seat.during.lower, seat.during.upper
    assert start is not None and end is not None
    attendance = kind.attendance if kind else "apart"
    title = str(kind.title) if kind else str(NEUTRAL)
    return SeatRow(
        session_public_id=seat.session_public_id,
        kind=seat.kind,
        title=title,
        neutral=str(NEUTRAL) if attendance == "apart" else title,
        attendance=attendance,
        clinician=seat.leader,
        start=start,
        end=end,
        minutes=int((end - start) / timedelta(minutes=1)) - seat.break_minutes,
        status="cancelled" if seat.cancelled else seat.status,
        person_id=seat.person_id,
    )


# Minutes -----------------------------------------------------------------------------------


def planned_minutes(person_id: UUID, monday: date) -> int:
    """Minutes planned for a person in a programme week that count, as the actor may see them."""
    start, end = week_span(monday)
    seats = Seat.objects.filter(
        person_id=person_id, cancelled=False, during__overlap=TimestamptzRange(start, end)
    )
    return person_week("", None, list(seats), monday).minutes


@dataclass(frozen=True)
class CoupleHours:
    """A couple with its partners, and the minutes planned for whom the actor may know them."""

    couple: Couple
    people: list[Partner]
    minutes: dict[UUID, int]

    @property
    def bars(self) -> list[tuple[str, str, int]]:
        """Name, side and minutes of each whose busy times the actor may see."""
        return [
            (p.name, p.side.lower(), self.minutes[p.person_id])
            for p in self.people
            if p.person_id in self.minutes
        ]


def hours_of_couples(actor: Actor, monday: date, first: int | None = None) -> list[CoupleHours]:
    """The open couples the actor may see, by number, with hours planned; two queries.

    The hours are read as the service ``week_rules``; people whose busy times the actor may not
    see are left out.
    """
    rows = CoupleMember.objects.visible_to(actor).filter(couple__ended_on__isnull=True)
    seen = Q(person_id__granted="schedule_own.extract") | Q(person_id__granted="schedule_own.facts")
    both = members(rows.select_related("couple").annotate(busy_known=seen))
    found: dict[UUID, CoupleHours] = {}
    for row, partner in both:
        if row.couple_id not in found and first is not None and len(found) == first:
            break
        hours = found.setdefault(row.couple_id, CoupleHours(row.couple, [], {}))
        hours.people.append(partner)
        if row.busy_known:  # type: ignore[attr-defined]
            hours.minutes[partner.person_id] = 0
    known = [person for hours in found.values() for person in hours.minutes]
    seats: dict[UUID, list[Seat]] = {}
    for seat in checks.seats_in(known, *week_span(monday)):
        seats.setdefault(seat.person_id, []).append(seat)
    for hours in found.values():
        for person in hours.minutes:
            hours.minutes[person] = person_week("", None, seats.get(person, []), monday).minutes
    return [hours for hours in found.values() if len(hours.people) == 2]


def attended_spans(person_id: UUID, start: datetime, end: datetime) -> list[Span]:
    """When a person was present in sessions that count, from their start on (C-36: once)."""
    present = Attendance.objects.filter(
        person_id=person_id, session_id=OuterRef("session_id"), minutes__gt=0
    )
    seats: Any = Seat.objects.filter(
        person_id=person_id, during__overlap=TimestamptzRange(start, end)
    ).annotate(present=Subquery(present.values("minutes")[:1]))
    spans = []
    for seat in seats:
        if seat.present and counts(seat.kind):
            at = seat.during.lower
            assert at is not None
            spans.append(Span(at, at + timedelta(minutes=seat.present)))
    return spans


def attended_minutes(person_id: UUID, monday: date) -> int:
    """Minutes attended in a programme week that count toward the level (C-33, C-36, C-58)."""
    start, end = week_span(monday)
    spans = attended_spans(person_id, start, end)
    return minutes_by_week(spans, programme_zone()).get(monday, 0)


# A clinician's day ---------------------------------------------------------------------------


@dataclass(frozen=True)
class SessionRow:
    """One session of a clinician's day.

    ``people`` are the shown names with side (``a``, ``b`` or ``none``) of those with a seat;
    ``unlicensed`` how many sit in a state where the clinician may not treat today (C-46).
    """

    public_id: UUID
    kind: str
    title: str
    attendance: str
    subject_of: str
    start: datetime
    end: datetime
    status: str
    people: tuple[tuple[str, str], ...]
    states: tuple[str, ...]
    unlicensed: int
    unconfirmed: int

    @property
    def room_path(self) -> str:
        """The end of the room's and the note's address."""
        return f"{self.public_id}/"

    @property
    def minutes(self) -> int:
        """From start to end."""
        return int((self.end - self.start) / timedelta(minutes=1))


def sessions_of_staff(actor: Actor, day: date, zone: str = "") -> list[SessionRow]:
    """The sessions a clinician holds on a day of their own calendar; three queries."""
    here = zone_of(zone) if zone else programme_zone()
    start, end = moment(day, time(), here), moment(day + timedelta(days=1), time(), here)
    sessions = list(
        Session.objects.visible_to(actor)
        .filter(
            clinician_id=actor.sure_id,
            during__overlap=TimestamptzRange(start, end),
            status__in=["planned", "running", "ended"],
        )
        .order_by("during")
    )
    if not sessions:
        return []
    side = CoupleMember.objects.filter(person_id=OuterRef("person_id")).order_by("-during")
    seats: list[Any] = list(
        Seat.objects.filter(session__in=sessions, cancelled=False).annotate(
            name=shown("name"),
            side=Coalesce(Subquery(side.values("side")[:1]), Value("")),
            state=Subquery(Person.objects.filter(id=OuterRef("person_id")).values("state")[:1]),
            marked=Exists(
                Attendance.objects.filter(
                    session_id=OuterRef("session_id"), person_id=OuterRef("person_id")
                )
            ),
        )
    )
    bad = set(checks.unlicensed(actor.sure_id, list({s.person_id for s in seats}), day))
    found = []
    for session in sessions:
        people = [s for s in seats if s.session_id == session.id]
        people.sort(key=lambda s: (s.side or "Z", s.name))
        kind = KINDS.get(session.kind)
        at, until = session.during.lower, session.during.upper
        assert at is not None and until is not None
        found.append(
            SessionRow(
                public_id=session.public_id,
                kind=session.kind,
                title=str(kind.title) if kind else str(NEUTRAL),
                attendance=kind.attendance if kind else "apart",
                subject_of=session.subject_of,
                start=at,
                end=until,
                status=session.status,
                people=tuple((s.name, s.side.lower() or "none") for s in people),
                states=tuple(sorted({s.state for s in people if s.state is not None})),
                unlicensed=sum(s.person_id in bad for s in people),
                unconfirmed=sum(not s.marked for s in people),
            )
        )
    return found


def roster(actor: Actor, session_public_id: UUID) -> list[tuple[UUID, str]]:
    """Who is expected in a session: person and shown name, as far as the actor may know."""
    session = Session.objects.visible_to(actor).sole(public_id=session_public_id)
    people = list(
        Seat.objects.visible_to(actor)
        .filter(session=session, cancelled=False)
        .values_list("person_id", flat=True)
    )
    names = shown_names(people)
    return [(person, names.get(person, ("", ""))[0]) for person in people]


# The sentence of a side-by-side week ---------------------------------------------------------


def side_by_side_words(actor: Actor, rows: Sequence[SeatRow]) -> str:
    """C-16's sentence for a partner whose week has no session with the couples therapist.

    One sentence for first week, plan review and hold, whatever the cause; empty otherwise.
    """
    if not actor.is_person or any(
        r.kind in KINDS and KINDS[r.kind].needs_clearance and r.status != "cancelled" for r in rows
    ):
        return ""
    couple = couple_of(actor.sure_id)
    return week_sentence(couple.id) if couple else ""


def slot_offered(actor: Actor, session: Session, start: datetime) -> bool:
    """Whether a partner may ask for another time of a joint session; never why not (P-60).

    Yes only where the couples therapist is free and both partners are; the answer for a partner's
    own session, the therapist's or anything else is one and the same.
    """
    from mutual.week.booking import seated
    from mutual.week.models import PersonBooking, StaffBooking

    own = Session.objects.visible_to(actor).filter(id=session.id, subject_of="C").exists()
    length = session.during.upper - session.during.lower
    during = TimestamptzRange(start, start + length)
    people = seated(session)
    with as_service("rosters"):
        taken = (
            StaffBooking.objects.filter(
                staff_id=session.clinician_id, cancelled=False, during__overlap=during
            ).exists(),
            PersonBooking.objects.filter(
                person_id__in=people, cancelled=False, during__overlap=during
            ).exists(),
        )
    return own and not any(taken)
