"""Small questions about people that every room above asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mutual.people.models import Couple, CoupleMember, Licence, ShownName, Staff


@dataclass(frozen=True)
class Partner:
    """One side of a couple, as everybody who sees the couple may name them."""

    person_id: UUID
    side: str
    name: str
    pronouns: str


def partners(couple_ids: list[UUID]) -> dict[UUID, list[Partner]]:
    """The two partners of each couple, A first; two queries for any number of couples."""
    members = list(
        CoupleMember.objects.filter(couple_id__in=couple_ids)
        .order_by("couple_id", "side")
        .values_list("couple_id", "person_id", "side")
    )
    names = shown_names([person for _, person, _ in members])
    found: dict[UUID, list[Partner]] = {}
    for couple, person, side in members:
        name, pronouns = names.get(person, ("", ""))
        found.setdefault(couple, []).append(Partner(person, side, name, pronouns))
    return found


def shown_names(person_ids: list[UUID]) -> dict[UUID, tuple[str, str]]:
    """The shown name and pronouns of each person the actor may know."""
    rows = ShownName.objects.filter(person_id__in=person_ids)
    return {p: (n, w) for p, n, w in rows.values_list("person_id", "name", "pronouns")}


def couple_of(person_id: UUID) -> Couple | None:
    """The open couple of a person, if the actor may know it."""
    return Couple.objects.filter(members__person_id=person_id, ended_on__isnull=True).first()


def staff_names(ids: list[UUID]) -> dict[UUID, str]:
    """Names of staff by id."""
    return dict(Staff.objects.filter(id__in=ids).values_list("id", "name"))


def licensed(staff_id: UUID, state: str, on: date) -> bool:
    """Whether a clinician holds a licence for a state on a day (C-46, P-76)."""
    return Licence.objects.filter(staff_id=staff_id, state=state, valid__contains=on).exists()
