"""What a partner asks about their own times, and how staff answer (C-58 to C-60, P-60, P-61).

A partner moves nothing of the other's: a joint session stands until staff decide, and whatever
speaks against a time, the words are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.base.zones import duration
from mutual.episode.asam import weekly_minutes
from mutual.people.models import Staff, StaffTask
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.week import booking, checks, slots
from mutual.week.attending import OFFER_AGAIN, own_counselor
from mutual.week.kinds import KINDS, kind_of
from mutual.week.models import ChangeAsk, Seat, Session
from mutual.week.planning import person_week
from mutual.week.templates import monday_of, week_span

#: Until so long before the start a partner gives their own seat back themselves (D).
NOTICE = timedelta(hours=24)
#: Open asks of one person at a time.
MOST = 6
#: What a partner may ask a new time for, by the role that holds it.
ASKABLE = ("individual", "second_individual", "medical_visit", "check_in_call")


@dataclass(frozen=True)
class Effect:
    """What not coming does to the own week; nothing of the partner's is in it (C-61)."""

    lines: tuple[str, ...]
    short: bool
    joint: bool
    in_time: bool


def own_seat(actor: Actor, session_public_id: UUID) -> tuple[Seat, Session]:
    """The actor's own seat in a planned session that has not begun, with the session.

    Raises:
        NotThere: for a session of somebody else's, or one that is over.
    """
    seat = (
        Seat.objects.visible_to(actor)
        .select_related("session__clinician")
        .filter(person_id=actor.sure_id, cancelled=False, session__public_id=session_public_id)
        .first()
    )
    if seat is None or seat.session.status != "planned":
        raise NotThere
    return seat, seat.session


def effect(actor: Actor, session_public_id: UUID, *, now: datetime | None = None) -> Effect:
    """What it does to the actor's own hours not to come, before it is confirmed."""
    return effect_of(actor, own_seat(actor, session_public_id)[0], now=now)


def effect_of(actor: Actor, seat: Seat, *, now: datetime | None = None) -> Effect:
    """The same for the actor's own seat, as :func:`own_seat` found it; two queries."""
    moment = now or timezone.now()
    session = seat.session
    start = session.during.lower
    assert start is not None
    monday = monday_of(start)
    me = actor.sure_id
    facts = checks.facts_of([me]).get(me)
    seats = checks.seats_in([me], *week_span(monday))
    was = person_week("", facts, seats, monday)
    then = person_week("", facts, [s for s in seats if s.id != seat.id], monday)
    lines = []
    if was.minutes != then.minutes:
        words = _("Your week: %(was)s → %(then)s")
        lines.append(words % {"was": duration(was.minutes), "then": duration(then.minutes)})
    least = (weekly_minutes(then.level) or (0, None))[0]
    short = not then.partial and then.minutes < least
    if short:
        words = _("At least %(time)s is needed. Your counselor offers you another hour.")
        lines.append(words % {"time": duration(least)})
    return Effect(tuple(lines), short, _together(session), start - moment >= NOTICE)


def cannot_come(
    actor: Actor, session_public_id: UUID, reason: str, *, now: datetime | None = None
) -> ChangeAsk:
    """A partner says that they cannot come.

    In time, an own seat is given back at once and the counselor offers another hour (C-58). Later
    than that, and for what both attend, nothing changes by itself: staff decide (C-59).

    Raises:
        Refused: without a reason, or once it has begun.
        NotThere: for a session that is not one's own.
    """
    moment = now or timezone.now()
    seat, session = own_seat(actor, session_public_id)
    if not reason.strip():
        raise Refused(_("Say why, in a word or two."), rule="C-55", field="reason")
    start = session.during.lower
    assert start is not None
    if start <= moment:
        raise Refused(_("It has begun. Write to your counselor."), field="reason")
    with transaction.atomic():
        ask = _ask(actor, "cancel", session.kind, session, None, reason, moment)
        if ask.state != "open":
            return ask
        if not _together(session) and start - moment >= NOTICE:
            _give_back(session, seat)
            ask.state, ask.answered_at = "done", moment
            ask.save(update_fields=["state", "answered_at"])
            _task(actor.sure_id, own_counselor(actor.sure_id, booking.local_day(start)), "C-58",
                  # staff: a task, in the language of those who do it
                  _("Gave a session back in time. Offer a make-up in the same week."),
                  week_span(monday_of(start))[1])  # fmt: skip
        elif _together(session):
            _task(actor.sure_id, session.clinician_id, "C-59",
                  # staff: a task, in the language of those who do it
                  _("Cannot come to what both attend. Offer both another time, or hold it as"
                    " planned; the partner hears it from you."),
                  min(start, moment + OFFER_AGAIN))  # fmt: skip
        else:
            _task(actor.sure_id, own_counselor(actor.sure_id, booking.local_day(start)), "C-55",
                  # staff: a task, in the language of those who do it
                  _("Says at short notice that they cannot come. Excuse it with the reason, or"
                    " reach them."), start)  # fmt: skip
    audit.note("write", "schedule_own", actor.sure_id, session.id, "cannot come")
    return ask


