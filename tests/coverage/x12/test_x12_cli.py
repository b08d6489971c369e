"""`mutual x12`: exit codes and what stands where."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

import pytest

from mutual.coverage.x12.cli import add_parser, check_command, echo_command, json_command
from tests.coverage.x12.conftest import FILES, ROOT


def run(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="mutual")
    add_parser(parser.add_subparsers())
    args = parser.parse_args(list(words))
    code: int = args.run(args)
    return code


def test_a_good_file_exits_0_and_a_refused_one_1(capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = str(FILES / "good.271"), str(FILES / "code.271")
    assert run("x12", "check", good) == 0
    out, err = capsys.readouterr()
    assert "accepted" in out and "005010X279A1" in out and err == ""
    assert run("x12", "check", good, bad) == 1
    out, err = capsys.readouterr()
    assert "segment 17 EB01 in loop 2110C" in err and "refused" in out


def test_json_prints_one_object_per_file_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = [str(FILES / n) for n in ("good.835", "cut.835", "words.835")]
    assert check_command(names, True) == 1
    out, err = capsys.readouterr()
    results = [json.loads(line) for line in out.splitlines()]
    assert [r["ok"] for r in results] == [True, False, False]
    assert [r["file"] for r in results] == names and err == ""


def test_a_file_that_is_not_there_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for code in (
        check_command(["nowhere.835"], True), json_command("nowhere.835"),
        echo_command("nowhere.835"), check_command([str(FILES)], False),
    ):  # fmt: skip
        assert code == 2
    assert "can't be read" in capsys.readouterr().err
    with pytest.raises(SystemExit) as caught:
        run("x12", "check")
    assert caught.value.code == 2


def test_json_shows_interchanges_and_refuses_what_ends_early(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert json_command(str(FILES / "good.835")) == 0
    assert list(json.loads(capsys.readouterr().out)) == ["interchanges"]
    assert json_command(str(FILES / "cut.835")) == 1
    out, err = capsys.readouterr()
    assert out == "" and "refused" in err


@pytest.mark.rule("B-8")
def test_echo_gives_the_bytes_back(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code = (
        "import sys; from mutual.coverage.x12.cli import echo_command;"
        "sys.exit(echo_command(sys.argv[1]))"
    )
    for name, status in (("good.837", 0), ("junk_after.271", 0), ("cut.835", 1)):
        path = FILES / name
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, check=False
        )
        assert done.returncode == status
        assert done.stdout == (path.read_bytes() if status == 0 else b"")


@pytest.mark.parametrize("command", ["check", "json", "echo"])
def test_every_command_has_help_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        run("x12", command, "--help")
    assert caught.value.code == 0
    assert f"mutual x12 {command}" in capsys.readouterr().out.split("xample")[1]
