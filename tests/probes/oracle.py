"""What the access table opens, read anew: the walls are compared with this, not with themselves.

Nothing here asks the compiler, the grants or the managers. It reads the cells as the design wrote
them (privacy.md, section 1) and says what a relation may do with a record of a kind, at a moment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

#: The table as the design has it, so that a loosened line in the code is seen.
TABLE = Path(__file__).with_name("access_table.txt")
#: Held for the whole programme by a role alone; every other relation needs an assignment.
WIDE = ("admissions", "biller", "director", "sysadmin")
#: What stands in words under the table: a coordinator is admissions for these, an officer reads.
COORDINATOR = {"schedule_own", "schedule_joint", "attendance", "contact_location", "contact_note"}
OFFICER = {"consent", "disclosure_log", "audit_trail"}
#: Lines added for the officer's own duties, which the officer writes.
OFFICER_WRITES = {"privacy_request", "legal_demand", "breach"}
#: The note on the clinician on call: what is read of all in the shift, and written.
ON_CALL = {
    "safety_plan": {"body", "facts", "extract"},
    "contact_location": {"body", "facts", "extract"},
    "medication": {"body", "facts", "extract"},
    "person_profile": {"extract"},
    "crisis_note": {"author", "submit"},
}
#: An emergency opens, beside the cells with ``B``, what is needed to reach and help one person
#: (P-10); never what stands in ``NEVER``.
EMERGENCY = {
    "person_profile", "contact_location", "screening", "episode", "care_team", "plan_individual",
    "schedule_own", "attendance",
}  # fmt: skip
NEVER = {"psychotherapy_note", "sud_counseling_note", "ipv_screen"}


@dataclass(frozen=True)
class Line:
    """One line of the table: a kind, whose it is, sealed or not, and its cells by relation."""

    kind: str
    of: str
    sealed: bool
    cells: dict[str, str] = field(hash=False)


@dataclass(frozen=True)
class Consents:
    """The codes in force: those of the subject, and those of the subject's partner."""

    own: frozenset[str] = frozenset()
    partner: frozenset[str] = frozenset()


NONE = Consents()
#: Everything one may be able to do with a record of a kind.
READS = ("body", "facts", "extract")


def parse(text: str) -> dict[str, Line]:
    """The lines of a table in the design's notation (its own Markdown)."""
    found: dict[str, Line] = {}
    names: list[str] = []
    for raw in text.splitlines():
        if not raw.startswith("|") or raw.startswith("|-"):
            continue
        kind, of, *cells = (cell.strip() for cell in raw.strip().strip("|").split("|"))
        if kind == "kind":
            names = [name.replace("'s ", "_").replace(" ", "_") for name in cells]
            continue
        name = kind.split(" (")[0]
        found[name.rstrip("^")] = Line(
            name.rstrip("^"), of, name.endswith("^"), dict(zip(names, cells, strict=True))
        )
    return found


@lru_cache(maxsize=1)
def table() -> dict[str, Line]:
    """The table the probes hold the walls against."""
    return parse(TABLE.read_text("utf-8"))


def parts(cell: str) -> list[tuple[str, str, bool]]:
    """A cell as (letter, consent's short code or "", whether of both)."""
    found = []
    for part in cell.split("/"):
        if part == "-":
            continue
        right, _, code = part.partition("@")
        found.append((right[0], code.lstrip("@"), code.startswith("@")))
    return found


def whole_code(kind: str, code: str) -> str:
    """A consent's code as people sign it: `ct` on `toxicology` is ``ct:toxicology``."""
    return f"{code}:{kind}" if code in ("oc", "ct", "pc", "pt") else code


def allows(line: Line, relation: str, consents: Consents = NONE) -> frozenset[str]:
    """What a relation may do: of ``body facts extract write submit author``.

    ``T`` and ``B`` open nothing by themselves, ``A`` only rows one wrote or got. ``S`` is for who
    is auditor of this very subject, which only an engagement makes one.
    """
    if relation == "break_glass":
        urgent = line.kind in EMERGENCY or line.cells.get("director") == "B"
        return frozenset(READS if urgent and line.of == "P" and line.kind not in NEVER else ())
    opened: set[str] = set()
    for letter, code, both in parts(line.cells.get(relation, "-")):
        wanted = whole_code(line.kind, code)
        if code and wanted not in consents.own:
            continue
        if both and wanted not in consents.partner:
            continue
        if letter in "RWS":
            opened.update(READS)
        if letter == "W":
            opened.add("write")
        opened.update({"w": ("submit",), "M": ("facts",), "D": ("extract",), "A": ("author",)}
                      .get(letter, ()))  # fmt: skip
    return frozenset(opened)


def role_allows(line: Line, role: str) -> frozenset[str]:
    """What a role opens that somebody holds without being assigned to anybody."""
    if role == "care_coordinator":
        return allows(line, "admissions") if line.kind in COORDINATOR else frozenset()
    if role == "privacy_officer":
        if line.kind in OFFICER_WRITES:
            return frozenset((*READS, "write"))
        return frozenset(READS) if line.kind in OFFICER else frozenset()
    if role == "on_call":
        return frozenset(ON_CALL.get(line.kind, ()))
    return allows(line, role) if role in WIDE else frozenset()


def codes() -> dict[str, list[tuple[str, str]]]:
    """Every consent code of the table, with the (kind, relation) cells that wait for it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in table().values():
        for relation, cell in line.cells.items():
            for _, code, _both in parts(cell):
                if code:
                    found.setdefault(whole_code(line.kind, code), []).append((line.kind, relation))
    return found
