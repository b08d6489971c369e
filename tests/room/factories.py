"""Sessions about to begin, and people on their way into them, through the room's own actions."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from mutual.room import actions, doorway
from mutual.room.doorway import MySession, Place
from mutual.wall.testing import acting_as
from mutual.week.actions import book_session
from mutual.week.models import Session
from tests.week.factories import group, staff
from tests.world import id_of

HOME = Place(
    label="home",
    address="1 Example Lane",
    state="TX",
    call_back="555-010-1000",
    local_number="555-010-9110",
    emergency_confirmed=True,
    private_now=True,
)


def soon() -> datetime:
    """Five minutes ahead: the door is open, the session hasn't begun."""
    return timezone.now() + timedelta(minutes=5)


def conjoint(start: datetime | None = None) -> Session:
    """Ana's and Ben's couples session with Dr. Reyes."""
    with acting_as(id_of("reyes"), "staff") as actor:
        return book_session(
            actor, "conjoint", clinician=staff("reyes"), start=start or soon(),
            couple_id=id_of("ab"),
        )  # fmt: skip


def individual(start: datetime | None = None) -> Session:
    """Ana's own session with Mo."""
    with acting_as(id_of("mo"), "staff") as actor:
        return book_session(
            actor, "individual", clinician=staff("mo"), start=start or soon(),
            persons=[id_of("ana")],
        )  # fmt: skip


def classes(start: datetime | None = None) -> Session:
    """A class that Mo leads, with Ana, Ben and Cleo."""
    with acting_as(id_of("ada"), "staff") as actor:
        _group, session = group(
            actor, "psychoeducation", "mo", start or soon(), "ana", "ben", "cleo"
        )
        return session


def mine(name: str, session: Session) -> MySession:
    """The session as this person has it."""
    with acting_as(id_of(name), "person") as actor:
        return doorway.my_session(actor, session.public_id)


def confirm(name: str, session: Session, place: Place = HOME) -> None:
    """Confirm the place."""
    with acting_as(id_of(name), "person") as actor:
        actions.confirm_place(actor, doorway.my_session(actor, session.public_id), place)


def taps(name: str, session: Session, *what: str) -> None:
    """Tap, and go on."""
    with acting_as(id_of(name), "person") as actor:
        own = doorway.my_session(actor, session.public_id)
        for one in what:
            actions.tap(actor, own, one)
        actions.taps_done(actor, own)


def waits(name: str, session: Session, *, tap: tuple[str, ...] = ("alone", "go")) -> None:
    """Everything confirmed, at the door."""
    confirm(name, session)
    if session.kind == "conjoint":
        taps(name, session, *tap)
    with acting_as(id_of(name), "person") as actor:
        actions.enter(actor, doorway.my_session(actor, session.public_id), uuid4())


def lets_in(who: str, session: Session, *names: str) -> None:
    """The clinician opens the room and admits people."""
    with acting_as(id_of(who), "staff") as actor:
        actions.open_room(actor, session, uuid4())
        for name in names:
            actions.admit(actor, session, id_of(name))
