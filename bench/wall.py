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
            " service_date, starts_at, ends_at, minutes, modality, template, status, late, late_reason,"
            " made_at) select uuidv7(), gen_random_uuid(), 'progress_note', 'P', s.id, %s,"
            " date '2026-01-01' + g.k %% 300, now(), now(), 50, 'video', 'dap', 'draft', false, '', now()"
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


QUERIES = {
    "list 50 of a caseload": "select id, service_date, minutes from {t} where {w}"
    " order by service_date desc limit 50",
    "list 50 of one person": "select id, service_date, minutes from {t} where subject_id = %(one)s"
    " and {w} order by service_date desc limit 50",
    "count a caseload": "select count(*) from {t} where {w}",
}


def measure(template: str) -> list[tuple[str, float, str]]:
    """Rows (what, ratio, aim): median time under the policy by the median without it."""
    token, caseload = _fill(template)
    rows = []
    link = psycopg.connect(**database.dsn(database.APP, NAME))
    try:
        link.execute("select wall.begin(%s)", [token])
        link.execute("select set_config('app.token', %s, false)", [token])
        for what, query in QUERIES.items():
            values = {"one": caseload[0], "all": caseload}
            walled = query.format(t="record_note", w="true")
            plain = query.format(t="bench_note", w="subject_id = any(%(all)s)")
            times: dict[str, list[float]] = {walled: [], plain: []}
            for _ in range(120):
                for text in times:
                    begun = time.perf_counter()
                    link.execute(text, values).fetchall()
                    times[text].append(time.perf_counter() - begun)
            ratio = statistics.median(times[walled]) / statistics.median(times[plain])
            rows.append((f"row policy, {what} ({NOTES} notes)", ratio, "<= 1.3"))
    finally:
        link.close()
        setup.drop_database(NAME)
    return rows
