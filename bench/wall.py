"""What the row policy costs: the same query on the same rows with and without it, in turns."""

from __future__ import annotations

import os
import statistics
import time
from typing import Any
from uuid import uuid4

import psycopg

from mutual.base import database
from mutual.entry import database as setup

NAME = "mutual_bench_wall"
NOTES = int(os.environ.get("BENCH_NOTES", "200000"))
CASELOAD = 45
SUBJECTS = 5000


def _fill(template: str) -> tuple[str, list[Any]]:
    """Notes of many people, and a counselor with a caseload; returns (token, caseload)."""
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
        link.execute(
            "insert into record_note (id, public_id, kind, subject_of, subject_id, author_id,"
            " service_date, starts_at, ends_at, minutes, modality, template, status, late,"
            " late_reason, made_at)"
            " select uuidv7(), gen_random_uuid(), 'progress_note', 'P', s.id, %s,"
            " date '2026-01-01' + g.k %% 300, now(), now(), 50, 'video', 'dap', 'draft', false, '',"
            " now()"
            " from generate_series(1, %s) as g(k) join bench_subject s on s.n = g.k %% %s",
            [viewer, NOTES, SUBJECTS],
        )
        link.execute("create table bench_note as select * from record_note")
        link.execute("create index on bench_note (subject_id, service_date desc)")
        link.execute(f"grant select on bench_note to {database.APP}")
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


PLAIN = {
    "list 50 of a caseload": "select id, service_date, minutes from bench_note"
    " where subject_id = any(%(all)s) order by service_date desc limit 50",
    "list 50 of one person": "select id, service_date, minutes from bench_note"
    " where subject_id = %(one)s order by service_date desc limit 50",
    "count a caseload": "select count(*) from bench_note where subject_id = any(%(all)s)",
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


def _seconds(cursor: Any, sql: str, params: Any) -> float:
    begun = time.perf_counter()
    cursor.execute(sql, params)
    cursor.fetchall()
    return time.perf_counter() - begun


def measure(template: str) -> list[tuple[str, float, str]]:
    """Rows (what, ratio, aim): median time under the policy by the median without it.

    Both sides are SQL over one connection of the application's role, in turns.
    """
    from django.db import connection, transaction

    from mutual.wall.context import acting

    token, caseload = _fill(template)
    rows = []
    try:
        with transaction.atomic(), acting(token), connection.cursor() as cursor:
            for what, (sql, params) in _walled(caseload).items():
                values = {"one": caseload[0], "all": caseload}
                plain, walled = [], []
                for _ in range(150):
                    walled.append(_seconds(cursor, sql, params))
                    plain.append(_seconds(cursor, PLAIN[what], values))
                ratio = statistics.median(walled) / statistics.median(plain)
                rows.append((f"row policy, {what} ({NOTES} notes)", ratio, "<= 1.3"))
    finally:
        connection.close()
        setup.drop_database(NAME)
    return rows
