"""Setting the database up: server, roles, extensions, schema, walls; repeatable."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

import psycopg
from psycopg import sql

from mutual.base import database, embedded
from mutual.base.home import home

_NAME = re.compile(r"^[a-z][a-z0-9_]{0,62}$")


def own_server() -> bool:
    """Whether an own PostgreSQL server is named by the environment."""
    return bool(os.environ.get("DATABASE_URL"))


def ensure_server() -> None:
    """Start the embedded server unless an own one is named."""
    if not own_server():
        embedded.start(home())


def connect(role: str, name: str, **more: Any) -> psycopg.Connection[Any]:
    """A psycopg connection in autocommit mode."""
    try:
        return psycopg.connect(**database.dsn(role, name), autocommit=True, **more)
    except psycopg.OperationalError as error:
        raise embedded.DatabaseUnavailable(
            f"The database can't be reached as {role}: {str(error).splitlines()[-1]}"
        ) from error


def ensure_roles() -> None:
    """The owner that migrates and the role that serves; passwords from 0600 files."""
    with connect(database.SUPER, "postgres") as link:
        for role, rights in ((database.OWNER, "createdb"), (database.APP, "")):
            password = database.dsn(role)["password"]
            exists = link.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
            link.execute(
                sql.SQL(
                    "{} role {} login nosuperuser nobypassrls nocreaterole noinherit {} password {}"
                ).format(
                    sql.SQL("alter" if exists else "create"),
                    sql.Identifier(role),
                    sql.SQL(rights),
                    sql.Literal(password),
                )
            )


def ensure_database(name: str) -> bool:
    """Make the database if it isn't there; returns whether it was made."""
    if not _NAME.match(name):
        raise ValueError(f"{name!r} is no database name")
    with connect(database.SUPER, "postgres") as link:
        if link.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            return False
        link.execute(
            sql.SQL("create database {} owner {}").format(
                sql.Identifier(name), sql.Identifier(database.OWNER)
            )
        )
        link.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
        link.execute(
            sql.SQL("grant connect on database {} to {}").format(
                sql.Identifier(name), sql.Identifier(database.APP)
            )
        )
    return True


def drop_database(name: str) -> None:
    """Drop a database and whatever is connected to it (tests, `--fresh`)."""
    from mutual.wall import heads, journal

    with connect(database.SUPER, "postgres") as link:
        link.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )
    heads.set_aside(name)
    journal.set_aside(name)


def clone_database(template: str, name: str) -> None:
    """A copy of a template database, owned alike."""
    drop_database(name)
    with connect(database.SUPER, "postgres") as link:
        link.execute(
            sql.SQL("create database {} template {} owner {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(database.OWNER)
            )
        )
        link.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
        link.execute(
            sql.SQL("grant connect on database {} to {}").format(
                sql.Identifier(name), sql.Identifier(database.APP)
            )
        )


def migrate(name: str) -> None:
    """Bring the schema and the walls up to date, as the owner, in a process of its own."""
    environment = os.environ | {"MUTUAL_ROLE": database.OWNER, "MUTUAL_DATABASE": name}
    done = subprocess.run(
        [sys.executable, "-m", "mutual.entry.database", name],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip()
        if os.environ.get("MUTUAL_TRACEBACK") != "1":
            # The last words alone: what stands before is where, for us.
            said = said.splitlines()[-1].split("DatabaseUnavailable: ")[-1] if said else "?"
        raise embedded.DatabaseUnavailable(f"Migrating failed: {said}")


def migrate_here(name: str) -> None:
    """What :func:`migrate` runs in its own process."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutual.base.settings")
    django.setup()
    from mutual.entry import schema
    from mutual.wall import compile as walls

    with connect(database.OWNER, name) as link:
        link.execute("create extension if not exists btree_gist")
        link.execute(walls.schema_sql())
        link.execute(f"grant usage on schema public to {database.APP}")
    schema.migrate()
    walls.apply()


def setup(name: str = "mutual") -> bool:
    """Server, roles, database and schema; returns whether the database is new."""
    ensure_server()
    if own_server():
        migrate(name)
        return False
    ensure_roles()
    fresh = ensure_database(name)
    migrate(name)
    return fresh


#: Why a role would walk past the wall between the partners: words, and the question that finds it.
#: ``r`` is the role itself; it must not *become* such a role either (SET ROLE).
_BECOMES = "exists (select from pg_roles o where {} and pg_has_role(r.oid, o.oid, 'member'))"
_OWNERS = (
    "o.oid in (select relowner from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " where n.nspname in ('public', 'wall') union select datdba from pg_database"
    " where datname = current_database())"
)
ROLE_RULES = (
    ("is a superuser or may become one", _BECOMES.format("o.rolsuper")),
    ("has BYPASSRLS or may become a role that has", _BECOMES.format("o.rolbypassrls")),
    ("owns tables or the database, or is a member of the owner", _BECOMES.format(_OWNERS)),
    (
        "may make roles, databases or copies of the server",
        "r.rolcreaterole or r.rolcreatedb or r.rolreplication",
    ),
    (
        "may create in a schema",
        "exists (select from pg_namespace n where n.nspname !~ '^pg_'"
        " and has_schema_privilege(r.oid, n.oid, 'create'))",
    ),
    (
        "may create schemas or temporary tables in the database",
        "has_database_privilege(r.oid, current_database(), 'create')"
        " or has_database_privilege(r.oid, current_database(), 'temporary')",
    ),
)


def role_problem() -> str:
    """Why the role that would serve must not, or ``""`` (P-3)."""
    asked = ", ".join(f"({question})" for _, question in ROLE_RULES)
    with connect(os.environ.get("MUTUAL_ROLE", database.APP), database.settings()["NAME"]) as link:
        row = link.execute(
            # Questions written above, nobody's input.
            f"select r.rolname, {asked} from pg_roles r"  # noqa: S608  # nosec B608
            " where r.rolname = current_user"
        ).fetchone()
    assert row is not None
    name, *answers = row
    found = [why for (why, _), yes in zip(ROLE_RULES, answers, strict=True) if yes]
    if found:
        return (
            f"The database role {name} must not serve: it {'; it '.join(found)}. It would walk"
            " past the wall between the partners. Set DATABASE_URL to a role that only has"
            " CONNECT, and DATABASE_OWNER_URL to the one that migrates."
        )
    return ""


if __name__ == "__main__":
    migrate_here(sys.argv[1])
