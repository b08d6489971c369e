"""A minute counts once, for whoever was there, in the week in which it happened."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutual.base.refusal import Refused
from mutual.week.minutes import (
    HeldSession,
    PersonWeek,
    Span,
    attendance,
    attendance_of,
    check_week,
    clinical_minutes,
    clinical_spans,
    common,
    counts,
    length,
    minutes_by_day,
    minutes_by_week,
    presence,
    programme_week,
    refuse_mark,
    union,
    whole_minutes,
    without,
)

CHICAGO = ZoneInfo("America/Chicago")
MONDAY = date(2026, 3, 2)
BASE = datetime(2026, 3, 5, 18, 0, tzinfo=UTC)


def span(first: int, last: int) -> Span:
    """A span by minutes from the session's start."""
    return Span(BASE + timedelta(minutes=first), BASE + timedelta(minutes=last))


def session(minutes: int, *breaks: Span, kind: str = "process_group") -> HeldSession:
    return HeldSession(kind, span(0, minutes), breaks)


def total(spans: tuple[Span, ...]) -> int:
    return whole_minutes(length(spans))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHICAGO)


@pytest.mark.rule("C-33")
def test_minutes_lie_within_presence_less_breaks() -> None:
    held = session(100, span(50, 60))
    assert clinical_minutes(held, [span(12, 100)]) == 78


@pytest.mark.rule("C-33")
def test_time_before_the_actual_start_and_after_the_end_does_not_count() -> None:
    assert clinical_minutes(session(60), [span(-20, 90)]) == 60


@pytest.mark.rule("C-33")
def test_a_break_counts_for_nobody_whoever_stays_connected() -> None:
    assert clinical_minutes(session(100, span(90, 100)), [span(0, 100)]) == 90
    assert clinical_minutes(session(100, span(50, 60)), [span(52, 58)]) == 0


@pytest.mark.rule("C-33", "F-24")
def test_minutes_need_the_clinician_too() -> None:
    held = HeldSession("individual", span(0, 60), clinician=(span(0, 30), span(38, 60)))
    assert clinical_minutes(held, [span(0, 53)]) == 45


@pytest.mark.rule("C-34")
@pytest.mark.parametrize(
    "kind",
    [
        "break",
        "meal",
        "recreation",
        "sober_activity",
        "mutual_help_meeting",
        "homework",
        "check_in",
        "waiting",
        "technical_help",
        "paperwork",
        "specimen_collection",
        "transport",
    ],
)
def test_some_kinds_of_time_count_zero(kind: str) -> None:
    assert not counts(kind)
    assert clinical_minutes(session(60, kind=kind), [span(0, 60)]) == 0


@pytest.mark.rule("C-34")
def test_prescriber_visits_count_only_by_a_payers_setting() -> None:
    visit = session(30, kind="prescriber_visit")
    assert clinical_minutes(visit, [span(0, 30)]) == 0
    assert clinical_minutes(visit, [span(0, 30)], prescriber_counts=True) == 30
    assert counts("process_group")


@pytest.mark.rule("C-34")
def test_a_sober_hike_leaves_the_week_sixty_minutes_short() -> None:
    days = {MONDAY: 180, date(2026, 3, 4): 180, date(2026, 3, 7): 120}
    check = check_week([PersonWeek("A", "2.1", days, not_counting=60)])
    assert check.refused == ("60 minutes short for A",)
    assert not check.publishable


@pytest.mark.rule("C-35")
def test_each_partner_is_checked_apart_and_named_in_the_exact_words() -> None:
    a = {MONDAY: 210, date(2026, 3, 4): 210, date(2026, 3, 5): 210}
    b = {MONDAY: 180, date(2026, 3, 4): 180, date(2026, 3, 5): 165}
    check = check_week([PersonWeek("A", "2.1", a), PersonWeek("B", "2.1", b)])
    assert check.refused == ("B is 15 minutes short",)


