"""Who was in the room and when, and how many minutes that makes (C-33, C-55, C-56)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from mutual.people.lookups import shown_names
from mutual.room import rules
from mutual.room.models import ClinicianPresence, Presence, RoomState
from mutual.wall.context import Actor, as_service
from mutual.week.attending import net_minutes
from mutual.week.minutes import Span
from mutual.week.models import Attendance, AttendanceReason, Seat, Session


def connected(
    session: Session, actor_id: UUID, *, person: bool, now: datetime | None = None
) -> UUID:
    """A page's sound and picture are connected; returns the stretch's id.

    Runs as the service ``room_presence``: it is written also when the person's sign-in ends.
    """
    moment = now or timezone.now()
    stretch = uuid4()
    with as_service("room_presence"):
        if person:
            Presence(
                id=stretch, session=session, person_id=actor_id,
                clinician_id=session.clinician_id, since=moment, until=moment,
            ).save(force_insert=True)  # fmt: skip
        else:
            ClinicianPresence(
                id=stretch, session=session, clinician_id=actor_id, since=moment, until=moment
            ).save(force_insert=True)
    return stretch


def still_connected(stretch: UUID, *, person: bool, now: datetime | None = None) -> None:
    """The stretch lasts until now: said every few seconds, and once more when it ends."""
    moment = now or timezone.now()
    table = Presence if person else ClinicianPresence
    with as_service("room_presence"):
        table._default_manager.filter(id=stretch).update(until=Greatest(F("until"), Value(moment)))


@dataclass(frozen=True)
class Line:
    """One person's attendance as measured, and as confirmed if it was."""

    person_id: UUID
    public_id: UUID
    name: str
    measured: rules.Measured
    most: int
    confirmed: Attendance | None
    reason: str = ""


def lines(actor: Actor, session: Session) -> list[Line]:
    """Everybody's measured minutes in a session that the actor holds, in order of name."""
    seats = list(
        Seat.objects.filter(session=session, cancelled=False).values_list("person_id", "public_id")
    )
    people = [person for person, _seat in seats]
    names = shown_names(people)
    stretches: dict[UUID, list[Span]] = {}
    for person, since, until in (
        Presence.objects.visible_to(actor)
        .filter(session=session)
        .values_list("person_id", "since", "until")
    ):
        stretches.setdefault(person, []).append(Span(since, until))
    mine = [
        Span(since, until)
        for since, until in ClinicianPresence.objects.filter(session=session).values_list(
            "since", "until"
        )
    ]
    state = RoomState.objects.filter(session=session).first()
    done = {a.person_id: a for a in Attendance.objects.filter(session=session)}
    reasons = dict(
        AttendanceReason.objects.filter(attendance__session=session).values_list(
            "person_id", "words"
        )
    )
    most = net_minutes(session)
    found = [
        Line(
            person_id=person,
            public_id=seat,
            name=names.get(person, ("", ""))[0],
            measured=_measure(session, state, stretches.get(person, []), mine, most),
            most=most,
            confirmed=done.get(person),
            reason=reasons.get(person, ""),
        )
        for person, seat in seats
    ]
    return sorted(found, key=lambda line: line.name)


def _measure(
    session: Session,
    state: RoomState | None,
    stretches: list[Span],
    clinician: list[Span],
    most: int,
) -> rules.Measured:
    if state is None or state.started_at is None or not stretches:
        return rules.Measured(0)
    # Time before the planned start is waiting, not treatment (C-33, C-34).
    start = max(state.started_at, session.during.lower)
    end = state.ended_at or max([start, *(span.end for span in stretches)])
    if end <= start:
        return rules.Measured(0)
    breaks = [
        Span(datetime.fromisoformat(a), datetime.fromisoformat(b) if b else end)
        for a, b in state.breaks
    ]
    return rules.measured(
        Span(start, end), stretches, clinician=clinician, breaks=breaks, most=most
    )
