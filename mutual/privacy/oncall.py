"""Who is on call: shifts with a start and an end, and what a shift opens (access table, notes)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import at_work
from mutual.people.models import Person, ShownName, Staff
from mutual.people.roles import is_clinical
from mutual.privacy.models import OnCallShift
from mutual.privacy.staff_words import kind_name
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.wall.models import Relation
from mutual.wall.policy import ON_CALL, ON_CALL_PLANNERS
from mutual.wall.relations import relate

LONGEST = timedelta(hours=72)


@dataclass(frozen=True)
class Shift:
    """A shift in words: who, from when to when, whether it runs."""

    row: OnCallShift
    name: str
    start: datetime
    end: datetime
    now: bool


def opens() -> list[str]:
    """What a shift opens of everybody for reading, in words: from the table's note."""
    return [kind_name(k) for k, verb in ON_CALL.items() if verb == "R"]


def may_plan(actor: Actor) -> bool:
    """The director and the care coordinators plan shifts."""
    return actor.has(*ON_CALL_PLANNERS)


def candidates() -> list[Staff]:
    """Clinicians at work today, by name: who may be on call."""
    return [one for one in at_work(timezone.localdate()) if is_clinical(one.roles)]


def plan(
    actor: Actor, staff: Staff, start: datetime, end: datetime, *, now: datetime | None = None
) -> OnCallShift:
    """Put a clinician on call; the rights of the shift begin and end with it, by themselves.

    Raises:
        NotThere: for everybody but the director and the care coordinators.
        Refused: for who isn't a clinician; a shift of no time, of over 72 hours, or in the past;
            two at once.
    """
    if not may_plan(actor):
        raise NotThere
    moment = now or timezone.now()
    if not is_clinical(staff.roles):
        raise Refused(_("Only a clinician is on call."), field="staff")
    if end <= start:
        raise Refused(_("The end is before the start."), field="end")
    if end - start > LONGEST:
        raise Refused(_("A shift is 72 hours at most; plan another one after it."), field="end")
    if end <= moment:
        raise Refused(_("This time is over."), field="end")
    until = staff.active_until
    if until is not None and end.date() > until:
        raise Refused(_("%(name)s no longer works here then.") % {"name": staff.name}, field="end")
    try:
        with transaction.atomic():
            relation = relate(
                staff.id, "on_call", None, "*", reason="on call", since=start, until=end
            )
            row = OnCallShift(
                staff=staff,
                during=TimestamptzRange(start, end),
                by_id=actor.sure_id,
                relation_id=relation.id,
            )
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            _("%(name)s is on call in a part of this time already.") % {"name": staff.name},
            field="start",
        ) from error
    audit.note("grant", "on_call", None, row.id, "shift planned")
    return row


def rest_of(row: OnCallShift, moment: datetime) -> TimestamptzRange | None:
    """What stays of a shift that ends at a moment; nothing where it is over already."""
    if row.during.isempty or row.during.upper <= moment:
        return None
    return TimestamptzRange(row.during.lower, max(moment, row.during.lower))


def cut(actor: Actor, key: UUID, *, now: datetime | None = None) -> OnCallShift:
    """End a shift now, or take it back before it begins; its rights go in the same second (P-8).

    Raises:
        NotThere: for everybody but who plans, and the one on call, who may hand it back.
    """
    moment = now or timezone.now()
    row = OnCallShift.objects.filter(public_id=key).first()
    if row is None or not may_plan(actor):
        raise NotThere
    over = rest_of(row, moment)
    if over is None:
        return row
    with transaction.atomic():
        OnCallShift.objects.filter(id=row.id).update(during=over)
        for relation in Relation.objects.filter(id=row.relation_id):
            relation.valid = over
            relation.save(update_fields=["valid"])
    audit.note("grant", "on_call", None, row.id, "shift ended")
    row.refresh_from_db()
    return row


def roster(actor: Actor, now: datetime | None = None, *, days: int = 14) -> list[Shift]:
    """Who is on call now and in the next days; every member of staff may know; one query.

    Raises:
        NotThere: for who isn't staff.
    """
    if not actor.is_staff:
        raise NotThere
    moment = now or timezone.now()
    rows = OnCallShift.objects.filter(
        during__overlap=TimestamptzRange(moment, moment + timedelta(days=days))
    ).select_related("staff")
    found = [
        Shift(
            row,
            row.staff.name,
            row.during.lower,
            row.during.upper,
            row.during.lower <= moment < row.during.upper,
        )
        for row in rows
    ]
    return sorted(found, key=lambda shift: (shift.start, shift.name))


def is_on_call(actor: Actor) -> bool:
    """Whether the actor's shift runs now, as the database has it."""
    return actor.has("on_call")


def everybody(actor: Actor) -> list[tuple[UUID, str]]:
    """Address and shown name of everybody a shift opens, by name; two queries.

    Raises:
        NotThere: out of the shift.
    """
    if not is_on_call(actor):
        raise NotThere
    names = dict(ShownName.objects.visible_to(actor).values_list("person_id", "name"))
    with as_service("emergency_desk"):
        keys = dict(Person.objects.filter(id__in=list(names)).values_list("id", "public_id"))
    audit.read("person_profile", None, None, "list for the shift")
    found = [(keys[person], name) for person, name in names.items() if person in keys]
    return sorted(found, key=lambda pair: pair[1].casefold())


def person(actor: Actor, key: UUID) -> tuple[UUID, str]:
    """Id and shown name of somebody during the shift.

    Raises:
        NotThere: out of the shift, and for who isn't there or may not be seen (P-2).
    """
    if not is_on_call(actor):
        raise NotThere
    with as_service("emergency_desk"):
        found = Person.objects.filter(public_id=key).values_list("id", flat=True).first()
    if found is None:
        raise NotThere
    shown = ShownName.objects.visible_to(actor).sole(person_id=found)
    return found, shown.name
