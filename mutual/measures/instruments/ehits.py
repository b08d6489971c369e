"""E-HITS: HITS with a fifth item (Iverson 2015). Permission unresolved: handles only."""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.measures.instruments.hark import SEEN_BY
from mutual.measures.instruments.hits import HANDLES
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

KEY = "ehits"
PUBLISHED_CUT = 11  # above 10
CAREFUL_CUT = 7  # women veterans (Iverson 2015)
ITEMS = tuple(
    Item(str(number), handle, choices(1, 5))
    for number, handle in enumerate((*HANDLES, _("forced intimacy")), start=1)
)


def score_at(answers: Answers, cut: int) -> Result:
    """Total 5-25, positive from `cut` on; the programme's setting says which cut."""
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
    title="E-HITS",
    version="1",
    shelf=3,
    credit="Kevin Sherin 1998, extended by Iverson and colleagues 2015; commercial use reserved.",
    source="Iverson 2015",
    purpose=_("partner violence"),
    recall_days=365,
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake", "trigger", "discharge"), every_days=30),
    visibility=SEEN_BY,
    live_only=True,
    vectors=(
        Vector((1, 3, 1, 3, 1), 9, "positive", flags=("contraindication",)),
        Vector((1, 1, 1, 2, 1), 6, "negative"),
    ),
)
