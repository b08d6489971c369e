"""Weekly stretches against moments, for many random weeks (F-1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutual.week.clocks import Stretch, inside, laid, touches
from mutual.week.minutes import Span

ZONES = ("America/Chicago", "America/Phoenix", "America/New_York", "Pacific/Guam")
#: Weeks with a change of clocks in them, and one without.
MONDAYS = (date(2026, 10, 26), date(2027, 3, 8), date(2026, 6, 1))
clock = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
stretch = st.builds(Stretch, st.integers(0, 6), clock, clock, st.just("work"))


@pytest.mark.rule("F-1")
@settings(max_examples=80)
@given(
    stretches=st.lists(stretch, max_size=5),
    zone=st.sampled_from(ZONES),
    monday=st.sampled_from(MONDAYS),
    start=st.integers(0, 7 * 96 - 8),
    quarters=st.integers(1, 8),
)
def test_a_time_is_inside_or_touches_as_each_of_its_quarter_hours_does(
    stretches: list[Stretch], zone: str, monday: date, start: int, quarters: int
) -> None:
    here = ZoneInfo(zone)
    begin = datetime.combine(monday, time(), here).astimezone(UTC) + timedelta(minutes=15 * start)
    asked = Span(begin, begin + timedelta(minutes=15 * quarters))
    held = [_covered(stretches, begin + timedelta(minutes=15 * n), here) for n in range(quarters)]
    # A stretch over midnight reaches into the next day; the day before is asked too.
    assert touches(stretches, asked, here) == any(held)
    assert inside(stretches, asked, here) == all(held)


def _covered(stretches: list[Stretch], at: datetime, here: ZoneInfo) -> bool:
    """Whether a quarter of an hour lies in a stretch, by its own clock reading."""
    local = at.astimezone(here)
    middle = local + timedelta(minutes=7)
    return any(
        span.start <= middle < span.end
        for day in (local.date(), local.date() - timedelta(days=1))
        for span in laid(stretches, day, here)
    )
