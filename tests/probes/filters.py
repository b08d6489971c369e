"""The first wall by itself: what each manager's ``visible_to`` asks for, run without the second.

The SQL of a filter is made under a stand-in and run in the scene as a role that row policies don't
hold, so that the filter alone answers; and once more without the filter as the application's role,
so that the policies alone do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import models
from psycopg import sql

from mutual.wall.context import Actor, posing
from tests.probes import oracle, raw
from tests.probes.mutants import seen_by_app
from tests.probes.odd import meant
from tests.probes.scene import Scene, Viewer


def _actor(viewer: Viewer | None) -> Actor:
    if viewer is None:
        return Actor(None, "nobody")
    return Actor(viewer.id, viewer.kind, frozenset({viewer.role} if viewer.role else ()))


def asked(model: type[models.Model], viewer: Viewer | None) -> tuple[str, tuple[Any, ...]] | None:
    """The SQL of ``visible_to`` for a viewer; ``None``: it asks nothing, as nothing can be seen."""
    manager: Any = model._default_manager
    with posing(_actor(viewer)) as actor:
        query = manager.visible_to(actor).order_by().values_list("pk").query
        try:
            made: tuple[str, tuple[Any, ...]] = query.sql_with_params()
        except EmptyResultSet:
            return None
        return made


def _ids(
    scene: Scene, viewer: Viewer | None, found: tuple[str, tuple[Any, ...]] | None
) -> set[str]:
    if found is None:
        return set()
    with scene.app.transaction():
        scene.become(viewer)
        return {str(pk) for (pk,) in scene.app.execute(*found)}


def surprises(
    scene: Scene, places: list[int], viewers: Iterable[Viewer | None]
) -> tuple[list[raw.Surprise], int, bool, bool]:
    """What the filter of one table lets through and shouldn't, or the reverse.

    Returns surprises, cases, whether anybody would see more without the filter (and without row
    policies), and whether the row policies alone show everybody what the filter does.
    """
    shelves = [scene.shelves[place] for place in places]
    whole = (sql.SQL("select {} from {}").format(sql.Identifier(shelves[0].pk),
             sql.Identifier(shelves[0].table)).as_string(None), ())  # fmt: skip
    open_to_all = type(scene)(**{**vars(scene), "app": scene.owner})
    found: list[raw.Surprise] = []
    cases = 0
    seen_without = False
    held = True
    for viewer in viewers:
        who = viewer.name if viewer else "signed out"
        filtered = _ids(open_to_all, viewer, asked(shelves[0].model, viewer))
        bare = _ids(open_to_all, viewer, whole)
        with scene.owner.transaction(force_rollback=True):
            walled = _ids(seen_by_app(scene), viewer, whole)
        for place, shelf in zip(places, shelves, strict=True):
            for whose in ("subject", "other"):
                cases += 1
                pk = str(scene.rows[place, whose])
                allowed = raw.rights(viewer, shelf, whose, oracle.NONE)
                line = raw.opens(shelf, allowed)
                policy = meant(shelf.table, "read", viewer, allowed, line, whose)
                # A filter is as wide as the line; what a room narrows further only policies know.
                wanted = line or policy
                if (pk in filtered) != wanted:
                    found.append(("filter", who, "list", shelf.name, whose, pk in filtered))
                seen_without |= pk in bare and not wanted
                held &= (pk in walled) == policy
    return found, cases, seen_without, held
