"""A level follows the six dimensions, and hours follow each one's own level."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from mutual.base.refusal import Refused
from mutual.episode import asam
from mutual.episode.asam import PersonCentered, Rating

NOW = datetime(2026, 3, 4, 18, tzinfo=UTC)


def rating(*levels: str, edition: int = 4, reason: str = "seen today") -> Rating:
    minimums = {number: (level, reason) for number, level in enumerate(levels, start=1)}
    return asam.rate(edition, minimums, PersonCentered(agreed="evenings"), NOW)


@pytest.mark.rule("C-25")
def test_a_dimension_without_a_reason_is_refused() -> None:
    minimums = dict.fromkeys(range(1, 6), ("2.1", "seen today")) | {4: ("2.1", " ")}
    with pytest.raises(Refused, match="^say why$"):
        asam.rate(4, minimums, PersonCentered(), NOW)


@pytest.mark.rule("C-25")
def test_all_five_dimensions_are_rated_and_the_sixth_carries_no_level() -> None:
    with pytest.raises(Refused, match="rate dimension 5"):
        rating("1.5", "1.5", "1.5", "2.1")
    with pytest.raises(Refused, match="only dimensions 1 to 5"):
        asam.rate(4, dict.fromkeys(range(1, 7), ("2.1", "why")), PersonCentered(), NOW)
    assert rating(*("2.1",) * 5).person_centered.agreed == "evenings"
    assert set(asam.DIMENSIONS) == set(range(1, 7))


@pytest.mark.rule("C-26")
def test_the_proposed_level_is_the_highest_minimum_and_never_an_average() -> None:
    assert asam.proposed(rating("1.5", "1.5", "1.5", "2.1", "2.1")) == asam.Proposal("2.1", False)
    assert asam.proposed(rating("3.7", "1.5", "1.5", "1.5", "1.5")) == asam.Proposal("3.7", True)
    assert asam.proposed(rating("4", "3.7", "1.5", "1.5", "1.5")).level == "4"


@pytest.mark.rule("C-26")
def test_another_level_needs_a_reason_and_a_licensed_signer() -> None:
    rated = rating("1.5", "1.5", "1.5", "2.1", "2.1")
    assert asam.place(rated, "2.1") == "2.1"
    with pytest.raises(Refused, match="say why"):
        asam.place(rated, "1.5", signer_licensed=True)
    with pytest.raises(Refused, match="licensed"):
        asam.place(rated, "1.5", reason="asked for fewer evenings")
    assert asam.place(rated, "1.5", reason="asked for it", signer_licensed=True) == "1.5"


@pytest.mark.rule("C-28")
def test_a_level_belongs_to_its_edition() -> None:
    with pytest.raises(Refused, match="^not a level of edition 3$"):
        rating("1.5", *("2.1",) * 4, edition=3)
    with pytest.raises(Refused, match="not a level of edition 4"):
        rating("3.3", *("2.1",) * 4)
    assert asam.proposed(rating("3.3", *("2.1",) * 4, edition=3)).level == "3.3"
    assert asam.LEVELS[4] == (
        "1.0",
        "1.5",
        "1.7",
        "2.1",
        "2.5",
        "2.7",
        "3.1",
        "3.5",
        "3.7",
        "4",
    )


@pytest.mark.rule("C-27")
@pytest.mark.parametrize(
    ("level", "minutes", "band"),
    [
        ("2.1", 539, "below"),
        ("2.1", 540, "in"),
        ("2.1", 1140, "in"),
        ("2.1", 1141, "above"),
        ("2.5", 1199, "below"),
        ("2.5", 1200, "in"),
        ("1.5", 539, "in"),
        ("1.5", 540, "above"),
        ("3.7", 0, "in"),
    ],
)
def test_weekly_minutes_lie_below_in_or_above_the_level(
    level: str, minutes: int, band: str
) -> None:
    assert asam.minute_band(level, minutes) == band


@pytest.mark.rule("C-11")
def test_a_couple_enrols_with_one_at_2_1_and_the_other_at_1_5() -> None:
    enrolment = asam.enrol("2.1", "1.5")
    assert (enrolment.minutes_a, enrolment.minutes_b) == ((540, 1140), (0, 539))
    assert enrolment.collateral == frozenset()


@pytest.mark.rule("C-11")
@pytest.mark.parametrize(
    ("a", "b", "edition"),
    [("1.5", "1.5", 4), ("2.1", "1.0", 4), ("1.0", None, 4), (None, None, 4), ("2.1", "1.0", 3)],
)
def test_other_pairs_do_not_enrol(a: str | None, b: str | None, edition: int) -> None:
    with pytest.raises(Refused, match="one partner needs level 2.1"):
        asam.enrol(a, b, edition)


@pytest.mark.rule("C-11")
def test_a_level_given_elsewhere_is_a_transfer_and_not_an_enrolment() -> None:
    with pytest.raises(Refused, match="level 3.7 is given elsewhere"):
        asam.enrol("3.7", "2.1")


@pytest.mark.rule("C-11")
def test_a_partner_without_a_diagnosis_is_a_collateral_without_hours() -> None:
    enrolment = asam.enrol(None, "2.1")
    assert (enrolment.minutes_a, enrolment.collateral) == (None, frozenset({"A"}))


@pytest.mark.rule("C-29")
def test_continued_stay_is_due_in_14_days_or_5_before_the_authorization_ends() -> None:
    assert asam.continued_stay_due(date(2026, 3, 10), date(2026, 3, 20)) == date(2026, 3, 15)
    assert asam.continued_stay_due(date(2026, 3, 1), date(2026, 3, 25)) == date(2026, 3, 15)
    assert asam.continued_stay_due(date(2026, 3, 1), None) == date(2026, 3, 15)


@pytest.mark.rule("C-29")
def test_any_of_three_reasons_keeps_a_person_and_none_proposes_the_next_step() -> None:
    for place in range(3):
        facts = [False, False, False]
        facts[place] = True
        assert (
            asam.continued_stay(
                progressing=facts[0],
                able_to_progress=facts[1],
                new_problem_treatable_here=facts[2],
            )
            == "stay"
        )
    assert (
        asam.continued_stay(
            progressing=False, able_to_progress=False, new_problem_treatable_here=False
        )
        == "transfer_or_discharge"
    )


@pytest.mark.rule("C-30")
def test_a_change_of_level_names_its_receiver_and_first_date() -> None:
    for receiver, first in (("", date(2026, 3, 5)), ("Day programme", None)):
        with pytest.raises(Refused, match="^name who receives A and when$"):
            asam.refuse_level_change(
                "A", rated_at=NOW, now=NOW, receiver=receiver, first_date=first
            )


@pytest.mark.rule("C-30")
def test_a_change_of_level_needs_a_rating_of_the_last_72_hours() -> None:
    first = date(2026, 3, 8)
    rated = NOW - timedelta(hours=72)
    asam.refuse_level_change("A", rated_at=rated, now=NOW, receiver="Clinic", first_date=first)
    for stale in (rated - timedelta(seconds=1), None):
        with pytest.raises(Refused, match="72 hours"):
            asam.refuse_level_change(
                "A", rated_at=stale, now=NOW, receiver="Clinic", first_date=first
            )
