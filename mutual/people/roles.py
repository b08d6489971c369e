"""Roles of staff, one entry each: what a role may be on a care team and what it sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Role:
    """A role of staff.

    Attributes:
        key: as in the access table where it has a column.
        title: for screens.
        programme_wide: sees the programme's records of its column, not a caseload's.
        clinical: may be on a care team.
        rail: entries of the staff app it opens, beside Today.
    """

    key: str
    title: StrPromise
    programme_wide: bool = False
    clinical: bool = False
    rail: tuple[str, ...] = ()


ROLES: dict[str, Role] = {
    r.key: r
    for r in (
        Role(
            "couples_therapist",
            _("Couples therapist"),
            clinical=True,
            rail=("couples", "week", "messages", "oncall"),
        ),
        Role(
            "counselor",
            _("Drug and alcohol counselor"),
            clinical=True,
            rail=("couples", "week", "messages", "oncall"),
        ),
        Role("prescriber", _("Prescriber"), clinical=True, rail=("couples", "week", "oncall")),
        Role("nurse", _("Nurse"), clinical=True, rail=("couples", "week", "oncall")),
        Role("group_leader", _("Group leader"), clinical=True, rail=("week", "oncall")),
        Role(
            "supervisor",
            _("Clinical supervisor"),
            clinical=True,
            rail=("couples", "week", "oncall"),
        ),
        Role(
            "care_coordinator", _("Care coordinator"), programme_wide=True, rail=("week", "oncall")
        ),
        Role(
            "admissions",
            _("Admissions"),
            programme_wide=True,
            rail=("couples", "week", "admissions", "oncall"),
        ),
        Role("biller", _("Billing"), programme_wide=True, rail=("billing", "oncall")),
        Role(
            "director",
            _("Programme director"),
            programme_wide=True,
            rail=("couples", "week", "admissions", "programme", "oncall"),
        ),
        Role(
            "privacy_officer", _("Privacy officer"), programme_wide=True, rail=("privacy", "oncall")
        ),
        # An outside auditor sees nothing by the role alone: an engagement names whom (P-33).
        Role("auditor", _("Auditor"), rail=("audit",)),
    )
}


def is_clinical(roles: Iterable[str]) -> bool:
    """Whether one of these roles may be on a care team."""
    return any(role in ROLES and ROLES[role].clinical for role in roles)
