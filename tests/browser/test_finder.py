"""Finding the browser for browser tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.browser import finder


def test_the_browser_that_was_named_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUTUAL_BROWSER", "/bin/sh")
    assert finder.find_browser() == "/bin/sh"


def test_a_named_browser_that_can_not_run_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUTUAL_BROWSER", "/nowhere/chromium")
    with pytest.raises(FileNotFoundError, match="MUTUAL_BROWSER is /nowhere/chromium"):
        finder.find_browser()


def test_the_unpacked_package_is_the_last_resort(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("MUTUAL_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    unpacked = tmp_path / "unpacked"
    monkeypatch.setattr(finder, "_UNPACKED", unpacked)
    assert finder.find_browser() is None
    unpacked.write_text("")
    unpacked.chmod(0o755)
    assert finder.find_browser() == str(unpacked)
    assert "--headless=shell" in finder.launch_args()


def test_a_sandbox_is_left_out_for_root_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "--no-sandbox" not in finder.launch_args()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "--no-sandbox" in finder.launch_args(media=True)


def test_devices_are_granted_unasked_unless_a_test_wants_to_refuse_them() -> None:
    assert "--use-fake-ui-for-media-stream" in finder.launch_args(media=True)
    assert "--use-fake-ui-for-media-stream" not in finder.launch_args(media=True, grant=False)
