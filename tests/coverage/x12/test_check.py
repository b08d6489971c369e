"""What is accepted, what is refused, and with which reason."""

from __future__ import annotations

import csv
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutual.coverage.x12.check import check_file
from tests.coverage.x12.conftest import FILES

FAULTS = list(csv.DictReader((FILES / "faults.csv").open(encoding="utf-8")))
GOOD = ["good.270", "good.271", "good.835", "good.837"]
ERROR_KEYS = {"segment", "id", "element", "code", "loop", "text"}


def check(name: str) -> dict[str, Any]:
    return check_file((FILES / name).read_bytes(), name)


def every_error(result: dict[str, Any]) -> list[dict[str, Any]]:
    return result["errors"] + [e for t in result["transactions"] for e in t["errors"]]


def assert_shape(result: dict[str, Any], name: str) -> None:
    """The public shape of `mutual x12 check`."""
    assert set(result) == {"file", "ok", "transactions", "errors"}
    assert result["file"] == name and isinstance(result["ok"], bool)
    for item in result["transactions"]:
        assert set(item) == {"set", "guide", "control", "accepted", "errors"}
        assert item["accepted"] or item["errors"]
    for error in every_error(result):
        assert set(error) == ERROR_KEYS
        assert isinstance(error["segment"], int) and error["segment"] >= 1 and error["text"]
    assert result["ok"] or every_error(result)
    json.dumps(result)


@pytest.mark.parametrize(
    "name", [*GOOD, "two_interchanges.271", "two_groups.mix", "junk_after.271"]
)
@pytest.mark.rule("B-2", "B-5")
def test_a_right_file_is_accepted(name: str) -> None:
    result = check(name)
    assert_shape(result, name)
    assert result["ok"], every_error(result)
    assert all(t["guide"] for t in result["transactions"])


@pytest.mark.rule("B-1", "B-2", "B-6")
@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f["file"])
def test_a_planted_fault_is_refused_with_its_own_reason(fault: dict[str, str]) -> None:
    result = check(fault["file"])
    assert_shape(result, fault["file"])
    assert not result["ok"]
    assert [
        e
        for e in every_error(result)
        if e["code"] == fault["code"]
        and fault["segment"] in ("", e["id"])
        and (e["loop"] or "") == fault["loop"]
    ], every_error(result)


def test_a_set_without_a_loaded_guide_is_accepted_on_syntax_and_says_so() -> None:
    result = check("binary.275")
    assert result["ok"]
    assert result["transactions"][0] == {
        "set": "275", "guide": None, "control": "0001", "accepted": True, "errors": [],
    }  # fmt: skip


def test_later_errata_of_a_guide_are_accepted() -> None:
    data = (FILES / "good.837").read_bytes().replace(b"X222A1", b"X222A2")
    assert check_file(data, "later")["ok"]
    data = (FILES / "good.271").read_bytes().replace(b"X279A1", b"X279")
    assert check_file(data, "earlier")["ok"]


@pytest.mark.rule("B-9")
def test_a_bad_set_in_a_batch_rejects_only_itself() -> None:
    result = check("one_bad_of_three.270")
    assert [t["accepted"] for t in result["transactions"]] == [True, False, True]
    assert [t["control"] for t in result["transactions"]] == ["0001", "0002", "0003"]
    assert result["errors"] == [] and not result["ok"]


@pytest.mark.rule("B-9")
def test_a_bad_interchange_leaves_the_next_one_alone() -> None:
    good = (FILES / "good.271").read_bytes()
    bad = (FILES / "iea_control.835").read_bytes()
    result: dict[str, Any] = check_file(bad + good, "both")
    assert [t["accepted"] for t in result["transactions"]] == [False, True]
    assert result["transactions"][0]["errors"][0]["code"] == "refused_with"


@pytest.mark.rule("B-6")
@pytest.mark.parametrize("name", GOOD)
def test_a_file_cut_anywhere_accepts_nothing(name: str) -> None:
    data = (FILES / name).read_bytes().rstrip(b"\n")
    for cut in range(len(data)):
        result: dict[str, Any] = check_file(data[:cut], name)
        assert not result["ok"] and result["errors"], cut
        assert not any(t["accepted"] for t in result["transactions"]), cut


def test_reasons_never_repeat_the_data_of_the_file() -> None:
    data = (FILES / "good.271").read_bytes()
    data = data.replace(b"*MI*M0000001", b"*QQ*SECRETID").replace(b"*19900101", b"*19909999")
    text = json.dumps(check_file(data, "x")["transactions"])
    assert "SECRETID" not in text and "19909999" not in text and "EXAMPLE" not in text


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """One of our files with bytes changed, cut, doubled, moved or put in."""
    names = [*GOOD, "two_groups.mix", "binary.275", "one_bad_of_three.270"]
    data = bytearray((FILES / draw(st.sampled_from(names))).read_bytes())
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        to = min(len(data), at + draw(st.integers(0, 40)))
        how = draw(st.sampled_from(["cut", "double", "put", "byte", "mark"]))
        if how == "cut":
            del data[at:to]
        elif how == "double":
            data[at:at] = data[at:to]
        elif how == "put":
            data[at:at] = draw(st.binary(max_size=12))
        elif how == "byte" and at < len(data):
            data[at] = draw(st.integers(0, 255))
        else:
            mark = draw(st.sampled_from([b"~", b"*", b":", b"^", b"~ISA*", b"~IEA*", b"~BIN*9*"]))
            data[at:at] = mark
    return bytes(data)


@given(data=st.one_of(mangled(), st.binary(max_size=300)))
@settings(max_examples=400, deadline=None)
def test_no_bytes_whatsoever_make_the_checker_raise(data: bytes) -> None:
    assert_shape(check_file(data, "fuzz"), "fuzz")


def test_long_and_broken_files_are_answered_without_growing_slow() -> None:
    head = (FILES / "good.271").read_bytes()[:106] + b"GS*PI*A*B*20270104*0900*1*X*005010X211~"
    sets = b"".join(b"ST*275*%d*005010X211~SE*2*%d~" % (n, n) for n in range(20_000))
    start = time.perf_counter()
    assert check_file(head + sets + b"GE*20000*1~IEA*1*000000001~", "many")["ok"]
    good = (FILES / "good.271").read_bytes()
    broken = good.replace(b"EB*MC*IND*AI~\n", b"N4*A~N3~XX~HL*9*9*22~\n" * 5_000)
    assert not check_file(broken, "broken")["ok"]
    assert not check_file(good[:106] + b"A*" * (2 << 20), "endless")["ok"]
    assert time.perf_counter() - start < 30
