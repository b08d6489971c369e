"""The small rings over a chart: minutes attended this week, whoever held the session."""

from __future__ import annotations

import pytest

from mutual.record.couples import hours
from mutual.week.actions import confirm_attendance
from mutual.week.templates import monday_of
from tests.record.factories import held, skills
from tests.world import id_of


@pytest.mark.rule("C-33", "C-36")
def test_a_class_that_somebody_else_leads_counts_on_the_charts_ring(act) -> None:
    session = skills(act)
    own = held("mo", "individual", "P", "ana", ["ana"], hours_ago=4)
    monday = monday_of(session.during.lower)
    with act("sol") as sol:
        confirm_attendance(sol, session, id_of("ana"), measured=60)
    with act("mo") as mo:
        confirm_attendance(mo, own, id_of("ana"), measured=60, minutes=50, reason="Sound failed")
        assert hours(mo, [id_of("ana")], monday) == {id_of("ana"): 110}
    with act("reyes") as reyes:
        assert hours(reyes, [id_of("ana"), id_of("ben")], monday) == {}  # nothing was released
    with act("kit") as kit:
        assert hours(kit, [id_of("ana")], monday) == {}