@pytest.mark.rule("C-35")
def test_a_day_below_the_payers_minimum_warns_and_does_not_refuse() -> None:
    days = {MONDAY: 190, date(2026, 3, 4): 165, date(2026, 3, 5): 190}
    check = check_week([PersonWeek("A", "2.1", days), PersonWeek("B", "2.1", days)])
    assert check.refused == ()
    assert check.publishable
    assert check.warned == ("Wednesday is 15 minutes short of a billable day",)


@pytest.mark.rule("C-35")
def test_three_full_days_bring_no_warning_whatever_the_others_hold() -> None:
    shared = {MONDAY: 180, date(2026, 3, 4): 180, date(2026, 3, 5): 180, date(2026, 3, 7): 90}
    assert check_week([PersonWeek("A", "2.1", shared)]).warned == ()
    two = {MONDAY: 300, date(2026, 3, 4): 300}
    assert check_week([PersonWeek("A", "2.1", two)]).warned == (
        "A has 2 billable days this week, 3 are usual",
    )
    assert check_week([PersonWeek("A", "2.1", two)], per_diem_minutes=301).warned == (
        "Monday is 1 minute short of a billable day",
        "Wednesday is 1 minute short of a billable day",
    )


@pytest.mark.rule("C-35", "C-27")
def test_hours_above_the_level_are_refused_too() -> None:
    days = {MONDAY: 600, date(2026, 3, 4): 541}
    assert check_week([PersonWeek("A", "2.1", days)]).refused == ("A is 1 minute over",)
    assert check_week([PersonWeek("A", "1.5", {MONDAY: 540})]).refused == ("A is 1 minute over",)
    assert check_week([PersonWeek("A", "1.5", {MONDAY: 480})]) == check_week([])


@pytest.mark.rule("C-36")
def test_a_minute_in_two_sessions_counts_once() -> None:
    one = clinical_spans(session(60), [span(0, 60)])
    two = clinical_spans(session(60, kind="class"), [span(0, 60)])
    assert minutes_by_week([*one, *two], CHICAGO) == {MONDAY: 60}
    assert minutes_by_day([*one, *two], CHICAGO) == {date(2026, 3, 5): 60}


@pytest.mark.rule("C-37")
def test_a_partial_first_week_is_shown_and_not_judged() -> None:
    first = PersonWeek("A", "2.1", {date(2026, 3, 5): 180}, partial=True)
    assert check_week([first]) == check_week([])
    assert first.minutes == 180


@pytest.mark.rule("C-55")
@pytest.mark.parametrize(
    ("present", "status"),
    [(0, "no_show"), (1, "partial"), (71, "partial"), (72, "attended"), (90, "attended")],
)
def test_eighty_percent_of_net_minutes_is_attended(present: int, status: str) -> None:
    assert attendance_of(present, 90) == status
    there = [span(0, present)] if present else []
    assert attendance(session(90), there).status == status


@pytest.mark.rule("C-55")
def test_late_and_left_early_begin_after_ten_minutes() -> None:
    on_time = attendance(session(90), [span(10, 80)])
    assert (on_time.late, on_time.left_early) == (False, False)
    assert attendance(session(90), [span(11, 90)]).late
    assert attendance(session(90), [span(0, 79)]).left_early
    assert not attendance(session(90), []).late


@pytest.mark.rule("C-55")
def test_excusing_somebody_needs_a_reason() -> None:
    with pytest.raises(Refused, match="^say why$"):
        refuse_mark("excused", " ")
    refuse_mark("program_cancelled", "leader ill")


@pytest.mark.rule("C-56")
def test_gaps_of_five_minutes_in_all_are_bridged_and_more_are_subtracted_whole() -> None:
    held = session(90)
    assert total(presence(held, [span(0, 20), span(23, 50), span(54, 90)])) == 83
    assert total(presence(held, [span(0, 20), span(23, 50), span(52, 90)])) == 90
    six = [span(0, 20), span(26, 90)]
    assert total(presence(held, six)) == 84


