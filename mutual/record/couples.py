"""The staff list of couples and the page of one: header, timeline, what comes next (screens 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import NotThere
from mutual.episode.models import ClearanceState, Episode
from mutual.people.models import CoupleMember, Person, ShownName, Staff
from mutual.plan.models import CouplePlan, IndividualPlan
from mutual.record.models import Note
from mutual.record.queries import notes_of
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.wall.kept import Kept
from mutual.week.kinds import KINDS as SESSION_KINDS
from mutual.week.minutes import Span, minutes_by_week
from mutual.week.models import Attendance, Seat, Session
from mutual.week.templates import monday_of, programme_zone, week_span

PAGE = 200
LANES = ("a", "ours", "b")
PAST = timedelta(days=60)
AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Partner:
    """One side of a couple, as the actor may know it; an empty string is not known."""

    person_id: UUID
    public_id: UUID | None
    side: str
    name: str
    pronouns: str = ""
    level: str = ""
    zone: str = ""
    state: str = ""
    stage: str = ""
    since: date | None = None
    review_due: date | None = None

    def day(self, today: date) -> int:
        """Day of the stay, the day of admission being 1; 0 before."""
        return (today - self.since).days + 1 if self.since and self.since <= today else 0


@dataclass(frozen=True)
class CoupleRow:
    """One couple with both partners, A first, and whether conjoint work may go on (D3)."""

    id: UUID
    public_id: UUID
    number: int
    a: Partner
    b: Partner
    go: bool | None

    def partner(self, lane: str) -> Partner:
        """The partner of lane ``a`` or ``b``."""
        return self.a if lane == "a" else self.b

    def day(self, today: date) -> int:
        """Day of the longer stay."""
        return max(self.a.day(today), self.b.day(today))


def couples(actor: Actor, *, show: str = "", page: int = 1) -> tuple[list[CoupleRow], bool]:
    """The open couples an actor may see, by number, and whether there are more; one query.

    ``show`` narrows: ``go``, ``not_yet``, ``screening``, ``closed``.
    """
    page = max(page, 1)
    found = _LISTED.rows(actor, (show, page)) if page == 1 else list(_listed(actor, show, page))
    return _pairs(found[: PAGE * 2]), len(found) > PAGE * 2


def _listed(actor: Actor, show: str, page: int) -> Any:
    rows = _members(actor).filter(couple__ended_on__isnull=(show != "closed"))
    if show == "go":
        rows = rows.filter(couple__clearancestate__go=True)
    elif show == "not_yet":
        rows = rows.exclude(couple__clearancestate__go=True)
    elif show == "screening":
        screened = Episode.objects.visible_to(actor).filter(stage="screening")
        rows = rows.filter(couple__members__person_id__in=screened.values("person_id")).distinct()
    first = (page - 1) * PAGE * 2
    return rows[first : first + PAGE * 2 + 2]


def couple(actor: Actor, public_id: UUID) -> CoupleRow:
    """One couple; one query.

    Raises:
        NotThere: absent or not the actor's to see.
    """
    pairs = _pairs(_COUPLE.rows(actor, public_id=public_id))
    if not pairs:
        raise NotThere
    return pairs[0]


def _one_couple(actor: Actor, public_id: UUID) -> Any:
    plans = IndividualPlan.objects.visible_to(actor).filter(person_id=OuterRef("person_id"))
    due = plans.exclude(status="closed").values("review_due")[:1]
    return _members(actor).filter(couple__public_id=public_id).annotate(review_due=Subquery(due))


def _members(actor: Actor) -> Any:
    """Rows of members; each of name, stay, profile and clearance comes as one object, since a
    sub-query for each column would be built, planned and run for each."""

    def one(rows: QuerySet[Any], *columns: str) -> Subquery:
        asked = JSONObject(**{name: name for name in columns})
        return Subquery(rows.values(found=asked)[:1])

    person = OuterRef("person_id")
    clear = ClearanceState.objects.visible_to(actor).filter(couple_id=OuterRef("couple_id"))
    stays = Episode.objects.visible_to(actor).filter(person_id=person)
    return (
        CoupleMember.objects.visible_to(actor)
        .annotate(
            shown=one(
                ShownName.objects.visible_to(actor).filter(person_id=person), "name", "pronouns"
            ),
            stay=one(stays.order_by("-opened_on", "-id"), "level", "stage", "admitted_on"),
            profile=one(
                Person.objects.visible_to(actor).filter(id=person), "public_id", "zone", "state"
            ),
            go=Subquery(clear.values("go")[:1]),
        )
        .order_by("couple__number", "side")
        .values(
            "couple_id", "couple__public_id", "couple__number", "person_id", "side", "shown",
            "stay", "profile", "go",
        )
    )  # fmt: skip


_LISTED: Kept[CoupleMember] = Kept(_listed)
_COUPLE: Kept[CoupleMember] = Kept(_one_couple)


def _pairs(rows: list[dict[str, Any]]) -> list[CoupleRow]:
    by_couple: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        by_couple.setdefault(row["couple_id"], []).append(row)
    return [
        CoupleRow(
            id=key,
            public_id=both[0]["couple__public_id"],
            number=both[0]["couple__number"],
            a=_partner(both[0]),
            b=_partner(both[1]),
            go=both[0]["go"],
        )
        for key, both in by_couple.items()
        if len(both) == 2
    ]


def _partner(row: dict[str, Any]) -> Partner:
    shown, stay, profile = (row[name] or {} for name in ("shown", "stay", "profile"))
    since, public = stay.get("admitted_on"), profile.get("public_id")
    return Partner(
        person_id=row["person_id"],
        public_id=UUID(public) if public else None,
        side=row["side"].lower(),
        name=shown.get("name") or "?",
        pronouns=shown.get("pronouns") or "",
        level=stay.get("level") or "",
        zone=profile.get("zone") or "",
        state=profile.get("state") or "",
        stage=stay.get("stage") or "",
        since=date.fromisoformat(since) if since else None,
        review_due=row.get("review_due"),
    )


def _attended(people: list[UUID], week: TimestamptzRange) -> Any:
    """By seat: a class that somebody else leads counts, though the reader can't open it."""
    there = Attendance.objects.filter(
        session_id=OuterRef("session_id"), person_id=OuterRef("person_id"), minutes__gt=0
    )
    return (
        Seat.objects.filter(person_id__in=people, during__overlap=week)
        .annotate(minutes=Subquery(there.values("minutes")[:1]))
        .filter(minutes__isnull=False)
        .values("person_id", "kind", "during", "minutes")
    )


