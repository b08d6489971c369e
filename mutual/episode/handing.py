"""A place on the care team ends or goes to somebody else, from a day on (C-3 to C-6).

What the one who leaves could open ends in the same transaction, and what the one who takes over
may open begins; the rule and the database refuse a team that C-3 or C-4 forbids.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg.types.range import DateRange

from mutual.base.refusal import NotThere, Refused
from mutual.episode import team
from mutual.episode.models import CareAssignment, Episode, TeamChange
from mutual.people.models import Couple, CoupleMember, Person, Staff
from mutual.wall import audit
from mutual.wall.context import Actor
from mutual.wall.relations import end_relations

#: Why a place ends. A choice and no free text: a person reads their own team's record.
WHYS = [
    ("leaves", gettext_lazy("Leaves the programme")),
    ("leave", gettext_lazy("Is away for longer")),
    ("load", gettext_lazy("Has too many people to care for")),
    ("fit", gettext_lazy("Somebody else fits better")),
    ("conflict", gettext_lazy("A conflict of interest")),
    ("mistake", gettext_lazy("Was assigned by mistake")),
]
#: Roles that nobody in care is without, not for a day (C-4).
NEVER_EMPTY = ("counselor",)
NOT_WITHOUT = gettext_lazy("Nobody is without a counselor of their own. Choose who takes over.")


def held(couple: Couple, people: Sequence[Person], role: str, on: date) -> list[CareAssignment]:
    """The assignments of these people in a role that go on after the day before ``on``."""
    rows = CareAssignment.objects.filter(
        couple=couple, role=role, person__in=people, during__overlap=DateRange(on, None)
    )
    return list(rows.select_related("staff", "person").order_by("during"))


def change_place(
    actor: Actor,
    couple: Couple,
    people: Sequence[Person],
    role: str,
    on: date,
    why: str,
    successor: Staff | None = None,
    *,
    now: datetime | None = None,
) -> list[CareAssignment]:
    """End a place on the care team from a day on, and give it to a successor from that day.

    The couples therapist's place is the couple's: it changes for both partners at once.

    Args:
        people: whose place it is.
        on: the first day without the one who leaves; today at the earliest.
        why: a key of `WHYS`.

    Returns what ended.

    Raises:
        Refused: for a day that is over, without a reason, without a successor where nobody may
            be without one, or for a team that C-3, C-4 or C-6 forbid.
        NotThere: to anybody who doesn't keep the care team.
    """
    moment = now or timezone.now()
    if on < timezone.localdate(moment):
        raise Refused(_("From today on at the earliest."), rule="C-4", field="on")
    if why not in dict(WHYS):
        raise Refused(_("Choose the reason."), rule="C-4", field="why")
    if role == "couples_therapist":
        people = [m.person for m in _members(couple)]
    rows = held(couple, people, role, on)
    mine = CareAssignment.objects.writable_by(actor).filter(id__in=[r.id for r in rows])
    if not rows or mine.count() != len(rows):
        raise NotThere
    if successor is None and role in NEVER_EMPTY:
        _refuse_without(people)
    if successor is not None and any(row.staff_id == successor.id for row in rows):
        raise Refused(_("Choose somebody else."), rule="C-4", field="successor")
    with transaction.atomic():
        for row in rows:
            _end(actor, row, on, why, moment)
        if successor is not None:
            _succeed(actor, couple, people, role, successor, on)
    return rows


def _members(couple: Couple) -> list[CoupleMember]:
    rows = CoupleMember.objects.filter(couple=couple).order_by("side")
    return list(rows.select_related("person"))


def _refuse_without(people: Sequence[Person]) -> None:
    """C-4: each partner has a counselor of their own from screening on."""
    if Episode.objects.filter(person__in=people, closed_on__isnull=True).exists():
        raise Refused(
            str(NOT_WITHOUT),
            rule="C-4",
            field="successor",
        )


def _end(actor: Actor, row: CareAssignment, on: date, why: str, moment: datetime) -> None:
    first = max(on, row.during.lower)
    row.during = DateRange(row.during.lower, first)
    row.save(update_fields=["during"])
    TeamChange(
        person_id=row.person_id, assignment=row, why=why, by_id=actor.sure_id, at=moment
    ).save(force_insert=True)
    start = datetime.combine(first, time.min, timezone.get_default_timezone())
    at = max(start, moment)
    relation = "own_counselor" if row.role == "counselor" else row.role
    end_relations(row.staff_id, row.person_id, relation, at=at)
    if row.role == "counselor":
        for other in _members(row.couple):
            if other.person_id != row.person_id:
                end_relations(row.staff_id, other.person_id, "partner_counselor", at=at)
    still = CareAssignment.objects.filter(
        couple_id=row.couple_id, staff_id=row.staff_id, role=row.role,
        during__overlap=DateRange(first, None),
    )  # fmt: skip
    if not still.exists():
        end_relations(row.staff_id, row.couple_id, relation, at=at)
    audit.note("write", "care_team", row.person_id, row.id, f"ended: {why}")


def _succeed(
    actor: Actor, couple: Couple, people: Sequence[Person], role: str, staff: Staff, on: date
) -> None:
    try:
        if role == "couples_therapist":
            team.assign_therapist(actor, couple, staff, on)
        else:
            for person in people:
                team.assign(actor, couple, person, staff, role, on)
    except Refused as refusal:
        raise Refused(refusal.text, rule=refusal.rule, field="successor") from refusal
