"""When a programme day may be billed, and small checks on identifiers and codes.

Source: rules/coverage.md B-18, B-19, B-21. What payers differ in (minimum minutes, bundles,
modifiers) is data with a date and a source, given as arguments; nothing of it is a constant.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mutual.base.words import mark as _
from mutual.base.words import say

PROGRAMME_DAY = "H0015"


@dataclass(frozen=True)
class ProgrammeDay:
    """One patient's day in the programme, as attendance and notes have it.

    `minutes` are the documented minutes of treatment in this patient's own record.
    `excluded_minutes` of them are breaks, recreation or self-directed work, which never count.
    """

    minutes: int
    excluded_minutes: int = 0
    attendance_signed: bool = False
    notes_signed: bool = False

    @property
    def counted(self) -> int:
        """Minutes that count towards the payer's minimum."""
        return max(0, self.minutes - self.excluded_minutes)


@dataclass(frozen=True)
class Billable:
    """The day may be billed: always one unit, never more (B-21)."""

    date: dt.date
    minutes: int
    units: int = 1


@dataclass(frozen=True)
class Held:
    """The day stays unbilled; `code` for lists and counts, `reason` for people."""

    date: dt.date
    code: str
    reason: str


def billable_day(
    date: dt.date, day: ProgrammeDay, minimum: int | None, *, already_billed: bool = False
) -> Billable | Held:
    """Judge one programme day of one patient against the payer's `minimum` minutes (B-21).

    `minimum` is None when no dated source states it: then the day is held, never guessed.
    """
    if already_billed:
        return Held(
            date, "billed", say(_("This day is billed already: one unit per day and patient."))
        )
    if not day.attendance_signed:
        return Held(date, "attendance", say(_("The attendance of the day is not signed.")))
    if not day.notes_signed:
        return Held(date, "note", say(_("A note of the day is not signed.")))
    if minimum is None:
        return Held(
            date,
            "minimum_unknown",
            say(_("The payer's minimum minutes for a programme day are not known: look them up.")),
        )
    if day.counted < minimum:
        return Held(
            date,
            "minutes",
            say(
                _("{counted} minutes count, the payer asks for {minimum}."),
                counted=day.counted,
                minimum=minimum,
            ),
        )
    return Billable(date, day.counted)


def billable_days(
    days: Mapping[dt.date, ProgrammeDay],
    minimum_on: Mapping[dt.date, int | None] | int | None,
    *,
    billed: frozenset[dt.date] = frozenset(),
) -> list[Billable | Held]:
    """Judge all days of one patient, in order; `minimum_on` may change from day to day.

    A mapping from days to one `ProgrammeDay` leaves no room for a second unit on a day (B-21).
    """
    verdicts: list[Billable | Held] = []
    for date in sorted(days):
        minimum = minimum_on.get(date) if isinstance(minimum_on, Mapping) else minimum_on
        verdicts.append(billable_day(date, days[date], minimum, already_billed=date in billed))
    return verdicts


@dataclass(frozen=True)
class TimedCode:
    """From how many minutes a code may be billed; dated payer data, never a constant."""

    code: str
    from_minutes: int


@dataclass(frozen=True)
class UnitRule:
    """How a payer turns minutes into units: the unit's length, and from where the last counts."""

    minutes: int
    last_from: int


def code_for(minutes: int, codes: Sequence[TimedCode]) -> str | None:
    """The code of a session by its real minutes, or None when it was too short for any (F-24).

    `minutes` is the time in which patient and clinician were both present, as the clinician
    confirmed it; the planned length decides nothing.
    """
    fitting = [one for one in codes if one.from_minutes <= minutes]
    return max(fitting, key=lambda one: one.from_minutes).code if fitting else None


def units_for(minutes: int, rule: UnitRule) -> int:
    """Units of a timed code: whole ones, and one more when the rest reaches `last_from` (F-24)."""
    whole, rest = divmod(max(0, minutes), rule.minutes)
    return whole + (1 if rest >= rule.last_from else 0)


def npi_valid(npi: str) -> bool:
    """Ten digits whose Luhn sum holds with the prefix 80840 (B-18)."""
    if not re.fullmatch(r"[12][0-9]{9}", npi):
        return False
    total = 0
    for place, figure in enumerate(reversed("80840" + npi)):
        value = int(figure) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def tax_id_valid(tax_id: str) -> bool:
    """Nine digits, with or without the hyphen (B-18)."""
    return re.fullmatch(r"[0-9]{2}-?[0-9]{7}", tax_id) is not None


def zip9_valid(code: str) -> bool:
    """Nine digits, with or without the hyphen; the billing address needs all nine (B-18)."""
    return re.fullmatch(r"[0-9]{5}-?[0-9]{4}", code) is not None and code[:5] != "00000"


def bare(code: str) -> str:
    """A diagnosis code as claims carry it: capitals, no dot."""
    return code.replace(".", "").upper()


def diagnosis_shaped(code: str) -> bool:
    """Whether `code` looks like ICD-10-CM; whether it is valid on a day is data (B-19)."""
    return re.fullmatch(r"[A-Z][0-9][0-9A-Z]\.?[0-9A-Z]{0,4}", code.upper()) is not None


def substance_use(code: str) -> bool:
    """Whether the code belongs to F10 to F19 (B-19)."""
    return re.fullmatch(r"F1[0-9].*", bare(code)) is not None


def relationship_only(code: str) -> bool:
    """Z63.0, which may only accompany another diagnosis (B-20)."""
    return bare(code) == "Z630"


def filing_stage(service: dt.date, today: dt.date, limit_days: int | None) -> str:
    """How far the payer's filing limit has run for a day of service (B-30).

    Returns:
        unknown (no dated source states the limit), open, half (50 % gone), urgent (80 % gone)
        or late. A claim that the clearinghouse rejects does not stop this clock.
    """
    if limit_days is None:
        return "unknown"
    gone = (today - service).days
    if gone > limit_days:
        return "late"
    if gone * 10 >= limit_days * 8:
        return "urgent"
    return "half" if gone * 2 >= limit_days else "open"
