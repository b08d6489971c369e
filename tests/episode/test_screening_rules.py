"""Safety screens close conjoint work; silence, doubt and delay never open it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta

import pytest

from mutual.base.refusal import Refused
from mutual.episode.screening_rules import (
    LIVE_QUESTIONS,
    Clearance,
    PersonClearance,
    SafetyFacts,
    ScreenState,
    SpokenCheck,
    SuicideLevel,
    ciwa,
    clearance,
    conjoint_week,
    contraindications,
    cows,
    ends_couple_therapy,
    item_nine,
    refuse_screener,
    screen_closes,
    screen_due,
    screen_lapsed,
    screen_state,
    side_by_side_share,
    suicide_level,
    suicide_response,
)

TODAY = date(2026, 3, 9)
SURE = SpokenCheck(alone=True, headphones=True, code_word=True)
NO_FOUR_TIMES = (False, False, False, False)
READY = PersonClearance(ScreenState.NEGATIVE, date(2026, 3, 1), SuicideLevel.NONE, True)


@pytest.mark.rule("C-12")
@pytest.mark.parametrize("doubt", [False, None])
@pytest.mark.parametrize("which", ["alone", "headphones", "code_word"])
def test_any_doubt_defers_and_deferred_is_never_negative(which: str, doubt: bool | None) -> None:
    check = SpokenCheck(**{"alone": True, "headphones": True, "code_word": True, which: doubt})
    assert screen_state(check, NO_FOUR_TIMES) is ScreenState.DEFERRED
    deferred = replace(READY, screen=ScreenState.DEFERRED)
    assert not clearance(deferred, READY, TODAY).open


@pytest.mark.rule("C-12")
def test_an_unanswered_question_defers() -> None:
    assert screen_state(SURE, (False, None, False, False)) is ScreenState.DEFERRED
    assert screen_state(SURE, ()) is ScreenState.DEFERRED
    assert screen_state(SURE, NO_FOUR_TIMES) is ScreenState.NEGATIVE


@pytest.mark.rule("C-12", "C-14")
def test_a_yes_is_positive_also_under_doubt_and_fear_alone_is_enough() -> None:
    unsure = SpokenCheck(alone=None, headphones=True, code_word=True)
    assert screen_state(unsure, (False, True, None, None)) is ScreenState.POSITIVE
    assert screen_state(SURE, NO_FOUR_TIMES, SafetyFacts(fear=True)) is ScreenState.POSITIVE


@pytest.mark.rule("C-12")
def test_the_asking_clinician_is_trained_and_serves_only_this_person() -> None:
    refuse_screener(trained=True, serves_partner=False)
    with pytest.raises(Refused, match="serves only this person"):
        refuse_screener(trained=True, serves_partner=True)
    with pytest.raises(Refused, match="trained"):
        refuse_screener(trained=False, serves_partner=False)


@pytest.mark.rule("C-14")
@pytest.mark.parametrize("fact", [entry.name for entry in fields(SafetyFacts)])
def test_each_known_fact_closes_conjoint_work(fact: str) -> None:
    facts = replace(SafetyFacts(), **{fact: True})
    assert contraindications(ScreenState.NEGATIVE, facts, SuicideLevel.NONE) == (fact,)
    assert not clearance(replace(READY, facts=facts), READY, TODAY).open
    assert not clearance(READY, replace(READY, facts=facts), TODAY).open


@pytest.mark.rule("C-14")
def test_one_positive_screen_of_two_is_not_clear() -> None:
    positive = replace(READY, screen=ScreenState.POSITIVE)
    assert clearance(positive, READY, TODAY).reasons_a == ("violence_screen",)
    assert not clearance(READY, positive, TODAY).open


@pytest.mark.rule("C-14")
@pytest.mark.parametrize(
    ("ciwa_total", "cows_total", "closed"),
    [(9, 12, False), (10, 0, True), (0, 13, True), (None, None, False)],
)
def test_withdrawal_closes_from_ten_and_from_thirteen(
    ciwa_total: int | None, cows_total: int | None, closed: bool
) -> None:
    person = replace(READY, ciwa_total=ciwa_total, cows_total=cows_total)
    assert clearance(person, READY, TODAY).open is not closed


@pytest.mark.rule("C-14")
def test_injury_or_fear_ends_the_therapy_and_the_live_questions_are_facts() -> None:
    assert ends_couple_therapy(SafetyFacts(injury=True))
    assert ends_couple_therapy(SafetyFacts(fear=True))
    assert not ends_couple_therapy(SafetyFacts(stalking=True))
    assert set(LIVE_QUESTIONS) <= {entry.name for entry in fields(SafetyFacts)}


@pytest.mark.rule("C-15")
def test_clearance_needs_both_screens_both_levels_and_both_signatures() -> None:
    assert clearance(READY, READY, TODAY) == Clearance(True)
    lacking = {
        "unsigned": replace(READY, counselor_signed=False),
        "c_ssrs_high": replace(READY, suicide=SuicideLevel.HIGH),
        "c_ssrs_missing": replace(READY, suicide=None),
        "screen_missing": replace(READY, screen=None, screened_on=None),
        "screen_undated": replace(READY, screened_on=None),
    }
    for reason, person in lacking.items():
        decided = clearance(READY, person, TODAY)
        assert not decided.open
        assert decided.reasons_b == (reason,)
        assert decided.reasons_a == ()
    moderate = replace(READY, suicide=SuicideLevel.MODERATE)
    assert clearance(moderate, READY, TODAY).open


@pytest.mark.rule("C-15")
def test_day_nine_without_a_signature_looks_like_day_two() -> None:
    unsigned = clearance(READY, replace(READY, counselor_signed=False), TODAY).open
    shapes = [
        conjoint_week(day_of_stay=day, cleared=unsigned, plan_review_week=False, held=False)
        for day in (2, 9)
    ]
    assert shapes == [False, False]


@pytest.mark.rule("C-15")
def test_the_first_seven_days_reviews_and_holds_are_side_by_side() -> None:
    def week(day: int = 8, cleared: bool = True, review: bool = False, held: bool = False) -> bool:
        return conjoint_week(day_of_stay=day, cleared=cleared, plan_review_week=review, held=held)

    assert week()
    assert not week(day=7)
    assert not week(cleared=False)
    assert not week(review=True)
    assert not week(held=True)


@pytest.mark.rule("C-15")
def test_the_director_is_warned_when_most_side_by_side_weeks_are_holds() -> None:
    assert side_by_side_share([(True, True), (True, False), (False, False)]) == (0.5, False)
    share = side_by_side_share([(True, True), (True, True), (True, False)])
    assert share is not None
    assert share[1]
    assert side_by_side_share([(False, False)]) is None


@pytest.mark.rule("C-20")
def test_the_screen_of_1_march_is_due_on_31_march_and_closes_on_7_april() -> None:
    last = date(2026, 3, 1)
    assert screen_due(last) == date(2026, 3, 31)
    assert screen_closes(last) == date(2026, 4, 7)
    assert not screen_lapsed(last, date(2026, 4, 6))
    assert screen_lapsed(last, date(2026, 4, 7))
    assert clearance(READY, READY, date(2026, 4, 6)).open
    assert clearance(READY, READY, date(2026, 4, 7)).reasons_a == ("screen_overdue",)


@pytest.mark.rule("C-20")
def test_a_trigger_since_the_last_screen_makes_it_due_at_once() -> None:
    last = date(2026, 3, 1)
    assert screen_due(last, [date(2026, 3, 12), date(2026, 3, 10)]) == date(2026, 3, 10)
    assert screen_due(last, [date(2026, 2, 20)]) == date(2026, 3, 31)
    triggered = replace(READY, screen_triggers=(date(2026, 3, 2),))
    assert not clearance(triggered, READY, TODAY).open


@pytest.mark.rule("C-21")
@pytest.mark.parametrize(
    ("total", "band", "flags"),
    [
        (9, "mild", ()),
        (10, "moderate", ("prescriber_today", "closes_conjoint")),
        (18, "moderate", ("prescriber_today", "closes_conjoint")),
        (19, "severe", ("emergency_transfer", "closes_conjoint")),
    ],
)
def test_alcohol_withdrawal_has_three_bands(total: int, band: str, flags: tuple[str, ...]) -> None:
    assert (ciwa(total).band, ciwa(total).flags) == (band, flags)


@pytest.mark.rule("C-21")
def test_a_past_withdrawal_seizure_brings_the_prescriber_at_nine() -> None:
    assert ciwa(9, past_withdrawal_seizure=True).flags == ("prescriber_today",)
    assert "emergency_transfer" in ciwa(3, complicated=True).flags


@pytest.mark.rule("C-22")
@pytest.mark.parametrize(
    ("total", "band"),
    [
        (4, "below mild"),
        (5, "mild"),
        (12, "mild"),
        (13, "moderate"),
        (24, "moderate"),
        (25, "moderately severe"),
        (36, "moderately severe"),
        (37, "severe"),
    ],
)
def test_opioid_withdrawal_has_its_bands(total: int, band: str) -> None:
    assert cows(total).band == band


@pytest.mark.rule("C-22")
def test_opioid_withdrawal_of_26_is_seen_in_person_today() -> None:
    assert "in_person_today" in cows(26).flags
    assert "in_person_today" not in cows(24).flags


@pytest.mark.rule("C-80")
@pytest.mark.parametrize(
    ("yes", "recent", "level"),
    [
        ((), False, SuicideLevel.NONE),
        ((1,), False, SuicideLevel.LOW),
        ((2,), False, SuicideLevel.LOW),
        ((1, 2, 3), False, SuicideLevel.MODERATE),
        ((6,), False, SuicideLevel.MODERATE),
        ((6,), True, SuicideLevel.HIGH),
        ((4,), False, SuicideLevel.HIGH),
        ((5,), False, SuicideLevel.HIGH),
    ],
)
def test_the_level_follows_the_gravest_yes(
    yes: tuple[int, ...], recent: bool, level: SuicideLevel
) -> None:
    assert suicide_level(dict.fromkeys(yes, True), six_recent=recent) is level


@pytest.mark.rule("C-80")
def test_each_level_demands_its_own_response() -> None:
    high = suicide_response(SuicideLevel.HIGH)
    assert high.never_alone
    assert high.live_handoff
    assert high.evaluation_today
    assert high.conjoint_closed
    assert high.supervisor_within == timedelta(minutes=15)
    moderate = suicide_response(SuicideLevel.MODERATE)
    assert moderate.evaluation_today
    assert moderate.safety_plan
    assert not moderate.conjoint_closed
    low = suicide_response(SuicideLevel.LOW)
    assert (low.safety_plan, low.contact_within) == (True, timedelta(days=7))
    assert not low.evaluation_today


@pytest.mark.rule("C-81")
def test_item_nine_at_night_is_an_on_call_task_at_that_hour() -> None:
    at = datetime(2026, 3, 10, 21, 0)
    task = item_nine(1, at, in_contact=False, counselor_on_duty=False)
    assert task is not None
    assert (task.kind, task.due) == ("on_call", at)


@pytest.mark.rule("C-81")
def test_item_nine_is_followed_in_the_same_contact_or_by_a_call_the_same_day() -> None:
    at = datetime(2026, 3, 10, 15, 0)
    now = item_nine(2, at, in_contact=True, counselor_on_duty=True)
    assert now is not None
    assert (now.kind, now.due) == ("c_ssrs_now", at)
    call = item_nine(1, at, in_contact=False, counselor_on_duty=True)
    assert call is not None
    assert call.kind == "call_today"
    assert call.due.date() == at.date()
    assert item_nine(0, at, in_contact=False, counselor_on_duty=True) is None
    assert item_nine(None, at, in_contact=False, counselor_on_duty=True) is None
