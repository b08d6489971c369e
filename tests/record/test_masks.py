"""Masks: what a table of notes is read by follows the grants, and is nobody's to forge."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.db import connection

from mutual.base import database
from mutual.entry.database import connect
from mutual.record.models import Note
from mutual.wall import masks
from mutual.wall.context import token_hash
from tests.record.factories import start
from tests.world import id_of

TABLE = Note._meta.db_table


@pytest.fixture
def owner(db: None) -> Iterator[psycopg.Connection[Any]]:
    """The owner, in a transaction that is undone."""
    name = os.environ["MUTUAL_DATABASE"]
    with connect(database.OWNER, name) as link, link.transaction(force_rollback=True):
        yield link


def differences(owner: psycopg.Connection[Any]) -> int:
    """How many masks are there without their grants, or missing beside them."""
    made = (
        "select g.viewer_id, o.bundle, n.no, bit_or(o.mask) as mask, g.relation_id, g.during"
        " from wall.access_grant g join wall.opens o using (category)"
        " left join wall.numbered n on n.id = g.subject_id group by 1, 2, 3, 5, 6"
    )
    kept = "select viewer_id, bundle, whose, mask, relation_id, during from wall.mask"
    row = owner.execute(
        f"select count(*) from ((({made}) except ({kept}))"  # noqa: S608
        f" union all (({kept}) except ({made}))) d"
    ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.rule("P-8")
def test_masks_are_those_of_the_grants_whatever_begins_or_ends(owner) -> None:
    assert owner.execute("select count(*) > 20 from wall.mask").fetchone() == (True,)
    assert differences(owner) == 0
    changes = {
        "delete from wall_relation where subject_id = %s and relation = 'own_counselor'": "ana",
        "update wall_relation set valid = tstzrange(lower(valid), now())"
        " where viewer_id = %s": "mo",
        "insert into wall_consentfact (id, person_id, code, valid) values"
        " (gen_random_uuid(), %s, 'ct:progress_note', tstzrange(now(), null))": "ana",
        "delete from wall_consentfact where person_id = %s": "ben",
    }
    for change, who in changes.items():
        owner.execute(change, [id_of(who)])
        assert differences(owner) == 0, change
    owner.execute("delete from wall.mask where viewer_id = %s", [id_of("reyes")])
    assert differences(owner) > 0
    owner.execute("select wall.regrant_all()")
    assert differences(owner) == 0


def test_a_grant_is_never_changed_only_taken_back(owner) -> None:
    with pytest.raises(psycopg.errors.RaiseException):
        owner.execute("update wall.access_grant set category = 'progress_note'")


@pytest.mark.rule("P-3", "P-4")
def test_a_notes_number_and_bit_are_the_databases_whatever_is_sent(act) -> None:
    def of(note: Note) -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(f"select whose, bit from {TABLE} where id = %s", [note.id])  # noqa: S608
            row: tuple[int, int] = cursor.fetchone()
            return row

    with act("mo") as mo:
        one, other = start(mo), start(mo, kind="contact_note", hours_ago=4)
        (whose, bit), (same, apart) = of(one), of(other)
        assert whose == same > 0 and bit != apart and bit > 0 and apart > 0
        with connection.cursor() as cursor:
            cursor.execute(f"update {TABLE} set whose = whose + 1, bit = 65535")  # noqa: S608
        assert of(one) == (whose, bit) and of(other) == (same, apart)


@pytest.mark.rule("P-6")
def test_a_grant_on_everybody_opens_nobody_of_a_conflict_of_interest(owner) -> None:
    owner.execute(
        "insert into wall.session (token_hash, actor, kind, expires)"
        " values (%s, %s, 'staff', now() + interval '1 hour')",
        [token_hash("bill's"), id_of("bill")],
    )
    owner.execute("select set_config('app.token', %s, true)", ["bill's"])
    asked = "select (select wall.masks(%s))[n.no] <> 0 from wall.numbered n where n.id = %s"
    ana, cleo = [TABLE, id_of("ana")], [TABLE, id_of("cleo")]
    assert owner.execute(asked, ana).fetchone() == (True,)
    owner.execute(
        "insert into wall.conflict (viewer_id, subject_id) values (%s, %s)",
        [id_of("bill"), id_of("ana")],
    )
    assert owner.execute(asked, ana).fetchone() == (False,)
    assert owner.execute(asked, cleo).fetchone() == (True,)


def test_a_bit_once_given_stays_whatever_order_the_kinds_are_declared_in(owner) -> None:
    given = "select value, bit from wall.kind_bit where bundle = %s order by 1"
    before = owner.execute(given, [TABLE]).fetchall()
    kinds = dict(reversed(Note.wall.kinds.items()))
    with owner.cursor() as cursor:
        masks.write(cursor, {TABLE: replace(Note.wall, kinds=kinds)})
    assert owner.execute(given, [TABLE]).fetchall() == before
    assert len({bit for _, bit in before}) == len(kinds)


def test_rows_that_were_loaded_beside_the_triggers_are_seen_once_they_are_numbered(owner) -> None:
    owner.execute(f"alter table {TABLE} disable trigger user")
    owner.execute(
        f"insert into {TABLE} (id, public_id, kind, subject_of, subject_id, author_id,"  # noqa: S608
        " service_date, starts_at, ends_at, minutes, modality, template, status, late,"
        " made_at) values (uuidv7(), uuidv7(), 'progress_note', 'P', %s, %s,"
        " now(), now(), now(), 50, 'video', 'dap', 'draft', false, now())",
        [id_of("ana"), id_of("mo")],
    )
    owner.execute("set constraints all immediate")
    owner.execute(f"alter table {TABLE} enable trigger user")
    unseen = f"select count(*) from {TABLE} where whose = 0"  # noqa: S608
    assert owner.execute(unseen).fetchone() == (1,)
    with owner.cursor() as cursor:
        masks.number(cursor, TABLE)
    assert owner.execute(unseen).fetchone() == (0,)
