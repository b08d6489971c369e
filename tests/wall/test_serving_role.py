"""Who may serve: start-up refuses every role that could walk past the wall, and says why (P-3)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from psycopg import errors, sql

from mutual.base import database
from mutual.entry import database as setup
from mutual.entry import serving

ROLE = f"mutual_trial_{os.getpid()}"  # roles are the whole server's
#: What is done to a harmless role, and what start-up then says of it.
HARM = {
    "is a superuser": "alter role {role} superuser",
    "has BYPASSRLS": "alter role {role} bypassrls",
    "is a member of the owner": "grant mutual_owner to {role} with inherit false",
    "may make roles": "alter role {role} createrole",
    "copies of the server": "alter role {role} replication",
    "may create in a schema": "grant create on schema public to {role}",
    "temporary tables": 'grant temporary on database "{database}" to {role}',
    "create schemas": 'grant create on database "{database}" to {role}',
}


@pytest.fixture
def trial(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A role like the application's, under which start-up is tried; taken away afterwards."""
    name = os.environ["MUTUAL_DATABASE"]
    own, trial_role = sql.Identifier(name), sql.Identifier(ROLE)

    def run(command: str) -> None:
        with setup.connect(database.SUPER, name) as link:
            link.execute(sql.SQL(command.format(database=name, role=ROLE)))  # type: ignore[arg-type]

    with setup.connect(database.SUPER, name) as link:
        link.execute(
            sql.SQL("create role {} login noinherit password {}").format(
                trial_role, sql.Literal(database.dsn(ROLE)["password"])
            )
        )
        link.execute(sql.SQL("grant connect on database {} to {}").format(own, trial_role))
    monkeypatch.setenv("MUTUAL_ROLE", ROLE)
    yield run
    with setup.connect(database.SUPER, name) as link:
        link.execute(sql.SQL("drop owned by {0}; drop role {0}").format(trial_role))


@pytest.mark.rule("P-3")
@pytest.mark.parametrize("word", sorted(HARM))
def test_a_role_that_could_walk_past_the_wall_does_not_serve(trial, capsys, word: str) -> None:
    assert setup.role_problem() == ""
    trial(HARM[word])
    assert word.removeprefix("is ") in setup.role_problem()
    assert serving.serve("127.0.0.1", 9119) == 3
    assert serving.work() == 3
    said = capsys.readouterr().err
    assert said.count("must not serve") == 2 and "DATABASE_URL" in said


@pytest.mark.rule("P-3")
def test_the_demo_does_not_serve_under_such_a_role_either(trial, capsys) -> None:
    from mutual.entry.demo.run import _serve

    trial(HARM["has BYPASSRLS"])
    assert _serve(9119) == 3
    assert "must not serve" in capsys.readouterr().err


@pytest.mark.rule("P-3")
def test_the_applications_own_role_serves_and_cannot_become_another(db: None) -> None:
    assert setup.role_problem() == ""
    with setup.connect(database.APP, os.environ["MUTUAL_DATABASE"]) as link:
        for other in (database.OWNER, database.SUPER):
            with pytest.raises(errors.InsufficientPrivilege):
                link.execute(sql.SQL("set role {}").format(sql.Identifier(other)))
            with pytest.raises(errors.InsufficientPrivilege):
                link.execute(sql.SQL("set session authorization {}").format(sql.Identifier(other)))


@pytest.mark.rule("P-3")
@pytest.mark.parametrize(
    "command",
    [
        "create function public.now() returns timestamptz language sql as 'select null'",
        "create function pg_temp.actor() returns uuid language sql as 'select null::uuid'",
        "create temporary table access_grant (viewer_id uuid)",
        "create table public.mine (id int)",
        "create schema mine",
        "create view public.mine as select 1",
        "alter table public.people_person disable row level security",
        "alter table public.people_person no force row level security",
        "alter table public.wall_relation disable trigger all",
        "alter table public.people_person disable trigger user",
        "drop policy mutual_select on public.people_person",
        "create policy open on public.people_person using (true)",
        "alter function wall.actor() security invoker",
        "set session_replication_role = replica",
        "truncate public.people_person",
        "copy (select 1) to program 'true'",
        "begin; lock table wall.session",
    ],
)
def test_the_applications_role_changes_nothing_of_the_wall(db: None, command: str) -> None:
    with (
        setup.connect(database.APP, os.environ["MUTUAL_DATABASE"]) as link,
        pytest.raises((errors.InsufficientPrivilege, errors.InvalidSchemaName)),
    ):
        link.execute(command)  # type: ignore[arg-type]


@pytest.mark.rule("P-3")
def test_row_security_switched_off_is_an_error_not_a_way_in(db: None) -> None:
    with setup.connect(database.APP, os.environ["MUTUAL_DATABASE"]) as link:
        link.execute("set row_security = off")
        with pytest.raises(errors.InsufficientPrivilege):
            link.execute("select count(*) from public.people_person")
