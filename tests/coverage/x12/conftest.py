"""Where the files of these tests are, and the public corpora when they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FILES = Path(__file__).parent / "files"
ROOT = Path(__file__).resolve().parents[3]


def corpus_folder() -> Path:
    """The X12 corpus: under MUTUAL_CORPORA, else beside the repository."""
    given = os.environ.get("MUTUAL_CORPORA")
    base = Path(given) if given else ROOT.parent / "shared" / "corpora"
    return base / "x12"


def corpus_files() -> list[Path]:
    """All sample files, or none where there is no corpus."""
    folder = corpus_folder()
    if not (folder / "manifest.csv").exists():
        return []
    return sorted(p for p in folder.glob("*/*") if p.is_file() and p.parent.name != "LICENSES")


@pytest.fixture(scope="session")
def corpus() -> list[Path]:
    files = corpus_files()
    if not files:
        pytest.skip("the X12 corpus is not here: set MUTUAL_CORPORA to its folder")
    return files
