"""Change words need a threshold with a source; a couple is two people, not a sample."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mutual.measures import registry
from mutual.measures.change import (
    Pair,
    couple_word,
    cut_from_norms,
    judge,
    least_reliable_points,
    pairs,
    plane_field,
    reliable_change_index,
    slope_per_week,
    standard_error_of_difference,
)


@pytest.mark.rule("I-11")
@pytest.mark.parametrize("key", ["audit", "dast10", "ecr_s", "csi32", "barc10"])
def test_without_a_sourced_threshold_the_page_only_counts_points(key: str) -> None:
    judged = judge(registry.get(key), 20, 12)
    assert judged.word is None
    assert judged.text == "changed by 8 points"
    assert judge(registry.get(key), 20, 21).text == "changed by 1 point"


@pytest.mark.rule("I-11")
def test_every_threshold_names_its_source() -> None:
    for instrument in registry.all():
        assert (instrument.change.least is None) == (instrument.change.source == "")


@pytest.mark.rule("I-33")
def test_the_reliable_change_index_of_csi16_is_as_computed() -> None:
    assert standard_error_of_difference(17, 0.98) == pytest.approx(3.400, abs=0.001)
    assert standard_error_of_difference(17, 0.98) / 2**0.5 == pytest.approx(2.404, abs=0.001)
    assert least_reliable_points(17, 0.98) == pytest.approx(6.66, abs=0.005)
    assert registry.get("csi16").change.least == 7
    far = judge(registry.get("csi16"), 45, 59)
    assert far.index == pytest.approx(4.12, abs=0.005)
    assert far.text == "reliable and across the cut"
    near = judge(registry.get("csi16"), 45, 50)
    assert near.index == pytest.approx(1.47, abs=0.005)
    assert near.text == "no reliable change"


@pytest.mark.rule("I-33")
def test_the_reliable_change_index_of_csi4_is_as_computed() -> None:
    assert least_reliable_points(4, 0.94) == pytest.approx(2.72, abs=0.005)
    assert registry.get("csi4").change.least == 3
    assert reliable_change_index(8, 15, 4, 0.94) == pytest.approx(5.05, abs=0.005)
    assert judge(registry.get("csi4"), 8, 10).word == "unchanged"
    assert judge(registry.get("csi4"), 8, 11).word == "improved"


@pytest.mark.rule("I-34")
@pytest.mark.parametrize(
    ("key", "before", "after", "word"),
    [
        ("phq9", 16, 9, "recovered"),
        ("phq9", 16, 12, "unchanged"),
        ("phq9", 22, 16, "improved"),
        ("phq9", 4, 10, "worse"),
        ("phq9", 16, 10, "improved"),
        ("gad7", 11, 7, "recovered"),
        ("gad7", 12, 8, "improved"),
        ("csi16", 59, 45, "worse"),
        ("rdas", 36, 52, "recovered"),
        ("rdas", 36, 47, "unchanged"),
        ("rdas", 30, 47, "improved"),
    ],
)
def test_the_word_for_one_person_follows_direction_threshold_and_cut(
    key: str, before: int, after: int, word: str
) -> None:
    assert judge(registry.get(key), before, after).word == word


@pytest.mark.rule("I-34")
def test_a_cut_from_norms_lies_nearer_the_narrower_group() -> None:
    assert cut_from_norms(10, 2, 20, 4) == pytest.approx(80 / 6)


@pytest.mark.rule("I-35")
def test_the_couples_word_names_both_people() -> None:
    assert couple_word("recovered", "improved") == "both better"
    assert couple_word("improved", "unchanged") == "one better"
    assert couple_word("unchanged", "unchanged") == "no change"
    assert couple_word("improved", "worse") == "diverging"
    assert couple_word("worse", "recovered") == "diverging"
    assert couple_word("worse", "worse") == "both worse"
    assert couple_word("worse", "unchanged") == "one worse"
    assert couple_word(None, "improved") is None


@pytest.mark.rule("I-31")
def test_the_couple_plane_names_fields_means_and_differences() -> None:
    first, second = Pair(date(2026, 3, 1), 44, 65), Pair(date(2026, 4, 1), 59, 63)
    assert (first.difference, second.difference) == (-21, -4)
    assert (first.mean, second.mean) == (54.5, 61.0)
    assert plane_field(44, 65, 51.5) == "A below"
    assert plane_field(59, 63, 51.5) == "both content"
    assert plane_field(59, 40, 51.5) == "B below"
    assert plane_field(40, 40, 51.5) == "both below"


@pytest.mark.rule("I-32")
def test_answers_more_than_three_days_apart_make_no_dot() -> None:
    day = date(2026, 3, 1)
    assert pairs([(day, 44)], [(day + timedelta(days=3), 65)]) == (
        Pair(day + timedelta(days=3), 44, 65),
    )
    assert pairs([(day, 44)], [(day + timedelta(days=4), 65)]) == ()


@pytest.mark.rule("I-32")
def test_each_answer_joins_at_most_one_dot_and_the_nearest() -> None:
    day = date(2026, 3, 1)
    a = [(day, 44), (day + timedelta(days=2), 50)]
    assert pairs(a, [(day + timedelta(days=2), 65)]) == (Pair(day + timedelta(days=2), 50, 65),)


@pytest.mark.rule("I-36", "I-37")
def test_the_slope_is_the_median_of_pair_slopes_from_five_points_on() -> None:
    scores = [8, 9, 9, 11, 12]
    assert slope_per_week(list(enumerate(scores))) == 1.0
    assert slope_per_week(list(enumerate(scores[:4]))) is None
    assert slope_per_week([(1.0, 5.0)] * 5) is None
