"""Queries of pages that are opened all day: their SQL is made once, then asked with new values.

Making SQL of a queryset with several walled sub-queries takes longer than running it. What is
kept is text alone, of a query built under a stand-in actor with the same roles; no answer is
kept, and both walls are in the text and in the database as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import randrange
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from psycopg.types.range import TimestamptzRange

from mutual.wall.context import Actor, current, posing

M = TypeVar("M", bound=models.Model)
_ACTOR = "actor"
_MOST = 200


@dataclass(frozen=True)
class _Made:
    sql: str
    values: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]
    names: tuple[str, ...]
    compiler: Any

    def filled(self, given: dict[str, Any]) -> list[Any]:
        values = list(self.values)
        for place, name in self.places:
            values[place] = given[name]
        return values


class Kept(Generic[M]):
    """A query of which only some values change from call to call.

    Args:
        build: makes the queryset for an actor and the named values; what it decides by may only
            be the actor's kind and roles and the words passed as ``by``.
    """

    def __init__(self, build: Callable[..., models.QuerySet[M, Any]]) -> None:
        self._build = build
        self._made: dict[Hashable, _Made | None] = {}

    def rows(
        self, actor: Actor, by: tuple[Hashable, ...] = (), **given: UUID | TimestamptzRange
    ) -> list[dict[str, Any]]:
        """The rows of a query that ends in ``values(…)``; one query.

        Raises:
            PermissionError: if ``actor`` isn't the one who acts in this transaction.
        """
        made = self._of(actor, by, given)
        if made is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(made.sql, made.filled(given | {_ACTOR: actor.id}))
            found = cursor.fetchall()
        names = made.names
        return [
            dict(zip(names, row, strict=True))
            for row in made.compiler.results_iter(results=[found])
        ]

    def objects(
        self, actor: Actor, by: tuple[Hashable, ...] = (), **given: UUID | TimestamptzRange
    ) -> Iterable[M]:
        """The same for a query of whole objects; what was annotated are attributes."""
        made = self._of(actor, by, given)
        if made is None:
            return []
        model: Any = made.compiler.query.model
        found: Iterable[M] = model._base_manager.raw(
            made.sql, made.filled(given | {_ACTOR: actor.id})
        )
        return found

    def _of(self, actor: Actor, by: tuple[Hashable, ...], given: dict[str, Any]) -> _Made | None:
        if actor.id != current().id:
            raise PermissionError("asked for another actor than the one who acts")
        key = (actor.kind, actor.roles, by)
        if key not in self._made:
            if len(self._made) >= _MOST:
                self._made.clear()
            self._made[key] = self._make(actor, by, given)
        return self._made[key]

    def _make(self, actor: Actor, by: tuple[Hashable, ...], given: dict[str, Any]) -> _Made | None:
        marks = {name: _mark(value) for name, value in given.items()}
        with posing(Actor(uuid4(), actor.kind, actor.roles)) as stand_in:
            query = self._build(stand_in, *by, **marks).query
            compiler = query.get_compiler(connection=connection)
            try:
                sql, values = compiler.as_sql()
            except EmptyResultSet:  # roles that nothing of this opens to, whoever has them
                return None
        named = [(mark, name) for name, mark in (marks | {_ACTOR: stand_in.id}).items()]
        places = tuple(
            (place, name)
            for place, value in enumerate(values)
            for mark, name in named
            if type(value) is type(mark) and value == mark
        )
        if missing := set(marks) - {name for _, name in places}:
            raise ValueError(f"the query doesn't ask for {missing}")
        return _Made(sql, tuple(values), places, tuple(query.selected or ()), compiler)


def _mark(value: Any) -> Any:
    """Something of the same type that no query has by itself."""
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, TimestamptzRange):
        begin = datetime(1000, 1, 1, tzinfo=UTC) + timedelta(microseconds=randrange(10**15))
        return TimestamptzRange(begin, begin + timedelta(seconds=1))
    raise TypeError(f"no stand-in for {value!r}")
