"""F-4 with real connections that commit, on a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT, _template


@pytest.mark.rule("F-4")
def test_of_eleven_bookings_at_one_moment_one_succeeds_and_ten_are_no_longer_free() -> None:
    from mutual.entry import database as d

    name = f"mutual_race_{os.getpid()}"
    d.clone_database(_template(), name)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.week.race"],
            env=os.environ | {"MUTUAL_DATABASE": name, "MUTUAL_ROLE": "mutual_app"},
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    finally:
        d.drop_database(name)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    said = [o["said"] for o in found["outcomes"]]
    assert said.count("booked") == 1
    assert sum(words.startswith("No longer free") for words in said) == 10
    # What they typed is still theirs to send again.
    assert all(o["start"] and o["person"] for o in found["outcomes"])
    assert found["left"] == [1, 1, 1, 1]
