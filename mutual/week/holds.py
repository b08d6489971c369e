"""A hold, a first week and a plan review look alike: the side-by-side week (C-15 to C-17)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import Refused
from mutual.people.models import CoupleMember, Staff
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.week import booking, groups
from mutual.week.attending import own_counselor
from mutual.week.booking import local_day, seat_all
from mutual.week.checks import members_of, partner_ids
from mutual.week.kinds import INSTEAD, KINDS, SessionKind, kind_of
from mutual.week.models import Group, PersonBooking, Session, StaffBooking


def replace_conjoint(
    actor: Actor, couple_id: UUID, since: datetime, *, now: datetime | None = None
) -> list[Session]:
    """From the next session on, both get own sessions at the hours of the conjoint ones (C-17).

    Hours, level, clinicians and shared classes stay. Called when clearance ends; it writes as the
    service ``rosters``, because who ends a clearance plans nobody's week.

    Returns:
        the sessions that stand instead.
    """
    moment = now or timezone.now()
    made: list[Session] = []
    with transaction.atomic(), as_service("rosters"):
        people = list(
            CoupleMember.objects.filter(couple_id=couple_id)
            .order_by("side")
            .values_list("person_id", flat=True)
        )
        for session in _conjoint_of(people, since):
            if session.subject_of == "C":
                booking.free(session)
                session.status = "cancelled"
                session.save(update_fields=["status"])
            else:
                booking.free(session, people)
            kind = kind_of(INSTEAD[session.kind])
            for person in people:
                made.append(_instead(kind, session, person, moment))
    audit.note("write", "schedule_joint", couple_id, None, "side by side")
    return made


def _conjoint_of(people: list[UUID], since: datetime) -> list[Session]:
    far = TimestamptzRange(since, since + timedelta(days=60))
    return list(
        Session.objects.filter(
            kind__in=list(INSTEAD), status="planned", during__overlap=far,
            seats__person_id__in=people, seats__cancelled=False,
        )
        .distinct()
        .order_by("during")
    )  # fmt: skip


def _instead(kind: SessionKind, session: Session, person: UUID, now: datetime) -> Session:
    """One own session at the same hour: with the own counselor, else in an own section."""
    start, end = session.during.lower, session.during.upper
    assert start is not None and end is not None
    day = local_day(start)
    counselor = own_counselor(person, day)
    if kind.subject == "P" and counselor and not _busy(counselor, session.during):
        staff = Staff.objects.get(id=counselor)
        return _write(kind.key, "P", person, staff, session, person)
    section = KINDS["own_skills"]
    for group in groups.groups_of_kind(section.key):
        found = Session.objects.filter(
            subject_id=group.id, during=session.during, status="planned"
        ).first()
        there = set(members_of(group.id, day))
        if len(there | {person}) > group.capacity or _partner_in(person, there):
            continue
        if found is None and _busy(group.leader_id, session.during):
            continue
        if found is None:
            found = _write(section.key, "G", group.id, group.leader, session, person)
        else:
            seat_all([(found, person)], session.clinician_id)
        groups.join_group(group, [person], day, now=now)
        return found
    leader = _anyone(section, session.during)
    if leader is None:
        # Nobody is free at this hour: the own counselor keeps it as a task, not a gap.
        staff = Staff.objects.get(id=counselor) if counselor else session.clinician
        return _later(staff, person, session)
    group = Group(
        name=f"{section.title} {len(groups.groups_of_kind(section.key)) + 1}",
        kind=section.key, leader=leader, capacity=section.capacity,
    )  # fmt: skip
    group.save(force_insert=True)
    groups.relate_leader(leader.id, group.id, now)
    made = _write(section.key, "G", group.id, leader, session, person)
    groups.join_group(group, [person], day, now=now)
    return made


def _later(staff: Staff, person: UUID, session: Session) -> Session:
    """The own counselor's next free hour of the same length."""
    start, end = session.during.lower, session.during.upper
    assert start is not None and end is not None
    for hours in range(1, 24 * 7):
        during = TimestamptzRange(start + timedelta(hours=hours), end + timedelta(hours=hours))
        if not _busy(staff.id, during) and not _person_busy(person, during):
            return _write("second_individual", "P", person, staff, session, person, during)
    raise Refused(_("No hour is free for an own session within a week."), rule="C-17")


def _write(
    kind: str,
    of: str,
    subject: UUID,
    staff: Staff,
    session: Session,
    person: UUID,
    during: TimestamptzRange | None = None,
) -> Session:
    made = Session(
        kind=kind, subject_of=of, subject_id=subject, clinician=staff,
        during=during or session.during, break_minutes=session.break_minutes,
        series=session.series, made_by=session.made_by,
    )  # fmt: skip
    made.save(force_insert=True)
    StaffBooking.objects.create(staff=staff, session=made, during=made.during)
    seat_all([(made, person)], session.made_by)
    return made


def _busy(staff: UUID, during: TimestamptzRange) -> bool:
    return StaffBooking.objects.filter(
        staff_id=staff, cancelled=False, during__overlap=during
    ).exists()


def _person_busy(person: UUID, during: TimestamptzRange) -> bool:
    return PersonBooking.objects.filter(
        person_id=person, cancelled=False, during__overlap=during
    ).exists()


def _partner_in(person: UUID, there: set[UUID]) -> bool:
    return partner_ids([person]).get(person) in there


def _anyone(kind: SessionKind, during: TimestamptzRange) -> Staff | None:
    fit = [s for s in Staff.objects.filter(active_until__isnull=True).order_by("name")
           if set(s.roles) & set(kind.leads) and not _busy(s.id, during)]  # fmt: skip
    return fit[0] if fit else None
