"""Make or refresh the environment in ``.venv/``: idempotent, says what is missing.

Usage: python3 scripts/setup.py [app|dev]   (``app`` runs Mutual, ``dev`` also checks and tests)

Needs only Python 3.11 or newer with the standard library's ``venv``; everything else comes from
the hashed lists in ``requirements/``.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRESHLY = "MUTUAL_SETUP_QUIET"


def say(text: str) -> None:
    """Progress goes to standard error."""
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> None:
    """Say how to fix what is missing, and stop."""
    say(f"setup: {text}")
    sys.exit(3)


def run(*command: str | Path) -> None:
    """Run a step; on failure show the end of what it said."""
    done = subprocess.run(
        [str(c) for c in command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        tail = (done.stdout + done.stderr).strip()[-2000:]
        fail(f"this step failed: {' '.join(str(c) for c in command[:6])}\n{tail}")


def make_venv() -> None:
    """The virtual environment."""
    if PYTHON.exists():
        return
    say("setup: making .venv")
    done = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        fail(
            "Python's venv is missing or broken. On Debian and Ubuntu: "
            "'sudo apt-get install python3-venv'; on macOS: install Python 3.11 or newer from "
            f"python.org. It said: {(done.stderr or done.stdout).strip()[-400:]}"
        )


def install(kind: str) -> None:
    """Install the locked packages if the list changed since the last time."""
    wanted = ROOT / "requirements" / f"{kind}.txt"
    digest = hashlib.sha256(
        wanted.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()
    ).hexdigest()
    stamp = VENV / f"installed-{kind}"
    if stamp.exists() and stamp.read_text() == digest:
        return
    if not (VENV / "bin" / "uv").exists():
        say("setup: installing the installer (uv)")
        run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
    say(f"setup: installing {sum(1 for x in wanted.open() if '==' in x)} locked packages")
    uv = [VENV / "bin" / "uv", "pip", "install", "--quiet", "--python", PYTHON]
    run(*uv, "--require-hashes", "-r", wanted)
    run(*uv, "--no-deps", "-e", ROOT)
    stamp.write_text(digest)
    if kind == "dev":  # the larger list holds the smaller one
        app = ROOT / "requirements" / "app.txt"
        (VENV / "installed-app").write_text(
            hashlib.sha256(
                app.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()
            ).hexdigest()
        )


def compile_messages() -> None:
    """Compile the catalogues (no gettext needed on the machine)."""
    run(PYTHON, ROOT / "scripts" / "messages.py", "compile")


def main() -> None:
    """Set up for running (``app``) or for developing (``dev``)."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "app"
    if sys.version_info < (3, 11):  # noqa: UP036 (it is here that an older Python is met)
        fail("Mutual needs Python 3.11 or newer; this is " + sys.version.split()[0])
    os.umask(0o022)
    make_venv()
    install(kind)
    compile_messages()


if __name__ == "__main__":
    main()
