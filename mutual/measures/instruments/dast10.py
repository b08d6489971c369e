"""DAST-10: drugs other than alcohol at intake (Skinner 1982). Non-commercial: handles only."""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.measures.scale import (
    Answers,
    Cadence,
    Instrument,
    Item,
    Loinc,
    Result,
    Vector,
    Visibility,
    band_of,
    complete,
    lined_up,
)

KEY = "dast10"
BANDS = (
    (0, _("none")),
    (1, _("low")),
    (3, _("moderate")),
    (6, _("substantial")),
    (9, _("severe")),
)
_HANDLES = (
    _("non-medical use"),
    _("several at once"),
    _("able to stop"),
    _("blackouts or flashbacks"),
    _("guilt"),
    _("family complains"),
    _("family neglected"),
    _("unlawful acts"),
    _("withdrawal"),
    _("medical problems"),
)
ITEMS = tuple(Item(str(number), handle, (0, 1)) for number, handle in enumerate(_HANDLES, start=1))
REVERSED = "3"


def score(answers: Answers) -> Result:
    """Total 0-10 with item 3 turned round here and only here (I-8)."""
    found = lined_up(ITEMS, answers, KEY)
    given, missing = complete(ITEMS, found, KEY)
    if missing:
        return missing
    total = sum(1 - a if number == REVERSED else a for number, a in given.items())
    return Result(KEY, True, total, band=band_of(total, BANDS))


INSTRUMENT = Instrument(
    key=KEY,
    title="DAST-10",
    version="1",
    shelf=2,
    credit="Harvey A. Skinner 1982; non-commercial use with credit.",
    source="Skinner 1982",
    purpose=_("other drugs at intake"),
    recall_days=365,
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake",)),
    visibility=Visibility(("self", "own_counselor")),
    loinc=Loinc("82666-9", "82667-7"),
    vectors=(
        Vector((1, 1, 0, 1, 1, 1, 1, 0, 0, 1), 8, "substantial"),
        Vector((1, 0, 1, 0, 0, 0, 1, 0, 0, 0), 2, "low"),
        Vector((0, 0, 1, 0, 0, 0, 0, 0, 0, 0), 0, "none"),
        Vector((0, 0, None, 0, 0, 0, 0, 0, 0, 0), None, scorable=False),
    ),
)