@pytest.mark.rule("C-56")
def test_presence_is_the_union_of_all_connections() -> None:
    held = session(90)
    assert total(presence(held, [span(0, 50), span(30, 90), span(10, 20)])) == 90


@pytest.mark.rule("C-56")
def test_a_break_is_not_a_gap() -> None:
    held = session(100, span(50, 60))
    assert total(presence(held, [span(0, 50), span(60, 97)])) == 87
    assert total(presence(held, [span(0, 48), span(62, 100)])) == 90


@pytest.mark.rule("C-58")
def test_a_make_up_counts_in_the_week_in_which_it_happens() -> None:
    def week(monday: date) -> list[Span]:
        return [
            Span(at(monday + timedelta(days=day), 17), at(monday + timedelta(days=day), hour, half))
            for day, hour, half in ((0, 20, 0), (2, 20, 0), (3, 19, 0), (5, 18, 30))
        ]

    missed, following = week(MONDAY), week(MONDAY + timedelta(days=7))
    assert minutes_by_week(missed, CHICAGO) == {MONDAY: 570}
    friday = Span(at(date(2026, 3, 6), 17), at(date(2026, 3, 6), 18))
    assert minutes_by_week([*missed, friday], CHICAGO) == {MONDAY: 630}
    monday = Span(at(date(2026, 3, 9), 12), at(date(2026, 3, 9), 13))
    full = [*following, Span(at(date(2026, 3, 12), 19), at(date(2026, 3, 12), 20))]
    assert minutes_by_week([*missed, *full, monday], CHICAGO) == {
        MONDAY: 570,
        date(2026, 3, 9): 690,
    }


@pytest.mark.rule("C-58")
def test_a_session_across_sunday_midnight_belongs_to_both_weeks() -> None:
    night = Span(at(date(2026, 3, 8), 23, 30), at(date(2026, 3, 9), 0, 15))
    assert minutes_by_week([night], CHICAGO) == {MONDAY: 30, date(2026, 3, 9): 15}
    assert programme_week(night.start, CHICAGO) == MONDAY


@pytest.mark.rule("F-1")
def test_an_hour_stays_an_hour_when_the_clocks_change() -> None:
    # In Chicago the clock goes from 02:00 to 03:00 on 8 March 2026.
    spring = Span(at(date(2026, 3, 8), 1, 30), at(date(2026, 3, 8), 3, 30))
    assert minutes_by_day([spring], CHICAGO) == {date(2026, 3, 8): 60}
    with pytest.raises(ValueError, match="aware"):
        Span(datetime(2026, 3, 8, 1), datetime(2026, 3, 8, 2))
    with pytest.raises(ValueError, match="ends after"):
        span(10, 5)


SPANS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 60)).map(lambda p: span(p[0], p[0] + p[1])),
    max_size=8,
)


def minutes_of(spans: list[Span] | tuple[Span, ...]) -> set[int]:
    found: set[int] = set()
    for one in spans:
        first = int((one.start - BASE) / timedelta(minutes=1))
        found |= set(range(first, first + whole_minutes(one.length)))
    return found


@pytest.mark.rule("C-36", "C-56")
@given(SPANS, SPANS)
def test_spans_behave_like_sets_of_minutes(one: list[Span], other: list[Span]) -> None:
    assert minutes_of(union(one)) == minutes_of(one)
    assert minutes_of(common(one, other)) == minutes_of(one) & minutes_of(other)
    assert minutes_of(without(one, other)) == minutes_of(one) - minutes_of(other)
    assert total(union([*one, *other])) == len(minutes_of(one) | minutes_of(other))


@pytest.mark.rule("C-33", "C-56")
@given(SPANS, SPANS)
def test_nobody_counts_more_than_the_net_session(there: list[Span], breaks: list[Span]) -> None:
    held = HeldSession("class", span(0, 240), tuple(breaks))
    assert 0 <= clinical_minutes(held, there) <= held.net_minutes
