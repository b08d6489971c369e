"""What the row policy costs: the same SQL on the same rows with and without it, in turns."""

from __future__ import annotations

import statistics
import sys
import time
from typing import Any
from uuid import uuid4

import psycopg

from mutual.base import database
from mutual.entry import database as setup

NAME = "mutual_bench_wall"
ROUNDS = 5
CASELOAD = 45
SUBJECTS = 5000
AIM = "<= 1.3"
TABLE = "record_note"
#: The same rows, columns and indexes, without row security.
TWIN = "bench_note"


def _fill(template: str, notes: int) -> tuple[str, list[Any]]:
    """Notes of many people, and a counselor with a caseload; returns (token, caseload).

    A third of the notes is by others. They are loaded beside the triggers, which would take
    minutes and don't count here, with the number and bit that the triggers would set.
    """
    from django.db import connection, transaction

    from mutual.wall.context import open_session

    setup.clone_database(template, NAME)
    viewer = uuid4()
    caseload = [uuid4() for _ in range(CASELOAD)]
    with psycopg.connect(**database.dsn(database.OWNER, NAME), autocommit=True) as link:
        link.execute("create table bench_subject (n int primary key, id uuid not null)")
        with link.cursor() as cursor:
            cursor.executemany(
                "insert into bench_subject values (%s, %s)",
                [(n, caseload[n] if n < CASELOAD else uuid4()) for n in range(SUBJECTS)],
            )
        link.execute("insert into wall.numbered (id) select id from bench_subject")
        link.execute(f"create table {TWIN} (like {TABLE} including all)")
        link.execute(f"alter table {TABLE} disable trigger user")
        for table in (TABLE, TWIN):
            link.execute(
                f"insert into {table} (id, public_id, kind, subject_of, subject_id, author_id,"  # noqa: S608
                " service_date, starts_at, ends_at, minutes, modality, template, status,"
                " signed_at, content_hash, late, late_reason, made_at, whose, bit)"
                " select md5('n' || g.k)::uuid, md5('p' || g.k)::uuid, 'progress_note', 'P', s.id,"
                " case when g.k / %s %% 3 = 0 then s.id else %s end,"
                " date '2026-01-01' + g.k %% 300, now(), now(), 50, 'video', 'dap', 'signed',"
                " now(), sha256('text'), false, '', now(), n.no,"
                " (select bit from wall.kind_bit where bundle = %s and value = 'progress_note')"
                " from generate_series(1, %s) as g(k) join bench_subject s on s.n = g.k %% %s"
                " join wall.numbered n on n.id = s.id order by g.k",
                [SUBJECTS, viewer, TABLE, notes, SUBJECTS],
            )
        link.execute(f"alter table {TABLE} enable trigger user")
        link.execute(f"grant select on {TWIN} to {database.APP}")
        for subject in caseload:
            link.execute(
                "insert into wall_relation (id, viewer_id, subject_id, subject_of, relation,"
                " valid, reason) values (uuidv7(), %s, %s, 'P', 'own_counselor',"
                " tstzrange(now() - interval '1 day', null), 'bench')",
                [viewer, subject],
            )
        link.execute("vacuum analyze")
    connection.close()
    connection.settings_dict["NAME"] = NAME
    with transaction.atomic():
        token = open_session(viewer, "staff")
    connection.close()
    return token, caseload


#: As somebody without any wall would ask, who has the ids of the caseload at hand.
PLAIN = {
    "list 50 of a caseload": f"select id, service_date, minutes from {TABLE}"  # noqa: S608
    " where subject_id = any(%(all)s) order by service_date desc limit 50",
    "list 50 of one person": f"select id, service_date, minutes from {TABLE}"  # noqa: S608
    " where subject_id = %(one)s order by service_date desc limit 50",
    "count a caseload": f"select count(*) from {TABLE} where subject_id = any(%(all)s)",  # noqa: S608
}


def _walled(caseload: list[Any]) -> dict[str, tuple[str, Any]]:
    """The same questions as SQL, just as the rooms' queries ask them through ``visible_to``."""
    from django.db.models import Count, Value

    from mutual.record.models import Note
    from mutual.wall.context import current

    notes = Note.objects.visible_to(current())
    newest = notes.order_by("-service_date").values_list("id", "service_date", "minutes")
    counted = notes.annotate(all=Value(1)).values("all").annotate(n=Count("id")).values_list("n")
    return {
        "list 50 of a caseload": newest[:50].query.sql_with_params(),
        "list 50 of one person": newest.filter(subject_id=caseload[0])[:50].query.sql_with_params(),
        "count a caseload": counted.query.sql_with_params(),
    }


def _elsewhere(sql: str) -> str:
    """The same SQL on the twin; what it asks the wall keeps its name."""
    return sql.replace(f'"{TABLE}"', f'"{TWIN}"').replace(f"from {TABLE} ", f"from {TWIN} ")


def _seconds(cursor: Any, sql: str, params: Any) -> tuple[float, int]:
    begun = time.perf_counter()
    cursor.execute(sql, params)
    rows = cursor.fetchall()
    return time.perf_counter() - begun, hash(tuple(sorted(r[1:] for r in rows)))


def _ratio(cursor: Any, one: tuple[str, Any], other: tuple[str, Any], turns: int) -> float:
    """Median over rounds of (median of ``one`` by median of ``other``), asked in turns."""
    found = []
    for _ in range(ROUNDS):
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(turns):
            (first, rows), (second, same) = _seconds(cursor, *one), _seconds(cursor, *other)
            assert rows == same, "the two sides answer differently"
            times[0].append(first)
            times[1].append(second)
        found.append(statistics.median(times[0]) / statistics.median(times[1]))
    print("    rounds", " ".join(f"{ratio:.2f}" for ratio in sorted(found)), file=sys.stderr)
    return statistics.median(found)


def measure(template: str, notes: int = 1_000_000) -> list[tuple[str, float, str]]:
    """Rows (what, ratio, aim), over one connection of the application's role.

    - the row policy: the SQL that the rooms send, by the same SQL on the twin without policy;
    - the row policy alone: a query that forgot the manager's filter, by the same on the twin;
    - both walls: the SQL that the rooms send, by a query without any wall on the twin. No aim was
      set for it; it is what privacy costs here in all.
    """
    from django.db import connection, transaction

    from mutual.wall.context import acting

    token, caseload = _fill(template, notes)
    try:
        with transaction.atomic(), acting(token), connection.cursor() as cursor:
            return _rows(cursor, caseload, notes)
    finally:
        connection.close()
        setup.drop_database(NAME)


def _rows(cursor: Any, caseload: list[Any], notes: int) -> list[tuple[str, float, str]]:
    rows = []
    values = {"one": caseload[0], "all": caseload}
    for what, (sql, params) in _walled(caseload).items():
        turns = 30 if "caseload" in what else 100
        rooms, twin = (sql, params), (_elsewhere(sql), params)
        plain, bare = (PLAIN[what], values), (_elsewhere(PLAIN[what]), values)
        for name, one, other, aim in (
            ("row policy", rooms, twin, AIM),
            ("row policy alone", plain, bare, AIM),
            ("both walls", rooms, bare, "none set"),
        ):
            ratio = _ratio(cursor, one, other, turns)
            rows.append((f"{name}, {what} ({notes:,} notes)", ratio, aim))
    return rows
