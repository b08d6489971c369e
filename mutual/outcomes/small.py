"""Reports show no small cells: whoever knows the programme would find a person in them (P-91)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: The least count that a report shows.
LEAST = 11
#: What stands where a count is too small, and where a sum is held back because of one.
FEW, HELD = f"<{LEAST}", "–"


@dataclass(frozen=True)
class Shown:
    """Counts as a report shows them: every cell in words, and their sum."""

    cells: dict[str, str]
    total: str


def shown(counts: Mapping[str, int]) -> Shown:
    """Counts without a cell below :data:`LEAST`, and without a sum that would reveal one."""
    cells = {name: count(n) for name, n in counts.items()}
    total = count(sum(counts.values()))
    return Shown(cells, HELD if total != FEW and FEW in cells.values() else total)


def count(n: int) -> str:
    """A count by itself."""
    return str(n) if n >= LEAST else FEW


def share(part: int, whole: int) -> str:
    """A part of a whole in percent; "" where the part or the rest is too small to be told."""
    return "" if min(part, whole - part) < LEAST else f"{part * 100 // whole} %"
