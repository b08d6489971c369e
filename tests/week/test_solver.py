"""The week's solver against a checker that shares no code with it (C-35 to C-46)."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutual.entry.cli import main
from mutual.week.checker import check
from mutual.week.solver.generate import generate
from mutual.week.solver.parse import read
from mutual.week.solver.reading import InstanceError
from mutual.week.solver.search import Effort
from mutual.week.solver.solving import solve
from mutual.week.solver.spoil import FLAWS

#: What each flaw has to be called by its words.
NAMED = {
    "no_time": "is free at none of the hours",
    "licence": "is not licensed in",
    "therapist_away": "works at no hour",
    "too_few_seats": "",
    "one_room": "",
    "too_few_hours": "short of 540",
    "child_care": "child care",
    "overbooked": "works at",
}


@lru_cache
def solved(couples: int, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """An instance and its solution by one thread."""
    raw = generate(couples, seed)
    return raw, solve(read(raw), Effort(1.0, 1, 1)).as_json()


@pytest.mark.rule("C-35", "C-40", "C-41", "C-42", "C-45", "C-46")
@settings(max_examples=12)
@given(couples=st.integers(2, 8), seed=st.integers(0, 500).filter(lambda n: n % 10 != 7))
def test_every_week_it_finds_keeps_every_rule(couples: int, seed: int) -> None:
    raw = generate(couples, seed)
    # Whether there is a week is asked, not how soon on a busy machine.
    for seconds in (0.5, 5.0, 30.0):
        answer = solve(read(raw), Effort(seconds, 1, 1)).as_json()
        if answer["feasible"]:
            break
    assert answer["feasible"], answer["conflicts"]
    verdict = check(raw, answer)
    assert verdict["ok"], verdict["violations"][:3]


def moved(one: dict[str, Any], by: timedelta) -> None:
    """Move a session in place."""
    for key in ("start", "end"):
        moment = datetime.fromisoformat(one[key].replace("Z", "+00:00")) + by
        one[key] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.rule("C-35", "C-45")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_session_left_out_is_found(seed: int) -> None:
    raw, answer = solved(5, seed)
    chance = random.Random(seed)
    spoiled = copy.deepcopy(answer)
    must = [s for s in spoiled["sessions"] if s["kind"] in ("individual", "conjoint")]
    spoiled["sessions"].remove(chance.choice(must))
    assert not check(raw, spoiled)["ok"]


@pytest.mark.rule("F-4")
def test_one_clinician_in_two_sessions_at_once_is_found() -> None:
    raw, answer = solved(5, 1)
    spoiled = copy.deepcopy(answer)
    own = [s for s in spoiled["sessions"] if s["kind"] == "individual"]
    first = own[0]
    second = next(s for s in own[1:] if s["staff"] == first["staff"])
    second["start"], second["end"] = first["start"], first["end"]
    verdict = check(raw, spoiled)
    assert not verdict["ok"]
    assert any(second["id"] in v["sessions"] for v in verdict["violations"])


@pytest.mark.rule("C-40")
def test_a_stranger_in_an_own_session_is_found() -> None:
    raw, answer = solved(5, 1)
    spoiled = copy.deepcopy(answer)
    own = next(s for s in spoiled["sessions"] if s["kind"] == "individual")
    couple = own["attendees"][0].rpartition(".")[0]
    own["attendees"] = [f"{couple}.A", f"{couple}.B"]
    assert not check(raw, spoiled)["ok"]


def test_a_session_in_the_night_is_found() -> None:
    raw, answer = solved(5, 1)
    spoiled = copy.deepcopy(answer)
    moved(spoiled["sessions"][0], timedelta(hours=9))
    assert not check(raw, spoiled)["ok"]


@pytest.mark.rule("C-35", "C-41", "C-46")
@pytest.mark.parametrize("flaw", FLAWS)
def test_an_impossible_week_says_in_words_what_stands_against_it(flaw: str) -> None:
    raw = generate(6, 3, hard=flaw)
    answer = solve(read(raw), Effort(4.0, 1, 1)).as_json()
    assert not answer["feasible"]
    assert answer["impossible"]
    assert answer["conflicts"]
    assert any(NAMED[flaw] in words for words in answer["conflicts"])


def test_the_same_seed_gives_the_same_week() -> None:
    assert generate(4, 11) == generate(4, 11)
    assert generate(4, 11) != generate(4, 12)


@lru_cache
def roomy(couples: int, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """An instance in which everybody has every afternoon, and its solution."""
    raw = generate(couples, seed)
    week = [{"days": ["mon", "tue", "wed", "thu", "fri", "sat"], "from": "08:30", "to": "22:00"}]
    for couple in raw["couples"]:
        couple["child_care"] = []
        for partner in couple["partners"].values():
            partner["free"] = week
    return raw, solve(read(raw), Effort(0.5, 1, 1)).as_json()


def sick(raw: dict[str, Any], before: dict[str, Any], kind: str) -> tuple[dict[str, Any], str]:
    """The instance with a session's clinician away at its very hour, and the session."""
    away = copy.deepcopy(raw)
    held = next(s for s in before["sessions"] if s["kind"] == kind)
    day, begin = held["local"].split()[1:]
    end = (datetime.fromisoformat(f"{day}T{begin}") + timedelta(minutes=60)).isoformat()[:16]
    helper = next(s for s in away["staff"] if s["id"] == held["staff"][0])
    helper["time_off"] = [{"from": f"{day}T{begin}", "to": end}]
    return away, held["id"]


