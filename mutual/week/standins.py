"""Who can stand in for a clinician, and standing in: one click, everybody told once.

C-3 and C-4 hold for cover too: whoever is this couple's therapist counsels neither of them, and
nobody counsels both. The stand-in sees the charts for a few days, for the note, and no longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import NotThere, Refused
from mutual.episode.models import CareAssignment
from mutual.people.models import Staff
from mutual.wall import audit, outbox
from mutual.wall.context import Actor, as_service
from mutual.wall.models import Relation
from mutual.wall.relations import relate
from mutual.week import availability, booking, checks
from mutual.week.groups import PLANNERS
from mutual.week.kinds import KINDS
from mutual.week.models import Group, Seat, Session, TimeAway
from mutual.week.standing import Standing, pair

#: C-70: the note is due in 3 business days; so long the stand-in opens the charts.
OPEN_FOR = timedelta(days=7)
#: How far back "knows them" looks.
KNOWN_SINCE = timedelta(days=90)
#: What opens the charts of a session of that kind to its clinician.
_RELATION = {
    "couples_therapist": "couples_therapist",
    "prescriber": "prescriber",
    "nurse": "nurse",
}


@dataclass(frozen=True)
class StandIn:
    """Somebody who may hold a session: ``known`` times they met these people lately."""

    staff: Staff
    known: int
    beside: bool = False

    @property
    def words(self) -> str:
        """Why this one first."""
        if self.beside:
            return _("leads this group beside")
        if self.known:
            return _("met them %(n)d times in 90 days") % {"n": self.known}
        return _("has not met them yet")


@dataclass(frozen=True)
class Left:
    """A session whose clinician is away, and who can stand in, best first."""

    session: Session
    title: str
    people: int
    choices: tuple[StandIn, ...]


def call_in_sick(
    actor: Actor, staff: Staff, start: datetime, end: datetime
) -> tuple[TimeAway, list[Left]]:
    """Somebody cannot work from ``start`` to ``end``: the time away, and what it leaves open."""
    away = availability.take_time_off(actor, staff, start, end)
    return away, left_open(actor, staff, start, end)


def left_open(actor: Actor, staff: Staff, start: datetime, end: datetime) -> list[Left]:
    """The planned sessions of a member of staff in a time, each with who can stand in.

    Raises:
        NotThere: for who neither plans weeks nor is this member of staff.
    """
    _refuse_stranger(actor, staff.id)
    rows = Session.objects.filter(
        clinician=staff, status="planned", during__overlap=TimestamptzRange(start, end)
    )
    return _with_choices(rows)


def choices_for(actor: Actor, session: Session) -> list[StandIn]:
    """Who can stand in for one session, best first (C-3, C-4, C-5, C-46, continuity)."""
    _refuse_stranger(actor, session.clinician_id)
    found = _with_choices(Session.objects.filter(id=session.id))
    return list(found[0].choices) if found else []


def session_of(actor: Actor, public_id: UUID) -> Session:
    """A session for who plans weeks, whosever it is."""
    with as_service("rosters"):
        found = Session.objects.select_related("clinician").filter(public_id=public_id).first()
    if found is None:
        raise NotThere
    _refuse_stranger(actor, found.clinician_id)
    return found


def stand_in(
    actor: Actor, session: Session, staff: Staff, *, now: datetime | None = None
) -> Session:
    """Give a planned session to another clinician; the times stay, everybody is told once.

    Pressed twice it happens once (F-13).

    Raises:
        Refused: with the rule that keeps this one from standing in.
        NotThere: for who may not plan this session.
    """
    moment = now or timezone.now()
    _refuse_stranger(actor, session.clinician_id if session.clinician_id != staff.id else staff.id)
    if session.clinician_id == staff.id:
        return session
    people = booking.seated(session)
    refuse_cover(session, people, staff)
    with transaction.atomic():
        at = session.during.lower
        assert at is not None
        moved = booking.reschedule(actor, session, at, clinician=staff, agreed=True, now=moment)
        _open_charts(moved, people, staff, moment)
        until = pair(session.during)[1]
        if until > moment:
            occasion = f"change:{session.public_id.hex}:{staff.public_id.hex[:8]}"
            outbox.leave(staff.id, occasion, moment, until=until)
    return moved


def refuse_cover(session: Session, people: Sequence[UUID], staff: Staff) -> None:
    """Raise `Refused` when a member of staff may not hold this session for someone else."""
    kind = KINDS.get(session.kind)
    if kind is None or not set(kind.leads) & set(staff.roles):
        raise Refused(
            _("%(name)s does not lead this kind of session. Choose someone who does.")
            % {"name": staff.name},
            field="clinician",
        )
    barred = _barred([session], {session.id: list(people)})
    words = barred.get((session.id, staff.id))
    if words:
        raise Refused(words[1], rule=words[0], field="clinician")


def _refuse_stranger(actor: Actor, clinician: UUID) -> None:
    if actor.id != clinician and not actor.has(*PLANNERS):
        raise NotThere


def _with_choices(rows: QuerySet[Session]) -> list[Left]:
    """Each session with who can stand in, in the order of their times; nine queries."""
    seated = Seat.objects.filter(session_id=OuterRef("id"), cancelled=False).order_by()
    second = Group.objects.filter(id=OuterRef("subject_id")).values("second_leader_id")
    with as_service("rosters"):
        sessions = list(
            rows.annotate(
                seated=ArraySubquery(seated.values("person_id")), second=Subquery(second[:1])
            ).order_by("during", "id")
        )
    if not sessions:
        return []
    seats: dict[UUID, list[UUID]] = {s.id: list(s.seated) for s in sessions}
    people = sorted({p for inside in seats.values() for p in inside})
    spans = [pair(s.during) for s in sessions]
    start, end = min(a for a, _b in spans), max(b for _a, b in spans)
    standing = Standing(people, start, end)
    barred = _barred(sessions, seats)
    known = _known(people, start)
    found = []
    for session in sessions:
        begin, until = pair(session.during)
        kind = KINDS.get(session.kind)
        day = booking.local_day(begin)
        able = [
            StandIn(s, sum(known.get((s.id, p), 0) for p in seats[session.id]),
                    session.second == s.id)
            for s in standing.staff.values()
            if kind is not None and set(kind.leads) & set(s.roles)
            and s.id != session.clinician_id
            and (session.id, s.id) not in barred
            and standing.staff_free(s.id, begin, until)
            and standing.licensed(s.id, seats[session.id], day)
        ]  # fmt: skip
        able.sort(key=lambda one: (not one.beside, -one.known, one.staff.name))
        title = str(kind.title) if kind else session.kind
        found.append(Left(session, title, len(seats[session.id]), tuple(able)))
    return found


def _barred(
    sessions: Sequence[Session], seats: dict[UUID, list[UUID]]
) -> dict[tuple[UUID, UUID], tuple[str, str]]:
    """Who may not hold which session for another duty of theirs, with rule and words."""
    people = {p for inside in seats.values() for p in inside}
    partner = checks.partner_ids(people)
    with as_service("week_rules"):
        days = [booking.local_day(pair(s.during)[0]) for s in sessions]
        team = list(
            CareAssignment.objects.filter(
                person_id__in=people.union(partner.values()),
                couple__ended_on__isnull=True,
                during__overlap=_days(min(days), max(days)),
            )
        )
    found: dict[tuple[UUID, UUID], tuple[str, str]] = {}
    for session in sessions:
        inside = set(seats[session.id])
        day = booking.local_day(pair(session.during)[0])
        partners = {partner[p] for p in inside if p in partner} - inside
        for row in team:
            if day not in row.during:
                continue
            words = _duty(session, row, inside, partners)
            if words:
                found[(session.id, row.staff_id)] = words
    return found


def _duty(
    session: Session, row: CareAssignment, inside: set[UUID], partners: set[UUID]
) -> tuple[str, str] | None:
    if session.subject_of == "P" and row.role == "couples_therapist" and row.person_id in inside:
        kind = KINDS.get(session.kind)
        if kind is None or kind.leads != ("couples_therapist",):
            return "C-3", _("Already this couple's therapist. Choose someone else.")
    if session.subject_of == "P" and row.role == "counselor" and row.person_id in partners:
        return "C-4", _("Choose someone who does not counsel the partner.")
    if session.subject_of == "C" and row.role != "couples_therapist" and row.person_id in inside:
        return "C-3", _("Counsels or treats one of this couple. Choose someone else.")
    if session.kind == "process_group" and row.role == "counselor" and row.person_id in partners:
        return "C-5", _("Counsels a partner of someone in this group. Choose someone else.")
    return None


def _days(first: object, last: object) -> object:
    from psycopg.types.range import DateRange

    return DateRange(first, last, "[]")  # type: ignore[arg-type]


def _known(people: Sequence[UUID], at: datetime) -> dict[tuple[UUID, UUID], int]:
    """How often each member of staff met each of these people lately."""
    with as_service("rosters"):
        rows = (
            Seat.objects.filter(
                person_id__in=list(people), cancelled=False,
                during__overlap=TimestamptzRange(at - KNOWN_SINCE, at),
            )
            .values_list("clinician_id", "person_id")
            .annotate(n=Count("id"))
        )  # fmt: skip
        return {(staff, person): n for staff, person, n in rows}


def _open_charts(session: Session, people: Sequence[UUID], staff: Staff, now: datetime) -> None:
    """Relations for a few days: the stand-in reads and writes what the session needs."""
    kind = KINDS[session.kind]
    until = pair(session.during)[1] + OPEN_FOR
    why = _("stands in for one session")
    wanted: list[tuple[str, UUID, str]] = []
    if session.subject_of == "G":
        wanted.append(("leader", session.subject_id, "G"))
        wanted += [("leader", person, "P") for person in people]
    else:
        lead = next((r for r in kind.leads if r in _RELATION and r in staff.roles), "")
        relation = _RELATION.get(lead, "own_counselor")
        wanted += [(relation, person, "P") for person in people]
        if session.subject_of == "C":
            wanted.append((relation, session.subject_id, "C"))
    with as_service("stand_ins"):
        held = set(
            Relation.objects.filter(viewer_id=staff.id, valid__contains=now).values_list(
                "relation", "subject_id"
            )
        )
        for relation, subject, of in wanted:
            if (relation, subject) not in held:
                relate(staff.id, relation, subject, of, reason=why, since=now, until=until)
    audit.note("grant", "care_team", session.subject_id, staff.id, "stands in")
