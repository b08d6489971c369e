"""Writing back what was read, and new envelopes."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutual.coverage.x12.check import check_file
from mutual.coverage.x12.tokenizer import X12Error, read_segments
from mutual.coverage.x12.view import as_json
from mutual.coverage.x12.writer import (
    Envelope,
    Repeats,
    Transaction,
    build,
    echo,
    write_interchange,
    write_segments,
)
from tests.coverage.x12.conftest import FILES

OURS = sorted(p for p in FILES.iterdir() if p.suffix != ".csv")
AT = datetime(2027, 1, 4, 9, 0)
ENVELOPE = Envelope("ZZ", "PROGRAMME", "ZZ", "PAYERSIM", "PROGRAMME", "PAYERSIM", 1, 1, "T")


def echoed(data: bytes) -> bytes:
    out = io.BytesIO()
    echo(data, out)
    return out.getvalue()


@pytest.mark.rule("B-8")
@pytest.mark.parametrize("path", OURS, ids=lambda p: p.name)
def test_every_readable_file_is_written_back_byte_for_byte(path: Path) -> None:
    data = path.read_bytes()
    if check_file(data, path.name)["ok"]:
        assert echoed(data) == data
        assert write_segments(read_segments(data)).strip() == data.split(b"\x1a")[0].strip()
    else:
        try:
            assert echoed(data) == data
        except X12Error as error:
            assert error.position >= 1


@pytest.mark.rule("B-8")
def test_white_space_marks_and_junk_around_segments_survive_an_echo() -> None:
    data = (FILES / "good.835").read_bytes()
    for other in (
        b"\xef\xbb\xbf" + data,
        b"  \r\n" + data.replace(b"~\n", b"~\r\n   "),
        data + b"\n\nbye",
        data.replace(b"EXAMPLE", b"M\xdcLLER \xff"),
    ):
        assert echoed(other) == other


@pytest.mark.rule("B-1", "B-2")
def test_a_written_interchange_is_accepted_by_the_checker() -> None:
    body = list(read_segments((FILES / "good.270").read_bytes()))[3:-3]
    sets = [Transaction("270", "005010X279A1", f"{n:04}", body) for n in (1, 2)]
    data = write_interchange(ENVELOPE, "HS", sets, AT)
    assert data.index(b"~") == 105
    result = check_file(data, "written")
    assert result["ok"], result
    assert echoed(data) == data


def test_an_835_is_written_without_st03_and_others_with_it() -> None:
    body = list(read_segments((FILES / "good.835").read_bytes()))[3:-3]
    data = write_interchange(
        ENVELOPE, "HP", [Transaction("835", "005010X221A1", "0001", body)], AT, line_ends=False
    )
    assert b"~ST*835*0001~" in data and b"\n" not in data
    assert check_file(data, "written")["ok"]


def test_empty_elements_and_components_at_the_end_are_left_out() -> None:
    assert build("NM1", "IL", "1", "", "").raw() == "NM1*IL*1"
    assert build("SV1", ("HC", "H0015", "HF", "", ""), "450").raw() == "SV1*HC:H0015:HF*450"
    assert build("EB", "1", "", Repeats(("30", "AI"))).raw() == "EB*1**30^AI"


@pytest.mark.rule("B-1")
@given(value=st.text(max_size=12))
@settings(max_examples=200, deadline=None)
def test_no_delimiter_ever_enters_the_data(value: str) -> None:
    if any(mark in value for mark in "*^:~"):
        with pytest.raises(X12Error) as caught:
            build("NM1", "IL", "1", value)
        assert caught.value.code == "delimiter_in_data"
    else:
        assert build("NM1", "IL", "1", value).get(3) == value


def test_values_that_do_not_fit_the_fixed_isa_are_refused_by_name() -> None:
    long = Envelope("ZZ", "A" * 16, "ZZ", "B", "A", "B", 1, 1)
    with pytest.raises(X12Error, match="ISA06"):
        write_interchange(long, "HS", [Transaction("270", "005010X279A1", "1", [])], AT)
    large = Envelope("ZZ", "A", "ZZ", "B", "A", "B", 10**9, 1)
    with pytest.raises(X12Error, match="ISA13"):
        write_interchange(large, "HS", [Transaction("270", "005010X279A1", "1", [])], AT)
    with pytest.raises(ValueError, match="one guide"):
        write_interchange(ENVELOPE, "HS", [], AT)


def test_the_view_nests_segments_in_the_loops_of_the_guide() -> None:
    view = as_json((FILES / "good.837").read_bytes())
    interchange = view["interchanges"][0]  # type: ignore[index]
    item = interchange["groups"][0]["transactions"][0]
    assert (item["set"], item["guide"], item["control"]) == ("837", "005010X222A1", "0001")
    assert (interchange["iea"]["id"], interchange["groups"][0]["ge"]["id"]) == ("IEA", "GE")

    def loops(content: list[dict[str, object]], path: str = "") -> list[str]:
        found: list[str] = []
        for node in content:
            if "loop" in node:
                here = f"{path}/{node['loop']}"
                found += [here, *loops(node["content"], here)]  # type: ignore[arg-type]
        return found

    assert loops(item["content"]) == [
        "/1000A", "/1000B", "/2000A", "/2000A/2010AA", "/2000A/2000B", "/2000A/2000B/2010BA",
        "/2000A/2000B/2010BB", "/2000A/2000B/2000C", "/2000A/2000B/2000C/2010CA",
        "/2000A/2000B/2000C/2300", "/2000A/2000B/2000C/2300/2310B",
        "/2000A/2000B/2000C/2300/2400", "/2000A/2000B/2000C/2300/2400",
    ]  # fmt: skip