_ATTENDED: Kept[Seat] = Kept(lambda _actor, one, other, week: _attended([one, other], week))


def _attended_rows(service: Actor, people: list[UUID], week: TimestamptzRange) -> Any:
    if len(people) > 2:
        return _attended(people, week)
    return _ATTENDED.rows(service, one=people[0], other=people[-1], week=week)


def _may_know(people: list[UUID]) -> list[UUID]:
    """Whose attendance the actor may read; the numbers below are counted without their records."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct subject from wall.held(%s, %s)",
            [people, ["attendance", "attendance.facts"]],
        )
        return [row[0] for row in cursor.fetchall()]


def hours(
    actor: Actor, people: Iterable[UUID], monday: date, *, known: Iterable[UUID] | None = None
) -> dict[UUID, int]:
    """Minutes attended that count (C-33, C-36) in a week, of several people; two queries.

    Args:
        known: those of them whose attendance this transaction has just found open to the actor
            (``open_tabs``, which asks the same of the wall); without it the wall is asked here.
    """
    week = TimestamptzRange(*week_span(monday))
    known = _may_know(list(people)) if known is None else [p for p in people if p in set(known)]
    with as_service("week_rules") as service:
        rows = list(_attended_rows(service, known, week)) if known else []
    spans: dict[UUID, list[Span]] = {}
    for row in rows:
        person, kind, during, minutes = row.values()
        if kind in SESSION_KINDS and SESSION_KINDS[kind].counts:
            span = Span(during.lower, during.lower + timedelta(minutes=minutes))
            spans.setdefault(person, []).append(span)
    return {
        person: minutes_by_week(found, programme_zone()).get(monday, 0)
        for person, found in spans.items()
    }


def this_monday(now: datetime | None = None) -> date:
    """The Monday of the programme week."""
    return monday_of(now or timezone.now())


@dataclass(frozen=True)
class Event:
    """Something on a lane's timeline: a session with its note, or a note of its own."""

    start: datetime
    kind: str
    title: str
    minutes: int
    clinician: str = ""
    note: Note | None = None
    session: UUID | None = None
    cancelled: bool = False
    mine: bool = False

    @property
    def due(self) -> bool:
        """Whether a note waits to be signed by the actor."""
        asked = SESSION_KINDS[self.kind].note if self.kind in SESSION_KINDS else ""
        signed = self.note is not None and self.note.status == "signed"
        return self.mine and bool(asked) and not self.cancelled and not signed


