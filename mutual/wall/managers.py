"""The first wall: querysets that answer for an actor (the second is in the database)."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.db.models.expressions import RawSQL

from mutual.base.refusal import NotThere
from mutual.wall.context import Actor, current
from mutual.wall.policy import PROGRAMME_WIDE, Walled

M = TypeVar("M", bound=models.Model)


def subjects(category: str) -> RawSQL:
    """The subjects the current actor has a grant of this category on, as one array."""
    return RawSQL("((select wall.subjects(%s))::uuid[])", (category,))


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
    wanted = _opened(walled, opened, wide)
    asked = [category for _, category in opened]
    if walled.author and not write:
        mine = models.Q(**{walled.author: actor.id})
        if walled.addressee:
            mine |= models.Q(**{walled.addressee: actor.id})
        own = [(value, f"{kind}.author") for value, kind in walled.each()]
        wanted |= _opened(walled, own, wide) & mine
        asked += [category for _, category in own]
    named = walled.written_by if write else walled.seen_by
    for column in named:
        wanted |= models.Q(**{column: actor.id})
    if not wide and not named and len(asked) > 1:
        # One array that an index answers, before the kinds are told apart row by row.
        wanted &= models.Q(**{f"{walled.subject}__granted_any": asked})
    return wanted


def _opened(walled: Walled, opened: list[tuple[str, str]], wide: bool) -> models.Q:
    if walled.column:
        return models.Q(**{f"{walled.column}__granted_pair": (walled.subject, opened)})
    wanted = models.Q()
    for _, category in opened:
        lookup = "granted" if wide else "granted_one"
        wanted |= models.Q(**{f"{walled.subject}__{lookup}": category})
    return wanted


class GrantedOne(models.Lookup):
    """``subject__granted_one="kind.category"``: the actor's subjects, one array a statement."""

    lookup_name = "granted_one"
    prepare_rhs = False
    sql = "{column} = any((select wall.subjects(%s))::uuid[])"
    times = 1

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The category as it is: it is no value of the column's type."""
        return "%s", (value,)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The same form as the row policies use."""
        column, params = self.process_lhs(compiler, connection)
        return f"({self.sql.format(column=column)})", (*params, *[self.rhs] * self.times)


class Granted(GrantedOne):
    """The same for those who may hold a grant on everybody."""

    lookup_name = "granted"
    sql = (
        "{column} = any((select wall.subjects(%s))::uuid[])"
        " or ({column} = any((select wall.everyone_but(%s))::uuid[])) is false"
    )
    times = 2


class GrantedAny(GrantedOne):
    """Subjects with a grant of any of several categories, in one array."""

    lookup_name = "granted_any"
    sql = "{column} = any((select wall.subjects_any(%s::text[]))::uuid[])"


class GrantedPair(models.Lookup):
    """``kind__granted_pair=(subject, [(value, category)])``: as in the policy of such a table."""

    lookup_name = "granted_pair"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The pairs as they are: they are no value of the column's type."""
        return "%s", (value,)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The same form as the row policies use."""
        column, params = self.process_lhs(compiler, connection)
        subject, opened = self.rhs
        table = column.rsplit(".", 1)[0]
        categories, values = [c for _, c in opened], [v for v, _ in opened]
        asked = "(%s::text[], %s::text[])"
        whose = f"{table}.{connection.ops.quote_name(subject)}"
        return (
            f"((select wall.pair_set{asked}) ? ({column} || {whose}::text)"
            f" or {column} = any((select wall.wide{asked})::text[])"
            f" and ({whose} = any((select wall.conflicts())::uuid[])) is not true)",
            (categories, values, *params, *params, categories, values),
        )


models.CharField.register_lookup(GrantedPair)
for _field in (models.UUIDField, models.ForeignKey, models.OneToOneField):
    for _lookup in (GrantedOne, Granted, GrantedAny):
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
