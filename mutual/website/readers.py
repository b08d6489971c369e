"""Who reads what, for the privacy page: read out of the access table, so it can't say otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from mutual.wall import policy

#: Relations of the access table, with the heads of their columns.
COLUMNS: tuple[tuple[str, StrPromise], ...] = (
    ("self", gettext_lazy("You")),
    ("own_counselor", gettext_lazy("Your counselor")),
    ("couples_therapist", gettext_lazy("Couples therapist")),
    ("partner", gettext_lazy("Your partner")),
)
#: What people ask about, with the record kind it is.
ASKED: tuple[tuple[StrPromise, str], ...] = (
    (gettext_lazy("Notes of your own sessions"), "progress_note"),
    (gettext_lazy("Your own plan"), "plan_individual"),
    (gettext_lazy("Your daily check-in"), "checkin"),
    (gettext_lazy("Your journal"), "journal"),
    (gettext_lazy("Test results"), "toxicology"),
    (gettext_lazy("Notes of couples sessions"), "conjoint_note"),
    (gettext_lazy("The plan of the two of you"), "plan_couple"),
    (gettext_lazy("Agreements you both make"), "agreement"),
)


@dataclass(frozen=True)
class Line:
    """One thing and who reads it: pairs of a column's head and its answer."""

    what: StrPromise
    cells: list[tuple[StrPromise, str]]


def answer(kind: str, relation: str) -> str:
    """Yes, no, "if you agree" or "if you both agree", as the access table has it."""
    rights = [r for r in policy.kind(kind).rights(relation) if r.verb in ("R", "W")]
    if not rights:
        return _("no")
    if any(not right.consent for right in rights):
        return _("yes")
    return _("if you both agree") if all(r.joint for r in rights) else _("if you agree")


def lines() -> list[Line]:
    """The table of the privacy page."""
    return [
        Line(words, [(head, answer(kind, relation)) for relation, head in COLUMNS])
        for words, kind in ASKED
    ]
