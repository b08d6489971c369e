"""Ask whether a locked package has a known hole: both lists, as locked, nothing resolved anew.

Usage: make audit   (needs the network; not a part of ``make test``)

Exit: 0 none known, 1 some are, 3 the data can't be had.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LISTS = ("app.txt", "dev.txt")
#: Where known holes are written down; the second is asked if the first can't be reached.
SOURCES = ("pypi", "osv")
PATIENCE = 120


def main(arguments: list[str] | None = None) -> int:
    """Ask for each list and say what is known."""
    holes: set[str] = set()
    for name in arguments or LISTS:
        answer = _asked(ROOT / "requirements" / name)
        if answer is None:
            print(
                "audit: the data about known holes can't be had from here, so nothing was checked."
                " Run it again with a network that reaches pypi.org or api.osv.dev.",
                file=sys.stderr,
            )
            return 3
        unknown = [one["name"] for one in answer if "skip_reason" in one]
        print(f"{name}: {len(answer) - len(unknown)} packages asked about")
        if unknown:
            print(f"  not known there: {', '.join(unknown)}")
        for one in answer:
            for hole in one.get("vulns", ()):
                fixed = ", ".join(hole["fix_versions"]) or "no fixed version yet"
                holes.add(f"{one['name']} {one['version']}: {hole['id']} ({fixed})")
    for line in sorted(holes):
        print(line)
    return 1 if holes else 0


def _asked(path: Path) -> list[dict[str, Any]] | None:
    """What is known of each package of a list; ``None`` if nobody answers."""
    for source in SOURCES:
        try:
            done = subprocess.run(
                [
                    sys.executable, "-m", "pip_audit", "--requirement", str(path),
                    "--require-hashes", "--disable-pip", "--progress-spinner", "off",
                    "--vulnerability-service", source, "--timeout", "15", "--format", "json",
                ],
                capture_output=True, text=True, check=False, timeout=PATIENCE,
            )  # fmt: skip
            found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
        except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
            continue
        if any("skip_reason" not in one for one in found):
            return found
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