@pytest.mark.rule("C-46")
@pytest.mark.parametrize("kind", ["individual", "conjoint"])
def test_a_repair_moves_the_fewest_and_proves_it(kind: str) -> None:
    raw, before = roomy(8, 1)
    away, hit = sick(raw, before, kind)
    assert not check(away, before)["ok"]
    answer = solve(read(away), Effort(10.0, 1, 1), before=before).as_json()
    assert answer["feasible"], answer["conflicts"]
    assert check(away, answer)["ok"]
    assert (answer["moved"], answer["proved"]) == (1, True)
    assert len(answer["moves"]) == 1
    now = {s["id"]: (s["start"], s["staff"]) for s in answer["sessions"]}
    changed = [s["id"] for s in before["sessions"] if now.get(s["id"]) != (s["start"], s["staff"])]
    assert changed == [hit]


def test_a_repair_that_fails_says_so_and_calls_nothing_whole() -> None:
    raw, before = solved(6, 3)
    away = copy.deepcopy(raw)
    for helper in away["staff"]:
        if "couples_therapist" in helper["roles"]:
            monday = datetime.fromisoformat(away["programme"]["monday"])
            last = (monday + timedelta(days=6)).date().isoformat()
            begin = f"{monday.date().isoformat()}T00:00"
            helper["time_off"] = [{"from": begin, "to": f"{last}T23:59"}]
    answer = solve(read(away), Effort(2.0, 1, 1), before=before).as_json()
    assert not answer["feasible"]
    assert answer["conflicts"]
    assert not check(away, answer)["ok"]


def test_nothing_to_repair_moves_nothing() -> None:
    raw, before = solved(5, 1)
    answer = solve(read(raw), Effort(2.0, 1, 1), before=before).as_json()
    assert (answer["feasible"], answer["moved"], answer["proved"]) == (True, 0, True)


@pytest.mark.rule("F-1", "F-2")
def test_the_week_of_a_clock_change_keeps_the_programmes_clock() -> None:
    raw = generate(3, 1)
    raw["programme"]["monday"] = "2026-10-26"  # Sunday, 1 November: clocks go back
    answer = solve(read(raw), Effort(0.5, 1, 1)).as_json()
    for one in answer["sessions"]:
        start = datetime.fromisoformat(one["start"].replace("Z", "+00:00"))
        end = datetime.fromisoformat(one["end"].replace("Z", "+00:00"))
        assert end > start
    assert check(raw, answer)["ok"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda raw: raw.pop("couples"), "couples"),
        (lambda raw: raw["programme"].update(zone="Nowhere/City"), "zone"),
        (lambda raw: raw["couples"][0]["partners"]["A"].update(level="9"), "level"),
        (lambda raw: raw["couples"][0].update(suprise=1), "suprise"),
    ],
)
def test_a_broken_instance_is_refused_with_its_place(change: Any, path: str) -> None:
    raw = generate(2, 1)
    change(raw)
    with pytest.raises(InstanceError) as refused:
        read(raw)
    assert path in str(refused.value)


def test_the_command_line_makes_solves_and_checks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    instance, solution = tmp_path / "i.json", tmp_path / "s.json"
    assert main(["week", "instance", "--couples", "3", "--seed", "1"]) == 0
    instance.write_text(capsys.readouterr().out)
    assert main(["week", "solve", str(instance), "--seconds", "0.5", "--json"]) == 0
    solution.write_text(capsys.readouterr().out)
    found = json.loads(solution.read_text())
    assert {"feasible", "sessions", "objective", "bound", "moved", "conflicts", "seconds"} <= set(
        found
    )
    assert main(["week", "check", str(instance), str(solution), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True
    found["sessions"].pop()
    solution.write_text(json.dumps(found))
    assert main(["week", "check", str(instance), str(solution), "--json"]) == 1
    broken = tmp_path / "b.json"
    broken.write_text("{")
    capsys.readouterr()
    assert main(["week", "solve", str(broken), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["feasible"] is False


def test_the_solver_is_not_imported_with_the_room() -> None:
    words = "import mutual.week.cli, sys; print('ortools' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
