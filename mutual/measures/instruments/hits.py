"""HITS: partner violence, instead of HARK (Sherin 1998). Permission unresolved: handles only."""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.measures.instruments.hark import SEEN_BY
from mutual.measures.scale import (
    Answers,
    Cadence,
    Instrument,
    Item,
    Result,
    Vector,
    choices,
    complete,
    lined_up,
)

KEY = "hits"
PUBLISHED_CUT = 11  # above 10
CAREFUL_CUT = 6  # women veterans (Iverson 2013)
HANDLES = (_("hurt in body"), _("put down"), _("threats"), _("shouted at"))
ITEMS = tuple(
    Item(str(number), handle, choices(1, 5)) for number, handle in enumerate(HANDLES, start=1)
)


def score_at(answers: Answers, cut: int) -> Result:
    """Total 4-20, positive from `cut` on; the programme's setting says which cut."""
    found = lined_up(ITEMS, answers, KEY)
    given, missing = complete(ITEMS, found, KEY)
    if missing:
        return missing
    total = sum(given.values())
    if total >= cut:
        return Result(KEY, True, total, band=_("positive"), flags=("contraindication",))
    return Result(KEY, True, total, band=_("negative"))


def score(answers: Answers) -> Result:
    """Scored at the careful cut unless a programme says otherwise: it misses fewer."""
    return score_at(answers, CAREFUL_CUT)


INSTRUMENT = Instrument(
    key=KEY,
    title="HITS",
    version="1",
    shelf=3,
    credit="Kevin Sherin 1998; commercial use reserved.",
    source="Sherin 1998; Iverson 2013",
    purpose=_("partner violence"),
    recall_days=365,
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake", "trigger", "discharge"), every_days=30),
    visibility=SEEN_BY,
    live_only=True,
    vectors=(
        Vector((1, 3, 1, 3), 8, "positive", flags=("contraindication",)),
        Vector((1, 1, 1, 2), 5, "negative"),
        Vector((1, 1, 1, None), None, scorable=False),
    ),
)
