"""Who reads a box, by name, from the access table and today's relations (P-15, I-21)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.people.models import Staff
from mutual.wall import policy
from mutual.wall.models import ConsentFact, Relation

_MEDICAL = ("prescriber", "nurse")


def relations_that_read(kind: str, consents: frozenset[str] = frozenset()) -> list[str]:
    """The relations that read a kind beyond oneself and the partner, in the table's order."""
    entry = policy.kind(kind)
    return [
        relation
        for relation in policy.RELATIONS
        if relation not in ("self", "partner", *policy.PROGRAMME_WIDE, "auditor")
        and any(
            right.verb in "RWA" and (not right.consent or right.consent in consents)
            for right in entry.rights(relation)
        )
    ]


def names_by_relation(subjects: list[UUID], now: datetime | None = None) -> dict[str, list[str]]:
    """Relation to names of staff for a person's or couple's record, as the actor may know them."""
    moment = now or timezone.now()
    rows = list(
        Relation.objects.filter(subject_id__in=subjects, valid__contains=moment)
        .exclude(relation__in=("self", "partner", "partner_counselor"))
        .annotate(name=Subquery(Staff.objects.filter(id=OuterRef("viewer_id")).values("name")[:1]))
        .order_by("valid", "id")
        .values_list("relation", "name")
    )
    found: dict[str, list[str]] = {}
    for relation, name in rows:
        if name is not None and name not in found.setdefault(relation, []):
            found[relation].append(name)
    return found


def checkin_readers(person_id: UUID, now: datetime | None = None) -> list[str]:
    """The readers beside the check-in: "Mo, your counselor", "the medical team"; three queries."""
    moment = now or timezone.now()
    consents = frozenset(
        ConsentFact.objects.filter(person_id=person_id, valid__contains=moment).values_list(
            "code", flat=True
        )
    )
    names = names_by_relation([person_id], moment)
    readers = []
    for relation in relations_that_read("checkin", consents):
        if relation == "own_counselor":
            readers += [
                _("%(name)s, your counselor") % {"name": n} for n in names.get(relation, [])
            ]
        elif relation == "couples_therapist":
            readers += [
                _("%(name)s, your couples therapist") % {"name": n} for n in names.get(relation, [])
            ]
        elif relation in _MEDICAL and names.get(relation):
            if _("the medical team") not in readers:
                readers.append(_("the medical team"))
        elif relation == "supervisor" and names.get(relation):
            readers.append(_("the supervisor"))
    return readers


def us_readers(
    couple_id: UUID, partner: str, kind: str = "gratitude"
) -> tuple[list[str], list[str]]:
    """Who reads *Us*: what is of a kind on it, and the contract only; two queries (P-15, I-21)."""
    names = names_by_relation([couple_id])
    thanks = set(relations_that_read(kind))
    contract = set(relations_that_read("recovery_contract")) - thanks
    every = [name for r, group in names.items() if r in thanks for name in group]
    some = [name for r, group in names.items() if r in contract for name in group]
    return [_("you"), partner, *every], [name for name in some if name not in every]


def thread_readers(subject: UUID, relation: str) -> list[str]:
    """The clinicians of a thread: the own counselor's, or the couple's therapist's (P-55)."""
    return names_by_relation([subject]).get(relation, [])