def ask_for_time(
    actor: Actor,
    *,
    session_public_id: UUID | None = None,
    kind: str = "individual",
    wished: datetime | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> ChangeAsk:
    """A partner asks for another time of a session, or for a time to meet.

    Raises:
        Refused: "not offered", whatever the cause (P-60), a kind nobody may ask for, or too many
            open asks.
        NotThere: for a session that is not one's own.
    """
    moment = now or timezone.now()
    session = None
    people = [actor.sure_id]
    if session_public_id is not None:
        _seat, session = own_seat(actor, session_public_id)
        kind, clinician = session.kind, session.clinician
        if session.subject_of == "G":
            raise Refused(_("A group keeps its hour. Say if you cannot come."), field="wished")
        people = booking.seated(session)
    else:
        if kind not in ASKABLE:
            raise Refused(_("Choose what you need a time for."), field="kind")
        clinician = _by_team(actor.sure_id, kind, moment)
    if wished is not None:
        entry = kind_of(kind)
        if wished <= moment or not slots.offered(
            kind, clinician, people, wished, entry.whole_minutes,
            moving=session.id if session is not None else None,
        ):  # fmt: skip
            raise Refused(_("Not offered. Choose another time."), rule="P-60", field="wished")
    if ChangeAsk.objects.filter(person_id=actor.sure_id, state="open").count() >= MOST:
        raise Refused(_("You have asked for several times already. Your team answers soon."))
    with transaction.atomic():
        ask = _ask(actor, "move" if session else "new", kind, session, wished, reason, moment)
    audit.note("write", "schedule_own", actor.sure_id, ask.id, "asked for a time")
    return ask


def take_back(actor: Actor, ask_public_id: UUID, *, now: datetime | None = None) -> ChangeAsk:
    """Never mind: what was asked needs no answer any more."""
    ask = ChangeAsk.objects.writable_by(actor).sole(
        public_id=ask_public_id, person_id=actor.sure_id
    )
    if ask.state == "open":
        ask.state, ask.answered_at = "withdrawn", now or timezone.now()
        ask.save(update_fields=["state", "answered_at"])
    return ask


def my_asks(actor: Actor, limit: int = 10) -> list[ChangeAsk]:
    """What a partner asked lately, with the answer."""
    rows = ChangeAsk.objects.visible_to(actor).filter(person_id=actor.sure_id)
    return list(rows.order_by("-asked_at")[:limit])


# Answers of staff ----------------------------------------------------------------------------


def answer_with(
    actor: Actor, ask_public_id: UUID, start: datetime, *, now: datetime | None = None
) -> Session:
    """One click: the session is moved there or booked, the ask is answered, all are told once.

    Raises:
        Refused: by any rule of booking; answered already.
        NotThere: for who doesn't plan this session.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        ask = _open(actor, ask_public_id)
        if ask.session_id is not None:
            with as_service("week_asks"):
                session = Session.objects.select_related("clinician").get(id=ask.session_id)
            made = booking.reschedule(actor, session, start, now=moment)
        else:
            made = booking.book_session(
                actor, ask.kind, clinician=holder_of(ask), start=start, persons=[ask.person_id],
                now=moment,
            )  # fmt: skip
        _close(ask, "done", actor, moment)
    return made


def let_go(actor: Actor, ask_public_id: UUID, *, now: datetime | None = None) -> Session:
    """The session is cancelled as asked; of a joint one both are told, and it is offered again.

    No conjoint service stands then, and nothing is said of who asked (C-59, C-60).
    """
    moment = now or timezone.now()
    with transaction.atomic():
        ask = _open(actor, ask_public_id)
        if ask.session_id is None:
            raise Refused(_("Nothing is planned for this. Answer with a time."))
        with as_service("week_asks"):
            session = Session.objects.get(id=ask.session_id)
        if session.subject_of == "G":
            with as_service("rosters"):
                booking.free(session, [ask.person_id])
        else:
            session = booking.cancel(actor, session, reason=_("one cannot come"), now=moment)
        if session.subject_of == "C":
            _task(ask.person_id, session.clinician_id, "C-59",
                  # staff: a task, in the language of those who do it
                  _("Offer the couples session again."),
                  moment + OFFER_AGAIN)  # fmt: skip
        _close(ask, "done", actor, moment)
    return session


def decline(actor: Actor, ask_public_id: UUID, *, now: datetime | None = None) -> ChangeAsk:
    """Not offered; the person reads these words and no others (P-60)."""
    with transaction.atomic():
        ask = _open(actor, ask_public_id)
        _close(ask, "declined", actor, now or timezone.now())
    return ask


def holder_of(ask: ChangeAsk) -> Staff:
    """Who would hold what was asked for."""
    if ask.session_id is not None:
        with as_service("week_asks"):
            return Session.objects.select_related("clinician").get(id=ask.session_id).clinician
    return _by_team(ask.person_id, ask.kind, ask.asked_at)


def _open(actor: Actor, ask_public_id: UUID) -> ChangeAsk:
    """An open ask the actor may answer, locked."""
    seen = ChangeAsk.objects.visible_to(actor).filter(public_id=ask_public_id).first()
    if seen is None or not may_answer(actor, seen):
        raise NotThere
    with as_service("week_asks"):
        ask = ChangeAsk.objects.select_for_update().get(id=seen.id)
    if ask.state != "open":
        raise Refused(_("This was answered already."), rule="F-13")
    return ask


def may_answer(actor: Actor, ask: ChangeAsk) -> bool:
    """Whether the actor plans what was asked about."""
    return bool(answerable(actor, [ask]))


def answerable(actor: Actor, rows: Sequence[ChangeAsk]) -> list[ChangeAsk]:
    """Those of these asks about something that the actor plans; two queries for any number."""
    if not actor.is_staff or not rows:
        return []
    with as_service("week_asks"):
        sessions = {s.id: s for s in Session.objects.filter(id__in=[r.session_id for r in rows])}
    wanted: dict[UUID, tuple[UUID, str]] = {}
    for row in rows:
        session = sessions.get(row.session_id) if row.session_id else None
        if session is None or session.subject_of == "G":
            wanted[row.id] = (row.person_id, "schedule_own.write")
        else:
            wanted[row.id] = (
                session.subject_id, f"{booking.RECORD_OF[session.subject_of]}.write"
            )  # fmt: skip
    held = booking.held(set(wanted.values()))
    mine = {key for key, session in sessions.items() if session.clinician_id == actor.id
            and session.subject_of != "G"}  # fmt: skip
    return [row for row in rows if wanted[row.id] in held or row.session_id in mine]


def _close(ask: ChangeAsk, state: str, actor: Actor, now: datetime) -> None:
    with as_service("week_asks"):
        ask.state, ask.answered_at, ask.answered_by = state, now, actor.sure_id
        ask.save(update_fields=["state", "answered_at", "answered_by"])
    audit.note("write", "schedule_own", ask.person_id, ask.id, state)


# Small steps ---------------------------------------------------------------------------------


def _together(session: Session) -> bool:
    kind = KINDS.get(session.kind)
    return kind is not None and kind.attendance == "together"


def _ask(
    actor: Actor,
    what: str,
    kind: str,
    session: Session | None,
    wished: datetime | None,
    reason: str,
    now: datetime,
) -> ChangeAsk:
    """The ask, written down once however often it is sent (F-13)."""
    same = ChangeAsk.objects.filter(
        person_id=actor.sure_id, what=what, session=session, kind=kind, wished=wished,
        state="open",
    ).first()  # fmt: skip
    if same is not None:
        return same
    ask = ChangeAsk(
        person_id=actor.sure_id, what=what, kind=kind, session=session, wished=wished,
        reason=reason.strip()[:200], asked_at=now,
    )  # fmt: skip
    ask.save(force_insert=True)
    return ask


def _give_back(session: Session, seat: Seat) -> None:
    with as_service("rosters"):
        if session.subject_of == "P":
            booking.free(session)
            Session.objects.filter(id=session.id).update(status="cancelled")
        else:
            booking.free(session, [seat.person_id])


def _by_team(person: UUID, kind: str, at: datetime) -> Staff:
    """Who of the person's team holds this kind."""
    from mutual.episode.models import CareAssignment

    roles = kind_of(kind).leads
    with as_service("week_asks"):
        row = (
            CareAssignment.objects.select_related("staff")
            .filter(person_id=person, role__in=roles, during__contains=booking.local_day(at))
            .order_by("role")
            .first()
        )
    if row is None:
        raise Refused(_("Not offered. Choose another time."), rule="P-60", field="wished")
    return row.staff


def _task(person: UUID, addressee: UUID | None, rule: str, text: str, due: datetime) -> None:
    if addressee is None:
        return
    with as_service("week_asks") as service:
        StaffTask.objects.create(
            person_id=person, author_id=service.sure_id, addressee_id=addressee, rule=rule,
            text=text, due=due,
        )  # fmt: skip
