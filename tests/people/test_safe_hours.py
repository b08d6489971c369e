"""Safe hours that a sender can obey, from fields and from words (C-19, P-38)."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutual.base.refusal import Refused
from mutual.people.contact_rules import DAYS, QUIET, SafeHours, chosen, read_words, refuse_hours

DENVER = ZoneInfo("America/Denver")


@pytest.mark.rule("C-19", "P-38")
@pytest.mark.parametrize(
    ("words", "days", "start", "end"),
    [
        ("weekdays after 5 pm", "week", time(17), time(21)),
        ("weekdays 12 to 1", "week", time(12), time(13)),
        ("noon", "any", time(12), time(13)),
        ("Evenings", "any", time(17), time(21)),
        ("weekends 10 to 12", "weekend", time(10), time(12)),
        ("5 to 8", "any", time(17), time(20)),
        ("between 9:30 and 11 am", "any", time(9, 30), time(11)),
        ("before 9 am", "any", time(8), time(9)),
        ("18:00 to 20:00", "any", time(18), time(20)),
        ("weekdays", "week", time(8), time(21)),
    ],
)
def test_words_people_use_are_read(words: str, days: str, start: time, end: time) -> None:
    assert read_words(words) == SafeHours(DAYS[days], start, end)


@pytest.mark.rule("C-19")
@pytest.mark.parametrize("words", ["when he is at work", "25 to 26", "not mondays", "after 13 pm"])
def test_words_that_can_not_be_read_are_never_guessed(words: str) -> None:
    assert chosen("", None, None, words) is None


@pytest.mark.rule("P-38")
def test_without_a_choice_the_night_is_quiet_and_fields_win_over_words() -> None:
    assert chosen("", None, None, "") == QUIET
    assert chosen("week", time(9), time(10), "whenever") == SafeHours(
        DAYS["week"], time(9), time(10)
    )
    for start, end in ((time(9), None), (None, time(9)), (time(10), time(9))):
        with pytest.raises(Refused):
            refuse_hours(start, end)


@pytest.mark.rule("C-19", "P-38")
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.sampled_from(sorted(DAYS)),
    st.integers(0, 22),
)
def test_the_next_safe_moment_is_safe_on_the_persons_clock_and_never_earlier(
    moment: datetime, days: str, hour: int
) -> None:
    hours = SafeHours(DAYS[days], time(hour), time(hour + 1))
    aware = moment.replace(tzinfo=UTC)
    found = hours.next(aware, DENVER)
    assert found >= aware
    local = found.astimezone(DENVER)
    assert hours.holds(found, DENVER) or local.hour == hour + 1  # an hour that springs forward
    assert (found - aware).days <= 8
