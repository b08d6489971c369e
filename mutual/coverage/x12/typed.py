"""Values that the typed readers share: money, quantities, dates, procedures, names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from mutual.coverage.x12.tokenizer import Segment, X12Error

_NUMBER = re.compile(r"-?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})\Z").match


@dataclass(frozen=True, slots=True)
class Procedure:
    """A billed code: qualifier (HC, NU, ...), code and up to four modifiers."""

    qualifier: str
    code: str
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    """A person or organisation of an NM1 or N1."""

    entity: str
    last: str
    first: str = ""
    middle: str = ""
    qualifier: str = ""
    id: str = ""


def decimal(segment: Segment, n: int, default: str = "0") -> Decimal:
    """Element `n` as an exact number; X12Error when it is none."""
    return number(segment.get(n) or default, segment, n)


def number(text: str, segment: Segment, n: int) -> Decimal:
    """A text as an exact number in plain digits; X12Error (code "number") when it is none."""
    if not _NUMBER(text):
        raise X12Error(
            segment.position, segment.id, f"{n:02}", "number",
            f"{segment.id}{n:02} is not a number",
        )  # fmt: skip
    return Decimal(text)


def day(text: str, segment: Segment, n: int) -> date:
    """CCYYMMDD or YYMMDD as a date; X12Error (code "date") when there is no such day."""
    found = _day(text)
    if found is None:
        raise X12Error(
            segment.position, segment.id, f"{n:02}", "date", f"{segment.id}{n:02} is not a date"
        )
    return found


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    full = text if len(text) == 8 else "20" + text
    if len(full) != 8 or not (full.isascii() and full.isdigit()):
        return None
    try:
        return date(int(full[:4]), int(full[4:6]), int(full[6:]))
    except ValueError:
        return None


def period(segment: Segment) -> tuple[date, date]:
    """The days of a DTP: first and last, equal for one day."""
    first, _, last = segment.get(3).partition("-")
    start = day(first[:8], segment, 3)
    return start, day(last[:8], segment, 3) if last else start


def procedure(segment: Segment, n: int) -> Procedure:
    """The composite procedure code in element `n`."""
    parts = segment.components(n)
    if len(parts) < 2:
        return Procedure(parts[0] if parts else "", "")
    return Procedure(parts[0], parts[1], tuple(p for p in parts[2:6] if p))


def name(segment: Segment) -> Name:
    """The name in an NM1 or N1."""
    get = segment.get
    if segment.id == "N1":
        return Name(get(1), get(2), qualifier=get(3), id=get(4))
    return Name(get(1), get(3), get(4), get(5), get(8), get(9))
