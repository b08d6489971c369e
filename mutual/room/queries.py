"""What the pages of the room show: little to partners, what is needed to the clinician."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.episode.queries import week_sentence
from mutual.people.lookups import couple_of, shown_names, staff_names
from mutual.people.models import CoupleMember, ShownName, Staff
from mutual.room import rules
from mutual.room.actions import readiness
from mutual.room.doorway import MySession, both_go, held, step
from mutual.room.models import Admission, Confirmation, Emergency, RoomSeat, RoomState
from mutual.room.seats import seat_name
from mutual.wall.context import Actor, as_service
from mutual.week.booking import local_day
from mutual.week.kinds import KINDS, NEUTRAL
from mutual.week.models import GroupMember, Seat, Session

State = Literal["waiting", "in", "aside", "held", "over", "taken", "steps"]


@dataclass(frozen=True)
class Tile:
    """How one seat is named to those in the room."""

    name: str
    side: str

    def json(self) -> dict[str, str]:
        """For the page."""
        return {"name": self.name, "side": self.side}


def inside(session: Session) -> list[UUID]:
    """Who is admitted now; runs as the service ``room_gate``, for rules and routing only."""
    with as_service("room_gate"):
        return list(
            Admission.objects.filter(
                session=session, out_at__isnull=True, session__status__in=["planned", "running"]
            ).values_list("person_id", flat=True)
        )


def routes(session: Session) -> dict[str, list[str]]:
    """Who hears and sees whom, by seat (see :func:`rules.matrix`); says no names."""
    people = inside(session)
    with as_service("room_gate"):
        state = RoomState.objects.filter(session=session).first()
    there = state is not None and state.page is not None and state.ended_at is None
    alone = state.alone_with_id if state else None
    return rules.matrix(
        seat_name(session.id, session.clinician_id) if there else "",
        [seat_name(session.id, person) for person in people],
        alone_with=seat_name(session.id, alone) if alone else "",
    )


def tiles(session: Session) -> dict[str, Tile]:
    """Names of those in the room by seat, for those in it: first names or aliases (F-19, D1).

    Ask only for somebody who is in the room.
    """
    people = inside(session)
    found = {
        seat_name(session.id, session.clinician_id): Tile(
            staff_names([session.clinician_id]).get(session.clinician_id, ""), "none"
        )
    }
    with as_service("room_gate"):
        shown = ShownName.objects.filter(person_id__in=people)
        names = dict(shown.values_list("person_id", "name"))
        aliases: dict[UUID, str] = {}
        if session.subject_of == "G":
            aliases = dict(
                GroupMember.objects.filter(
                    group_id=session.subject_id, person_id__in=people
                ).values_list("person_id", "alias")
            )
    sides: dict[UUID, str] = {}
    if session.subject_of == "C":
        sides = dict(
            CoupleMember.objects.filter(
                couple_id=session.subject_id, person_id__in=people
            ).values_list("person_id", "side")
        )
    for person in people:
        name = aliases.get(person) or names.get(person, "")
        found[seat_name(session.id, person)] = Tile(name, sides.get(person, "none").lower())
    return found


def partner_state(
    actor: Actor, mine: MySession, page: UUID, now: datetime | None = None
) -> tuple[State, dict[str, dict[str, str]]]:
    """Where a person's page stands, and whom it may name; nothing at all while they wait (P-78)."""
    moment = now or timezone.now()
    seat = RoomSeat.objects.filter(session=mine.session, person_id=actor.sure_id).first()
    if seat is None or seat.page != page:
        return "taken", {}
    if mine.door(moment) != "open":
        return "over", {}
    if held(mine, moment):
        return "held", {}
    if step(actor, mine, moment) != "room":
        return "steps", {}
    if actor.sure_id not in inside(mine.session):
        return "waiting", {}
    heard = routes(mine.session).get(seat_name(mine.session.id, actor.sure_id), [])
    if not heard:
        return "aside", {}
    return "in", {name: tile.json() for name, tile in tiles(mine.session).items() if name in heard}


def held_sentence(actor: Actor, now: datetime | None = None) -> str:
    """C-16's sentence, word for word the same to both partners."""
    couple = couple_of(actor.sure_id)
    return week_sentence(couple.id, local_day(now or timezone.now())) if couple else ""


# The clinician's pane ------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One expected person, as the session's clinician sees them."""

    person_id: UUID
    public_id: UUID
    name: str
    side: str
    seat: str
    where: Literal["expected", "waiting", "in", "left"]
    since: datetime | None
    place: Confirmation | None
    ready: rules.Readiness
    alone: bool
    signals: tuple[str, ...]

    @property
    def ends(self) -> str:
        """The last digits of the call-back number."""
        return rules.ending(self.place.call_back) if self.place else ""

    @property
    def problem(self) -> str:
        """What keeps this person out, in words; empty if nothing does."""
        if self.place is None:
            return _("Place not confirmed yet")
        if not self.ready.licensed:
            return _("You aren’t licensed in %(state)s") % {"state": self.place.state}
        if not self.ready.consents:
            return _("Forms to sign first")
        if not self.ready.private_now:
            return _("No private place right now")
        return ""


