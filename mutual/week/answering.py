"""What staff read of the asks of partners: what waits, and with which times it can be answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from mutual.base.refusal import NotThere
from mutual.people.lookups import shown
from mutual.people.models import Couple, Staff
from mutual.wall.context import Actor, as_service
from mutual.week import asks, booking, consequences
from mutual.week.kinds import KINDS
from mutual.week.models import ChangeAsk, Session
from mutual.week.slots import Slot, slots

#: An ask about a session within this time is marked.
SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Waiting:
    """One open ask in a list."""

    public_id: UUID
    name: str
    what: str
    title: str
    start: datetime | None
    soon: bool


@dataclass(frozen=True)
class Look:
    """One open ask with what can be answered."""

    ask: ChangeAsk
    session: Session | None
    clinician: Staff
    slots: list[Slot]
    lines: list[consequences.Line]


def waiting(actor: Actor, now: datetime | None = None, limit: int = 50) -> list[Waiting]:
    """The open asks the actor may answer, the nearest session first; four queries."""
    at = now or timezone.now()
    leads = Session.objects.filter(id=OuterRef("session_id"))
    rows = list(
        ChangeAsk.objects.visible_to(actor)
        .filter(state="open")
        .annotate(
            name=shown("name"),
            start=Subquery(leads.values("during__startswith")[:1]),
        )
        .order_by("asked_at")[:limit]
    )
    mine = {row.id for row in asks.answerable(actor, rows)}
    found = []
    for row in rows:
        if row.id not in mine:
            continue
        kind = KINDS.get(row.kind)
        found.append(
            Waiting(
                row.public_id, row.name, str(row.get_what_display()),
                str(kind.title) if kind else row.kind, row.start,
                row.start is not None and row.start - at < SOON,
            )
        )  # fmt: skip
    found.sort(key=lambda row: (row.start is None, row.start or at))
    return found


def look(actor: Actor, public_id: UUID, now: datetime) -> Look:
    """One ask with the times that keep every rule, and what cancelling would do to both.

    Raises:
        NotThere: for who may not answer it, or once it is answered.
    """
    ask = ChangeAsk.objects.visible_to(actor).sole(public_id=public_id, state="open")
    if not asks.may_answer(actor, ask):
        raise NotThere
    session, people = None, [ask.person_id]
    lines: list[consequences.Line] = []
    if ask.session_id is not None:
        with as_service("week_asks"):
            session = Session.objects.select_related("clinician").get(id=ask.session_id)
        people = booking.seated(session)
        couple = _couple_of(actor, session, ask.person_id)
        if couple is not None and consequences.may_publish(couple.id):
            lines = consequences.of_cancel(session, couple.id)
    clinician = asks.holder_of(ask)
    found = []
    if session is None or session.subject_of != "G":
        found = slots(ask.kind, clinician, people, now, near=ask.wished, moving=session)
    return Look(ask, session, clinician, found, lines)


def _couple_of(actor: Actor, session: Session, person: UUID) -> Couple | None:
    seen = Couple.objects.visible_to(actor).filter(ended_on__isnull=True)
    if session.subject_of == "C":
        return seen.filter(id=session.subject_id).first()
    return seen.filter(members__person_id=person).first()
