"""What the probes counted; printed at the end of a run (conftest.py)."""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

#: Whole (`make probe`) or sampled (`make test`).
WHOLE = os.environ.get("MUTUAL_PROBE") == "whole"


@dataclass
class Report:
    """Counts of one run."""

    began: float = field(default_factory=time.monotonic)
    cases: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    caught: Counter[str] = field(default_factory=Counter)
    survived: list[str] = field(default_factory=list)
    pages: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def packed(self) -> dict[str, Any]:
        """What this process counted, in plain types."""
        return {name: _plain(getattr(self, name)) for name in COUNTED}

    def add(self, packed: dict[str, Any]) -> None:
        """Add what another process counted."""
        for name, found in packed.items():
            mine = getattr(self, name)
            mine.update(found) if isinstance(mine, Counter) else mine.extend(found)

    def lines(self) -> list[str]:
        """The report in words."""
        found = []
        if self.cases:
            each = ", ".join(f"{name} {count:,}" for name, count in sorted(self.cases.items()))
            found.append(f"{sum(self.cases.values()):,} cases ({each})")
            found.append(f"{len(self.surprises)} surprises")
            found += [f"  {line}" for line in self.surprises]
        if self.caught or self.survived:
            each = ", ".join(f"{name} {count:,}" for name, count in sorted(self.caught.items()))
            whole = sum(self.caught.values()) + len(self.survived)
            found.append(f"{sum(self.caught.values()):,} of {whole:,} mutants caught ({each})")
            found += [f"  survived: {line}" for line in self.survived]
        if self.pages:
            each = ", ".join(f"{name} {count:,}" for name, count in sorted(self.pages.items()))
            found.append(f"{sum(self.pages.values()):,} pages crawled ({each})")
        found += self.notes
        if found:
            form = "whole" if WHOLE else "sampled; `make probe` runs whole"
            found.append(f"{time.monotonic() - self.began:.0f} seconds ({form})")
        return found


COUNTED = ("cases", "surprises", "caught", "survived", "pages", "notes")
REPORT = Report()


def _plain(found: Counter[str] | list[str]) -> dict[str, int] | list[str]:
    return dict(found) if isinstance(found, Counter) else list(found)


def surprises(layer: str, found: list[tuple[object, ...]], cases: int) -> None:
    """Count cases of a layer and fail for what was not expected.

    Raises:
        AssertionError: with every surprise.
    """
    REPORT.cases[layer] += cases
    lines = [" · ".join(map(str, one)) for one in found]
    REPORT.surprises += [f"{layer}: {line}" for line in lines]
    assert not lines, f"{len(lines)} surprises in {cases} cases:\n" + "\n".join(lines[:60])
