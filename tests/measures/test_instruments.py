"""Every instrument scores as published, misses nothing silently, and ships only what it may."""

from __future__ import annotations

from datetime import date

import pytest

from mutual.base.refusal import Refused
from mutual.measures import registry
from mutual.measures.instruments import audit, bam, phq9, sccs
from mutual.measures.scale import (
    FLAG_WORDS,
    Instrument,
    Result,
    Vector,
    half_up,
    opens_and_closes,
    tell_after_misses,
)

EXPECTED = {
    "audit",
    "audit_c",
    "bam",
    "bam_counts",
    "barc10",
    "boundaries",
    "c_ssrs",
    "ciwa_ar",
    "cows",
    "csi16",
    "csi32",
    "csi4",
    "daily_checkin",
    "dast10",
    "ecr_s",
    "ehits",
    "gad7",
    "hark",
    "hits",
    "pc_ptsd5",
    "phq9",
    "rdas",
    "sccs",
}
EVERY = [(i, v) for i in registry.all() for v in i.vectors]


def score(key: str, *answers: int | None) -> Result:
    return registry.score(key, answers)


@pytest.mark.rule("I-3")
def test_the_registry_finds_every_instrument_by_its_file() -> None:
    assert {instrument.key for instrument in registry.all()} == EXPECTED
    assert all(instrument.vectors for instrument in registry.all())
    with pytest.raises(Refused, match="there are: audit"):
        registry.get("phq8")


@pytest.mark.rule("I-3")
@pytest.mark.parametrize(
    ("instrument", "vector"), EVERY, ids=[f"{i.key}-{n}" for n, (i, _v) in enumerate(EVERY)]
)
def test_every_vector_beside_an_instrument_holds(instrument: Instrument, vector: Vector) -> None:
    result = instrument.score(vector.answers)
    assert result.scorable is vector.scorable
    assert result.total == vector.total
    assert result.band == vector.band
    assert dict(result.subscales) == dict(vector.subscales)
    assert result.flags == vector.flags
    assert result.estimated is vector.estimated
    assert bool(result.reason) is not result.scorable
    assert all(flag in FLAG_WORDS for flag in result.flags)


@pytest.mark.rule("I-3")
@pytest.mark.parametrize(
    ("key", "answers", "total", "band"),
    [
        ("phq9", "1,2,1,1,0,1,0,0,0", 6, "mild"),
        ("phq9", "2,2,3,2,1,3,1,1,1", 16, "moderately severe"),
        ("phq9", "3,3,3,2,2,3,2,2,2", 22, "severe"),
        ("gad7", "1,1,0,1,0,1,1", 5, "mild"),
        ("gad7", "2,3,2,2,1,2,1", 13, "moderate"),
        ("gad7", "3,3,3,2,2,2,2", 17, "severe"),
        ("audit", "4,2,3,1,1,0,2,1,2,4", 20, "possible dependence"),
        ("audit", "2,1,1,0,0,0,1,0,0,0", 5, "low"),
        ("audit_c", "3,0,0", 3, "positive"),
        ("dast10", "1,1,0,1,1,1,1,0,0,1", 8, "substantial"),
        ("dast10", "0,0,1,0,0,0,0,0,0,0", 0, "none"),
        ("pc_ptsd5", "1,1,1,0,1,0", 3, "act"),
        ("csi4", "2,2,2,2", 8, "below cut"),
        ("csi4", "4,3,4,4", 15, "above cut"),
        ("csi16", "5,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4", 65, "above cut"),
        ("csi32", "4" + ",3" * 31, 97, "below cut"),
        ("rdas", "3,3,2,3,3,2,3,4,2,2,2,2,3,2", 36, "distressed"),
        ("rdas", "4,4,4,4,3,4,4,5,4,3,3,3,4,3", 52, "not distressed"),
        ("hark", "1,0,0,0", 1, "positive"),
        ("hark", "0,0,0,0", 0, "negative"),
        ("barc10", "5,4,4,3,3,5,4,5,4,4", 41, "below 47"),
        ("ciwa_ar", "2,1,3,1,2,0,0,0,1,0", 10, "moderate"),
        ("ciwa_ar", "4,4,4,4,3,1,1,1,2,1", 25, "severe"),
        ("cows", "2,2,3,2,2,2,2,1,1,2,3", 22, "moderate"),
    ],
)
def test_published_answers_give_the_published_total_and_band(
    key: str, answers: str, total: int, band: str
) -> None:
    result = score(key, *(int(part) for part in answers.split(",")))
    assert (result.total, result.band) == (total, band)


RANGES = {
    "phq9": (0, 27),
    "gad7": (0, 21),
    "audit": (0, 40),
    "audit_c": (0, 12),
    "csi4": (0, 21),
    "csi16": (0, 81),
    "csi32": (0, 161),
    "rdas": (0, 69),
    "hark": (0, 4),
    "hits": (4, 20),
    "ehits": (5, 25),
    "barc10": (10, 60),
    "ciwa_ar": (0, 67),
    "cows": (0, 48),
}


