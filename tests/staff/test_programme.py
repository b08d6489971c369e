"""The programme page: for directors, in eight queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.claims import factories as make


@pytest.mark.rule("C-35")
def test_the_director_reads_census_and_hours_in_eight_queries(browse) -> None:
    make.day("ana", make.ago(1))
    dee = browse("dee")
    dee.get("/staff/programme/")
    with CaptureQueriesContext(connection) as seen:
        page = dee.get("/staff/programme/")
    asked = [one["sql"] for one in seen if "SAVEPOINT" not in one["sql"]]  # the test's own
    assert len(asked) <= 8, asked
    assert page.status_code == 200
    text = page.content.decode()
    assert "Ana Fiction" in text and "Day of stay" in text
    assert "<title>Mutual</title>" in text


@pytest.mark.rule("P-2")
@pytest.mark.parametrize("name", ["bill", "ada", "mo", "reyes", "pia", "ana"])
def test_the_page_is_absent_for_everybody_else(browse, name) -> None:
    assert browse(name).get("/staff/programme/").status_code == 404