@dataclass(frozen=True)
class Desk:
    """A session as its clinician runs it."""

    session: Session
    title: str
    start: datetime
    end: datetime
    door: rules.Door
    state: RoomState | None
    rows: tuple[Row, ...]
    decision: str
    emergency: Emergency | None
    couple: bool

    @property
    def on_break(self) -> bool:
        """Whether a break runs."""
        return bool(self.state and self.state.breaks and self.state.breaks[-1][1] is None)

    @property
    def locked(self) -> bool:
        """Whether nobody more is let in."""
        return bool(self.state and self.state.locked)

    @property
    def ended(self) -> bool:
        """Whether it is over for everybody."""
        return self.session.status == "ended"

    @property
    def not_yet(self) -> bool:
        """For a couples session: not both said go. Whose, and what, is not said (P-78)."""
        return self.couple and self.decision != "go"

    @property
    def emergency_log(self) -> list[tuple[datetime, str]]:
        """The lines of the open emergency, with their times."""
        lines = self.emergency.log if self.emergency else []
        return [(datetime.fromisoformat(at), words) for at, words in lines]

    @property
    def inside(self) -> tuple[Row, ...]:
        """Who is in the room."""
        return tuple(row for row in self.rows if row.where == "in")


def desk(actor: Actor, session: Session, now: datetime | None = None) -> Desk:
    """The people, places and states of a session that the actor holds. About ten queries."""
    moment = now or timezone.now()
    seats = list(
        Seat.objects.filter(session=session, cancelled=False).values_list("person_id", "public_id")
    )
    people = [person for person, _seat in seats]
    names = shown_names(people)
    sides = dict(CoupleMember.objects.filter(person_id__in=people).values_list("person_id", "side"))
    places = {
        c.person_id: c for c in Confirmation.objects.visible_to(actor).filter(session=session)
    }
    at_door = {s.person_id: s for s in RoomSeat.objects.filter(session=session)}
    let_in = {a.person_id for a in Admission.objects.filter(session=session, out_at__isnull=True)}
    state = RoomState.objects.filter(session=session).first()
    kind = KINDS.get(session.kind)
    start, end = session.during.lower, session.during.upper
    assert start is not None and end is not None
    rows = []
    for person, public in seats:
        seat = at_door.get(person)
        ready = readiness(session, person, places.get(person), seat, moment)
        rows.append(
            Row(
                person_id=person,
                public_id=public,
                name=names.get(person, ("", ""))[0],
                side=sides.get(person, "none").lower() if session.subject_of == "C" else "none",
                seat=seat_name(session.id, person),
                where=_where(seat, ready.waiting, person in let_in),
                since=seat.since if seat else None,
                place=places.get(person),
                ready=ready,
                alone=bool(state and state.alone_with_id == person),
                signals=_signals(seat),
            )
        )
    rows.sort(key=lambda row: (row.side, row.name))
    return Desk(
        session=session,
        title=str(kind.title) if kind else str(NEUTRAL),
        start=start,
        end=end,
        door=rules.door(
            start, end, moment,
            running=session.status == "running", closed=session.status in ("ended", "cancelled"),
        ),
        state=state,
        rows=tuple(rows),
        decision=both_go(session),
        emergency=Emergency.objects.filter(session=session, closed_at__isnull=True).first(),
        couple=session.kind == "conjoint",
    )  # fmt: skip


def _where(
    seat: RoomSeat | None, waiting: bool, let_in: bool
) -> Literal["expected", "waiting", "in", "left"]:
    if waiting:
        return "in" if let_in else "waiting"
    return "left" if seat is not None and seat.left_at is not None else "expected"


def _signals(seat: RoomSeat | None) -> tuple[str, ...]:
    if seat is None:
        return ()
    words = []
    if seat.not_alone_at:
        words.append(_("Signals: not alone"))
    if seat.not_freely_at:
        words.append(_("Signals: can’t speak freely"))
    return tuple(words)


def person_of(session: Session, seat_public_id: UUID) -> UUID | None:
    """The person of a seat in a session, by the id that the clinician's page uses."""
    return (
        Seat.objects.filter(session=session, public_id=seat_public_id, cancelled=False)
        .values_list("person_id", flat=True)
        .first()
    )


def clinician_states(actor: Actor, on: date) -> Sequence[str]:
    """States in which the actor is licensed on a day."""
    staff = Staff.objects.get(id=actor.sure_id)
    return sorted(staff.licences.filter(valid__contains=on).values_list("state", flat=True))


def clinician_json(view: Desk) -> dict[str, Any]:
    """What the clinician's script needs beside the pane: names by seat, and the session's state."""
    return {
        "type": "room",
        "state": "over" if view.ended else "in",
        "people": {row.seat: {"name": row.name, "side": row.side} for row in view.inside},
        "waiting": sum(row.where == "waiting" for row in view.rows),
        "locked": view.locked,
    }
