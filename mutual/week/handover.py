"""What a clinician who leaves a place on a team has planned, and giving it to who follows.

The team's rule is :mod:`mutual.episode.handing`; here are the sessions of that place, shown
before anything is done.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutual.base.refusal import Refused
from mutual.episode import handing
from mutual.people.models import Couple, Person, Staff, StaffTask
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.week import availability, booking, checks
from mutual.week.kinds import KINDS, NEUTRAL
from mutual.week.models import Session, StaffBooking
from mutual.week.series import change_series
from mutual.week.standing import pair
from mutual.week.templates import moment


@dataclass(frozen=True)
class Planned:
    """A planned session of the place: who it is with, and why it can't be handed over, if so."""

    session: Session
    title: str
    people: tuple[str, ...]
    against: str = ""


def planned(
    people: Sequence[Person],
    couple: Couple,
    role: str,
    leaver: Staff,
    on: date,
    successor: Staff | None = None,
    *,
    now: datetime | None = None,
) -> list[Planned]:
    """The planned sessions from a day on that the leaver holds with these people, soonest first.

    With a successor each says whether it can be theirs: licence, role, a free hour.
    """
    start = max(moment(on, time()), now or timezone.now())
    subjects = [couple.id] if role == "couples_therapist" else [p.id for p in people]
    with as_service("rosters"):
        rows = list(
            Session.objects.filter(
                subject_id__in=subjects, subject_of__in=("P", "C"), clinician=leaver,
                status="planned", during__startswith__gte=start,
            ).order_by("during")
        )  # fmt: skip
    names = {p.id: p.given_name for p in people}
    found = []
    for row in rows:
        kind = KINDS.get(row.kind)
        who = (names[row.subject_id],) if row.subject_id in names else tuple(names.values())
        against = _against(row, successor) if successor else ""
        found.append(Planned(row, str(kind.title if kind else NEUTRAL), who, against))
    return found


def _against(session: Session, staff: Staff) -> str:
    """Why this clinician can't hold this session, or ``""``."""
    day = booking.local_day(pair(session.during)[0])
    try:
        if session.kind in KINDS:
            checks.refuse_role(KINDS[session.kind], staff)
        checks.refuse_unlicensed(staff, booking.seated(session), day)
        availability.refuse_away(staff, session.during)
    except Refused as refusal:
        return refusal.text
    with as_service("rosters"):
        busy = StaffBooking.objects.filter(
            staff=staff, cancelled=False, during__overlap=session.during
        ).exists()
    return _("%(name)s is busy then.") % {"name": staff.name} if busy else ""


@dataclass(frozen=True)
class Handed:
    """What came of it: sessions that have a new clinician, and those that still need one."""

    moved: tuple[Planned, ...]
    left: tuple[Planned, ...]


def hand_over(
    actor: Actor,
    couple: Couple,
    people: Sequence[Person],
    role: str,
    on: date,
    why: str,
    successor: Staff | None,
    take: Collection[UUID] = (),
    *,
    now: datetime | None = None,
) -> Handed:
    """Change a place on the team and give the chosen sessions to the successor; all or nothing.

    What stays with who left becomes a task of the actor: move or cancel it.

    Args:
        take: public ids of the sessions that the successor takes over.

    Raises:
        Refused: as :func:`mutual.episode.handing.change_place`, or when a chosen session can no
            longer be handed over.
    """
    day_now = now or timezone.now()
    with transaction.atomic():
        ended = handing.change_place(actor, couple, people, role, on, why, successor, now=day_now)
        moved: list[Planned] = []
        left: list[Planned] = []
        for leaver in {row.staff_id: row.staff for row in ended}.values():
            for one in planned(people, couple, role, leaver, on, successor, now=day_now):
                taken = successor and one.session.public_id in take and not one.against
                (moved if taken else left).append(one)
        if successor is not None:
            _give(actor, [one.session for one in moved], left, successor, day_now)
        for one in left[:1]:
            _remind(actor, people, role, len(left), pair(one.session.during)[0], day_now)
    return Handed(tuple(moved), tuple(left))


def _give(
    actor: Actor, taken: Sequence[Session], left: Sequence[Planned], staff: Staff, now: datetime
) -> None:
    """Sessions get their new clinician; a weekly meeting taken whole goes on with them (F-3)."""
    split = {one.session.repeats_id for one in left}
    done: set[UUID] = set()
    for one in taken:
        if one.id in done:
            continue
        weekly = one.repeats_id not in split and not one.exception
        moved = change_series(
            actor,
            one,
            "following" if weekly else "this",
            pair(one.during)[0],
            clinician=staff,
            now=now,
        )
        done |= {each.id for each in moved}


def _remind(
    actor: Actor, people: Sequence[Person], role: str, count: int, first: datetime, now: datetime
) -> None:
    """A task for who changed the team: these sessions have a clinician who left."""
    words = ngettext(
        "%(n)d planned session still has the clinician who left. Move or cancel it.",
        "%(n)d planned sessions still have the clinician who left. Move or cancel them.",
        count,
    )
    task = StaffTask(
        person=people[0], author_id=actor.sure_id, addressee_id=actor.sure_id, rule="C-4",
        text=words % {"n": count}, due=max(now, min(first, now + timedelta(days=1))),
    )  # fmt: skip
    task.save(force_insert=True)
    audit.note("write", "staff_task", people[0].id, task.id)
