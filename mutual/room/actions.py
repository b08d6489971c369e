"""What the clinician does in the room: open, admit, put out, lock, speak with one, break, end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import shown_names
from mutual.people.models import Staff
from mutual.privacy.queries import missing
from mutual.room import rules
from mutual.room.doorway import (
    both_go,
    confirm_place,
    enter,
    leave,
    signal,
    tap,
    taps_done,
)
from mutual.room.emergency import close_emergency, note_in_emergency, open_emergency
from mutual.room.models import Admission, Confirmation, RoomSeat, RoomState
from mutual.wall import audit
from mutual.wall.context import Actor
from mutual.week.actions import end_session
from mutual.week.models import Seat, Session

__all__ = [
    "add_local_number",
    "admit",
    "close_emergency",
    "confirm_place",
    "end_break",
    "end_room",
    "enter",
    "held_session",
    "leave",
    "lock",
    "note_in_emergency",
    "open_emergency",
    "open_room",
    "put_out",
    "signal",
    "speak_with",
    "start_break",
    "tap",
    "taps_done",
]


def held_session(actor: Actor, public_id: UUID) -> Session:
    """The session that the actor holds.

    Raises:
        NotThere: to everybody else.
    """
    found = Session.objects.filter(public_id=public_id, clinician_id=actor.sure_id).first()
    if found is None or not actor.is_staff:
        raise NotThere
    return found


def open_room(
    actor: Actor, session: Session, page: UUID | None = None, *, now: datetime | None = None
) -> RoomState:
    """The clinician comes in, from 15 minutes before the start; a second page takes over.

    Raises:
        Refused: too early, or when the session is over.
    """
    _refuse_other(actor, session)
    moment = now or timezone.now()
    _refuse_closed(session, moment)
    state, _made = RoomState.objects.get_or_create(
        session=session, defaults={"clinician_id": actor.sure_id}
    )
    if page is not None:
        state.page = page
        state.save(update_fields=["page"])
    return state


def clinician_leaves(actor: Actor, session: Session) -> None:
    """The clinician's page is closed by hand: until they are back nobody hears anybody."""
    _refuse_other(actor, session)
    RoomState.objects.filter(session=session).update(page=None)


def readiness(
    session: Session, person_id: UUID, row: Confirmation | None, seat: RoomSeat | None, at: datetime
) -> rules.Readiness:
    """What stands for or against letting somebody in now."""
    wanted = ["notice", "tele", *(["group"] if session.subject_of == "G" else [])]
    return rules.Readiness(
        waiting=seat is not None and seat.since is not None and seat.left_at is None,
        consents=not missing(person_id, wanted, at),
        place=row.address if row else "",
        call_back=row.call_back if row else "",
        local_number=row.local_number if row else "",
        emergency_contact=row is not None and row.emergency_confirmed,
        private_now=row is not None and row.private_now,
        licensed=row is not None and row.licensed,
    )


def admit(
    actor: Actor,
    session: Session,
    person_id: UUID,
    *,
    local_number: str = "",
    now: datetime | None = None,
) -> Admission:
    """Let one person in by hand (P-77); the first one starts the session.

    Args:
        local_number: the emergency number of the person's place, if it wasn't known yet (C-78).

    Raises:
        Refused: in words for the clinician; for a couples session before both said go only "Not
            yet." (P-78).
        NotThere: for somebody without a seat.
    """
    _refuse_other(actor, session)
    _refuse_stranger(session, person_id)
    moment = now or timezone.now()
    state = open_room(actor, session, now=moment)
    row = Confirmation.objects.filter(session=session, person_id=person_id).first()
    if row is not None and local_number.strip():
        add_local_number(actor, row, local_number)
    seat = RoomSeat.objects.filter(session=session, person_id=person_id).first()
    name = shown_names([person_id]).get(person_id, (_("This person"), ""))[0]
    clinician = Staff.objects.get(id=session.clinician_id).name
    rules.refuse_admission(
        readiness(session, person_id, row, seat, moment),
        name,
        clinician,
        locked=state.locked,
        decided=both_go(session) == "go",
    )
    with transaction.atomic():
        made, _new = Admission.objects.update_or_create(
            session=session,
            person_id=person_id,
            defaults={"clinician_id": actor.sure_id, "admitted_at": moment, "out_at": None},
        )
        if state.started_at is None:
            state.started_at = moment
            state.save(update_fields=["started_at"])
        if session.status == "planned":
            session.status = "running"
            session.save(update_fields=["status"])
    audit.note("admit", "attendance", person_id, session.id)
    return made


