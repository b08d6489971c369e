"""RDAS: relationship, instead of CSI-16 (Busby 1995). Sold by its publisher: handles only."""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.measures.csi import SEEN_BY
from mutual.measures.scale import (
    Answers,
    Cadence,
    Change,
    Instrument,
    Item,
    Result,
    Vector,
    choices,
    complete,
    lined_up,
)

KEY = "rdas"
CUT = 47.31
SUBSCALES = {
    "consensus": choices(1, 6),
    "satisfaction": choices(7, 10),
    "cohesion": choices(11, 14),
}
_HANDLES = (
    _("faith"),
    _("tenderness"),
    _("big decisions"),
    _("intimacy"),
    _("manners"),
    _("work choices"),
    _("talk of parting"),
    _("argued"),
    _("regret"),
    _("irritation"),
    _("shared interests"),
    _("good conversations"),
    _("joint projects"),
    _("calm talks"),
)
ITEMS = tuple(
    Item(str(number), handle, choices(0, 4 if number == 11 else 5))
    for number, handle in enumerate(_HANDLES, start=1)
)


def score(answers: Answers) -> Result:
    """Total 0-69 of values as printed, higher is better; 48 and more is not distressed."""
    found = lined_up(ITEMS, answers, KEY)
    given, missing = complete(ITEMS, found, KEY)
    if missing:
        return missing
    sums: dict[str, float] = {
        name: sum(given[str(n)] for n in numbers) for name, numbers in SUBSCALES.items()
    }
    total = sum(given.values())
    band = _("distressed") if total < CUT else _("not distressed")
    return Result(KEY, True, total, sums, band)


INSTRUMENT = Instrument(
    key=KEY,
    title="RDAS",
    version="1",
    shelf=3,
    credit="Busby and colleagues 1995, derived from the DAS; permission of the publisher needed.",
    source="Busby 1995",
    purpose=_("relationship"),
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake", "discharge", "follow_up"), every_days=30),
    visibility=SEEN_BY,
    change=Change(least=12, source="Anderson 2014 (index 11.58)", cut=CUT, higher_is_better=True),
    vectors=(
        Vector(
            (3, 3, 2, 3, 3, 2, 3, 4, 2, 2, 2, 2, 3, 2),
            36,
            "distressed",
            {"consensus": 16, "satisfaction": 11, "cohesion": 9},
        ),
        Vector(
            (4, 4, 4, 4, 3, 4, 4, 5, 4, 3, 3, 3, 4, 3),
            52,
            "not distressed",
            {"consensus": 23, "satisfaction": 16, "cohesion": 13},
        ),
    ),
)
