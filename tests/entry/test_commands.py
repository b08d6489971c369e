"""Every command: help with an example, exit codes, clean JSON, and never a traceback."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mutual.entry import cli
from tests.faults.installation import MUTUAL, cloned, mutual
from tests.measures.test_packs import csi4

SAMPLES = Path(__file__).parent.parent / "coverage"
COMMANDS = [
    "", "x12", "x12 check", "x12 json", "x12 echo", "x12 ack", "instruments",
    "instruments install", "week", "week instance", "week solve", "week check", "backup", "restore",
    "benefits", "estimate", "measures",
    "measures list", "measures score", "access", "rules", "audit", "audit verify", "check",
    "migrate", "serve", "work", "demo",
]  # fmt: skip
READERS = [
    "x12 check", "x12 check --json", "x12 json", "x12 echo", "x12 ack", "x12 ack --json",
    "benefits", "benefits --json",
    "estimate", "estimate --json",
]  # fmt: skip
BAD = {
    "empty": b"",
    "garbage": bytes(range(256)) * 40,
    "cut JSON": b'{"plan": {"mode":',
    "deep JSON": b"[" * 100_000,
    "other JSON": b"[1, 2]",
    "text": "Grüße, no insurance here\n".encode(),
    "cut X12": b"ISA*00*          *00*     ",
}

Run = tuple[int, str, str]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Run in this process: (exit code, standard output, standard error)."""

    def one(*words: str) -> Run:
        capfd.readouterr()
        try:
            code = cli.main(words)
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capfd.readouterr()
        assert "Traceback" not in err + out
        return code, out, err

    return one


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example_that_begins_with_the_command(
    run: Callable[..., Run], command: str
) -> None:
    code, out, err = run(*command.split(), "--help")
    assert code == 0 and err == ""
    assert "xample" in out and f"mutual {command.split(' ')[0]}".strip() in out.split("xample")[1]


@pytest.mark.parametrize(
    "words",
    ["", "nonsense", "x12", "measures", "audit", "serve --port x", "serve --port 99999999",
     "work --port 1", "estimate"],
)  # fmt: skip
def test_wrong_usage_is_two_and_says_how(run: Callable[..., Run], words: str) -> None:
    code, out, err = run(*words.split())
    assert code == 2 and out == ""
    assert "usage: mutual" in err


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_none_is_refused_in_words(
    run: Callable[..., Run], command: str, kind: str, tmp_path: Path
) -> None:
    file = tmp_path / "given"
    file.write_bytes(BAD[kind])
    code, out, err = run(*command.split(), str(file))
    assert code == 1
    if "--json" in command:
        answer = json.loads(out)
        assert isinstance(answer, dict) and "errors" in answer
    else:
        assert err.strip(), "a refusal has words"


@pytest.mark.parametrize("command", READERS)
def test_a_file_that_is_not_there_or_is_a_folder_is_named(
    run: Callable[..., Run], command: str, tmp_path: Path
) -> None:
    for path in (tmp_path / "absent", tmp_path):
        code, out, err = run(*command.split(), str(path))
        assert code in (1, 2) and out == ""
        assert str(path) in err


def test_several_files_give_one_json_object_a_line(run: Callable[..., Run], tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(b"x")
    code, out, _ = run("x12", "check", "--json", *(str(tmp_path / n) for n in "abc"))
    assert code == 1
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["ok"] for line in lines] == [False, False, False]


@pytest.mark.parametrize("words", ["measures list", "measures score phq9 1,2,1,1,0,1,0,0,0",
                                   "access", "rules"])  # fmt: skip
def test_json_is_one_value_and_nothing_else(run: Callable[..., Run], words: str) -> None:
    code, out, err = run(*words.split(), "--json")
    assert (code, err) == (0, "")
    json.loads(out)
    code, out, _ = run(*words.split())
    assert code == 0 and out.strip()


@pytest.mark.parametrize("words", ["score nope 1", "score phq9 1", "score phq9 1,2,x",
                                   "score phq9 9,9,9,9,9,9,9,9,9", "score phq9 ''"])  # fmt: skip
def test_answers_that_are_none_are_refused(run: Callable[..., Run], words: str) -> None:
    code, out, err = run("measures", *words.split())
    assert code == 1 and out == "" and err.strip()
    code, out, err = run("measures", *words.split(), "--json")
    assert code == 1 and json.loads(out)["reason"]


def test_the_access_table_names_relations_and_services(run: Callable[..., Run]) -> None:
    _, out, _ = run("access", "--json")
    table = json.loads(out)
    assert {"kinds", "relations", "services"} <= set(table)
    assert "own_counselor" in table["relations"]
    assert {"audit_head", "clearance"} <= {s["service"] for s in table["services"]}


