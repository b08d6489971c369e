"""Small questions about people that every room above asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from mutual.people.models import Couple, CoupleMember, Licence, ShownName, Staff


@dataclass(frozen=True)
class Partner:
    """One side of a couple, as everybody who sees the couple may name them."""

    person_id: UUID
    side: str
    name: str
    pronouns: str


def shown(field: str, person: str = "person_id") -> Coalesce:
    """For ``annotate``: the shown ``name`` or ``pronouns`` of the person in a column, or ``""``."""
    rows = ShownName.objects.filter(person_id=OuterRef(person)).values(field)
    return Coalesce(Subquery(rows[:1]), Value(""))


def members(rows: QuerySet[CoupleMember]) -> list[tuple[CoupleMember, Partner]]:
    """Rows of members with how each may be named, by couple and side; one query."""
    named = rows.annotate(shown=shown("name"), words=shown("pronouns"))
    return [
        (row, Partner(row.person_id, row.side, row.shown, row.words))
        for row in named.order_by("couple__number", "couple_id", "side")
    ]


def partners(couple_ids: list[UUID]) -> dict[UUID, list[Partner]]:
    """The two partners of each couple, A first; one query for any number of couples."""
    found: dict[UUID, list[Partner]] = {}
    for row, partner in members(CoupleMember.objects.filter(couple_id__in=couple_ids)):
        found.setdefault(row.couple_id, []).append(partner)
    return found


def shown_names(person_ids: list[UUID]) -> dict[UUID, tuple[str, str]]:
    """The shown name and pronouns of each person the actor may know."""
    rows = ShownName.objects.filter(person_id__in=person_ids)
    return {p: (n, w) for p, n, w in rows.values_list("person_id", "name", "pronouns")}


def couple_of(person_id: UUID) -> Couple | None:
    """The open couple of a person, if the actor may know it."""
    return Couple.objects.filter(members__person_id=person_id, ended_on__isnull=True).first()


def couple_and_partner(person_id: UUID) -> tuple[UUID | None, UUID | None]:
    """The open couple of a person and the other in it, as ids; one query."""
    row = (
        CoupleMember.objects.filter(
            couple__members__person_id=person_id, couple__ended_on__isnull=True
        )
        .exclude(person_id=person_id)
        .values_list("couple_id", "person_id")
        .first()
    )
    return row if row is not None else (None, None)


def staff_names(ids: list[UUID]) -> dict[UUID, str]:
    """Names of staff by id."""
    return dict(Staff.objects.filter(id__in=ids).values_list("id", "name"))


def at_work(today: date) -> QuerySet[Staff]:
    """Who works here on a day, by name."""
    until = Q(active_until__isnull=True) | Q(active_until__gte=today)
    return Staff.objects.filter(until, active_from__lte=today).order_by("name")


def licensed(staff_id: UUID, state: str, on: date) -> bool:
    """Whether a clinician holds a licence for a state on a day (C-46, P-76)."""
    return Licence.objects.filter(staff_id=staff_id, state=state, valid__contains=on).exists()
