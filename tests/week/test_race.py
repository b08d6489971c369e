"""F-4 with real connections that commit, on a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import ROOT, _template


def _raced(module: str) -> Any:
    """What a race on a database of its own printed."""
    from mutual.entry import database as d

    name = f"mutual_race_{os.getpid()}"
    d.clone_database(_template(), name)
    try:
        done = subprocess.run(
            [sys.executable, "-m", module],
            env=os.environ | {"MUTUAL_DATABASE": name, "MUTUAL_ROLE": "mutual_app"},
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    finally:
        d.drop_database(name)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.rule("F-4")
def test_of_eleven_bookings_at_one_moment_one_succeeds_and_ten_are_no_longer_free() -> None:
    found = _raced("tests.week.race")
    said = [o["said"] for o in found["outcomes"]]
    assert said.count("booked") == 1
    assert sum(words.startswith("No longer free") for words in said) == 10
    # What they typed is still theirs to send again.
    assert all(o["start"] and o["person"] for o in found["outcomes"])
    assert found["left"] == [1, 1, 1, 1]


@pytest.mark.rule("F-4", "F-14")
def test_three_who_move_one_session_at_once_leave_it_whole_at_one_time() -> None:
    found = _raced("tests.week.race_move")
    assert len(found["outcomes"]) == 12 and found["outcomes"].count("moved") >= 4
    # Session, seat and both busy times stand at one and the same hour.
    assert len(found["spans"]) == 1
    assert found["counts"] == [1, 1, 1]
