"""The live board: who is late by now and how they may safely be called.

It says "here" or "not yet", never whether somebody waits at the door or is let in (P-78).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import shown_names
from mutual.people.models import ContactLocation
from mutual.room.models import Admission, RoomSeat
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.week.groups import PLANNERS
from mutual.week.kinds import KINDS
from mutual.week.models import Seat, Session

#: From so many minutes after the start somebody is called.
LATE = timedelta(minutes=5)
#: Sessions are on the board from so long before they start.
BEFORE = timedelta(minutes=15)


@dataclass(frozen=True)
class Expected:
    """One who is expected, with how to call them; the name where the reader may know it."""

    seat: UUID
    name: str
    here: bool
    minutes_late: int
    phone: str
    route: str
    hours: str
    code_word: str
    voicemail: bool
    by_phone: bool

    @property
    def late(self) -> bool:
        """Whether it is time to call."""
        return not self.here and self.minutes_late >= LATE // timedelta(minutes=1)


@dataclass(frozen=True)
class Running:
    """One session that runs or is about to."""

    title: str
    clinician: str
    start: datetime
    end: datetime
    people: tuple[Expected, ...]

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(one.late for one in self.people)


def board(actor: Actor, now: datetime | None = None) -> list[Running]:
    """The sessions of this moment, those with somebody late first; four queries.

    Raises:
        NotThere: for who does not coordinate the day.
    """
    if not actor.has(*PLANNERS):
        raise NotThere
    at = now or timezone.now()
    with as_service("room_gate"):
        sessions = list(
            Session.objects.select_related("clinician")
            .filter(
                during__overlap=TimestamptzRange(at, at + BEFORE, "[]"),
                status__in=["planned", "running"],
            )
            .order_by("during")
        )
        same = {"session_id": OuterRef("session_id"), "person_id": OuterRef("person_id")}
        asked = RoomSeat.objects.filter(**same, asked_at__isnull=False, left_at__isnull=True)
        let_in = Admission.objects.filter(**same, out_at__isnull=True)
        seats = list(
            Seat.objects.filter(session__in=sessions, cancelled=False).annotate(
                here=Exists(asked) | Exists(let_in)
            )
        )
    people = [seat.person_id for seat in seats]
    names = shown_names(people)
    contacts = {
        c.person_id: c
        for c in ContactLocation.objects.visible_to(actor).filter(person_id__in=people)
    }
    found = []
    for session in sessions:
        start, end = session.during.lower, session.during.upper
        assert start is not None and end is not None
        passed = max(0, int((at - start) / timedelta(minutes=1)))
        inside = [
            _expected(seat, names, contacts.get(seat.person_id), passed)
            for seat in seats
            if seat.session_id == session.id
        ]
        inside.sort(key=lambda one: (not one.late, one.here, one.name))
        kind = KINDS.get(session.kind)
        title = str(kind.title) if kind else session.kind
        found.append(Running(title, session.clinician.name, start, end, tuple(inside)))
    found.sort(key=lambda one: (not one.late, one.start))
    return found


def _expected(
    seat: Seat,
    names: dict[UUID, tuple[str, str]],
    contact: ContactLocation | None,
    passed: int,
) -> Expected:
    by_phone = seat.phone_at is not None
    here = bool(seat.here) or by_phone  # type: ignore[attr-defined]
    # Whom no call may reach is not to be called: the number is not even shown (C-19).
    callable_ = contact is not None and contact.safe_route == "call"
    return Expected(
        seat=seat.public_id,
        name=names.get(seat.person_id, ("", ""))[0],
        here=here,
        minutes_late=0 if here else passed,
        phone=contact.phone if contact is not None and callable_ else "",
        route=str(contact.get_safe_route_display()) if contact is not None else "",
        hours=contact.safe_hours if contact is not None else "",
        code_word=contact.code_word if contact is not None and callable_ else "",
        voicemail=bool(contact is not None and contact.voicemail),
        by_phone=by_phone,
    )


def takes_part_by_phone(actor: Actor, seat_public_id: UUID, now: datetime | None = None) -> None:
    """Somebody without a picture is on the phone: their minutes are audio only (modifier 93).

    Noted twice it is once (F-13).

    Raises:
        Refused: before the session or after its end.
        NotThere: for who does not coordinate the day, or no such seat.
    """
    if not actor.has(*PLANNERS):
        raise NotThere
    at = now or timezone.now()
    with transaction.atomic(), as_service("rosters"):
        seat = Seat.objects.filter(public_id=seat_public_id, cancelled=False).first()
        if seat is None:
            raise NotThere
        start, end = seat.during.lower, seat.during.upper
        assert start is not None and end is not None
        if not start - BEFORE <= at < end:
            raise Refused(_("Note it while the session runs."))
        Seat.objects.filter(id=seat.id, phone_at__isnull=True).update(phone_at=at)
    audit.note("write", "attendance", seat.person_id, seat.id, "by phone")
