"""The walls stand in the database as the code declares them, and around every table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from mutual.wall import compile as walls
from mutual.wall import policy
from mutual.wall.policy import Outside
from tests.probes import oracle
from tests.probes.rows import shelves

SPEC = Path(__file__).resolve().parents[3] / "shared" / "design" / "rules" / "privacy.md"


def rows(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@pytest.mark.rule("P-1")
def test_every_model_of_ours_declares_whose_its_rows_are() -> None:
    silent = [m.__name__ for m in walls.mutual_models() if walls.declaration(m) is None]
    assert silent == []


@pytest.mark.rule("P-1")
def test_each_declared_column_and_kind_exists() -> None:
    kinds, _ = policy.collect()
    for model in walls.mutual_models():
        found = walls.declaration(model)
        if not isinstance(found, policy.Walled):
            continue
        columns = {f.column for f in model._meta.concrete_fields}
        named = [found.subject, *found.seen_by, *found.written_by]
        named += [c for c in (found.column, found.author, found.addressee) if c]
        assert set(named) <= columns, model
        for _value, kind in found.each():
            assert kind in kinds, (model, kind)


@pytest.mark.rule("P-1")
def test_the_code_has_the_access_table_cell_by_cell() -> None:
    if not SPEC.exists():
        pytest.skip("the specification is not beside this checkout")
    wanted = {}
    for line in SPEC.read_text("utf-8").splitlines():
        match = re.match(r"^\|\s*([a-z_]+)(\^?)(?: \([^)]*\))?\s*\|([PCG])\|(.*)\|$", line.strip())
        if match:
            cells = match.group(4).split("|")
            wanted[match.group(1)] = (match.group(3), bool(match.group(2)), cells)
    have = {
        k["kind"]: (k["of"], k["sealed"], list(k["cells"].values()))
        for k in policy.access_table()["kinds"]
        if not k.get("added")
    }
    assert len(wanted) == 57
    assert have == wanted


@pytest.mark.rule("P-1")
def test_a_line_that_was_added_says_why_and_opens_nothing_to_the_partner_or_the_system() -> None:
    added = [k for k in policy.collect()[0].values() if k.added]
    assert added
    for entry in added:
        assert len(entry.added) > 20, entry.name
        for relation in ("partner", "partner_counselor", "member", "sysadmin", "biller"):
            assert entry.cell(relation) == "-", (entry.name, relation)


@pytest.mark.rule("P-3")
def test_every_table_of_the_database_has_a_policy_or_a_written_reason(db: None) -> None:
    ours = {m._meta.db_table: walls.declaration(m) for m in walls.mutual_models()}
    found = rows(
        "select relname, relrowsecurity, relforcerowsecurity from pg_class c"
        " join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm', 'f')"
    )
    for table, secured, forced in found:
        declared = ours.get(table)
        if table in ours and not isinstance(declared, Outside):
            assert secured and forced, f"{table} has no forced row security"
        elif table not in ours:
            assert walls.THIRD_PARTY.get(table), f"{table} stands outside without a reason"
        else:
            assert isinstance(declared, Outside) and declared.why


@pytest.mark.rule("P-3")
def test_the_policies_of_the_database_are_those_of_the_code(db: None) -> None:
    """Drift: each permissive policy is a declared one; a room may only narrow it further."""
    have = set(
        rows(
            "select tablename, policyname, cmd, roles::text from pg_policies"
            " where permissive = 'PERMISSIVE'"
        )
    )
    wanted = set()
    for model in walls.mutual_models():
        if isinstance(walls.declaration(model), Outside):
            continue
        for command in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            name = f"mutual_{command.lower()}"
            wanted.add((model._meta.db_table, name, command, "{mutual_app}"))
        wanted.add((model._meta.db_table, "mutual_owner", "ALL", "{mutual_owner}"))
    assert have == wanted


@pytest.mark.rule("P-3")
def test_the_serving_role_may_call_a_closed_list_of_functions(db: None) -> None:
    found = rows(
        "select n.nspname || '.' || p.proname from pg_proc p"
        " join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname = 'wall' and has_function_privilege('mutual_app', p.oid, 'execute')"
    )
    allowed = {name.split("(")[0] for name in walls.CALLABLE}
    assert {f[0] for f in found} == allowed


@pytest.mark.rule("P-3")
def test_the_serving_role_owns_nothing_and_bypasses_nothing(db: None) -> None:
    assert rows(
        "select current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
        " (select count(*) from pg_class where relowner = r.oid)"
        " from pg_roles r where rolname = current_user"
    ) == [("mutual_app", False, False, False, False, 0)]
    definers = rows(
        "select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname = 'public' and p.prosecdef"
        " and has_function_privilege('mutual_app', p.oid, 'execute')"
    )
    assert definers == [], "no SECURITY DEFINER function beside the closed list"


@pytest.mark.rule("P-3")
def test_nobody_finds_a_row_in_any_walled_table(db: None) -> None:
    for model in walls.mutual_models():
        if isinstance(walls.declaration(model), Outside):
            continue
        assert rows(f'select count(*) from "{model._meta.db_table}"') == [(0,)], model


@pytest.mark.rule("P-6", "P-11")
def test_a_counselor_of_other_couples_finds_nobody(act) -> None:
    with act("noor"):
        from tests.world import id_of

        for table, column in (("people_person", "id"), ("people_contactlocation", "person_id")):
            found = {r[0] for r in rows(f"select {column} from {table}")}
            assert id_of("ana") not in found and id_of("ben") not in found


def test_every_room_is_an_installed_application() -> None:
    from django.conf import settings

    names = {c.name for c in apps.get_app_configs()}
    assert {f"mutual.{room}" for room in settings.ROOMS} <= names


#: Where a table that ``M`` or ``D`` opens holds words, and why they are no free text of a record.
WORDS = {
    "people_shownname.name": "the name the person chose to show (D10)",
    "people_shownname.pronouns": "the pronouns the person chose to show (D10)",
    "privacy_jointconsent.code": "a code of the table",
    "episode_careassignment.slot": "a role and side, made by code",
    "plan_groupgoal.words": "the goal that was set for the group (D2)",
    "plan_diagnosis.words": "the name that belongs to the code",
    "measures_responsetotal.subscales": "totals (D9)",
    "measures_responsetotal.band": "the band's name (D9)",
    "week_group.name": "a group's name",
    "week_group.kind": "a kind of session",
    "week_session.kind": "a kind of session",
    "week_seat.kind": "a kind of session",
    "week_trip.zone": "a time zone",
    "week_series.kind": "a kind of session",
    "week_changeask.kind": "a kind of session",
    "week_changeask.reason": "nobody but services has the facts of contact_location alone",
    "week_proposedsession.kind": "a kind of session",
    "week_proposedsession.words": "made by the planning job from times and names of rules",
}


@pytest.mark.rule("P-7")
def test_no_table_of_facts_or_extracts_holds_free_text() -> None:
    """What somebody writes in own words belongs to a body, which ``M`` and ``D`` don't open."""
    found = set()
    for shelf in shelves():
        if shelf.level == "body":
            continue
        for column in shelf.model._meta.concrete_fields:
            inner = type(column).__name__
            long = inner == "CharField" and (column.max_length or 999) >= 40
            if not column.choices and (long or inner in ("TextField", "JSONField")):
                found.add(f"{shelf.table}.{column.name}")
    cells = oracle.table()["contact_location"].cells.values()
    assert not [cell for cell in cells if cell.startswith("M")], "see week_changeask.reason"
    assert found == set(WORDS), "text goes to a table of its own at level body; or say why not"
