"""HARK: partner violence, asked live of each person alone (Sohal 2007). Handles only for now.

Validated with women in general practice: a 0 never overrules clinical worry, and every gender is
asked. The additional live questions in our own words are in `episode.screening_rules`.
"""

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
    complete,
    lined_up,
    unscored,
)

KEY = "hark"
SEEN_BY = Visibility(
    ("own_counselor", "supervisor"),
    couples_therapist="never",
    partner="never",
    trace_in_portal=False,
)
ITEMS = (
    Item("1", _("put down, hurt inside"), (0, 1)),
    Item("2", _("fear"), (0, 1)),
    Item("3", _("forced intimacy"), (0, 1)),
    Item("4", _("hurt in body"), (0, 1)),
)


def score(answers: Answers) -> Result:
    """Total 0-4, positive at 1; a yes closes conjoint work even in an unfinished screen (C-14)."""
    found = lined_up(ITEMS, answers, KEY)
    given, missing = complete(ITEMS, found, KEY)
    flags = ("contraindication",) if any(given.values()) else ()
    if missing:
        return unscored(KEY, len(given), 4, flags)
    total = sum(given.values())
    band = _("positive") if total else _("negative")
    return Result(KEY, True, total, band=band, flags=flags)


INSTRUMENT = Instrument(
    key=KEY,
    title="HARK",
    version="1",
    shelf=2,
    credit="Sohal, Eldridge and Feder 2007.",
    source="Sohal 2007 (sensitivity 81 %, specificity 95 %)",
    purpose=_("partner violence"),
    recall_days=365,
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake", "trigger", "discharge"), every_days=30),
    visibility=SEEN_BY,
    loinc=Loinc("76499-3", "76504-0"),
    live_only=True,
    critical=("1", "2", "3", "4"),
    vectors=(
        Vector((1, 0, 0, 0), 1, "positive", flags=("contraindication",)),
        Vector((0, 1, 0, 0), 1, "positive", flags=("contraindication",)),
        Vector((0, 0, 0, 0), 0, "negative"),
        Vector((0, 1, None, 0), None, flags=("contraindication",), scorable=False),
        Vector((0, 0, None, 0), None, scorable=False),
    ),
)
