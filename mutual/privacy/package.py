"""A person's record in one piece, made of what the reader may read and of nothing else (P-40).

It walks the models by their own declarations, so that a new kind of record comes along by itself,
and each row passes the same two walls as on a page. A copy for the person, for somebody outside
and for an auditor is this, with other eyes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mutual.base.crypto import SealBroken, open_sealed
from mutual.people.models import CoupleMember
from mutual.privacy.words import KIND_WORDS
from mutual.wall import audit, policy
from mutual.wall.compile import mutual_models
from mutual.wall.context import Actor
from mutual.wall.policy import Of, Walled

#: Bookkeeping that says nothing of the person.
_SILENT = {"id", "public_id", "version", "tab", "content_hash", "digest", "key", "public", "place"}
#: Kinds that are about the account, not the record.
_LEFT_OUT = {"account_device", "audit_trail", "consent_joint", "staff_task"}


@dataclass(frozen=True)
class Entry:
    """One row of a record in words."""

    title: str
    pairs: list[tuple[str, str]]
    at: datetime | date | None = None


@dataclass
class Part:
    """All rows of one kind."""

    kind: str
    title: str
    entries: list[Entry] = field(default_factory=list)


#: How a model's row is told; ``None`` leaves it out (it comes along with another).
Teller = Callable[[Actor, Any], Entry | None]


def readable_kinds(relation: str, verbs: str = "RWA") -> list[str]:
    """Kinds of which a relation reads whole rows, whatever consent opens them."""
    return [
        name
        for name, entry in policy.collect()[0].items()
        if name not in _LEFT_OUT and any(r.verb in verbs for r in entry.rights(relation))
    ]


def collect(
    actor: Actor,
    person_id: UUID,
    kinds: Collection[str],
    tellers: Mapping[str, Teller] | None = None,
    *,
    reason: str,
    action: str = "export",
) -> list[Part]:
    """Every row of these kinds about a person, or of their couple, that the actor may read.

    Each kind that yields something is audited: as an export, unless ``action`` says that it is
    only read on a page.

    Args:
        tellers: by model name, how rows are told that need more than their own columns.
    """
    couples = list(
        CoupleMember.objects.filter(person_id=person_id).values_list("couple_id", flat=True)
    )
    parts: dict[str, Part] = {}
    for model in mutual_models():
        walled = getattr(model, "wall", None)
        if not isinstance(walled, Walled):
            continue
        for value, kind in walled.each():
            if kind not in kinds:
                continue
            of = policy.kind(kind).of
            if of == Of.GROUP:
                continue
            subjects = [person_id] if of == Of.PERSON else couples
            tell = (tellers or {}).get(model.__name__, _told)
            for row in _rows(actor, model, walled, value, subjects):
                entry = tell(actor, row)
                if entry is not None:
                    part = parts.setdefault(kind, Part(kind, str(KIND_WORDS[kind])))
                    part.entries.append(entry)
    for kind in parts:
        audit.note(action, kind, person_id, None, reason)
    return sorted(parts.values(), key=lambda part: part.title)


def _rows(
    actor: Actor, model: type[models.Model], walled: Walled, value: str, subjects: list[UUID]
) -> Iterable[models.Model]:
    rows = model.objects.visible_to(actor).filter(  # type: ignore[attr-defined]
        **{f"{walled.subject}__in": subjects}
    )
    if walled.column:
        rows = rows.filter(**{walled.column: value})
    found: Iterable[models.Model] = rows.order_by("pk")
    return found


def _told(actor: Actor, row: models.Model) -> Entry | None:
    """A row by its own columns, as their forms name them."""
    pairs: list[tuple[str, str]] = []
    for column in row._meta.concrete_fields:
        if column.name in _SILENT or column.is_relation or isinstance(column, models.UUIDField):
            continue
        value = getattr(row, column.name)
        if isinstance(column, models.BinaryField):
            value = _opened(value, row) if column.name == "sealed" else None
        elif column.choices:
            value = dict(column.flatchoices).get(value, value)
        words = say(value)
        if words:
            pairs.append((str(column.verbose_name).capitalize(), words))
    if not pairs:
        return None
    return Entry(str(row._meta.verbose_name).capitalize(), pairs)


def _opened(value: Any, row: models.Model) -> str:
    if value is None:
        return ""
    try:
        return open_sealed(value, str(row.pk))
    except SealBroken:
        return _("Kept sealed. Ask the privacy officer for it.")


def say(value: Any) -> str:
    """A column's value in words; empty for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        here = value.astimezone(ZoneInfo(settings.PROGRAMME_ZONE))
        return f"{date_format(here.date())} {here:%H:%M}"
    if isinstance(value, date):
        return date_format(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {say(v)}" for key, v in value.items() if say(v))
    if isinstance(value, list | tuple):
        return "; ".join(say(v) for v in value if say(v))
    if hasattr(value, "lower") and hasattr(value, "upper") and not isinstance(value, str):
        return " - ".join(say(end) for end in (value.lower, value.upper) if end is not None)
    return str(value)


def as_json(parts: list[Part], notice: str) -> dict[str, Any]:
    """The package as data for another system of the person's."""
    return {
        "notice": notice,
        "parts": [
            {
                "kind": part.kind,
                "title": part.title,
                "entries": [{"title": e.title, **dict(e.pairs)} for e in part.entries],
            }
            for part in parts
        ],
    }


PAPER = """
= #data.title
#facts(data.facts)
#for part in data.at("lead", default: ()) [ #par(part) ]
#for part in data.parts [
  == #part.title
  #for entry in part.entries [
    #block(above: 1em, below: 0.4em)[#strong(entry.title)]
    #facts(entry.pairs)
  ]
]
#if data.at("foot", default: "") != "" [
  #line(length: 100%, stroke: 0.5pt)
  #text(size: 8.5pt)[#data.foot]
]
"""


def as_paper(
    title: str, facts: list[list[str]], parts: list[Part], *, lang: str, foot: str,
    lead: Iterable[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """The package as the data of ``PAPER``."""
    return {
        "lang": lang,
        "title": title,
        "facts": facts,
        "lead": list(lead),
        "parts": [
            {
                "title": part.title,
                "entries": [
                    {"title": e.title, "pairs": [[a, b] for a, b in e.pairs]} for e in part.entries
                ],
            }
            for part in parts
        ],
        "foot": foot,
    }
