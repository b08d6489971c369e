"""BARC-10: recovery capital (Vilsaint 2017). Permission unresolved: handles only.

Bands such as "low / moderate / high" found elsewhere are informal and not used.
"""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.measures.scale import (
    Answers,
    Cadence,
    Change,
    Instrument,
    Item,
    Result,
    Vector,
    Visibility,
    choices,
    complete,
    lined_up,
)

KEY = "barc10"
CUT = 47  # linked to remission beyond 12 months
_HANDLES = (
    _("what matters more"),
    _("content with life"),
    _("energy for tasks"),
    _("part of community"),
    _("help from friends"),
    _("full life without use"),
    _("home helps"),
    _("own responsibility"),
    _("dealing with professionals"),
    _("progress"),
)
ITEMS = tuple(
    Item(str(number), handle, choices(1, 6)) for number, handle in enumerate(_HANDLES, start=1)
)


def score(answers: Answers) -> Result:
    """Total 10-60, higher is better; the one published line is 47."""
    found = lined_up(ITEMS, answers, KEY)
    given, missing = complete(ITEMS, found, KEY)
    if missing:
        return missing
    total = sum(given.values())
    return Result(KEY, True, total, band=_("47 or above") if total >= CUT else _("below 47"))


INSTRUMENT = Instrument(
    key=KEY,
    title="BARC-10",
    version="1",
    shelf=2,
    credit="Vilsaint and colleagues 2017.",
    source="Vilsaint 2017 (alpha .90)",
    purpose=_("recovery capital"),
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake", "discharge", "follow_up"), every_days=30),
    visibility=Visibility(("self", "own_counselor")),
    change=Change(cut=CUT, higher_is_better=True),
    vectors=(
        Vector((5, 4, 4, 3, 3, 5, 4, 5, 4, 4), 41, "below 47"),
        Vector((6, 5, 5, 4, 5, 6, 5, 6, 4, 5), 51, "47 or above"),
    ),
)
