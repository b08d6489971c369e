"""The public sample files: each is read, or refused with a reason.

`corpus_verdicts.csv` holds our verdict on every file, decided by looking at each disagreement
with the file's name and with two other libraries. What is refused against its name:

- most `imsweb` 837 files, `no_errors` among them, carry HI values such as BK and a code as
  separate elements, an HL04 that promises a level which never comes, or a wrong SE01;
- 271 examples of `oopfactory` name one character for repetition and components, and GS01 XX;
- 835 of `linuxforhealth` lack the payer's PER*BL; its 837 files mix two component separators;
- 278 answers of `hipaa-attachments` stand in a group of GS01 HS, several with a wrong SE01.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from mutual.coverage.x12.check import check_file
from mutual.coverage.x12.claims835 import RemittanceEnd, read_835
from mutual.coverage.x12.claims837 import BatchEnd, read_837
from mutual.coverage.x12.tokenizer import X12Error
from mutual.coverage.x12.view import as_json
from mutual.coverage.x12.writer import echo
from tests.coverage.x12.conftest import corpus_folder
from tests.coverage.x12.test_check import assert_shape, every_error

VERDICTS = list(
    csv.DictReader((Path(__file__).parent / "corpus_verdicts.csv").open(encoding="utf-8"))
)
WRONG_ON_PURPOSE = re.compile(
    r"_bad_|invalid|error_valid|unknown_segment|Missing|missing|loop_errors|segment_errors"
    r"|out_of_order|one_bad|ValidationOn|ValidationFor"
)


def read(name: str) -> tuple[bytes, dict[str, Any]]:
    path = corpus_folder() / name
    if not path.exists():
        pytest.skip("the X12 corpus is not here: set MUTUAL_CORPORA to its folder")
    data = path.read_bytes()
    return data, check_file(data, name)


@pytest.mark.rule("B-2", "B-5", "B-9")
@pytest.mark.parametrize("row", VERDICTS, ids=lambda r: r["file"])
def test_each_sample_is_accepted_or_refused_as_decided(row: dict[str, str]) -> None:
    _data, result = read(row["file"])
    assert_shape(result, row["file"])
    assert ("accepted" if result["ok"] else "refused") == row["verdict"], every_error(result)
    accepted = [t for t in result["transactions"] if t["accepted"]]
    assert (len(accepted), len(result["transactions"])) == (
        int(row["sets_accepted"]), int(row["sets"]),
    )  # fmt: skip
    assert result["transactions"], "a refusal names the set, too"
    folder = row["file"].split("/")[0]
    assert all(t["set"] == folder for t in result["transactions"])
    found = {f"{e['id']}{e['element'] or ''}:{e['code']}" for e in every_error(result)}
    assert set(row["reasons"].split()) <= found


def test_the_verdicts_cover_the_whole_corpus(corpus: list[Path]) -> None:
    names = {f"{p.parent.name}/{p.name}" for p in corpus}
    assert names == {row["file"] for row in VERDICTS} and len(names) == 139


@pytest.mark.parametrize(
    "name", [r["file"] for r in VERDICTS if WRONG_ON_PURPOSE.search(r["file"])]
)
def test_what_is_wrong_on_purpose_is_refused(name: str) -> None:
    _data, result = read(name)
    assert not result["ok"]


def test_what_pyx12_accepts_we_accept(corpus: list[Path]) -> None:
    folder = corpus_folder()
    with (folder / "manifest.csv").open(encoding="utf-8") as file:
        good = [r["file"] for r in csv.DictReader(file) if r["pyx12_4_0_0"] == "OK"]
    assert len(good) > 10
    refused = [n for n in good if not check_file((folder / n).read_bytes(), n)["ok"]]
    assert refused == []


@pytest.mark.rule("B-8")
def test_every_readable_sample_is_written_back_as_it_was(corpus: list[Path]) -> None:
    written = 0
    for path in corpus:
        data, out = path.read_bytes(), io.BytesIO()
        try:
            echo(data, out)
        except X12Error:
            assert not check_file(data, path.name)["ok"]
            continue
        written += 1
        same = out.getvalue() == data
        # Two files end in a carriage return less: their terminator is a line end.
        assert same or out.getvalue().rstrip(b"\r\n") == data.rstrip(b"\r\n"), path
    assert written > 125


@pytest.mark.rule("B-6")
def test_half_a_sample_accepts_nothing(corpus: list[Path]) -> None:
    for path in corpus:
        data = path.read_bytes()
        result: dict[str, Any] = check_file(data[: len(data) // 2], path.name)
        assert not result["ok"]
        # Several interchanges: half a file is refused whole, what was complete in it included.
        assert not any(t["accepted"] for t in result["transactions"]), path


def test_views_and_typed_readers_fail_by_plan_only(corpus: list[Path]) -> None:
    for path in corpus:
        data = path.read_bytes()
        try:
            json.dumps(as_json(data))
            if path.parent.name == "835":
                assert isinstance(list(read_835(data))[-1], RemittanceEnd)
            if path.parent.name == "837":
                assert isinstance(list(read_837(data))[-1], BatchEnd)
        except X12Error:
            assert not check_file(data, path.name)["ok"], path
