"""Which token the database has in this transaction, and how a statement brings the right one.

Entering and leaving a block of an actor costs nothing: the token travels in front of the next
statement, in the same message, if it isn't the one the database already has. What the database
has is believed only as long as nothing could have undone it: a rollback to a savepoint, an error
or a new transaction makes it unknown, and unknown is always sent again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import ClientCursor
from psycopg.pq import TransactionStatus

T = TypeVar("T")
#: All tokens we make; anything else in a cookie is nobody's and is not put into a statement.
_TOKEN = re.compile(r"[A-Za-z0-9_-]*")
#: Statements that must go out as they are, and those of them that undo what was set.
_CONTROL = re.compile(r"\s*(savepoint|release|rollback|abort|commit|begin|start|end)\b", re.I)
_UNDOES = re.compile(r"\s*(rollback|abort)\b", re.I)


@dataclass(eq=False)
class Frame(Generic[T]):
    """One block of an actor.

    Attributes:
        token: what proves the actor to the database.
        who: the actor.
        root: the outermost ``atomic`` it was opened in; in another one it means nothing.
        begun: whether that transaction has reached the database.
    """

    token: str
    who: T
    root: object
    begun: bool = False


class Carrier(Generic[T]):
    """Stands in front of every statement of one connection (Django's ``execute_wrappers``)."""

    def __init__(self, link: BaseDatabaseWrapper) -> None:
        self._link = link
        self._frames: list[Frame[T]] = []
        self._has: str | None = ""
        self._plain = False

    @classmethod
    def of(cls, alias: str = "default") -> Carrier[T]:
        """The carrier of this thread's connection."""
        link = connections[alias]
        for wrapper in link.execute_wrappers:
            if isinstance(wrapper, cls):
                return wrapper
        made = cls(link)
        # In front: who adds a wrapper for a while takes the last one away again.
        link.execute_wrappers.insert(0, made)
        return made

    def top(self) -> Frame[T] | None:
        """The block that acts now: the last one opened in this transaction and not yet left."""
        root = self._root()
        return next((f for f in reversed(self._frames) if f.root is root), None)

    @contextmanager
    def stand(self, token: str, who: T) -> Iterator[T]:
        """Act under ``token`` until the block ends; then whoever acted before acts again.

        Blocks may end in any order (a generator left half-way): each takes only itself away.
        """
        safe = token if _TOKEN.fullmatch(token) else ""
        frame = Frame(safe, who, self._root(), begun=self._status() != TransactionStatus.IDLE)
        self._frames.append(frame)
        try:
            yield who
        finally:
            if frame in self._frames:
                self._frames.remove(frame)

    @contextmanager
    def setting(self, token: str) -> Iterator[None]:
        """For the one statement that sets ``token`` itself: it goes out as it is."""
        self._plain = True
        self._has = None
        try:
            yield
            self._has = token if _TOKEN.fullmatch(token) else None
        finally:
            self._plain = False

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Run a statement as the actor of the innermost block."""
        status = self._status()
        if status == TransactionStatus.IDLE:
            self._new_transaction()
        text = sql if isinstance(sql, str) else ""
        as_it_is = (
            self._plain
            or not self._link.in_atomic_block
            or status == TransactionStatus.INERROR
            or _CONTROL.match(text)
        )
        try:
            if as_it_is:
                return execute(sql, params, many, context)
            return self._as_actor(execute, sql, params, many, context)
        except BaseException:
            self._has = None
            raise
        finally:
            if _UNDOES.match(text):
                self._has = None
            for frame in self._frames:
                frame.begun = True

    def _as_actor(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        frame = self.top()
        wanted = frame.token if frame else ""
        if wanted == self._has:
            return execute(sql, params, many, context)
        cursor = context["cursor"]
        if many or not isinstance(sql, str) or not isinstance(cursor.cursor, ClientCursor):
            with self._link.cursor() as own, self.setting(wanted):
                own.execute("select set_config('app.token', %s, true)", [wanted])
            return execute(sql, params, many, context)
        # A line of its own: a message about an error quotes only the line with the error.
        done = execute(f"set local app.token = '{wanted}';\n{sql}", params, many, context)
        cursor.nextset()
        self._has = wanted
        return done

    def _new_transaction(self) -> None:
        """Nothing is set in it yet, and blocks of one that has ended mean nothing."""
        self._has = ""
        self._frames = [f for f in self._frames if not f.begun]

    def _root(self) -> object:
        blocks = self._link.atomic_blocks
        return blocks[0] if blocks else None

    def _status(self) -> TransactionStatus:
        if self._link.connection is None:
            return TransactionStatus.IDLE
        return TransactionStatus(self._link.connection.info.transaction_status)
