"""The vocabulary in which each room says who may see its records (P-1).

A room's ``policy.py`` lists :class:`Kind` objects, one for each line of the access table, in the
table's own notation. Models say with :class:`Walled` which kind they hold and at what level. From
both :mod:`mutual.wall.compile` makes the rows that turn relations into grants and the row
policies of the database; the managers use the same names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

RELATIONS = (
    "self",
    "partner",
    "own_counselor",
    "partner_counselor",
    "couples_therapist",
    "leader",
    "member",
    "prescriber",
    "nurse",
    "admissions",
    "biller",
    "supervisor",
    "director",
    "auditor",
    "sysadmin",
)
#: Relations that hold for everybody in the programme: one grant without a subject.
PROGRAMME_WIDE = ("admissions", "biller", "director", "sysadmin")
#: Roles that stand in another column for a few kinds only (note under the access table).
CARE_COORDINATOR = (
    "schedule_own",
    "schedule_joint",
    "attendance",
    "contact_location",
    "contact_note",
)
PRIVACY_OFFICER = ("consent", "disclosure_log", "audit_trail")
#: Lines added in the table's notation for the officer's own duties: requests, demands, breaches.
PRIVACY_OFFICER_WRITES = ("privacy_request", "legal_demand", "breach")
#: Read by clinicians and the director, and of no use in an emergency.
NOT_URGENT = ("consent", "authorization")
#: What a clinician on call reads of everybody during the shift, and writes (same note).
ON_CALL = {
    "safety_plan": "R",
    "contact_location": "R",
    "medication": "R",
    "person_profile": "D",  # the name to show, without which nobody could be called
    "crisis_note": "A",
}
#: Who plans the shifts of those on call.
ON_CALL_PLANNERS = ("director", "care_coordinator")


class Of(StrEnum):
    """Whose a record is."""

    PERSON = "P"
    COUPLE = "C"
    GROUP = "G"


@dataclass(frozen=True)
class Right:
    """One part of a cell: what may be done, and under which consent."""

    verb: str  # R W w A M D S T B
    consent: str = ""  # "" or a consent code, already expanded ("ct:toxicology")
    joint: bool = False  # under the consent of both


_NAME = re.compile(r"[A-Za-z0-9_.:-]+")
_PART = re.compile(r"^(R|W|w|A|M|S|T|B|D\d+)(?:(@@|@)([a-z]+))?$")
_PER_KIND = {"oc", "ct", "pc", "pt"}


@dataclass(frozen=True)
class Kind:
    """One record kind: one line of the access table.

    Args:
        name: as in the table.
        of: whose it is.
        cells: ``"relation cell; relation cell"``, the cells in the table's notation; a relation
            that is not named has ``-``.
        sealed: encrypted with a key outside the database (P-9).
        added: for a line that isn't in rules/privacy.md: why it was added, in words.
        why: why those who see it do, and others don't, in words for the person it is about.
        also: whom a row itself lets in beside the relations, in words.
    """

    name: str
    of: Of
    cells: str
    sealed: bool = False
    added: str = ""
    why: str | StrPromise = ""
    also: str | StrPromise = ""

    def cell(self, relation: str) -> str:
        """The cell of a relation in the table's notation, ``-`` for nothing."""
        return self._cells().get(relation, "-")

    def _cells(self) -> dict[str, str]:
        pairs = (part.partition(" ") for part in map(str.strip, self.cells.split(";")) if part)
        return {relation: cell.strip() for relation, _, cell in pairs}

    def rights(self, relation: str) -> tuple[Right, ...]:
        """The rights of a relation."""
        cell = self.cell(relation)
        if cell == "-":
            return ()
        found = []
        for part in cell.split("/"):
            match = _PART.match(part)
            if match is None:
                raise ValueError(f"{self.name}: cell {cell!r} of {relation} can't be read")
            verb, at, code = match.groups()
            if code in _PER_KIND:
                code = f"{code}:{self.name}"
            found.append(Right(verb[0], code or "", at == "@@"))
        return tuple(found)

    def __post_init__(self) -> None:
        for relation in self._cells():
            if relation not in RELATIONS:
                raise ValueError(f"{self.name}: unknown relation {relation!r}")


