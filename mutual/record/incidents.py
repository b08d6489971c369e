"""Incident reports: what happened, what was done, what was found; apart from the chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.ids import uuid7
from mutual.base.refusal import NotThere, Refused
from mutual.base.words import mark, say
from mutual.people.lookups import shown, staff_names
from mutual.people.models import Person, Staff
from mutual.record.models import Incident
from mutual.wall import audit
from mutual.wall.context import Actor

#: What an incident is about.
KINDS = {
    "overdose": mark("Overdose or poisoning"),
    "self_harm": mark("Self-harm or suicide attempt"),
    "threat": mark("Threat or violence"),
    "emergency": mark("Medical emergency"),
    "medicine": mark("A mistake with a medicine"),
    "privacy": mark("Someone saw what they should not"),
    "technical": mark("A failure that touched care"),
    "complaint": mark("A complaint"),
    "other": mark("Something else"),
}


@dataclass(frozen=True)
class Line:
    """An incident as the list shows it."""

    incident: Incident
    name: str
    by: str
    word: str


@dataclass(frozen=True)
class Report:
    """What the author writes."""

    kind: str
    happened_at: datetime
    what: str
    done: str
    told: str = ""


def report(
    actor: Actor, person: Person, wanted: Report, *, now: datetime | None = None
) -> Incident:
    """Report an incident about a person; it goes to the author's supervisor or a director.

    Raises:
        NotThere: to anybody but staff who may know the person.
        Refused: if a part is missing, or the time lies ahead.
    """
    moment = now or timezone.now()
    if not actor.is_staff or not Person.objects.visible_to(actor).filter(id=person.id).exists():
        raise NotThere
    if wanted.kind not in KINDS:
        raise Refused(_("Choose what it is about."), field="kind")
    if not wanted.what.strip() or not wanted.done.strip():
        raise Refused(_("Say what happened and what was done."), field="what")
    if wanted.happened_at > moment:
        raise Refused(_("That time is still to come."), field="happened_at")
    row = Incident(
        id=uuid7(),
        person=person,
        author_id=actor.sure_id,
        addressee_id=_addressee(actor),
        kind=wanted.kind,
        happened_at=wanted.happened_at,
        what=wanted.what.strip(),
        done=wanted.done.strip(),
        told=wanted.told.strip(),
        made_at=moment,
    )
    row.save(force_insert=True)
    audit.note("write", "incident", person.id, row.id)
    return row


def _addressee(actor: Actor) -> UUID:
    """The author's supervisor, else a director, else whoever supervises."""
    own = Staff.objects.filter(id=actor.sure_id).values_list("supervisor_id", flat=True).first()
    if own is not None:
        return own
    found = (
        Staff.objects.filter(
            Q(roles__contains=["director"]) | Q(roles__contains=["supervisor"]),
            active_until__isnull=True,
        )
        .exclude(id=actor.sure_id)
        .order_by("name")
        .values_list("id", flat=True)
        .first()
    )
    return found or actor.sure_id


def incidents(actor: Actor, *, person: Person | None = None) -> list[Line]:
    """Open ones first, then the newest; three queries, each read audited as one line."""
    rows = Incident.objects.visible_to(actor).annotate(shown_name=shown("name"))
    if person is not None:
        rows = rows.filter(person=person)
    found = list(rows.order_by("-happened_at", "-id")[:200])
    names = staff_names([row.author_id for row in found])
    audit.read("incident", person.id if person else None, None, "list")
    lines = [
        Line(row, row.shown_name, names.get(row.author_id, ""), say(KINDS[row.kind]))
        for row in found
    ]
    return sorted(lines, key=lambda line: line.incident.closed_at is not None)


def incident(actor: Actor, public_id: UUID) -> Line:
    """One incident, audited.

    Raises:
        NotThere: to everybody but author, addressee, supervisor and director.
    """
    row = (
        Incident.objects.visible_to(actor)
        .annotate(shown_name=shown("name"))
        .sole(public_id=public_id)
    )
    audit.read("incident", row.person_id, row.id)
    names = staff_names([row.author_id])
    return Line(row, row.shown_name, names.get(row.author_id, ""), say(KINDS[row.kind]))


def may_close(actor: Actor, row: Incident) -> bool:
    """Whether the actor closes it: a supervisor or director of the person, never the author."""
    return (
        actor.id != row.author_id and Incident.objects.writable_by(actor).filter(id=row.id).exists()
    )


def close(actor: Actor, public_id: UUID, finding: str, *, now: datetime | None = None) -> Incident:
    """Close an incident with what was found; once is once (F-13).

    Raises:
        NotThere: to anybody who may not close it.
        Refused: without a finding, or by its author.
    """
    row = Incident.objects.writable_by(actor).sole(public_id=public_id)
    if actor.id == row.author_id:
        raise Refused(_("Someone other than the author closes it."))
    if row.closed_at is not None:
        return row
    if not finding.strip():
        raise Refused(_("Say what was found and what changes."), field="finding")
    row.closed_at, row.finding = now or timezone.now(), finding.strip()
    row.save(update_fields=["closed_at", "finding"])
    audit.note("write", "incident", row.person_id, row.id, "closed")
    return row
