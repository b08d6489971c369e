"""An empty database gets the same schema in one go as by the migrations, one by one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.loader import MigrationLoader

from mutual.base.migrations import RowsPython, RowsSQL, SchemaSQL
from mutual.entry import database as d
from mutual.entry.schema import rooms
from tests.probes.report import WHOLE

COLUMNS = """select table_name, column_name, data_type, udt_name, character_maximum_length,
  is_nullable, column_default, generation_expression, is_identity
  from information_schema.columns where table_schema = 'public'"""
#: A column that is unique by itself has its constraint named by Django or by PostgreSQL.
NAME = "regexp_replace({}, '_([0-9a-f]{{8}}_uniq|key)( |$)', '_unique ')"
CONSTRAINTS = f"""select conrelid::regclass::text, {NAME.format("conname")},
  pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace"""
INDEXES = f"""select tablename, {NAME.format("indexdef")} from pg_indexes
  where schemaname = 'public'"""
DONE = "select app, name, '' from django_migrations"
BY_STEPS = (
    "import django; django.setup(); from mutual.entry import schema; schema.migrate(in_one_go={})"
)


def test_sql_of_a_migration_says_whether_it_is_schema_or_rows() -> None:
    """A new database runs the former; of code that changes rows it has none to change."""
    found = [
        operation
        for migration in MigrationLoader(None).disk_migrations.values()
        if migration.app_label in rooms()
        for operation in migration.operations
        if isinstance(operation, RunSQL | RunPython)
    ]
    assert any(isinstance(operation, SchemaSQL) for operation in found)
    assert [o for o in found if not isinstance(o, SchemaSQL | RowsSQL | RowsPython)] == []


@pytest.mark.skipif(not WHOLE, reason="half a minute of migrating: make probe")
@pytest.mark.parametrize("what", [COLUMNS, CONSTRAINTS, INDEXES, DONE])
def test_both_ways_make_the_same_schema(two_ways: tuple[str, str], what: str) -> None:
    one, other = (rows(name, what) for name in two_ways)
    assert one
    assert one == other


@pytest.fixture(scope="module")
def two_ways() -> Iterator[tuple[str, str]]:
    names = [f"mutual_ways_{os.getpid()}_{n}" for n in range(2)]
    d.ensure_server()
    d.ensure_roles()
    for name, in_one_go in zip(names, (True, False), strict=True):
        d.ensure_database(name)
        with d.connect("mutual_owner", name) as link:
            link.execute("create extension if not exists btree_gist")
        subprocess.run(
            [sys.executable, "-c", BY_STEPS.format(in_one_go)],
            env=os.environ | {"MUTUAL_ROLE": "mutual_owner", "MUTUAL_DATABASE": name},
            check=True,
        )
    yield names[0], names[1]
    for name in names:
        d.drop_database(name)


def rows(name: str, what: str) -> list[tuple[object, ...]]:
    with d.connect("mutual_owner", name) as link:
        return sorted(link.execute(what).fetchall(), key=str)
