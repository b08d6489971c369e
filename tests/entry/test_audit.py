"""The audit: whatever is done to it is found, and no read happens without it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from mutual.entry import database as d
from mutual.wall import audit, heads
from tests.faults.installation import cloned, mutual
from tests.world import id_of

#: A forger with all rights: changes an entry and recomputes every hash from there on.
REWRITE = """do $forger$
declare one wall.audit%rowtype[[end]] before bytea
  := (select hash from wall.audit where seq = {at} - 1)[[end]]
begin
  for one in select * from wall.audit where seq >= {at} order by seq loop
    update wall.audit set prev = before, reason = 'x', hash = wall.audit_hash(before, one.seq,
      one.at, one.actor, one.actor_kind, one.request, one.action, one.kind, one.subject,
      one.object, 'x', one.session, one.under) where seq = one.seq
      returning hash into before[[end]]
  end loop[[end]]
end $forger$"""


@pytest.fixture(scope="module")
def chained() -> Iterator[str]:
    """A database whose audit has a chain of some length."""
    with cloned("audit") as name:
        with d.connect("mutual_owner", name) as link:
            for number in range(8):
                link.execute(
                    "select wall.append_audit(%s::jsonb)",
                    [json.dumps([{"action": "read", "kind": "consent", "reason": str(number)}])],
                )
        yield name


def verdict(name: str) -> tuple[int, dict]:
    done = mutual("audit", "verify", "--json", MUTUAL_DATABASE=name)
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.rule("P-89")
def test_every_break_of_the_chain_is_found_at_its_first_entry(chained: str) -> None:
    code, whole = verdict(chained)
    assert (code, whole["ok"], whole["first_bad"]) == (0, True, None)
    last = whole["entries"]
    at = last - 4
    breaks = {
        "change": (f"update wall.audit set reason = 'never' where seq = {at}", at),
        "change the time": (
            f"update wall.audit set at = at + interval '1 us' where seq = {at}", at
        ),
        "change the reader": (
            f"update wall.audit set actor = gen_random_uuid() where seq = {at}", at
        ),
        "move a word over": (
            f"update wall.audit set action = action || '|', request = '' where seq = {at}", at
        ),
        "remove": (f"delete from wall.audit where seq = {at}", at + 1),
        "remove and number anew": (
            f"delete from wall.audit where seq = {at};"
            f" update wall.audit set seq = seq - 1 where seq > {at}", at
        ),
        "insert": (
            f"update wall.audit set seq = seq + 1000 where seq >= {at};"
            f" insert into wall.audit select {at}, at, actor, actor_kind, request, action, kind,"
            f" subject, object, reason, prev, hash, session, under from wall.audit"
            f" where seq = {at - 1};"
            f" update wall.audit set seq = seq - 999 where seq >= {at + 1000}", at
        ),
        "swap": (
            f"update wall.audit set seq = case seq when {at} then -1 else -2 end"
            f" where seq in ({at}, {at + 1});"
            f" update wall.audit set seq = case seq when -1 then {at + 1} else {at} end"
            " where seq < 0", at
        ),
        "cut the tail": (f"delete from wall.audit where seq >= {at}", at),
        "cut the last": (f"delete from wall.audit where seq = {last}", last),
        "cut all": ("delete from wall.audit", 1),
        "hide the emergency": (
            f"update wall.audit set under = 'own_counselor' where seq = {at}", at
        ),
        # Whoever has the database can make a chain that fits itself: the copied head doesn't.
        "write the rest anew": (REWRITE.format(at=at), last),
    }  # fmt: skip
    found, said = {}, {}
    with d.connect("mutual_super", chained) as link:
        for what, (statements, _) in breaks.items():
            link.execute("begin")
            link.execute("alter table wall.audit disable trigger audit_append_only")
            for statement in statements.split(";"):
                link.execute(statement.replace("[[end]]", ";"))
            # The same transaction reads what it broke, then nothing happened.
            entries, found[what] = heads.find_break(link, heads.kept(chained))
            said[what] = heads.explain(link, found[what] or 0, entries)
            link.execute("rollback")
    assert found == {what: bad for what, (_, bad) in breaks.items()}
    assert said == {
        "change": "changed", "change the time": "changed", "change the reader": "changed",
        "move a word over": "changed", "remove": "removed", "remove and number anew": "removed",
        "insert": "inserted", "swap": "swapped", "cut the tail": "cut", "cut the last": "cut",
        "cut all": "cut", "hide the emergency": "changed", "write the rest anew": "rewritten",
    }  # fmt: skip
    assert verdict(chained)[1]["ok"], "all breaks were undone"


@pytest.mark.rule("P-89")
def test_the_command_names_the_first_bad_entry_and_the_copied_head_finds_a_cut_tail() -> None:
    with cloned("cut") as name:
        entries = verdict(name)[1]["entries"]
        with d.connect("mutual_owner", name) as link:
            link.execute("alter table wall.audit disable trigger audit_append_only")
            link.execute("delete from wall.audit where seq > %s", [entries - 2])
            link.execute("alter table wall.audit enable trigger audit_append_only")
        code, said = verdict(name)
        assert (code, said["ok"], said["first_bad"]) == (1, False, entries - 1)
        done = mutual("audit", "verify", MUTUAL_DATABASE=name)
        assert done.returncode == 1 and str(entries - 1) in done.stderr and done.stdout == ""
        assert "The tail was cut off" in done.stderr
        # A broken chain is never copied as if it were the truth.
        assert verdict(name)[1]["ok"] is False


@pytest.mark.rule("P-89")
def test_nobody_changes_the_audit_not_even_its_owner(chained: str) -> None:
    with d.connect("mutual_owner", chained) as link:
        for statement in (
            "update wall.audit set reason = ''",
            "delete from wall.audit",
            "truncate wall.audit",
        ):
            with pytest.raises(Exception, match="append-only"):
                link.execute(statement)


@pytest.mark.rule("P-89")
def test_the_head_is_copied_each_day_by_a_service_that_reads_no_entry(db: None) -> None:
    name = str(connection.settings_dict["NAME"])
    heads.file_of(name).unlink(missing_ok=True)
    try:
        with transaction.atomic():
            audit.read("consent", id_of("ana"))
            assert heads.copy_head(date(2027, 1, 4))
            assert not heads.copy_head(date(2027, 1, 5)), "nothing happened since"
            audit.read("consent", id_of("ben"))
            assert heads.copy_head(date(2027, 1, 6))
        first, second = heads.kept(name)
        assert (first.day, second.day) == ("2027-01-04", "2027-01-06")
        assert second.seq == first.seq + 1 and second.hash != first.hash
    finally:
        heads.file_of(name).unlink(missing_ok=True)


@pytest.mark.rule("P-89")
def test_a_second_place_gets_each_head_and_a_place_that_is_gone_fails_loudly(
    db: None, tmp_path, monkeypatch
) -> None:
    name = str(connection.settings_dict["NAME"])
    monkeypatch.setenv("MUTUAL_AUDIT_HEADS", str(tmp_path))
    head = heads.Head("2027-01-04", 7, "0" * 64)
    try:
        assert heads.keep(name, head) and not heads.keep(name, head)
        assert (tmp_path / name).read_text() == heads.file_of(name).read_text()
        monkeypatch.setenv("MUTUAL_AUDIT_HEADS", str(tmp_path / "gone"))
        with pytest.raises(OSError):
            heads.keep(name, heads.Head("2027-01-05", 8, "1" * 64))
        assert len(heads.kept(name)) == 1, "what the far place lacks, the near one doesn't claim"
    finally:
        heads.file_of(name).unlink(missing_ok=True)


@pytest.mark.rule("P-89")
def test_the_head_is_for_the_service_and_the_privacy_officer(act) -> None:
    for name in ("ana", "mo", "dee"):
        with act(name), connection.cursor() as cursor:
            cursor.execute("select * from wall.audit_head()")
            assert cursor.fetchall() == [], name


@pytest.mark.rule("P-89")
def test_the_job_of_the_night_is_planned() -> None:
    from procrastinate.contrib.django import app

    planned = {p.task.name: p.cron for p in app.periodic_registry.periodic_tasks.values()}
    assert planned["mutual.wall.tasks.audit_head_of_the_day"] == "50 23 * * *"


@pytest.mark.rule("P-89")
def test_a_file_of_heads_that_was_written_over_is_told(chained: str) -> None:
    path = heads.file_of(chained)
    before = path.read_text()
    try:
        path.write_text("nothing of the kind\n")
        done = mutual("audit", "verify", MUTUAL_DATABASE=chained)
        assert done.returncode == 1 and "Line 1" in done.stderr
        assert "Traceback" not in done.stderr
    finally:
        path.write_text(before)


@pytest.mark.rule("P-89")
def test_heads_of_a_dropped_database_do_not_accuse_the_next_one() -> None:
    with cloned("again") as name:
        verdict(name)
        d.drop_database(name)
        aside = list(heads.file_of(name).parent.glob(f"{name}.*"))
        assert len(aside) == 1 and not heads.file_of(name).exists()
        aside[0].unlink()


@pytest.mark.rule("P-90")
def test_a_chart_is_not_shown_when_its_reading_can_not_be_written_down(browse) -> None:
    from mutual.people.models import Couple

    with transaction.atomic():
        from mutual.wall.testing import acting_as

        with acting_as(id_of("reyes"), "staff"):
            couple = Couple.objects.get(id=id_of("ab"))
            names = ("Ana", "Ben")
    client = browse("reyes")
    client.raise_request_exception = False
    address = f"/staff/couples/{couple.public_id}/ours/"
    whole = client.get(address)
    assert whole.status_code == 200 and names[0] in whole.content.decode()

    def refuse(execute, sql, params, many, context):
        if "append_audit" in sql:
            raise DatabaseError("the log is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        try:
            answer = client.get(address)
            shown = answer.content.decode()
            assert answer.status_code == 500
        except DatabaseError:
            shown = ""
    for name in names:
        assert name not in shown
