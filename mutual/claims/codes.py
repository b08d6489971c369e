"""Which diagnosis codes are valid on a day (B-19): bare ICD-10-CM codes, a public, dated file."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path

from mutual.claims.rules import bare

FILE = Path(__file__).parent / "data" / "icd10cm.txt"
#: The edition on file, its first day, and the day from which a newer one may know more codes.
SINCE = dt.date(2025, 10, 1)
NEWER = dt.date(2026, 10, 1)
_CHAPTERS = ("F", "Z63")


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    lines = FILE.read_text("ascii").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def valid(code: str, on: dt.date) -> bool | None:
    """Whether a code may be billed on a day; ``None`` where the file on hand can't tell.

    A code of this edition stays valid until a newer edition is put in; a code that it lacks is
    wrong only on the days and in the chapters that it speaks of.
    """
    wanted = bare(code)
    if on < SINCE or not wanted.startswith(_CHAPTERS):
        return None
    if wanted in _codes():
        return True
    return False if on < NEWER else None
