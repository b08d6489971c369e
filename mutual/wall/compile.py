"""From the rooms' declarations to the database: grant rules and row policies.

``mutual migrate`` runs :func:`apply` as the owner after Django's migrations, in one transaction.
It may be repeated; a test compares what the database has with what the code declares.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from mutual.base.database import APP
from mutual.base.home import secret
from mutual.wall import finder, masks, policy
from mutual.wall.context import service_id, service_token, token_hash
from mutual.wall.policy import Outside, Raw, Walled, sql_array

HERE = Path(__file__).parent
#: Run before Django's migrations, in this order.
SCHEMA = (
    "schema.sql",
    "conflicts.sql",
    "audit.sql",
    "audit_pages.sql",
    "sessions.sql",
    "masks.sql",
)
#: The functions the application's role may call: a closed list, probed by a test.
CALLABLE = (
    "wall.begin(text)",
    "wall.actor()",
    "wall.actor_kind()",
    "wall.is_staff()",
    "wall.token_hash()",
    "wall.subjects(text)",
    "wall.subjects_any(text[])",
    "wall.pair_rows(text[], text[])",
    "wall.wide(text[], text[])",
    "wall.masks(text)",
    "wall.everyone(text)",
    "wall.everyone_but(text)",
    "wall.everyone_but(text[])",
    "wall.related()",
    "wall.held(uuid[], text[])",
    "wall.conflicts()",
    "wall.writer_kind(text)",
    "wall.open_session(uuid, text, bytea, timestamptz, bytea)",
    "wall.close_session()",
    "wall.touch_session()",
    "wall.begin_active(text)",
    "wall.own_sessions()",
    "wall.end_sessions(uuid, bytea, bytea, bytea)",
    "wall.append_audit(jsonb)",
    "wall.audit_page(uuid, uuid[], text[], text[], timestamptz, timestamptz, bigint, integer)",
    "wall.audit_sums(timestamptz, timestamptz, text)",
    "wall.audit_mine(text, date, integer)",
    "wall.audit_head()",
    "wall.subject_of(uuid)",
)
#: Tables of other packages, with the written reason why they stand outside (house.md).
THIRD_PARTY: dict[str, str] = {
    "django_migrations": "schema bookkeeping, no person",
    "django_content_type": "names of models, no person",
    "auth_permission": "unused rights of Django, no person",
    "auth_group": "unused groups of Django, no person",
    "auth_group_permissions": "unused groups of Django, no person",
    "django_session": "sign-in state, read by a random key before anybody is known",
    "account_emailaddress": "sign-in addresses, read by sign-in code before anybody is known",
    "account_emailconfirmation": "sign-in, read before anybody is known",
    "mfa_authenticator": "second factors, read by sign-in code before anybody is known",
    "usersessions_usersession": "list of an account's own sessions, kept by sign-in code",
    "procrastinate_jobs": "queue; arguments are one opaque id (house.md)",
    "procrastinate_events": "queue; no arguments",
    "procrastinate_periodic_defers": "queue; names of periodic jobs",
    "procrastinate_workers": "queue; heartbeats",
}


def declaration(model: type[models.Model]) -> Walled | Raw | Outside | None:
    """What a model says about its rows, or ``None``."""
    found = getattr(model, "wall", None)
    return found if isinstance(found, Walled | Raw | Outside) else None


def mutual_models() -> list[type[models.Model]]:
    """All models of the rooms that have a table, through tables included."""
    return [
        m
        for m in apps.get_models(include_auto_created=True)
        if m.__module__.startswith("mutual.") and m._meta.managed
    ]


def masked_tables() -> dict[str, Walled]:
    """The tables that are read by masks, with their declarations."""
    found = {m._meta.db_table: declaration(m) for m in mutual_models()}
    return {t: w for t, w in found.items() if isinstance(w, Walled) and w.masked}


def _has(categories: list[str], column: str) -> str:
    """A grant of any of the categories: two arrays a statement, whatever their number."""
    one = f"'{categories[0]}'" if len(categories) == 1 else sql_array(categories)
    subjects = "subjects" if len(categories) == 1 else "subjects_any"
    # The grant on everybody comes with its exceptions (P-6): null if there is none.
    return (
        f"{column} = any((select wall.{subjects}({one}))::uuid[])"
        f" or ({column} = any((select wall.everyone_but({one}))::uuid[])) is false"
    )


def _columns(names: tuple[str, ...]) -> list[str]:
    return [f"{name} = (select wall.actor())" for name in names]


def _spared(column: str) -> str:
    """Not somebody the actor has a conflict of interest with (P-6); asked last, as it is rare."""
    return f"({column} = any((select wall.conflicts())::uuid[])) is not true"


def _either(parts: list[str]) -> str:
    return " or ".join(f"({p})" for p in parts) or "false"


def _has_any(walled: Walled, opened: list[tuple[str, str]]) -> str:
    """A grant on any of (value of the separating column, category) that some rule opens.

    A table of several kinds looks value and subject up together in one hashed set a statement:
    a condition for each kind would cost more to plan than the query takes.
    """
    opened = [(value, category) for value, category in opened if policy.is_opened(category)]
    if not opened:
        return "false"
    if not walled.column:
        return _has(list(dict.fromkeys(category for _, category in opened)), walled.subject)
    asked = f"{sql_array(c for _, c in opened)}, {sql_array(v for v, _ in opened)}"
    return (
        f"({walled.column}, {walled.subject}) in"  # noqa: S608 (declared names)  # nosec B608
        f" (select value, subject from wall.pair_rows({asked}))"
        f" or {walled.column} = any((select wall.wide({asked}))::text[])"
        f" and {_spared(walled.subject)}"
    )


def expressions(walled: Walled, table: str) -> dict[str, str]:
    """The conditions for select, insert, update and delete of a declaration, in SQL."""
    each = list(walled.each())
    read = [_has_any(walled, [(v, c) for v, kind in each for c in walled.categories(kind)])]
    write = [(v, f"{kind}.write") for v, kind in each]
    change = [_has_any(walled, write)]
    add = [_has_any(walled, write + [(v, f"{kind}.submit") for v, kind in each])]
    if walled.author:
        mine = _has_any(walled, [(v, f"{kind}.author") for v, kind in each])
        names = (walled.author, walled.addressee) if walled.addressee else (walled.author,)
        if mine != "false":
            read.append(f"({_either(_columns(names))}) and ({mine})")
            change.append(f"{walled.author} = (select wall.actor()) and ({mine})")
            add.append(change[-1])
    if walled.extra_insert:
        add.append(walled.extra_insert)
    read += [f"{column} and {_spared(walled.subject)}" for column in _columns(walled.seen_by)]
    # Being named in a row lets one change it, never make one about just anybody.
    named = _columns(walled.written_by)
    if walled.masked:
        read = [masks.visible(table, walled.author, actor="(select wall.actor())")]
    return {
        "select": _either(read),
        "insert": _either(add),
        "update": _either(change + named),
        "delete": _either(change) if walled.deletable else "false",
    }


def statements(model: type[models.Model]) -> list[str]:
    """The SQL that puts a model's table under its declaration."""
    table = f'public."{model._meta.db_table}"'
    found = declaration(model)
    if found is None:
        raise LookupError(
            f"{model.__module__}.{model.__name__} has no line in the access table: give it a"
            " 'wall' of Walled, Raw or Outside with a reason (P-1)"
        )
    sql = [f"revoke all on {table} from {APP}"]
    if isinstance(found, Outside):
        rights = "select, insert, update, delete" if found.write else "select"
        return [*sql, f"grant {rights} on {table} to {APP}"]
    parts = (
        expressions(found, model._meta.db_table)
        if isinstance(found, Walled)
        else {
            "select": found.select,
            "insert": found.insert,
            "update": found.update,
            "delete": found.delete,
        }
    )
    if isinstance(found, Walled) and found.masked:
        sql += masks.statements(model._meta.db_table)
    sql.append(f"alter table {table} enable row level security")
    sql.append(f"alter table {table} force row level security")
    sql.append(f"grant select, insert, update, delete on {table} to {APP}")
    for command, condition in parts.items():
        name = f"mutual_{command}"
        sql.append(f"drop policy if exists {name} on {table}")
        using = f"using ({condition})" if command != "insert" else ""
        check = f"with check ({condition})" if command in ("insert", "update") else ""
        sql.append(f"create policy {name} on {table} for {command} to {APP} {using} {check}")
    sql.append(f"drop policy if exists mutual_owner on {table}")
    # The owner runs grants' triggers and loads; it never serves a request (database roles).
    sql.append(
        f"create policy mutual_owner on {table} for all to mutual_owner"
        " using (true) with check (true)"
    )
    return sql


