"""The tables of the rooms: by the migrations, or in one go when there are none yet.

Migrating renders every model again for each step of every migration, half a minute of work for a
database that is empty. Such a one gets the tables of the rooms, and of the apps that hang on
them, from the models as they are, then the parts of the schema that only migrations know
(:class:`~mutual.base.migrations.SchemaSQL`), and the migrations are noted as done. A probe
compares what both ways make (``tests/entry/test_schema.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from mutual.base.migrations import SchemaSQL


def rooms() -> frozenset[str]:
    """Labels of the apps that are ours."""
    return frozenset(
        config.label for config in apps.get_app_configs() if config.name.startswith("mutual.")
    )


def migrate(*, in_one_go: bool = True) -> None:
    """Bring the tables up to date, as the owner; an empty database ``in_one_go``."""
    if in_one_go and "django_migrations" not in connection.introspection.table_names():
        executor = MigrationExecutor(connection)
        graph = executor.loader.graph
        hang = {leaf[0] for leaf in graph.leaf_nodes() if _builds_on_ours(executor, leaf)}
        executor.migrate([leaf for leaf in graph.leaf_nodes() if leaf[0] not in hang])
        with _from_models(hang):
            _call(run_syncdb=True)
        plan = executor.migration_plan(graph.leaf_nodes(), clean_start=True)
        rest = [migration for migration, _ in plan if migration.app_label in hang]
        _add_what_no_model_says(rest)
        for migration in rest:
            executor.recorder.record_applied(migration.app_label, migration.name)
    else:
        _call()


def _call(**options: object) -> None:
    call_command("migrate", verbosity=0, interactive=False, **options)


def _builds_on_ours(executor: MigrationExecutor, leaf: tuple[str, str]) -> bool:
    ours = rooms()
    return any(label in ours for label, _ in executor.loader.graph.forwards_plan(leaf))


@contextmanager
def _from_models(labels: set[str]) -> Iterator[None]:
    """As if these apps had no migrations."""
    before = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {**before, **dict.fromkeys(labels)}
    try:
        yield
    finally:
        settings.MIGRATION_MODULES = before


def _add_what_no_model_says(plan: list[Migration]) -> None:
    with connection.schema_editor() as editor:
        for migration in plan:
            for operation in migration.operations:
                if isinstance(operation, SchemaSQL):
                    state = ProjectState()  # SQL alone looks at none
                    operation.database_forwards(migration.app_label, editor, state, state)