@pytest.mark.rule("I-3")
@pytest.mark.parametrize("key", RANGES)
def test_lowest_and_highest_answers_span_the_published_range(key: str) -> None:
    items = registry.get(key).scored_items
    low = score(key, *(min(item.values) for item in items))
    high = score(key, *(max(item.values) for item in items))
    assert (low.total, high.total) == RANGES[key]


@pytest.mark.rule("I-5")
def test_six_of_nine_answers_are_not_scorable_and_never_zero() -> None:
    result = score("phq9", 1, 1, 1, None, None, None, 1, 1, 0)
    assert not result.scorable
    assert result.total is None
    assert result.band is None
    assert result.reason == "6 of 9 answered"


@pytest.mark.rule("I-5", "F-18")
def test_blanks_at_three_and_nine_give_no_total_and_flag_item_nine() -> None:
    result = score("phq9", 1, 2, None, 1, 0, 1, 0, 0, None)
    assert (result.scorable, result.total) == (False, None)
    assert result.reason.startswith("7 of 9 answered")
    assert result.flags == ("ask_item_9_live",)


@pytest.mark.rule("I-6")
def test_eight_answers_that_sum_to_seven_are_prorated_half_up_and_marked() -> None:
    result = score("phq9", 1, 1, 1, 1, 1, 1, 1, None, 0)
    assert (result.total, result.estimated) == (8, True)
    assert half_up(63, 8) == 8
    assert half_up(5, 2) == 3
    assert half_up(9, 4) == 2


@pytest.mark.rule("I-6")
def test_a_critical_item_is_never_estimated() -> None:
    result = score("phq9", 1, 1, 1, 1, 1, 1, 1, 0, None)
    assert not result.scorable
    assert "ask it live" in result.reason


@pytest.mark.rule("I-6")
def test_a_critical_answer_is_flagged_even_when_there_is_no_total() -> None:
    result = score("phq9", 1, None, None, None, 1, 1, 1, 0, 1)
    assert (result.scorable, result.flags) == (False, ("critical",))


@pytest.mark.rule("I-6")
def test_gad7_prorates_one_missing_answer_but_not_two() -> None:
    one = score("gad7", 1, 1, 0, 1, 0, 1, None)
    assert (one.total, one.estimated) == (5, True)
    assert not score("gad7", 1, 1, 0, 1, 0, None, None).scorable


NO_MISSING = sorted(EXPECTED - {"phq9", "gad7", "boundaries", "daily_checkin", "c_ssrs"})


@pytest.mark.rule("I-6")
@pytest.mark.parametrize("key", NO_MISSING)
def test_all_other_instruments_take_no_missing_answer(key: str) -> None:
    items = registry.get(key).scored_items
    answers: list[int | None] = [max(item.values) for item in items]
    answers[-1] = None
    assert not score(key, *answers).scorable


@pytest.mark.rule("I-7")
def test_a_value_outside_the_items_own_set_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="item 1 of cows has no answer 3: it takes 0, 1, 2, 4"):
        score("cows", 3, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0)
    with pytest.raises(Refused, match="item 9 of audit"):
        score("audit", 1, 1, 1, 0, 0, 0, 0, 0, 1, 0)
    with pytest.raises(Refused, match="item 2 of csi4"):
        score("csi4", 6, 6, 5, 5)
    with pytest.raises(Refused, match="phq9 takes 9 answers, got 8"):
        score("phq9", 0, 0, 0, 0, 0, 0, 0, 0)


@pytest.mark.rule("I-7")
@pytest.mark.parametrize("key", sorted(EXPECTED))
def test_no_item_takes_a_value_beyond_its_highest(key: str) -> None:
    instrument = registry.get(key)
    for place, item in enumerate(instrument.scored_items):
        answers = [min(other.values) for other in instrument.scored_items]
        answers[place] = max(item.values) + 1
        with pytest.raises(Refused):
            instrument.score(answers)


@pytest.mark.rule("I-8")
def test_reversal_happens_once_and_only_in_scoring() -> None:
    assert score("dast10", *(0,) * 10).total == 1
    stored = (6, 6, 2, 7, 6, 5, 2, 3, 6, 5, 2, 6)
    assert dict(score("ecr_s", *stored).subscales) == {"anxiety": 34, "avoidance": 12}
    assert stored == (6, 6, 2, 7, 6, 5, 2, 3, 6, 5, 2, 6)
    # CSI values are as printed: the engine turns nothing round.
    assert score("csi4", 0, 0, 0, 0).total == 0


@pytest.mark.rule("I-4")
def test_versions_join_only_where_a_file_says_so() -> None:
    assert registry.get("bam").version != registry.get("bam_counts").version
    assert all(not instrument.joins_versions for instrument in registry.all())


@pytest.mark.rule("I-3")
def test_the_lowest_answer_of_gad7_is_not_at_all() -> None:
    for item in registry.get("gad7").items:
        assert item.labels[0] == "Not at all"


