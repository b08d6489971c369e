"""When a programme day is billable, and checks on identifiers (B-18, B-19, B-21)."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutual.claims.rules import (
    Billable,
    Held,
    ProgrammeDay,
    TimedCode,
    UnitRule,
    billable_days,
    code_for,
    diagnosis_shaped,
    npi_valid,
    substance_use,
    units_for,
    zip9_valid,
)

GOOD = ProgrammeDay(200, 20, attendance_signed=True, notes_signed=True)
DAY = dt.date(2027, 1, 4)


@pytest.mark.rule("B-21")
def test_a_day_at_the_minimum_is_one_unit_and_one_minute_less_is_held() -> None:
    days = {DAY: GOOD, DAY + dt.timedelta(1): dataclasses.replace(GOOD, minutes=199)}
    first, second = billable_days(days, 180)
    assert first == Billable(DAY, 180, 1)
    assert isinstance(second, Held) and second.code == "minutes"
    assert second.reason == "179 minutes count, the payer asks for 180."


@pytest.mark.rule("B-21")
def test_excluded_activity_does_not_count() -> None:
    (verdict,) = billable_days({DAY: dataclasses.replace(GOOD, excluded_minutes=21)}, 180)
    assert isinstance(verdict, Held)


@pytest.mark.rule("B-21")
def test_each_day_is_judged_by_the_minimum_of_that_day() -> None:
    later = DAY + dt.timedelta(1)
    verdicts = billable_days({later: GOOD, DAY: GOOD}, {DAY: 180, later: None})
    assert [type(one) for one in verdicts] == [Billable, Held]
    assert isinstance(verdicts[1], Held) and verdicts[1].code == "minimum_unknown"


@pytest.mark.rule("B-21")
@pytest.mark.parametrize(
    ("change", "code"),
    [({"attendance_signed": False}, "attendance"), ({"notes_signed": False}, "note")],
)
def test_an_unsigned_day_is_held(change: dict[str, bool], code: str) -> None:
    (verdict,) = billable_days({DAY: dataclasses.replace(GOOD, **change)}, 180)
    assert isinstance(verdict, Held) and verdict.code == code


@pytest.mark.rule("B-21")
def test_a_billed_day_is_not_billed_again() -> None:
    (verdict,) = billable_days({DAY: GOOD}, 180, billed=frozenset({DAY}))
    assert isinstance(verdict, Held) and verdict.code == "billed"


CODES = (TimedCode("90837", 53), TimedCode("90832", 16), TimedCode("90834", 38))


@pytest.mark.rule("F-24")
@pytest.mark.parametrize(
    ("minutes", "code"),
    [(52, "90834"), (53, "90837"), (60, "90837"), (38, "90834"), (16, "90832"), (15, None)],
)
def test_the_real_minutes_choose_the_code(minutes: int, code: str | None) -> None:
    assert code_for(minutes, CODES) == code


@pytest.mark.rule("F-24")
def test_units_follow_the_payers_own_rounding() -> None:
    half_up, full_only = UnitRule(15, 8), UnitRule(15, 15)
    assert [units_for(m, half_up) for m in (7, 8, 22, 23, 60)] == [0, 1, 1, 2, 4]
    assert [units_for(m, full_only) for m in (14, 15, 29, 30)] == [0, 1, 1, 2]


@pytest.mark.rule("B-18")
def test_an_npi_keeps_its_luhn_sum() -> None:
    assert npi_valid("1234567893") and npi_valid("1245319599")
    for bad in ("1234567890", "123456789", "12345678931", "", "ABCDEFGHIJ", "3234567893"):
        assert not npi_valid(bad)


@pytest.mark.rule("B-18")
@given(st.integers(0, 9), st.integers(1, 9))
def test_any_single_wrong_figure_of_an_npi_is_found(place: int, step: int) -> None:
    figures = list("1234567893")
    figures[place] = str((int(figures[place]) + step) % 10)
    assert not npi_valid("".join(figures))


@pytest.mark.rule("B-18")
def test_a_billing_zip_has_nine_digits() -> None:
    assert zip9_valid("627041234") and zip9_valid("62704-1234")
    assert not zip9_valid("62704") and not zip9_valid("62704-12")


@pytest.mark.rule("B-19")
def test_codes_are_recognized_with_and_without_the_dot() -> None:
    for good in ("F10.20", "F1020", "Z63.0", "F19.288", "C7A.00"):
        assert diagnosis_shaped(good)
    for bad in ("10.20", "F1", "F10.20000", "F10..2", "FX0"):
        assert not diagnosis_shaped(bad)
    assert substance_use("F11.20") and not substance_use("F20.0") and not substance_use("Z63.0")
