"""What an instrument ships, whom it alarms and where it shows: wording, screens, portal."""

from __future__ import annotations

import re

import pytest

from mutual.base.refusal import Refused
from mutual.measures import registry
from mutual.measures.instruments import ehits, hits
from mutual.measures.scale import (
    FLAG_WORDS,
    Result,
    refuse_without_wording,
)

EVERY = [(i, v) for i in registry.all() for v in i.vectors]


def score(key: str, *answers: int | None) -> Result:
    return registry.score(key, answers)


@pytest.mark.rule("I-1")
def test_shelves_two_and_three_ship_handles_of_at_most_four_words_and_no_wording() -> None:
    shelves = {instrument.key: instrument.shelf for instrument in registry.all()}
    assert {key for key, shelf in shelves.items() if shelf == 1} == {
        "audit_c",
        "bam",
        "bam_counts",
        "boundaries",
        "ciwa_ar",
        "daily_checkin",
        "gad7",
        "pc_ptsd5",
        "phq9",
    }
    assert {key for key, shelf in shelves.items() if shelf == 3} == {"ehits", "hits", "rdas"}
    for instrument in registry.all():
        for item in instrument.items:
            assert 1 <= len(item.handle.split()) <= 4, (instrument.key, item.handle)
            if instrument.shelf > 1:
                assert not item.text
                assert not item.labels


@pytest.mark.rule("I-1")
def test_an_assignment_without_installed_wording_is_refused() -> None:
    with pytest.raises(Refused, match="install the wording first"):
        refuse_without_wording(registry.get("csi4"), frozenset())
    refuse_without_wording(registry.get("csi4"), frozenset({"csi4"}))
    refuse_without_wording(registry.get("phq9"), frozenset())


@pytest.mark.rule("I-1")
def test_shelf_one_items_have_wording_and_a_label_for_every_value() -> None:
    for instrument in registry.all():
        if instrument.shelf == 1:
            assert instrument.ships_wording, instrument.key
            for item in instrument.items:
                assert len(item.labels) in (0, len(item.values)), (instrument.key, item.number)
            assert instrument.credit


@pytest.mark.rule("C-80")
@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ((1, 0, None, None, None, 0), "low"),
        ((1, 1, 1, 0, 0, 0), "moderate"),
        ((1, 1, 1, 1, 0, 0), "high"),
        ((0, 0, None, None, None, 1, 1), "high"),
        ((0, 0, None, None, None, 1, 0), "moderate"),
        ((0, 0, None, None, None, 0), "none"),
    ],
)
def test_the_suicide_screen_gives_its_level(answers: tuple[int | None, ...], level: str) -> None:
    result = score("c_ssrs", *answers)
    assert (result.band, result.total, result.scorable) == (level, None, True)


@pytest.mark.rule("C-80", "I-5")
def test_an_unfinished_suicide_screen_has_no_level_but_keeps_its_alarm() -> None:
    result = score("c_ssrs", 1, 1, None, 1, None, None)
    assert (result.scorable, result.band) == (False, None)
    assert "at_least_high" in result.flags
    assert registry.get("c_ssrs").live_only


@pytest.mark.rule("I-3")
def test_a_gate_of_no_differs_from_five_times_no() -> None:
    gate = score("pc_ptsd5", 0, None, None, None, None, None)
    five = score("pc_ptsd5", 1, 0, 0, 0, 0, 0)
    assert gate.total == five.total == 0
    assert gate.flags == ("not_asked",) != five.flags
    assert gate.band != five.band


@pytest.mark.rule("C-14")
def test_being_afraid_alone_closes_conjoint_work_even_in_an_unfinished_screen() -> None:
    assert score("hark", 0, 1, 0, 0).flags == ("contraindication",)
    unfinished = score("hark", None, 1, None, None)
    assert (unfinished.scorable, unfinished.flags) == (False, ("contraindication",))


@pytest.mark.rule("I-3")
def test_the_setting_says_which_cut_hits_uses() -> None:
    answers = (1, 3, 1, 3)
    assert hits.score_at(answers, hits.PUBLISHED_CUT).band == "negative"
    assert hits.score_at(answers, hits.CAREFUL_CUT).band == "positive"
    assert ehits.score_at((1, 3, 1, 3, 1), 7).band == "positive"
    assert ehits.score_at((1, 1, 1, 2, 1), 7).band == "negative"


@pytest.mark.rule("I-13", "C-13")
def test_violence_and_suicide_screens_leave_no_trace_in_the_portal() -> None:
    for key in ("hark", "hits", "ehits", "c_ssrs"):
        seen_by = registry.get(key).visibility
        assert not seen_by.trace_in_portal
        assert "self" not in seen_by.direct
        assert seen_by.partner == seen_by.couples_therapist == "never"


@pytest.mark.rule("I-10")
def test_couple_measures_reach_the_partner_only_through_an_individual_session() -> None:
    for key in ("csi4", "csi16", "csi32", "rdas", "sccs", "ecr_s"):
        assert registry.get(key).visibility.partner == "individual_session"
    for instrument in registry.all():
        assert "partner" not in instrument.visibility.direct


@pytest.mark.rule("I-12")
def test_no_band_or_flag_names_a_diagnosis_or_a_person_by_a_substance() -> None:
    words = [vector.band or "" for _i, vector in EVERY] + list(FLAG_WORDS.values())
    words += [item.handle for instrument in registry.all() for item in instrument.items]
    banned = re.compile(r"addict|\bclean\b|\bdirty\b|abuser|non-?compliant|relapser|denies|has dep")
    assert not [word for word in words if banned.search(word.lower())]