@dataclass(frozen=True)
class LanePage:
    """Timeline (newest first), what comes next (soonest first), and the plan's review."""

    past: list[Event] = field(default_factory=list)
    ahead: list[Event] = field(default_factory=list)
    review_due: date | None = None


def lane(actor: Actor, row: CoupleRow, which: str, now: datetime | None = None) -> LanePage:
    """One lane of a couple's page: three queries at most, whatever stands on it."""
    moment = now or timezone.now()
    subject = row.id if which == "ours" else row.partner(which).person_id
    notes = notes_of(actor, [subject])
    of_session = {n.session_id: n for n in notes if n.session_id}
    events = [
        _event(seat, of_session.pop(seat["session_key"], None), actor)
        for seat in _seats(actor, row, which, moment)
    ]
    own = [
        Event(n.starts_at, n.kind, "", n.minutes, note=n)
        for n in notes
        if n.session_id is None or n.session_id in of_session
    ]
    due = row.partner(which).review_due
    if which == "ours":
        plans = CouplePlan.objects.visible_to(actor).filter(couple_id=subject)
        due = plans.exclude(status="closed").values_list("review_due", flat=True).first()
    audit.read("plan_couple" if which == "ours" else "progress_note", subject, None, "timeline")
    past = [e for e in [*events, *own] if e.start <= moment]
    return LanePage(
        past=sorted(past, key=lambda e: e.start, reverse=True),
        ahead=sorted((e for e in events if e.start > moment), key=lambda e: e.start)[:8],
        review_due=due,
    )


_CLINICIAN = Subquery(Staff.objects.filter(id=OuterRef("clinician_id")).values("name")[:1])


def _seats_of(actor: Actor, person: UUID, during: TimestamptzRange) -> Any:
    public = Session.objects.visible_to(actor).filter(id=OuterRef("session_id"))
    return (
        Seat.objects.visible_to(actor)
        .filter(person_id=person, during__overlap=during)
        .annotate(public=Subquery(public.values("public_id")[:1]), clinician_name=_CLINICIAN)
    )


_SEATS: Kept[Seat] = Kept(_seats_of)


def _seats(actor: Actor, row: CoupleRow, which: str, now: datetime) -> list[dict[str, Any]]:
    """Sessions of a lane as rows with the same keys, from the seats or the couple's sessions."""
    during = TimestamptzRange(now - PAST, now + AHEAD)
    if which == "ours":
        sessions = (
            Session.objects.visible_to(actor)
            .filter(subject_of="C", subject_id=row.id, during__overlap=during)
            .annotate(clinician_name=_CLINICIAN)
        )
        return [
            {
                "session_key": s.id,
                "public": s.public_id,
                "kind": s.kind,
                "during": s.during,
                "break_minutes": s.break_minutes,
                "cancelled": s.status == "cancelled",
                "clinician_id": s.clinician_id,
                "clinician_name": s.clinician_name,
            }
            for s in sessions
        ]
    seats: Any = _SEATS.objects(actor, person=row.partner(which).person_id, during=during)
    return [
        {
            "session_key": s.session_id,
            "public": s.public,
            "kind": s.kind,
            "during": s.during,
            "break_minutes": s.break_minutes,
            "cancelled": s.cancelled,
            "clinician_id": s.clinician_id,
            "clinician_name": s.clinician_name,
        }
        for s in seats
    ]


def _event(seat: dict[str, Any], note: Note | None, actor: Actor) -> Event:
    begin, end = seat["during"].lower, seat["during"].upper
    kind = SESSION_KINDS.get(seat["kind"])
    return Event(
        start=begin,
        kind=seat["kind"],
        title=str(kind.title) if kind else seat["kind"],
        minutes=int((end - begin).total_seconds() // 60) - seat["break_minutes"],
        clinician=seat["clinician_name"] or "",
        note=note,
        session=seat["public"],
        cancelled=seat["cancelled"],
        mine=seat["clinician_id"] == actor.id,
    )
