"""Where the walls are narrower or wider than the access table, on purpose: with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.probes.scene import Viewer

#: Columns that say whose hand it was; a row in another's name is refused to everybody.
HANDS = ("author_id", "signer_id", "supervisor_id")
#: Tables where another column says it.
HAND_OF = {
    "daily_gratitude": "person_id",
    "daily_trusttick": "person_id",
    "daily_agreementyes": "person_id",
    "record_safetyplan": "by_id",
    "privacy_emergencydisclosure": "by_id",
    "privacy_outgoingrelease": "by_id",
}
#: (viewer, rights the line gives, what the line alone would mean, whose row) -> what is meant.
Meant = Callable[[Viewer | None, frozenset[str], bool, str], bool]


def _nobody(viewer: Viewer | None, allowed: frozenset[str], wanted: bool, whose: str) -> bool:
    return False


def _is(viewer: Viewer | None, *kinds: str) -> bool:
    return viewer is not None and viewer.kind in kinds


def _ana(viewer: Viewer | None, whose: str) -> bool:
    return viewer is not None and viewer.name == "self" and whose == "subject"


def _service(viewer: Viewer | None, allowed: frozenset[str], wanted: bool, whose: str) -> bool:
    return wanted and _is(viewer, "service")


@dataclass(frozen=True)
class Odd:
    """Where a table is narrower or wider than its line, on purpose: why, and what is meant."""

    why: str
    meant: Meant = _nobody


#: (table, verb) -> why. The single place where the walls may differ from the table.
ODD: dict[tuple[str, str], Odd] = {
    ("plan_couplesignature", "read"): Odd(
        "what a partner answers is that partner's (P-48)",
        lambda v, may, line, whose: line and _is(v, "staff", "service"),
    ),
    ("plan_couplesignature", "add"): Odd(
        "both partners sign what is theirs (C-64)",
        lambda v, may, line, whose: line or (_is(v, "person") and "body" in may),
    ),
    ("plan_individualsignature", "read"): Odd(
        "what a person answers is that person's (P-48)",
        lambda v, may, line, whose: line and (_is(v, "staff", "service") or _ana(v, whose)),
    ),
    ("plan_individualsignature", "add"): Odd(
        "a person signs the own plan (C-67)", lambda v, may, line, whose: line or _ana(v, whose)
    ),
    ("measures_assignment", "read"): Odd(
        "a person finds the own open form (I-14)",
        lambda v, may, line, whose: line or _ana(v, whose),
    ),
    ("measures_assignment", "write"): Odd(
        "and hands it in (I-9)", lambda v, may, line, whose: line or _ana(v, whose)
    ),
    ("record_closedrecord", "read"): Odd("the scene takes it away: narrow.py puts it back"),
    ("record_closedrecord", "write"): Odd("the scene takes it away: narrow.py puts it back"),
    ("record_closedrecord", "delete"): Odd("the scene takes it away: narrow.py puts it back"),
    ("record_cosignature", "add"): Odd("only whom the note waits for co-signs (C-72)"),
    ("daily_trustday", "add"): Odd("only the service joins two halves (C-49)", _service),
    ("daily_contractpart", "add"): Odd("only the service joins two halves (C-50)", _service),
    ("daily_contractpart", "write"): Odd("only the service joins two halves (C-50)", _service),
    ("daily_partday", "add"): Odd("only the service joins two halves (C-50)", _service),
    ("daily_partday", "write"): Odd("only the service joins two halves (C-50)", _service),
    ("daily_agreementyes", "write"): Odd("a yes is not changed: the agreement is let go"),
    ("daily_gratitude", "write"): Odd("thanks are changed by who said them: here a stranger"),
    ("privacy_disclosure", "add"): Odd(
        "the gate logs whoever disclosed (P-27, P-31)",
        lambda v, may, line, whose: line or _is(v, "staff", "service"),
    ),
    ("privacy_emergencydisclosure", "add"): Odd(
        "whoever discloses in an emergency says so, in the own name (P-31)",
        lambda v, may, line, whose: line or _is(v, "staff", "service"),
    ),
    ("privacy_outgoingrelease", "add"): Odd(
        "whoever prepares a copy says so, in the own name (P-27)",
        lambda v, may, line, whose: line or _is(v, "staff", "service"),
    ),
    ("episode_levelrating", "sign"): Odd(
        "a rating names its licensed signer (C-26)",
        lambda v, may, line, whose: "write" in may,
    ),
}


def meant(table: str, verb: str, viewer: Viewer | None, allowed: frozenset[str],
          wanted: bool, whose: str) -> bool:  # fmt: skip
    """What is expected: what the line says, or what stands in :data:`ODD` instead."""
    odd = ODD.get((table, verb))
    return odd.meant(viewer, allowed, wanted, whose) if odd else wanted


#: Named in a row, yet narrower than declared for the column: (table, verb) -> why.
NAMED_ODD: dict[tuple[str, str], str] = {
    ("daily_ownmessage", "write"): "what was sent stays as it was sent (P-55)",
    ("daily_couplemessage", "write"): "what was sent stays as it was sent (P-55)",
}
