"""Finds the browser that browser tests drive, and the switches that it needs.

Use it with Playwright's own launcher::

    playwright.chromium.launch(executable_path=find_browser(), args=launch_args())
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_UNPACKED = _ROOT / ".mutual" / "browser" / "chromium"

MISSING = (
    "no browser found: set MUTUAL_BROWSER to a Chromium, install chromium or google-chrome, or "
    "unpack the npm package @sparticuz/chromium to .mutual/browser/chromium"
)


def find_browser() -> str | None:
    """Path of a Chromium: ``$MUTUAL_BROWSER``, an installed one, the unpacked npm package's.

    Raises ``FileNotFoundError`` when ``MUTUAL_BROWSER`` is set to something that can't be run, so
    that a typing error doesn't silently test another browser.
    """
    if named := os.environ.get("MUTUAL_BROWSER"):
        found = shutil.which(named)
        if found is None:
            raise FileNotFoundError(f"MUTUAL_BROWSER is {named}, which can't be run")
        return found
    for name in _INSTALLED:
        if found := shutil.which(name):
            return found
    if os.access(_UNPACKED, os.X_OK):
        return str(_UNPACKED)
    return None


def launch_args(*, media: bool = False, grant: bool = True) -> list[str]:
    """Switches for :func:`find_browser`'s browser; ``media`` adds a made-up camera and microphone.

    With ``grant`` the page gets both unasked. Without it, name what a context may use by
    ``context.grant_permissions(["microphone"])``: everything else is refused.
    """
    args = ["--disable-background-networking"]
    if media:
        args += [
            "--use-fake-device-for-media-stream",
            "--disable-features=WebRtcHideLocalIpsWithMdns",
            "--autoplay-policy=no-user-gesture-required",
        ]
        if grant:
            args.append("--use-fake-ui-for-media-stream")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        args.append("--no-sandbox")
    if find_browser() == str(_UNPACKED):
        args += ["--headless=shell", "--no-zygote"]
    return args