@pytest.mark.rule("I-3")
def test_the_difficulty_question_is_kept_and_not_scored() -> None:
    with_it = score("phq9", 1, 2, 1, 1, 0, 1, 0, 0, 0, 3)
    assert with_it.total == 6
    assert [item.number for item in phq9.ITEMS if not item.scored] == ["10"]


@pytest.mark.rule("I-3")
def test_audit_takes_the_next_bands_action_by_the_rule_of_who() -> None:
    acts = score("audit", 1, 1, 1, 2, 0, 0, 1, 0, 0, 0)
    assert (acts.total, acts.band) == (6, "low")
    assert "act_as_hazardous" in acts.flags
    by_item_ten = score("audit", 1, 1, 1, 0, 0, 0, 0, 0, 0, 4)
    assert by_item_ten.band == "low"
    assert "act_as_hazardous" in by_item_ten.flags
    top = score("audit", 4, 2, 3, 1, 1, 0, 2, 1, 2, 4)
    assert not any(flag.startswith("act_as") for flag in top.flags)
    assert "ask_withdrawal" in top.flags
    assert top.subscales["audit_c"] == 9


@pytest.mark.rule("I-3")
def test_audit_counts_what_its_own_form_skips_as_zero_and_marks_it() -> None:
    never = score("audit", 0, None, None, None, None, None, None, None, 0, 0)
    assert (never.total, never.flags) == (0, ("skipped",))
    little = score("audit", 1, 0, 0, None, None, None, None, None, 0, 2)
    assert (little.total, little.flags) == (3, ("skipped",))
    assert not score("audit", 1, 1, 0, None, None, None, None, None, 0, 2).scorable
    assert not score("audit", 0, None, None, None, None, None, None, None, None, 0).scorable
    assert audit.score((0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).flags == ()


@pytest.mark.rule("I-3")
def test_an_audit_c_made_of_item_one_alone_says_so() -> None:
    assert "item_1_only" in score("audit_c", 3, 0, 0).flags
    assert "item_1_only" not in score("audit_c", 3, 1, 0).flags
    assert FLAG_WORDS["item_1_only"] == "may be within limits, ask about recent months"


@pytest.mark.rule("I-3")
def test_bam_has_three_sums_and_no_grand_total() -> None:
    result = score("bam", 2, 3, 2, 2, 1, 1, 3, 2, 1, 2, 1, 3, 4, 2, 2, 2)
    assert dict(result.subscales) == {"use": 4, "risk": 14, "protective": 13, "item_17": 2}
    assert result.total is None
    detailed = (2, 3, 2, 2, 1, 1, *(None,) * 7, 3, 2, 1, 2, 1, 3, 4, 2, 2, 2)
    assert dict(score("bam", *detailed).subscales) == dict(result.subscales)


@pytest.mark.rule("C-85")
def test_use_after_a_period_without_is_noticed_and_versions_are_never_joined() -> None:
    without = score("bam", 1, 1, 1, 0, 0, 0, 1, 4, 3, 1, 2, 4, 4, 0, 3, 3)
    again = score("bam", 2, 3, 2, 2, 1, 1, 3, 2, 1, 2, 1, 3, 4, 2, 2, 2)
    assert bam.use_came_back(without, again)
    assert not bam.use_came_back(again, again)
    counts = score("bam_counts", *(30,) * 16)
    assert not bam.use_came_back(without, counts)


@pytest.mark.rule("I-2")
def test_the_installed_pack_says_which_item_belongs_to_which_subscale() -> None:
    layout = {
        "emotional_suppression": ("1", "4", "7"),
        "interpersonal_control": ("2", "5", "8"),
        "self_sacrifice": ("3", "6", "9"),
    }
    result = sccs.score_with((5, 1, 1, 5, 1, 1, 5, 1, 1), layout)
    assert result.subscales["emotional_suppression"] == 5
    assert result.flags == ()
    with pytest.raises(Refused):
        sccs.score_with((1,) * 9, {**layout, "self_sacrifice": ("3", "6", "8")})


@pytest.mark.rule("C-22")
def test_cows_without_a_pulse_reading_is_incomplete() -> None:
    result = score("cows", None, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0)
    assert not result.scorable
    assert "device" in result.reason


@pytest.mark.rule("I-14")
def test_a_form_due_on_the_tenth_is_open_from_the_eighth_to_the_thirteenth() -> None:
    assert opens_and_closes(date(2026, 3, 10)) == (date(2026, 3, 8), date(2026, 3, 13))
    assert tell_after_misses([True, False, False])
    assert not tell_after_misses([False, True, False])
    assert not tell_after_misses([False])


@pytest.mark.rule("I-3")
def test_verified_codes_are_right_and_the_others_stay_empty() -> None:
    assert registry.get("audit").loinc.total == "75624-7"
    assert registry.get("audit_c").loinc.total == "75626-2"
    assert registry.get("phq9").loinc.items == {"9": "44260-8"}
    assert registry.get("gad7").loinc.panel == "69737-5"
    for key in ("pc_ptsd5", "bam", "csi16", "rdas", "hits", "sccs", "barc10", "ciwa_ar", "cows"):
        assert registry.get(key).loinc.panel == registry.get(key).loinc.total == ""
