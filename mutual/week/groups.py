"""Groups and their rosters: places, sections, who may not share one (C-5, C-40, C-42, C-44)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange, TimestamptzRange

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Staff
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.wall.models import Relation
from mutual.wall.relations import end_relations, relate, relate_all
from mutual.week.checks import (
    members_of,
    partner_ids,
    refuse_attendance,
    refuse_role,
    same_group_refused,
)
from mutual.week.kinds import SessionKind, kind_of
from mutual.week.models import Group, GroupMember, KeepApart

#: Who plans groups beside their leaders (table: admissions W; a care coordinator plans weeks).
PLANNERS = ("admissions", "care_coordinator")


def may_keep_rosters(actor: Actor, group: Group | None = None) -> bool:
    """Whether an actor keeps this group's roster (or makes groups)."""
    if actor.has(*PLANNERS):
        return True
    return group is not None and actor.id in (group.leader_id, group.second_leader_id)


def make_group(
    actor: Actor,
    kind: str | SessionKind,
    leader: Staff,
    *,
    name: str = "",
    second_leader: Staff | None = None,
    starts_on: date | None = None,
    capacity: int = 0,
    now: datetime | None = None,
) -> Group:
    """A new group or section with its leader; its capacity follows from the kind (C-42).

    With ``starts_on`` it is a fixed group: nobody joins from its waiting list from that day (F-5).
    ``capacity`` makes it smaller, never larger.

    Raises:
        Refused: if it is no kind of group, or the leader works in no role that leads it.
        NotThere: if the actor doesn't keep rosters.
    """
    entry = kind_of(kind) if isinstance(kind, str) else kind
    if entry.subject != "G":
        raise Refused(_("This kind of session is not a group."), field="kind")
    if not may_keep_rosters(actor):
        raise NotThere
    refuse_role(entry, leader)
    most = entry.capacity_two or entry.capacity if second_leader else entry.capacity
    capacity = min(capacity, most) if capacity > 0 else most
    with transaction.atomic(), as_service("rosters"):
        number = Group.objects.filter(kind=entry.key).count() + 1
        group = Group(
            name=name or f"{entry.title} {number}",
            kind=entry.key,
            leader=leader,
            second_leader=second_leader,
            capacity=capacity,
            starts_on=starts_on,
        )
        group.save(force_insert=True)
        for staff in filter(None, (leader, second_leader)):
            relate_leader(staff.id, group.id, now)
    audit.note("write", "group_roster", group.id, group.id)
    return group


def relate_leader(staff_id: UUID, group_id: UUID, since: datetime | None) -> None:
    """Write down who leads a group."""
    relate(staff_id, "leader", group_id, "G", reason=_("leads this group"), since=since)


def refuse_joining(
    group: Group, kind: SessionKind, persons: Sequence[UUID], on: date, *, beside: int = 0
) -> None:
    """Raise `Refused` when these people may not join a group on a day.

    Capacity (C-42), partners (C-40), people who may not share a group (C-44: no reason shown),
    and a process group led by the partner's counselor (C-5).
    """
    there = [p for p in members_of(group.id, on) if p not in persons]
    refuse_attendance(kind, persons, there)
    if len(there) + len(persons) + beside > group.capacity:
        raise Refused(_("Add a leader or a section."), rule="C-42")
    if same_group_refused(persons, there):
        raise Refused(_("Choose another section."), rule="C-44")
    if kind.key == "process_group" and _leads_partner(group, persons, on):
        raise Refused(
            _("The leader counsels a partner of someone in it. Choose another section."),
            rule="C-5",
        )


def _leads_partner(group: Group, persons: Sequence[UUID], on: date) -> bool:
    """KA leads no process group B attends (C-5)."""
    return Relation.objects.filter(
        viewer_id__in=[i for i in (group.leader_id, group.second_leader_id) if i],
        subject_id__in=list(partner_ids(persons).values()),
        relation="own_counselor",
        valid__contains=timezone.make_aware(datetime(on.year, on.month, on.day, 12)),
    ).exists()


def join_group(
    group: Group, persons: Sequence[UUID], since: date, *, now: datetime | None = None
) -> None:
    """Put people on a roster from a day on; already there is fine. Checks are the caller's."""
    with transaction.atomic(), as_service("rosters"):
        there = set(members_of(group.id, since))
        fresh = [person for person in persons if person not in there]
        if not fresh:
            return
        GroupMember.objects.bulk_create(
            GroupMember(group=group, person_id=person, during=DateRange(since, None))
            for person in fresh
        )
        wanted: list[tuple[UUID, str, UUID | None, str, str]] = []
        for person in fresh:
            wanted.append((person, "member", group.id, "G", _("on this roster")))
            for staff in filter(None, (group.leader_id, group.second_leader_id)):
                wanted.append((staff, "leader", person, "P", _("leads your group")))
        relate_all(wanted, since=now)


def leave_group(
    actor: Actor, group: Group, person: UUID, on: date, *, now: datetime | None = None
) -> None:
    """Take a person off a roster; a former member has nothing from the same second (P-8).

    The place is offered to who waits for it (F-5).
    """
    from mutual.week.waiting import fill

    if not may_keep_rosters(actor, group):
        raise NotThere
    with transaction.atomic(), as_service("rosters"):
        for row in GroupMember.objects.filter(group=group, person_id=person, during__contains=on):
            row.during = DateRange(row.during.lower, max(on, row.during.lower))
            row.save(update_fields=["during"])
        end_relations(person, group.id, "member", at=now)
        left = GroupMember.objects.filter(person_id=person, during__contains=on)
        for staff in filter(None, (group.leader_id, group.second_leader_id)):
            if not left.filter(group__leader_id=staff).exists():
                end_relations(staff, person, "leader", at=now)
        fill(group, now=now)
    audit.note("write", "group_roster", group.id, person)


def keep_apart(actor: Actor, one: UUID, other: UUID) -> KeepApart:
    """Two people may not share a group from now on; no reason is asked or kept (C-44)."""
    if not may_keep_rosters(actor):
        raise NotThere
    with as_service("rosters"):
        row = KeepApart(one_id=one, other_id=other)
        row.save(force_insert=True)
    audit.note("write", "group_roster", None, row.id)
    return row


def groups_of_kind(key: str) -> list[Group]:
    """All groups of a kind, oldest first; for planning only."""
    with as_service("rosters"):
        return list(Group.objects.filter(kind=key).order_by("id"))


def busy_staff(ids: Sequence[UUID], start: datetime, minutes: int) -> set[UUID]:
    """Which of these clinicians are busy then; never with whom."""
    from mutual.week.models import StaffBooking

    with as_service("rosters"):
        return set(
            StaffBooking.objects.filter(
                staff_id__in=list(ids),
                cancelled=False,
                during__overlap=TimestamptzRange(start, start + timedelta(minutes=minutes)),
            ).values_list("staff_id", flat=True)
        )