def schema_sql() -> str:
    """What must exist before Django's migrations."""
    return "".join((HERE / name).read_text("utf-8") for name in SCHEMA)


def apply() -> None:
    """Write grant rules, policies, rights and service sessions; the owner runs it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute((HERE / "triggers.sql").read_text("utf-8"))
        cursor.execute("delete from wall.rule")
        cursor.executemany(
            "insert into wall.rule (relation, subject_of, category, consent, joint)"
            " values (%s, %s, %s, %s, %s)",
            policy.rule_rows(),
        )
        cursor.execute(
            "insert into wall.secret values ('sign_in', %s)"
            " on conflict (name) do update set value = excluded.value",
            [secret("sign_in")],
        )
        _services(cursor)
        for model in mutual_models():
            for statement in statements(model):
                cursor.execute(statement)
        masks.write(cursor, masked_tables())
        _third_party(cursor)
        cursor.execute(finder.statement())
        for module in apps.get_app_configs():
            path = Path(module.path) / "constraints.sql"
            if module.name.startswith("mutual.") and path.exists():
                cursor.execute(path.read_text("utf-8"))
        cursor.execute("revoke all on all functions in schema wall from public")
        # Triggers of the rooms run as the owner; nobody calls them by hand.
        cursor.execute(
            "select p.oid::regprocedure from pg_proc p"
            " join pg_namespace n on n.oid = p.pronamespace "
            " where n.nspname = 'public' and p.prosecdef"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"revoke all on function {name} from public")
        cursor.execute(f"grant usage on schema wall to {APP}")
        for name in CALLABLE:
            cursor.execute(f"grant execute on function {name} to {APP}")
        cursor.execute(f"grant usage on all sequences in schema public to {APP}")
        # What an earlier release had and no policy uses any more.
        for name in ("wall.pairs(text[], text[])", "wall.pair_set(text[], text[])"):
            cursor.execute(f"drop function if exists {name}")
        cursor.execute("select wall.regrant_all()")


def _services(cursor: Any) -> None:
    from datetime import UTC, datetime

    forever = datetime(2200, 1, 1, tzinfo=UTC)
    cursor.execute("delete from wall.session where kind = 'service'")
    cursor.execute("delete from public.wall_relation where relation like 'service:%%'")
    for name in policy.collect()[1]:
        cursor.execute(
            "insert into wall.session (token_hash, actor, kind, expires)"
            " values (%s, %s, 'service', %s)",
            [token_hash(service_token(name)), service_id(name), forever],
        )
        cursor.execute(
            "insert into public.wall_relation"
            " (id, viewer_id, subject_id, subject_of, relation, valid, reason)"
            " values (%s, %s, null, '*', %s, tstzrange('-infinity', 'infinity'), %s)",
            [
                service_id("relation " + name),
                service_id(name),
                f"service:{name}",
                "declared service",
            ],
        )


def _third_party(cursor: Any) -> None:
    cursor.execute(
        "select tablename from pg_tables where schemaname = 'public' and tablename <> all(%s)",
        [[m._meta.db_table for m in mutual_models()]],
    )
    for (table,) in cursor.fetchall():
        cursor.execute(f'revoke all on public."{table}" from {APP}')
        if table in THIRD_PARTY and table != "django_migrations":
            cursor.execute(f'grant select, insert, update, delete on public."{table}" to {APP}')
        elif table == "django_migrations":
            cursor.execute(f'grant select on public."{table}" to {APP}')