@dataclass(frozen=True)
class Service:
    """A service actor: narrow, audited, listed by ``mutual access``.

    Args:
        name: of the actor.
        why: one sentence.
        rights: kind to verb (``R``, ``W``, ``w``, ``M``, ``D``), for all subjects.
    """

    name: str
    why: str
    rights: dict[str, str] = field(default_factory=dict)


#: What a verb opens: categories behind the kind's name.
OPENS = {
    "R": ("", ".facts", ".extract"),
    "W": ("", ".facts", ".extract", ".write"),
    "w": (".submit",),
    "M": (".facts",),
    "D": (".extract",),
    "A": (".author",),
    # T and B open nothing by themselves: a training or a reason text does. S opens for somebody
    # who is an auditor of this very subject, for the days of an engagement (P-33); the role
    # alone, without a subject, opens nothing (triggers.sql).
    "S": ("", ".facts", ".extract"),
    "T": (),
    "B": (),
}

#: Which categories open a table of a level. A ``summary`` holds nothing beyond what both the
#: facts and the extract of its kind may show.
LEVELS = {
    "facts": (".facts",),
    "body": ("",),
    "extract": (".extract",),
    "summary": (".facts", ".extract"),
}


@dataclass(frozen=True)
class Walled:
    """Says of a model which kind its rows are, whose, and at what level.

    Args:
        kind: the record kind; or give ``kinds``.
        level: ``facts`` (what ``M`` opens), ``extract`` (what ``D`` opens), ``summary`` (either)
            or ``body``.
        subject: column with the person, couple or group.
        column, kinds: for a table that holds several kinds: the CHECKed column that separates
            them, and its values with their kinds.
        seen_by: columns with an actor who sees the row besides (author, addressee, clinician).
        written_by: columns with an actor who may change the row.
        author: column that an ``A`` right looks at, ``addressee`` likewise.
        deletable: whether the application may delete rows at all.
        masked: a table of several kinds that lists read much of: read by masks (masks.py).
    """

    kind: str = ""
    level: str = "body"
    subject: str = "person_id"
    column: str = ""
    kinds: dict[str, str] = field(default_factory=dict)
    seen_by: tuple[str, ...] = ()
    written_by: tuple[str, ...] = ()
    author: str = ""
    addressee: str = ""
    deletable: bool = False
    extra_insert: str = ""
    masked: bool = False

    def __post_init__(self) -> None:
        if len(set(self.kinds.values())) != len(self.kinds):
            raise ValueError(f"a kind stands for two values of {self.column}")
        plain = self.column == "kind" and self.subject == "subject_id"
        if self.masked and (not plain or self.seen_by or self.addressee):
            raise ValueError("masks know kind, subject_id and an author")

    def each(self) -> Iterator[tuple[str, str]]:
        """Pairs of (column value or ``""``, kind)."""
        if self.kind:
            yield "", self.kind
        else:
            yield from self.kinds.items()

    def categories(self, kind: str) -> tuple[str, ...]:
        """The grant categories that open a row of this level for reading."""
        return tuple(kind + suffix for suffix in LEVELS[self.level])


@dataclass(frozen=True)
class Raw:
    """A table whose row policies are written out, with the reason why no kind fits."""

    why: str
    select: str
    insert: str = "false"
    update: str = "false"
    delete: str = "false"


@dataclass(frozen=True)
class Outside:
    """A table that stands outside the row policies, with the written reason (house.md)."""

    why: str
    write: bool = True


@lru_cache(maxsize=1)
def collect() -> tuple[dict[str, Kind], dict[str, Service]]:
    """All kinds and service actors of all rooms, by name."""
    from django.conf import settings

    kinds: dict[str, Kind] = {}
    services: dict[str, Service] = {}
    for room in settings.ROOMS:
        name = f"mutual.{room}.policy"
        if find_spec(name) is None or room == "base":
            continue
        module: Any = import_module(name)
        for kind in getattr(module, "KINDS", ()):
            if kind.name in kinds:
                raise ValueError(f"record kind {kind.name} is declared twice")
            kinds[kind.name] = kind
        for service in getattr(module, "SERVICES", ()):
            services[service.name] = service
    return kinds, services


def kind(name: str) -> Kind:
    """The kind of that name.

    Raises:
        KeyError: if no room declares it.
    """
    return collect()[0][name]


