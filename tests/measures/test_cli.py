"""The command line scores without a programme and never shows a traceback."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys

import pytest

from mutual.measures.cli import add_parser


def run(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="mutual")
    add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["measures", *words])
    code: int = args.run(args)
    return code


def test_a_score_prints_one_json_value_of_the_public_shape(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("score", "phq9", "2,2,3,2,1,3,1,1,1", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "key": "phq9",
        "scorable": True,
        "total": 16,
        "subscales": {},
        "band": "moderately severe",
        "flags": ["critical"],
        "estimated": False,
        "reason": "",
    }


@pytest.mark.rule("I-5")
def test_not_scorable_is_an_answer_and_not_a_refusal(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("score", "--json", "phq9", "-,2,-,-,0,1,0,0,0") == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["scorable"], printed["total"]) == (False, None)
    assert printed["reason"] == "6 of 9 answered"


@pytest.mark.rule("I-7")
def test_a_refused_value_exits_with_one_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("score", "cows", "3,1,1,1,1,1,0,0,1,1,0") == 1
    caught = capsys.readouterr()
    assert caught.out == ""
    assert "item 1 of cows has no answer 3" in caught.err
    assert run("score", "cows", "3,1,1,1,1,1,0,0,1,1,0", "--json") == 1
    caught = capsys.readouterr()
    assert "item 1 of cows" in json.loads(caught.out)["reason"]
    assert run("score", "phq9", "1,two,3") == 1
    assert 'answer 2 is "two"' in capsys.readouterr().err
    assert run("score", "nothing", "1") == 1


def test_yes_and_no_may_be_written_as_letters(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("score", "c_ssrs", "Y,Y,Y,N,N,N", "--json") == 0
    assert json.loads(capsys.readouterr().out)["band"] == "moderate"
    assert run("score", "phq9", "y,1,1,1,1,1,1,1,1") == 1


def test_wrong_usage_exits_with_two() -> None:
    for words in (["score", "phq9"], ["score"], [], ["score", "phq9", "1,2", "more"]):
        with pytest.raises(SystemExit) as stopped:
            run(*words)
        assert stopped.value.code == 2


def test_the_list_names_every_instrument_with_its_items(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("list", "--json") == 0
    listed = {entry["key"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert listed["cows"]["items"][0] == {"number": "1", "handle": "pulse", "values": [0, 1, 2, 4]}
    assert listed["csi4"]["wording"] is False
    assert run("list") == 0
    assert "PHQ-9" in capsys.readouterr().out


def test_words_are_printed_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("score", "phq9", "1,1,1,1,1,1,1,-,0") == 0
    assert "total 8 (estimated)" in capsys.readouterr().out


def test_it_works_where_django_has_no_settings() -> None:
    script = (
        "import argparse; from mutual.measures.cli import add_parser\n"
        "p = argparse.ArgumentParser(); add_parser(p.add_subparsers())\n"
        "a = p.parse_args(['measures', 'score', 'gad7', '1,1,0,-,0,1,1'])\n"
        "raise SystemExit(a.run(a))"
    )
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "MUTUAL"))}
    done = subprocess.run(
        [sys.executable, "-c", script], env=bare, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "(estimated)" in done.stdout
