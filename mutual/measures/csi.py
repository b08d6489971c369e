"""What the three Couples Satisfaction Index forms share (Funk & Rogge 2007).

Values are taken as printed on the official form, where negative items already carry reversed
values (GK): nothing is turned round here. Partners' totals are never summed.
"""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.measures.scale import (
    Answers,
    Item,
    Result,
    Visibility,
    choices,
    complete,
    lined_up,
)

CREDIT = "Funk & Rogge 2007; freely available for research and clinical use, copyrighted."
SEEN_BY = Visibility(
    ("self", "own_counselor"), couples_therapist="enrolment_consent", partner="individual_session"
)


def items_for(handles: tuple[str, ...]) -> tuple[Item, ...]:
    """Items of one form: the first 0-6, the rest 0-5."""
    return tuple(
        Item(str(number), handle, choices(0, 6 if number == 1 else 5))
        for number, handle in enumerate(handles, start=1)
    )


def score_form(key: str, items: tuple[Item, ...], answers: Answers, cut: float) -> Result:
    """Sum of the printed values; below the cut is notable dissatisfaction. No missing answer."""
    found = lined_up(items, answers, key)
    given, missing = complete(items, found, key)
    if missing:
        return missing
    total = sum(given.values())
    if total < cut:
        return Result(key, True, total, band=_("below cut"), flags=("notable_dissatisfaction",))
    return Result(key, True, total, band=_("above cut"))
