"""Whose a public id is: for the watch alone, which asks about refused tries (P-87).

The function is made from the rooms' declarations. It answers a service and the privacy officer;
the ids are random, so that nobody walks through them.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from mutual.wall.policy import Walled


def statement() -> str:
    """The SQL of ``wall.subject_of(wanted uuid)``."""
    parts = []
    for model in apps.get_models(include_auto_created=True):
        walled: Any = getattr(model, "wall", None)
        if not isinstance(walled, Walled) or not model._meta.managed:
            continue
        try:
            model._meta.get_field("public_id")
        except FieldDoesNotExist:
            continue
        table = model._meta.db_table
        parts.append(
            f'select t."{walled.subject}" as subject from public."{table}" t'  # noqa: S608  # nosec B608
            " where t.public_id = wanted"
        )
    body = " union all ".join(sorted(parts))
    return (
        "create or replace function wall.subject_of(wanted uuid) returns uuid"  # noqa: S608  # nosec B608
        " language plpgsql stable security definer set search_path = pg_catalog, wall as $$"
        " begin if not wall.everyone('audit_trail') then return null; end if;"
        f" return (select s.subject from ({body}) s limit 1); end $$"
    )
