"""Whatever arrives: an answer or a reason, never a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutual.coverage.benefit_math import Network
from mutual.coverage.benefits import plan_parameters, read_benefits, report_json
from mutual.coverage.estimate import CaseError, estimate_case
from mutual.coverage.x12.tokenizer import X12Error
from tests.coverage.test_benefits import GOLD, answer
from tests.coverage.test_estimate import case, days

WHOLE = answer(
    *GOLD,
    "AAA*N**72*C",
    "EB*C*FAM*30^MH***23*1500*****Y",
    "EB*F*IND*AI***29***DY*2**Y",
    "HSD*VS*12",
    "EB*U**AI",
    "LS*2120",
    "NM1*VN*2*VENDOR",
    "PER*IC**TE*8005550100",
    "LE*2120",
)


def survive(data: bytes) -> None:
    try:
        report = read_benefits(data)
    except X12Error as error:
        assert error.text and error.position >= 1
        return
    json.dumps(report_json(report, "f"))
    for person in report.people:
        for network in Network:
            plan_parameters(person, network)


@pytest.mark.rule("B-6")
@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6))
def test_changed_bytes_never_crash_the_reader(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for place, value in changes:
        data[place] = value
    survive(bytes(data))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["EB", "AAA", "HSD", "MSG", "NM1", "PER", "HL", "III", "DTP"]),
            st.lists(
                st.sampled_from(
                    [
                        "",
                        "A",
                        "B",
                        "C",
                        "30^AI",
                        "29",
                        "23",
                        "1e9",
                        "-5",
                        ".",
                        "NaN",
                        "Y",
                        "22",
                        "9" * 30,
                    ]
                ),
                max_size=13,
            ),
        ),
        max_size=8,
    )
)
def test_strange_segments_never_crash_the_reader(rows: list[tuple[str, list[str]]]) -> None:
    survive(answer(*("*".join([name, *elements]) for name, elements in rows)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["plan", "start", "lines"]), st.integers(0, 12), JSON)
def test_a_strange_case_is_refused_or_answered(part: str, index: int, value: Any) -> None:
    strange = case(days(2, "A", "S"), start={"ded": {"A": "1"}, "used": {"A": 1}})
    inner = strange[part][0] if part == "lines" else strange[part]
    keys = sorted(inner)
    inner[keys[index % len(keys)]] = value
    try:
        told = estimate_case(strange)
    except CaseError as error:
        assert str(error)
    else:
        json.dumps(told)
