"""The first wall: querysets that answer for an actor (the second is in the database)."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.db.models.expressions import RawSQL

from mutual.base.refusal import NotThere
from mutual.wall.context import Actor, current
from mutual.wall.policy import Walled

M = TypeVar("M", bound=models.Model)


def subjects(category: str) -> RawSQL:
    """The subjects the current actor has a grant of this category on, as one array."""
    return RawSQL("((select wall.subjects(%s))::uuid[])", (category,))


def granted(walled: Walled, *, write: bool = False) -> models.Q:
    """The rows an actor has a grant on, as a filter on the model with this declaration."""
    wanted = models.Q()
    subject = walled.subject
    for value, kind in walled.each():
        categories = (f"{kind}.write",) if write else walled.categories(kind)
        part = models.Q()
        for category in categories:
            part |= models.Q(**{f"{subject}__granted": category})
        if value:
            part &= models.Q(**{walled.column: value})
        if walled.author and not write:
            mine = models.Q(**{walled.author: current().id})
            if walled.addressee:
                mine |= models.Q(**{walled.addressee: current().id})
            part |= models.Q(**{f"{subject}__granted": f"{kind}.author"}) & mine
        wanted |= part
    for column in walled.written_by if write else walled.seen_by:
        wanted |= models.Q(**{column: current().id})
    return wanted


class Granted(models.Lookup):  # type: ignore[type-arg]
    """``subject__granted="kind.category"``: the current actor's grants, one array a statement."""

    lookup_name = "granted"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, list[Any]]:
        """The category as it is: it is no value of the column's type."""
        return "%s", [value]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """The same form as the row policies use."""
        column, params = self.process_lhs(compiler, connection)
        return (
            f"({column} = any((select wall.subjects(%s))::uuid[]) or (select wall.everyone(%s)))",
            [*params, self.rhs, self.rhs],
        )


models.UUIDField.register_lookup(Granted)
models.ForeignKey.register_lookup(Granted)
models.OneToOneField.register_lookup(Granted)


class WalledQuerySet(models.QuerySet[M]):
    """A queryset that knows whom it answers."""

    def visible_to(self, actor: Actor) -> WalledQuerySet[M]:
        """The rows ``actor`` may read; nobody reads nothing.

        Raises:
            PermissionError: if ``actor`` isn't the one who acts in this transaction.
        """
        self._same(actor)
        return self.filter(granted(self.model.wall)) if actor.id else self.none()

    def writable_by(self, actor: Actor) -> WalledQuerySet[M]:
        """The rows ``actor`` may change."""
        self._same(actor)
        return self.filter(granted(self.model.wall, write=True)) if actor.id else self.none()

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
