"""How lines of the trail get into it outside of a request: in order, under who did it, or not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mutual.wall import audit
from tests.world import id_of


def written(since: int) -> list[tuple[object, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select actor, action, reason from wall.audit_page(null, null, null, null, null, null,"
            " null, 50) order by seq"
        )
        return [row for row in cursor.fetchall() if row[2].startswith("line")][since:]


@pytest.mark.rule("P-88", "P-89")
def test_what_one_did_in_a_block_is_appended_at_its_end_in_one_statement(act) -> None:
    with act("mo"), CaptureQueriesContext(connection) as asked:
        with audit.gathered():
            for n in range(3):
                audit.note("write", "progress_note", id_of("ana"), None, f"line {n}")
            assert not asked.captured_queries
        assert [q["sql"].count("append_audit") for q in asked.captured_queries] == [1]
    with act("pia"):
        assert written(0) == [(id_of("mo"), "write", f"line {n}") for n in range(3)]


@pytest.mark.rule("P-90")
def test_a_block_that_raises_appends_nothing_and_what_waited_around_it_stays(act) -> None:
    with act("mo"):
        audit.begin("a request")
        try:
            audit.note("read", "progress_note", id_of("ana"), None, "line around")
            with pytest.raises(ZeroDivisionError), audit.gathered():
                audit.note("write", "progress_note", id_of("ana"), None, "line inside")
                raise ZeroDivisionError
            audit.flush()
        finally:
            audit.drop()
    with act("pia"):
        assert [row[2] for row in written(0)] == ["line around"]
