"""Secrets of an installation: made once, kept in a file of its own, read anew when it changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mutual.base.home import secret


def test_a_secret_is_made_once_and_another_file_is_another_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUTUAL_HOME", str(tmp_path))
    first = secret("a_test")
    file = tmp_path / "secrets" / "a_test"
    assert len(first) == 32 and secret("a_test") == first
    assert file.stat().st_mode & 0o777 == 0o600
    other = tmp_path / "other"
    other.write_text("ab" * 32)
    os.replace(other, file)
    assert secret("a_test") == bytes.fromhex("ab" * 32)
    file.unlink()
    assert secret("a_test") not in (first, bytes.fromhex("ab" * 32))