def test_rules_name_their_tests(run: Callable[..., Run]) -> None:
    _, out, _ = run("rules", "--json")
    found = {r["rule"]: r for r in json.loads(out)}
    assert any("test_audit.py" in test for test in found["P-89"]["tests"])


def test_a_demo_never_runs_beside_a_database_of_ones_own() -> None:
    done = mutual("demo", DATABASE_URL="postgresql://app@localhost/clinic")
    assert done.returncode in (1, 2, 3) and done.stdout == ""
    assert "DATABASE_URL" in done.stderr and "Traceback" not in done.stderr


def test_a_demo_never_listens_beyond_this_machine() -> None:
    done = mutual("serve", "--host", "0.0.0.0", "--port", "0", MUTUAL_DEMO="1")
    assert done.returncode == 2
    assert "this machine only" in done.stderr and "Traceback" not in done.stderr


def test_a_database_that_is_not_there_is_exit_three() -> None:
    for words in ("serve", "work", "migrate", "audit verify"):
        url = "postgresql://nobody:x@127.0.0.1:1/absent"
        done = mutual(*words.split(), DATABASE_URL=url, DATABASE_OWNER_URL=url)
        assert done.returncode == 3, words
        assert done.stdout == "" and done.stderr.strip()
        assert "Traceback" not in done.stderr


def test_a_wrong_database_address_is_told() -> None:
    done = mutual("serve", DATABASE_URL="mysql://x/y")
    assert done.returncode == 3
    assert "postgresql://" in done.stderr and "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_exit_three(clone: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = mutual("serve", "--port", port, MUTUAL_DATABASE=clone)
    assert done.returncode == 3
    assert f"port {port}" in done.stderr and "Traceback" not in done.stderr


def test_check_tells_the_health_of_each_part(clone: str) -> None:
    done = mutual("check", "--json", MUTUAL_DATABASE=clone)
    answer = json.loads(done.stdout)
    assert done.returncode == (0 if answer["ok"] else 3)
    names = [c["name"] for c in answer["checks"]]
    assert names == ["database", "roles", "queue", "clock", "mail", "storage", "video"]
    assert all(c["ok"] for c in answer["checks"]), answer


def test_check_says_what_is_not_there() -> None:
    url = "postgresql://nobody:x@127.0.0.1:1/absent"
    done = mutual("check", "--json", DATABASE_URL=url)
    answer = json.loads(done.stdout)
    assert done.returncode == 3 and answer["ok"] is False
    assert not answer["checks"][0]["ok"]


@pytest.mark.rule("I-2")
def test_wording_is_installed_whole_or_refused_with_its_lines(clone: str, tmp_path: Path) -> None:
    file = tmp_path / "csi4.toml"
    file.write_text(csi4())
    done = mutual("instruments", "install", str(file), MUTUAL_DATABASE=clone)
    assert done.returncode == 0, done.stderr
    assert "csi4" in done.stdout and "permission by the authors" in done.stdout
    done = mutual("instruments", "install", str(file), "--json", MUTUAL_DATABASE=clone)
    assert json.loads(done.stdout) == {
        "ok": True, "key": "csi4", "version": "1", "language": "en", "items": 4, "new": False,
    }  # fmt: skip
    file.write_text(csi4(range(6)))
    done = mutual("instruments", "install", str(file), MUTUAL_DATABASE=clone)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().endswith("line 14: item 1 needs 7 answers, found 6")
    done = mutual("instruments", "install", str(file), "--json", MUTUAL_DATABASE=clone)
    assert done.returncode == 1 and json.loads(done.stdout)["errors"]
    assert mutual("instruments", "install", str(tmp_path / "absent")).returncode == 2


def test_migrating_again_changes_nothing_and_says_so_on_standard_error(clone: str) -> None:
    done = mutual("migrate", MUTUAL_DATABASE=clone)
    assert (done.returncode, done.stdout) == (0, "")
    assert "up to date" in done.stderr


def test_a_reader_that_stops_reading_is_no_error(tmp_path: Path) -> None:
    done = subprocess.run(
        f"{' '.join(MUTUAL)} rules --json | head -c 1",
        shell=True, capture_output=True, text=True, check=False, cwd=SAMPLES.parent.parent,
    )  # fmt: skip
    assert "Traceback" not in done.stderr and "BrokenPipe" not in done.stderr


def test_an_error_of_our_own_is_no_traceback(
    run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    import mutual.entry.rulebook

    def broken() -> None:
        raise KeyError("Ana")

    monkeypatch.setattr(mutual.entry.rulebook, "rules", broken)
    code, out, err = run("rules")
    assert code == 3 and out == ""
    assert "KeyError" in err and "Ana" not in err


@pytest.fixture(scope="module")
def clone() -> Iterator[str]:
    """A database that the commands may work on."""
    with cloned("commands") as name:
        yield name
