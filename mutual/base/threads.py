"""Work with the database from a coroutine, without losing the types."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar, cast

from channels.db import database_sync_to_async

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(work: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """``work`` as a coroutine: it runs in a thread that has a database connection."""
    return cast("Callable[P, Coroutine[Any, Any, T]]", database_sync_to_async(work))
