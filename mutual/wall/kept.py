"""Queries of pages that are opened all day: their SQL is made once, then asked with new values.

Making SQL of a queryset with several walled sub-queries takes longer than running it. What is
kept is text alone, of a query built under a stand-in actor with the same roles; no answer is
kept, and both walls are in the text and in the database as ever. Each connection prepares the
text once: row policies of several tables take longer to plan than to run. Who acts is asked at
each run, so that a plan made under one actor answers the next one by their own grants.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from random import randrange
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from psycopg.types.range import TimestamptzRange

from mutual.wall.context import Actor, current, posing

M = TypeVar("M", bound=models.Model)
_ACTOR = "actor"
_MOST = 200


_PLACE = re.compile("%[s%]")
_TYPES = {UUID: "uuid", TimestamptzRange: "tstzrange"}
_NUMBER = count(1)
#: What each connection has prepared.
_KNOWN: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


@dataclass(frozen=True)
class _Made:
    """The text of a query.

    Attributes:
        text: ``prepare …`` with places for ``fixed``, the values that never change.
        asked: which given value stands for ``$1``, ``$2`` …
    """

    name: str
    text: str
    fixed: tuple[Any, ...]
    asked: tuple[str, ...]
    names: tuple[str, ...]
    compiler: Any

    def run(self, given: dict[str, Any]) -> tuple[str, list[Any]]:
        """SQL and values of one run; prepared now if this connection doesn't know it."""
        connection.ensure_connection()
        link: Any = connection.connection
        known = _KNOWN.setdefault(link, set())
        if self.name not in known:
            with link.cursor() as cursor:  # nobody's: it reads no row
                cursor.execute(self.text, self.fixed)
            known.add(self.name)
        values = [given[name] for name in self.asked]
        places = ", ".join(["%s"] * len(values))
        return f"execute {self.name}" + (f" ({places})" if values else ""), values


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
            cursor.execute(*made.run(given | {_ACTOR: actor.id}))
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
        found: Iterable[M] = model._base_manager.raw(*made.run(given | {_ACTOR: actor.id}))
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
        wanted = marks | {_ACTOR: stand_in.id}
        places = {
            place: name
            for place, value in enumerate(values)
            for name, mark in wanted.items()
            if type(value) is type(mark) and value == mark
        }
        asked = tuple(sorted(set(places.values())))
        if missing := set(marks) - set(asked):
            raise ValueError(f"the query doesn't ask for {missing}")
        types = [_TYPES[type(wanted[name])] for name in asked]
        place = count()

        def at(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return "%%"
            name = places.get(next(place))
            return "%s" if name is None else f"${asked.index(name) + 1}"

        text = _PLACE.sub(at, sql)
        name = f"kept_{next(_NUMBER)}"
        head = f"prepare {name}" + (f" ({', '.join(types)})" if types else "")
        fixed = tuple(value for n, value in enumerate(values) if n not in places)
        return _Made(name, f"{head} as {text}", fixed, asked, tuple(query.selected or ()), compiler)


def _mark(value: Any) -> Any:
    """Something of the same type that no query has by itself."""
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, TimestamptzRange):
        begin = datetime(1000, 1, 1, tzinfo=UTC) + timedelta(microseconds=randrange(10**15))
        return TimestamptzRange(begin, begin + timedelta(seconds=1))
    raise TypeError(f"no stand-in for {value!r}")
