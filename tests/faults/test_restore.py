"""The drill: a killed server, a restore, nothing acknowledged lost, nothing ended come back."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.faults.installation import mutual

NAME = "mutual"
STOP = "from mutual.base import embedded, home as h; embedded.stop(h.home())"
#: Runs as the application's role, in one transaction, and says what it answers.
INSIDE = """
import django, json, sys; django.setup()
from django.db import transaction
from tests.faults import drill as t
with transaction.atomic():
    answer = getattr(t, sys.argv[1])(*sys.argv[2:])
print(json.dumps(answer))
"""


class Home:
    """An installation of its own, whose server keeps what it promises."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.env = {
            "MUTUAL_HOME": str(path), "MUTUAL_DATABASE_SAFETY": "on", "MUTUAL_DATABASE": NAME,
        }  # fmt: skip

    def python(self, code: str, *words: str, **env: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=ROOT, env=os.environ | self.env | env,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def inside(self, what: str, *words: str) -> object:
        return json.loads(self.python(INSIDE, what, *words).splitlines()[-1])

    def mutual(self, *words: str) -> dict[str, object]:
        done = mutual(*words, "--json", timeout=600, **self.env)
        assert done.returncode == 0, done.stderr
        found: dict[str, object] = json.loads(done.stdout)
        return found

    def kill(self) -> None:
        """kill -9 of the database server, in the middle of whatever it does."""
        pid = self.python(
            "from mutual.base import embedded, home as h;"
            "print(open(embedded.place(h.home()) / 'postgres' / 'postmaster.pid').readline())"
        )
        os.kill(int(pid), signal.SIGKILL)
        time.sleep(0.5)


@pytest.fixture(scope="module")
def installation() -> Iterator[Home]:
    # Not below pytest's own folder: each run of pytest closes that one to the server's account.
    path = Path(tempfile.mkdtemp(prefix="mutual-drill-"))
    path.chmod(0o711)
    home = Home(path)
    assert mutual("migrate", timeout=300, **home.env).returncode == 0
    home.python(
        "import django; django.setup(); from tests.world import load; load()",
        MUTUAL_ROLE="mutual_owner",
    )
    yield home
    home.python(STOP)
    shutil.rmtree(path)


@pytest.mark.rule("P-46", "P-21", "P-8", "P-89")
def test_the_restore_drill(installation: Home, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    token, feed = str(installation.inside("sign_in")).split()
    everything = {"consent": True, "sees": True, "signed_in": True, "feed": True}
    assert installation.inside("standing", token, feed) == everything
    made = installation.mutual("backup", str(folder))
    assert made["base"]["rows"][NAME]["people_person"] == 4  # type: ignore[index]
    assert installation.inside("note", "before the moment")
    time.sleep(1.1)
    moment = datetime.now(UTC).isoformat()
    time.sleep(1.1)
    assert installation.inside("note", "the last word, acknowledged")
    assert installation.inside("ends") == "ended"
    installation.kill()

    # The machine's disk lives: nothing acknowledged is lost, within an hour (here: a minute).
    begun = time.monotonic()
    done = installation.mutual("restore", str(folder))
    assert time.monotonic() - begun < 3600
    assert done["databases"] == [NAME] and done["applied"] == 0
    gone = {"consent": False, "sees": False, "signed_in": False, "feed": False}
    assert installation.inside("notes") == ["before the moment", "the last word, acknowledged"]
    assert installation.inside("standing", token, feed) == gone
    assert installation.mutual("audit", "verify")["ok"] is True

    # Back to an earlier moment: what was written since is gone, what had ended stays ended.
    installation.mutual("backup", str(folder), "--log-only")
    done = installation.mutual("restore", str(folder), "--to", moment)
    assert installation.inside("notes") == ["before the moment"]
    assert done["applied"] == 3
    assert installation.inside("standing", token, feed) == gone
    assert installation.mutual("audit", "verify")["ok"] is True
    # A second look finds nothing to do.
    assert installation.inside("again") == 0


@pytest.mark.rule("P-9", "P-46")
def test_a_backup_says_when_the_secrets_are_others(installation: Home, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    installation.mutual("backup", str(folder))
    (base,) = folder.glob("base-*")
    facts = json.loads((base / "mutual.json").read_text())
    facts["secrets"]["seal"] = "0" * 16
    (base / "mutual.json").write_text(json.dumps(facts))
    done = mutual("restore", str(folder), timeout=300, **installation.env)
    assert done.returncode == 1 and "seal" in done.stderr
    assert installation.inside("again") == 0, "the server still runs as it was"


def test_a_folder_without_a_backup_and_a_moment_before_all_are_refused(
    installation: Home, tmp_path: Path
) -> None:
    done = mutual("restore", str(tmp_path), timeout=300, **installation.env)
    assert done.returncode == 1 and "no proven base backup" in done.stderr
    done = mutual("restore", str(tmp_path), "--to", "soon", **installation.env)
    assert done.returncode == 2 and "is no time" in done.stderr