def rule_rows() -> list[tuple[str, str, str, str, bool]]:
    """What relations open: (relation, of, category, consent or "", joint), for the database."""
    rows: set[tuple[str, str, str, str, bool]] = set()
    kinds, services = collect()
    for entry in kinds.values():
        for relation in RELATIONS:
            for right in entry.rights(relation):
                for suffix in OPENS[right.verb]:
                    rows.add((relation, entry.of, entry.name + suffix, right.consent, right.joint))
    for name in CARE_COORDINATOR:
        for right in kinds[name].rights("admissions"):
            for suffix in OPENS[right.verb]:
                rows.add(("care_coordinator", kinds[name].of, name + suffix, "", False))
    for name in PRIVACY_OFFICER:
        for suffix in OPENS["R"]:
            rows.add(("privacy_officer", kinds[name].of, name + suffix, "", False))
    for name in PRIVACY_OFFICER_WRITES:
        for suffix in OPENS["W"]:
            rows.add(("privacy_officer", kinds[name].of, name + suffix, "", False))
    for name, verb in ON_CALL.items():
        for suffix in OPENS[verb] if verb != "A" else (".author", ".submit"):
            rows.add(("on_call", kinds[name].of, name + suffix, "", False))
    for name in break_glass_kinds():
        for suffix in OPENS["R"]:
            rows.add(("break_glass", kinds[name].of, name + suffix, "", False))
    # Who may write down who works here, and who is on call: no record of a person, so not in the
    # table.
    rows.add(("director", Of.PERSON, "staffing.write", "", False))
    for role in ON_CALL_PLANNERS:
        rows.add((role, Of.PERSON, "on_call.write", "", False))
    for service in services.values():
        for name, verb in service.rights.items():
            of = kinds[name].of if name in kinds else Of.PERSON
            for suffix in OPENS[verb] if name in kinds else ("",):
                rows.add((f"service:{service.name}", of, name + suffix, "", False))
    return sorted(rows)


def sql_array(words: Iterable[str]) -> str:
    """Declared names as an array in SQL; they are words of our own code."""
    names = list(words)
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no declared name")
    return "array[" + ", ".join(f"'{name}'" for name in names) + "]"


@lru_cache(maxsize=1)
def _opened() -> frozenset[str]:
    return frozenset(category for _, _, category, _, _ in rule_rows())


def is_opened(category: str) -> bool:
    """Whether any relation or service ever opens a category: what none opens needn't be asked."""
    return category in _opened()


def break_glass_kinds() -> tuple[str, ...]:
    """What an emergency opens of one person (P-10), derived from the table.

    What the director's column keeps for it, and what else a clinician needs beside that and the
    director reads anyway; so never psychotherapy or SUD counseling notes or what was asked live.
    """
    found = []
    for entry in collect()[0].values():
        director = {right.verb for right in entry.rights("director")}
        clinician = {
            right.verb
            for relation in ("own_counselor", "prescriber", "nurse")
            for right in entry.rights(relation)
            if not right.consent
        }
        needed = director & set("RW") and clinician & set("RW") and entry.name not in NOT_URGENT
        if entry.of == Of.PERSON and ("B" in director or needed):
            found.append(entry.name)
    return tuple(found)


def access_table() -> dict[str, Any]:
    """The whole access table as the code has it, in the shape of ``mutual access --json``."""
    kinds, services = collect()
    return {
        "kinds": [
            {
                "kind": entry.name,
                "of": str(entry.of),
                "sealed": entry.sealed,
                "cells": {relation: entry.cell(relation) for relation in RELATIONS},
                "why": str(entry.why),
                **({"added": entry.added} if entry.added else {}),
            }
            for entry in kinds.values()
        ],
        "relations": list(RELATIONS),
        "services": [
            {"service": s.name, "why": s.why, "rights": dict(s.rights)} for s in services.values()
        ],
    }


KINDS = [
    Kind(
        "audit_trail",
        Of.PERSON,
        "self D8; director D8; auditor R; sysadmin M",
        why=_("It shows who looked at your record. Your partner is never on your copy of it."),
    ),
]

SERVICES = [
    Service(
        "audit_head",
        "copies the number and the hash of the audit's last entry out of the database each day"
        " (P-89); reads no entry",
        {"audit_trail": "M"},
    ),
]
