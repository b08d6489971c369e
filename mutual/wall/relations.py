"""Writing relations down; the database turns them into grants in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from mutual.wall import audit, journal
from mutual.wall.context import as_service
from mutual.wall.models import ConsentFact, Relation


def relate(
    viewer: UUID,
    relation: str,
    subject: UUID | None,
    of: str,
    *,
    reason: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Relation:
    """``viewer`` stands in ``relation`` to ``subject`` (``None``: to everybody), for a time."""
    return relate_all([(viewer, relation, subject, of, reason)], since=since, until=until)[0]


def relate_all(
    wanted: Iterable[tuple[UUID, str, UUID | None, str, str]],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Relation]:
    """Several relations of one time, as (viewer, relation, subject, of, reason); one statement."""
    valid = TimestamptzRange(since or timezone.now(), until)
    rows = [
        Relation(
            viewer_id=viewer, relation=relation, subject_id=subject, subject_of=of, valid=valid,
            reason=reason,
        )
        for viewer, relation, subject, of, reason in wanted
    ]  # fmt: skip
    Relation.objects.bulk_create(rows)
    for row in rows:
        audit.note("grant", row.relation, row.subject_id, row.viewer_id, row.reason)
    return rows


def end_relations(viewer: UUID, subject: UUID, *relations: str, at: datetime | None = None) -> int:
    """End the named relations (or all) of ``viewer`` to ``subject`` from ``at`` (now) on."""
    moment = at or timezone.now()
    rows = Relation.objects.filter(viewer_id=viewer, subject_id=subject, valid__contains=moment)
    if relations:
        rows = rows.filter(relation__in=relations)
    count = _end(rows, moment)
    if count:
        journal.ended(
            "relation", moment, viewer=viewer, subject=subject, relations=" ".join(relations)
        )
    return count


def end_all_of(viewer: UUID, at: datetime) -> int:
    """End every relation somebody stands in, also those to come: they left (P-86)."""
    rows = [
        row
        for row in Relation.objects.filter(viewer_id=viewer)
        if not row.valid.isempty and (row.valid.upper is None or row.valid.upper > at)
    ]
    for subject in {row.subject_id for row in rows}:
        journal.ended("relation", at, viewer=viewer, subject=subject or "", relations="")
    return _end(rows, at)


def end_role(viewer: UUID, role: str, at: datetime) -> int:
    """End a role in the programme, which is a relation to nobody in particular (P-86)."""
    rows = Relation.objects.filter(
        viewer_id=viewer, subject_id__isnull=True, relation=role, valid__contains=at
    )
    count = _end(rows, at)
    if count:
        journal.ended("relation", at, viewer=viewer, subject="", relations=role)
    return count


@journal.applies("relation")
def _end_again(what: dict[str, str], at: datetime) -> None:
    """A relation that had ended by then ends in the restored database, too."""
    rows = Relation.objects.filter(
        viewer_id=what["viewer"], subject_id=what["subject"] or None, valid__contains=at
    )
    if what["relations"]:
        rows = rows.filter(relation__in=what["relations"].split(" "))
    with as_service("revocations"):
        _end(rows, at)


def _end(rows: Iterable[Relation], moment: datetime) -> int:
    count = 0
    for row in rows:
        row.valid = TimestamptzRange(row.valid.lower, max(moment, row.valid.lower))
        row.save(update_fields=["valid"])
        audit.note("grant", row.relation, row.subject_id, row.viewer_id, "ended")
        count += 1
    return count


def consent_in_force(
    person: UUID, code: str, since: datetime, until: datetime | None = None
) -> ConsentFact:
    """Write down that a consent is in force; grants follow."""
    row = ConsentFact(person_id=person, code=code, valid=TimestamptzRange(since, until))
    row.save(force_insert=True)
    return row


def consent_ends(person: UUID, code: str, at: datetime | None = None) -> int:
    """End a consent from ``at`` (now) on; grants go in the same transaction (P-21)."""
    moment = at or timezone.now()
    count = 0
    for row in ConsentFact.objects.filter(person_id=person, code=code):
        if row.valid.upper is None or row.valid.upper > moment:
            row.valid = TimestamptzRange(row.valid.lower, max(moment, row.valid.lower))
            row.save(update_fields=["valid"])
            count += 1
    return count


def has_consent(person: UUID, code: str, at: datetime | None = None) -> bool:
    """Whether a code is in force; asks the facts the actor may read."""
    return ConsentFact.objects.filter(
        person_id=person, code=code, valid__contains=at or timezone.now()
    ).exists()


def lacking_consent(people: Sequence[UUID], code: str, at: datetime | None = None) -> list[UUID]:
    """Those of these people for whom a code is not in force, in their order; one query."""
    have = set(
        ConsentFact.objects.filter(
            person_id__in=people, code=code, valid__contains=at or timezone.now()
        ).values_list("person_id", flat=True)
    )
    return [person for person in people if person not in have]
