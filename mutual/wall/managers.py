"""The first wall: querysets that answer for an actor (the second is in the database)."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

from mutual.base.refusal import NotThere
from mutual.wall import masks
from mutual.wall.context import Actor, current
from mutual.wall.policy import PROGRAMME_WIDE, Walled, is_opened, sql_array

M = TypeVar("M", bound=models.Model)

#: Who may hold a grant without a subject; for everybody else the filter stays a plain array,
#: which an index answers.
_WIDE = {*PROGRAMME_WIDE, "auditor", "care_coordinator", "privacy_officer", "on_call"}


def granted(walled: Walled, *, write: bool = False) -> models.Q:
    """The rows an actor has a grant on, as a filter on the model with this declaration."""
    actor = current()
    wide = actor.kind == "service" or bool(actor.roles & _WIDE)
    opened = [
        (value, category)
        for value, kind in walled.each()
        for category in ((f"{kind}.write",) if write else walled.categories(kind))
    ]
    by_mask = walled.masked and not write
    wanted = _masked(walled, actor) if by_mask else _opened(walled, opened, wide)
    if walled.author and not write and not by_mask:
        mine = models.Q(**{walled.author: actor.id})
        if walled.addressee:
            mine |= models.Q(**{walled.addressee: actor.id})
        own = _opened(walled, [(v, f"{kind}.author") for v, kind in walled.each()], wide)
        wanted |= mine & own
    named = walled.written_by if write else walled.seen_by
    for column in named:
        wanted |= models.Q(**{column: actor.id})
    if walled.column and not wide and not named:
        # One short array that an index answers, before the kinds are told apart row by row.
        wanted &= models.Q(**{f"{walled.subject}__related": True})
    return wanted


def _masked(walled: Walled, actor: Actor) -> models.Q:
    return models.Q(**{f"{walled.column}__masked": (walled.author, actor.id)})


def _opened(walled: Walled, opened: list[tuple[str, str]], wide: bool) -> models.Q:
    opened = [(value, category) for value, category in opened if is_opened(category)]
    if not opened:
        return models.Q(pk__in=[])
    if walled.column:
        return models.Q(**{f"{walled.column}__granted_pair": (walled.subject, opened, wide)})
    categories = list(dict.fromkeys(category for _, category in opened))
    return models.Q(**{f"{walled.subject}__granted": (categories, wide)})


class _Asking(models.Lookup):
    """A condition whose right side is a question to the wall, no value of the column's type."""

    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The question as it is."""
        return "%s", (value,)


class Granted(_Asking):
    """``subject__granted="kind.category"``: the actor's subjects, one array a statement.

    Or ``(categories, wide)``: any of several; ``wide``: also the grant on everybody, with its
    exceptions. The same form as the row policies.
    """

    lookup_name = "granted"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Arrays in sub-selects of their own, so that each is asked once a statement."""
        column, params = self.process_lhs(compiler, connection)
        categories, wide = ([self.rhs], True) if isinstance(self.rhs, str) else self.rhs
        # Names of our own code, so not sent as values: a page asks hundreds of them.
        name = "subjects" if len(categories) == 1 else "subjects_any"
        asked = sql_array(categories)
        if len(categories) == 1:
            asked = asked.removeprefix("array[").removesuffix("]")
        sql = f"{column} = any((select wall.{name}({asked}))::uuid[])"
        if not wide:
            return f"({sql})", tuple(params)
        but = f"({column} = any((select wall.everyone_but({asked}))::uuid[])) is false"
        return f"({sql} or {but})", (*params, *params)


class Related(_Asking):
    """``subject__related=True``: whom the actor stands in any relation to."""

    lookup_name = "related"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """One array, which an index answers."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = any((select wall.related())::uuid[])", tuple(params)


class GrantedPair(_Asking):
    """``kind__granted_pair=(subject, [(value, category)], wide)``: as in such a table's policy."""

    lookup_name = "granted_pair"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Value and subject looked up together in one hashed set a statement."""
        column, params = self.process_lhs(compiler, connection)
        subject, opened, wide = self.rhs
        table = column.rsplit(".", 1)[0]
        asked = f"{sql_array(c for _, c in opened)}, {sql_array(v for v, _ in opened)}"
        whose = f"{table}.{connection.ops.quote_name(subject)}"
        sql = (
            f"({column}, {whose}) in (select value, subject from"  # noqa: S608 (declared names)  # nosec B608
            f" wall.pair_rows({asked}))"
        )
        if not wide:
            return f"({sql})", tuple(params)
        return (
            f"({sql} or {column} = any((select wall.wide({asked}))::text[])"
            f" and ({whose} = any((select wall.conflicts())::uuid[])) is not true)",
            (*params, *params),
        )


class Masked(_Asking):
    """``kind__masked=(author's column, actor's id)``: as in the policy of a table read by masks."""

    lookup_name = "masked"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """One array a statement, one element of it a row."""
        column, params = self.process_lhs(compiler, connection)
        author, actor = self.rhs
        prefix = column.rsplit(".", 1)[0] + "."
        table = self.lhs.target.model._meta.db_table
        sql = masks.visible(table, author, actor="%s", prefix=prefix)
        return f"({sql})", (*params, actor) if author else tuple(params)


models.CharField.register_lookup(GrantedPair)
models.CharField.register_lookup(Masked)
for _field in (models.UUIDField, models.ForeignKey, models.OneToOneField):
    for _lookup in (Granted, Related):
        _field.register_lookup(_lookup)


def _wall(model: type[models.Model]) -> Walled:
    """A model's declaration; every model that is asked this way has one."""
    wall: Walled = model.wall  # type: ignore[attr-defined]
    return wall


class WalledQuerySet(models.QuerySet[M]):
    """A queryset that knows whom it answers."""

    def visible_to(self, actor: Actor) -> WalledQuerySet[M]:
        """The rows ``actor`` may read; nobody reads nothing.

        Raises:
            PermissionError: if ``actor`` isn't the one who acts in this transaction.
        """
        self._same(actor)
        return self.filter(granted(_wall(self.model))) if actor.id else self.none()

    def writable_by(self, actor: Actor) -> WalledQuerySet[M]:
        """The rows ``actor`` may change."""
        self._same(actor)
        return self.filter(granted(_wall(self.model), write=True)) if actor.id else self.none()

    def sole(self, **where: Any) -> M:
        """The one row.

        Raises:
            NotThere: if there is none: absent and forbidden are the same (P-2).
        """
        found = self.filter(**where).first()
        if found is None:
            raise NotThere
        return found

    @staticmethod
    def _same(actor: Actor) -> None:
        if actor.id != current().id:
            raise PermissionError("asked for another actor than the one who acts")


Walls = models.Manager.from_queryset(WalledQuerySet)
