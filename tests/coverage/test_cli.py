"""`mutual benefits` and `mutual estimate` as people and scripts call them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from mutual.coverage.cli import add_parser
from tests.coverage.test_benefits import GOLD, answer
from tests.coverage.test_estimate import case, days


def run(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="mutual")
    add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(words)
    code: int = args.run(args)
    return code


def test_an_estimate_prints_only_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case(days(8, "A"))))
    assert run("estimate", str(path), "--json") == 0
    out = capsys.readouterr()
    assert json.loads(out.out)["total"] == "1680.00" and out.err == ""


def test_an_estimate_reads_plain_json_numbers_exactly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case(days(8, "A"))).replace('"0.20"', "0.20"))
    assert run("estimate", str(path)) == 0
    assert "A owes 1680.00" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"plan":{},"lines":[]}', '{"oops":1}', "\xff", "9" * 9]
)
def test_a_bad_case_ends_with_one_and_no_traceback(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    path.write_text(text, encoding="latin-1")
    assert run("estimate", str(path)) == 1
    assert capsys.readouterr().err
    assert run("estimate", str(path), "--json") == 1
    assert json.loads(capsys.readouterr().out)["errors"][0]["text"]


def test_a_key_that_stands_twice_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    text = json.dumps(case(days(1, "A")))
    path.write_text(text.replace('"embedded": true', '"embedded": true, "embedded": false'))
    assert run("estimate", str(path)) == 1
    assert "embedded" in capsys.readouterr().err


def test_benefits_speak_to_people_and_to_scripts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.271"
    path.write_bytes(answer(*GOLD, "AAA*N**72*C", "EB*U**AI", "PER*IC**TE*8005550100"))
    assert run("benefits", str(path)) == 0
    out = capsys.readouterr().out
    assert "coinsurance" in out and "8005550100" in out and "member number" in out
    assert run("benefits", str(path), "--json") == 0
    assert json.loads(capsys.readouterr().out)["people"][0]["member_id"] == "M100"


def test_a_broken_file_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.271"
    path.write_bytes(answer(*GOLD, count=3))
    assert run("benefits", str(path)) == 1
    assert "segment 14 SE" in capsys.readouterr().err
    assert run("benefits", str(path), "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["people"] == [] and told["errors"][0]["segment"] == 14


def test_a_missing_file_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("benefits", "no-such-file") == 2
    assert "no-such-file" in capsys.readouterr().err
