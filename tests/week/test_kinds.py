"""The kinds and shapes of the week say what the templates of the rules say."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from mutual.base.refusal import Refused
from mutual.week.kinds import INSTEAD, KINDS, kind_of
from mutual.week.minutes import counts
from mutual.week.templates import TEMPLATES, monday_of, weekly


@pytest.mark.rule("C-35")
def test_the_shared_week_is_630_for_each_with_150_together_and_180_side_by_side() -> None:
    shared = TEMPLATES["shared"]
    assert shared.minutes == 630
    assert shared.minutes_of("together") == 150
    assert shared.minutes_of("side") == 180
    assert shared.minutes_of("apart") == 300


@pytest.mark.rule("C-15", "C-17")
def test_the_side_by_side_week_keeps_630_at_the_same_hours_without_the_couples_therapist() -> None:
    shared, side = TEMPLATES["shared"], TEMPLATES["side_by_side"]
    assert side.minutes == 630
    assert side.minutes_of("side") == 180
    assert side.minutes_of("together") == 0
    assert [(s.day, s.start) for s in side.slots] == [(s.day, s.start) for s in shared.slots]
    assert not any(KINDS[s.kind].needs_clearance for s in side.slots)
    for before, after in INSTEAD.items():
        assert KINDS[before].minutes == KINDS[after].minutes


@pytest.mark.rule("C-35")
def test_every_full_day_of_the_shared_week_reaches_180_minutes_on_three_days() -> None:
    by_day: dict[int, int] = {}
    for slot in TEMPLATES["shared"].slots:
        by_day[slot.day] = by_day.get(slot.day, 0) + KINDS[slot.kind].minutes
    assert sorted(by_day.items()) == [(0, 180), (2, 180), (3, 180), (5, 90)]


@pytest.mark.rule("C-11")
def test_the_lower_week_is_480_minutes() -> None:
    assert TEMPLATES["lower"].minutes == 480


@pytest.mark.rule("C-34")
def test_orientation_visits_calls_and_activities_count_nothing() -> None:
    for key in (
        "orientation",
        "medical_visit",
        "medication_check",
        "check_in_call",
        "sober_activity",
    ):
        assert not KINDS[key].counts
    assert counts("") and KINDS["individual"].counts


def test_an_unknown_kind_is_refused_with_the_kinds_there_are() -> None:
    with pytest.raises(Refused, match="Individual counseling"):
        kind_of("party")


@pytest.mark.rule("F-1")
def test_a_weekly_time_stays_on_the_programmes_clock_and_moves_on_the_therapists() -> None:
    chicago, phoenix = ZoneInfo("America/Chicago"), ZoneInfo("America/Phoenix")
    moments = weekly(date(2026, 10, 20), time(18, 0), 4, chicago)
    assert [m.astimezone(chicago).strftime("%d %H:%M") for m in moments] == [
        "20 18:00",
        "27 18:00",
        "03 18:00",
        "10 18:00",
    ]
    assert [m.astimezone(phoenix).strftime("%H:%M") for m in moments] == [
        "16:00",
        "16:00",
        "17:00",
        "17:00",
    ]


@pytest.mark.rule("F-1")
def test_a_day_belongs_to_the_programmes_week_not_to_utc() -> None:
    late_sunday = weekly(date(2026, 11, 1), time(23, 30), 1, ZoneInfo("America/Chicago"))[0]
    assert late_sunday.date() == date(2026, 11, 2)
    assert monday_of(late_sunday) == date(2026, 10, 26)
