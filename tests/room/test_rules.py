"""The room's rules without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mutual.base.refusal import Refused
from mutual.room import rules
from mutual.week.minutes import Span

START = datetime(2026, 1, 12, 18, 0, tzinfo=UTC)


def span(a: int, b: int) -> Span:
    return Span(START + timedelta(minutes=a), START + timedelta(minutes=b))


READY = rules.Readiness(
    waiting=True, consents=True, place="1 Example Lane", call_back="555-010-1000",
    local_number="555-010-9110", emergency_contact=True, private_now=True, licensed=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("minute", "running", "door"),
    [(-16, False, "early"), (-15, False, "open"), (59, False, "open"), (60, False, "over"),
     (60, True, "open"), (90, True, "over")],
)  # fmt: skip
def test_the_door_opens_fifteen_minutes_before_and_closes_at_the_end(
    minute: int, running: bool, door: str
) -> None:
    now = START + timedelta(minutes=minute)
    assert rules.door(START, START + timedelta(hours=1), now, running=running) == door


@pytest.mark.rule("P-78")
def test_go_needs_alone_and_go_and_not_today_is_final() -> None:
    assert rules.goes(["alone", "go"])
    assert rules.goes(["go", "alone", "go"])
    assert not rules.goes(["go"])
    assert not rules.goes(["alone"])
    assert not rules.goes(["alone", "not_today", "go", "alone"])


@pytest.mark.rule("P-78")
def test_what_both_taps_come_to_never_says_whose() -> None:
    both = ["alone", "go"]
    assert rules.decision([both, both]) == "go"
    assert rules.decision([both, []]) == "not_yet"
    assert rules.decision([both]) == "not_yet"
    assert rules.decision([both, ["not_today"]]) == rules.decision([["not_today"], both])


@pytest.mark.rule("C-78", "P-75")
@pytest.mark.parametrize(
    "missing",
    [{"place": ""}, {"call_back": ""}, {"local_number": ""}, {"emergency_contact": False},
     {"private_now": False}, {"licensed": False}, {"consents": False}, {"waiting": False}],
)  # fmt: skip
def test_no_session_starts_while_one_of_these_is_missing(missing: dict[str, object]) -> None:
    rules.refuse_admission(READY, "Ana", "Dr. Reyes", locked=False)
    with pytest.raises(Refused):
        rules.refuse_admission(replace(READY, **missing), "Ana", "Dr. Reyes", locked=False)


@pytest.mark.rule("P-78")
def test_the_therapist_reads_not_yet_and_nothing_more() -> None:
    with pytest.raises(Refused) as refused:
        rules.refuse_admission(READY, "Ana", "Dr. Reyes", locked=False, decided=False)
    assert refused.value.text == "Not yet."


@pytest.mark.rule("P-77")
def test_a_locked_room_lets_nobody_in() -> None:
    with pytest.raises(Refused, match="locked"):
        rules.refuse_admission(READY, "Ana", "Dr. Reyes", locked=True)


def test_everybody_in_the_room_hears_the_others() -> None:
    assert rules.matrix("t", ["a", "b"]) == {"t": ["a", "b"], "a": ["t", "b"], "b": ["t", "a"]}


def test_while_the_clinician_speaks_with_one_the_other_hears_nobody() -> None:
    assert rules.matrix("t", ["a", "b"], alone_with="a") == {"t": ["a"], "a": ["t"], "b": []}


def test_without_the_clinician_nobody_hears_anybody() -> None:
    assert rules.matrix("", ["a", "b"]) == {"a": [], "b": []}


@pytest.mark.rule("C-33")
def test_minutes_are_those_present_with_the_clinician_less_the_break() -> None:
    found = rules.measured(
        span(0, 100), [span(12, 100)], clinician=[span(0, 100)], breaks=[span(50, 60)], most=90
    )
    assert found.minutes == 78
    assert found.late


@pytest.mark.rule("C-33")
def test_minutes_without_the_clinician_do_not_count() -> None:
    found = rules.measured(span(0, 60), [span(0, 60)], clinician=[span(0, 40)], most=60)
    assert found.minutes == 40


@pytest.mark.rule("C-56")
def test_short_gaps_are_bridged_and_longer_ones_taken_whole() -> None:
    short = [span(0, 30), span(34, 90)]
    long = [span(0, 30), span(33, 60), span(64, 90)]
    assert rules.measured(span(0, 90), short, most=90).minutes == 90
    assert rules.measured(span(0, 90), long, most=90).minutes == 83


@pytest.mark.rule("C-56", "F-8")
def test_two_pages_at_once_are_one_presence() -> None:
    assert rules.measured(span(0, 60), [span(0, 40), span(30, 60)], most=60).minutes == 60


@pytest.mark.rule("C-55")
def test_minutes_never_exceed_the_planned_ones_and_nobody_there_is_none() -> None:
    assert rules.measured(span(0, 75), [span(0, 75)], most=60).minutes == 60
    assert rules.measured(span(0, 60), [], most=60).minutes == 0


def test_a_number_is_known_by_its_last_two_digits() -> None:
    assert rules.ending("555-010-1042") == "42"
    assert not rules.digits_enough("911")
