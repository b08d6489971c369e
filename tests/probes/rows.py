"""One row of every kind, made from what the table of the database wants: nobody forgets a kind.

A new model gets its rows here without a word; only what its CHECK constraints ask for stands in
``GIVEN``.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import models
from psycopg import sql
from psycopg.types.json import Jsonb
from psycopg.types.range import DateRange, TimestamptzRange

from mutual.wall.compile import declaration, mutual_models
from mutual.wall.policy import Walled

#: What a CHECK constraint or a narrower policy of a table wants, by table and column.
GIVEN: dict[str, dict[str, Any]] = {
    "daily_agreement": {"outcome": ""},
    "record_note": {"status": "signed"},
    "record_notebody": {"signed": True, "patterns": Jsonb([])},
    "record_dischargefacts": {"signed_at": datetime(2026, 1, 1, tzinfo=UTC)},
}
#: A narrower policy asks the parent: (child, column) -> the parent's table.
PARENTS = {("record_dischargesummary", "facts_id"): "record_dischargefacts"}
_turn = itertools.count(1)


@dataclass(frozen=True)
class Shelf:
    """A table, or the part of one, that holds rows of one kind at one level."""

    table: str
    pk: str
    kind: str
    level: str
    subject: str
    column: str
    value: str
    wall: Walled
    model: type[models.Model]

    @property
    def name(self) -> str:
        """For a report."""
        return f"{self.table}[{self.value}]" if self.value else self.table


def shelves() -> list[Shelf]:
    """Every walled table, once for each kind it holds."""
    found = []
    for model in mutual_models():
        wall = declaration(model)
        if isinstance(wall, Walled):
            pk = model._meta.pk
            assert pk is not None
            for value, kind in wall.each():
                found.append(
                    Shelf(
                        model._meta.db_table, pk.column, kind, wall.level, wall.subject,
                        wall.column, value, wall, model,
                    )
                )  # fmt: skip
    return found


def named_columns(wall: Walled) -> Iterator[str]:
    """Columns with somebody who may see or change the row besides (not its subject)."""
    named = {*wall.seen_by, *wall.written_by, wall.author, wall.addressee} - {"", wall.subject}
    yield from sorted(named)


def filler(column: models.Field[Any, Any], phrase: str) -> Any:
    """Something a column takes."""
    if column.choices:
        return next(iter(column.choices))[0]  # type: ignore[call-overload]
    turn = next(_turn)
    moment = datetime(1900, 1, 1, tzinfo=UTC) + timedelta(days=2 * turn % 40_000)
    inner = column.target_field if isinstance(column, models.ForeignKey) else column
    match type(inner).__name__:
        case "UUIDField":
            return uuid4()
        case "CharField" | "SlugField":
            length = inner.max_length or 200
            plain = length >= 20 and not inner.unique
            return phrase[:length] if plain else secrets.token_hex(20)[:length]
        case "TextField":
            return phrase
        case "EmailField":
            return f"{secrets.token_hex(6)}@probe.example"
        case "DateField":
            return date(1950, 1, 1) + timedelta(days=turn)
        case "DateTimeField":
            return moment
        case "DateTimeRangeField":
            return TimestamptzRange(moment, moment + timedelta(minutes=1))
        case "DateRangeField":
            return DateRange(moment.date(), moment.date() + timedelta(days=1))
        case "BooleanField":
            return False
        case "JSONField":
            return Jsonb({})
        case "ArrayField":
            return []
        case "BinaryField":
            return secrets.token_bytes(16)
        case "TimeField":
            return moment.time()
        case _:
            return 1


def row_of(
    shelf: Shelf, subject: UUID, nobody: UUID, phrase: str = "probe", **more: Any
) -> dict[str, Any]:
    """The columns of a row for a subject; whoever could be named in it is ``nobody``."""
    found: dict[str, Any] = {}
    for column in shelf.model._meta.concrete_fields:
        name = column.column
        if name == shelf.column:
            found[name] = shelf.value
        elif column.null and name not in (shelf.wall.author, shelf.wall.addressee):
            found[name] = None
        else:
            found[name] = filler(column, phrase)
    found |= GIVEN.get(shelf.table, {})
    for name in named_columns(shelf.wall):
        found[name] = nobody
    found[shelf.subject] = subject
    return found | more


def insert(shelf: Shelf, row: dict[str, Any]) -> tuple[sql.Composed, list[Any]]:
    """The statement that writes a row, with its values."""
    statement = sql.SQL("insert into public.{} ({}) values ({})").format(
        sql.Identifier(shelf.table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join([sql.Placeholder()] * len(row)),
    )
    return statement, list(row.values())


def put(link: psycopg.Connection[Any], shelf: Shelf, row: dict[str, Any]) -> Any:
    """Write a row as one who passes all walls; where there may be one only, the one there is.

    Raises:
        AssertionError: naming the table, if no row can be made for it.
    """
    try:
        with link.transaction():
            link.execute(*insert(shelf, row))
        return row[shelf.pk]
    except psycopg.errors.UniqueViolation:
        found = link.execute(
            sql.SQL("select {} from public.{} where {} = %s").format(
                sql.Identifier(shelf.pk), sql.Identifier(shelf.table), sql.Identifier(shelf.subject)
            ),
            [row[shelf.subject]],
        ).fetchone()
        assert found is not None, f"{shelf.name}: add to GIVEN in tests/probes/rows.py"
        return found[0]
    except psycopg.Error as error:
        raise AssertionError(
            f"{shelf.name}: no row could be made ({error.diag.message_primary}); say what its"
            " constraints want in GIVEN of tests/probes/rows.py"
        ) from error