def add_local_number(actor: Actor, row: Confirmation, number: str) -> Confirmation:
    """Write down the emergency number of a person's place, which the clinician looked up (P-75).

    Raises:
        Refused: if it is no number that reaches the place.
    """
    if row.clinician_id != actor.id:
        raise NotThere
    if not rules.digits_enough(number):
        raise Refused(
            _("Enter the ten-digit number of the dispatch centre there: 911 reaches yours."),
            rule="C-78",
            field="local_number",
        )
    row.local_number = number.strip()[:30]
    row.save(update_fields=["local_number"])
    audit.note("write", "contact_location", row.person_id, row.id, "local number")
    return row


def put_out(
    actor: Actor, session: Session, person_id: UUID, *, now: datetime | None = None
) -> None:
    """Send one person back to wait alone; they can be admitted again."""
    _refuse_other(actor, session)
    Admission.objects.filter(session=session, person_id=person_id, out_at__isnull=True).update(
        out_at=now or timezone.now()
    )
    RoomState.objects.filter(session=session, alone_with_id=person_id).update(alone_with=None)
    audit.note("put out", "attendance", person_id, session.id)


def lock(actor: Actor, session: Session, locked: bool = True) -> None:
    """Lock the room: nobody more is let in until it is unlocked (P-77)."""
    _refuse_other(actor, session)
    RoomState.objects.filter(session=session).update(locked=locked)
    audit.note("lock" if locked else "unlock", "attendance", None, session.id)


def speak_with(actor: Actor, session: Session, person_id: UUID | None) -> None:
    """Speak with one person alone; the others hear and see nobody meanwhile. ``None`` ends it.

    Raises:
        NotThere: for somebody who isn't in the room.
    """
    _refuse_other(actor, session)
    if (
        person_id is not None
        and not Admission.objects.filter(
            session=session, person_id=person_id, out_at__isnull=True
        ).exists()
    ):
        raise NotThere
    RoomState.objects.filter(session=session).update(alone_with=person_id)
    audit.note("aside" if person_id else "together", "attendance", person_id, session.id)


def start_break(actor: Actor, session: Session, *, now: datetime | None = None) -> None:
    """A break begins; its minutes count for nobody (C-33)."""
    state = _state(actor, session)
    if not state.breaks or state.breaks[-1][1] is not None:
        state.breaks = [*state.breaks, [(now or timezone.now()).isoformat(), None]]
        state.save(update_fields=["breaks"])


def end_break(actor: Actor, session: Session, *, now: datetime | None = None) -> None:
    """The break is over."""
    state = _state(actor, session)
    if state.breaks and state.breaks[-1][1] is None:
        last = [state.breaks[-1][0], (now or timezone.now()).isoformat()]
        state.breaks = [*state.breaks[:-1], last]
        state.save(update_fields=["breaks"])


def end_room(actor: Actor, session: Session, *, now: datetime | None = None) -> Session:
    """End the session for everybody: all out, the room closed, attendance to be confirmed.

    Raises:
        Refused: while an emergency is open (C-83).
    """
    _refuse_other(actor, session)
    moment = now or timezone.now()
    from mutual.room.models import Emergency

    if Emergency.objects.filter(session=session, closed_at__isnull=True).exists():
        raise Refused(_("Close the emergency with its crisis note first."), rule="C-83")
    end_break(actor, session, now=moment)
    Admission.objects.filter(session=session, out_at__isnull=True).update(out_at=moment)
    RoomState.objects.filter(session=session).update(ended_at=moment, alone_with=None, page=None)
    return end_session(actor, session)


def _state(actor: Actor, session: Session) -> RoomState:
    _refuse_other(actor, session)
    return RoomState.objects.get_or_create(
        session=session, defaults={"clinician_id": actor.sure_id}
    )[0]


def _refuse_other(actor: Actor, session: Session) -> None:
    if not actor.is_staff or actor.id != session.clinician_id:
        raise NotThere


def _refuse_stranger(session: Session, person_id: UUID) -> None:
    if not Seat.objects.filter(session=session, person_id=person_id, cancelled=False).exists():
        raise NotThere


def _refuse_closed(session: Session, moment: datetime) -> None:
    start, end = session.during.lower, session.during.upper
    assert start is not None and end is not None
    state = rules.door(
        start, end, moment,
        running=session.status == "running",
        closed=session.status in ("ended", "cancelled"),
    )  # fmt: skip
    if state == "early":
        raise Refused(_("The room opens 15 minutes before the session."), rule="P-77")
    if state == "over":
        raise Refused(_("This session is over."), rule="P-77")
