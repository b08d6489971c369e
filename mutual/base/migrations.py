"""What a migration may do beside what Django writes by itself."""

from __future__ import annotations

from django.db.migrations import RunPython, RunSQL


class SchemaSQL(RunSQL):
    """A part of the schema that no model says (a generated column, say).

    A new database gets its tables from the models in one go, and of the migrations only these.
    """


class RowsSQL(RunSQL):
    """Changes rows that were there before; an empty database has none."""


class RowsPython(RunPython):
    """Code that changes rows: an empty database has none, and leaves it out."""
