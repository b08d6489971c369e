"""ECR-S: attachment (Wei 2007). Journal copyright: handles only. Key GK: check with the article."""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.measures.csi import SEEN_BY
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

KEY = "ecr_s"
ANXIETY = ("2", "4", "6", "8", "10", "12")
AVOIDANCE = ("1", "3", "5", "7", "9", "11")
REVERSED = ("1", "5", "8", "9")
_HANDLES = (
    _("turns to partner"),
    _("needs reassurance"),
    _("pulls back"),
    _("partner wants less closeness"),
    _("partner as comfort"),
    _("wish scares others"),
    _("avoids closeness"),
    _("seldom fears loss"),
    _("talks things through"),
    _("frustrated when alone"),
    _("nervous when close"),
    _("worry of unequal caring"),
)
ITEMS = tuple(
    Item(str(number), handle, choices(1, 7)) for number, handle in enumerate(_HANDLES, start=1)
)


def score(answers: Answers) -> Result:
    """Two numbers, anxiety and avoidance, 6-42 each; no total, no band, no types."""
    found = lined_up(ITEMS, answers, KEY)
    given, missing = complete(ITEMS, found, KEY)
    if missing:
        return missing
    turned = {n: 8 - answer if n in REVERSED else answer for n, answer in given.items()}
    sums: dict[str, float] = {
        "anxiety": sum(turned[n] for n in ANXIETY),
        "avoidance": sum(turned[n] for n in AVOIDANCE),
    }
    return Result(KEY, True, None, sums)


INSTRUMENT = Instrument(
    key=KEY,
    title="ECR-S",
    version="1",
    shelf=2,
    credit="Wei and colleagues 2007; journal copyright.",
    source="Wei 2007",
    purpose=_("attachment"),
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake", "discharge")),
    visibility=SEEN_BY,
    vectors=(
        Vector((6, 6, 2, 7, 6, 5, 2, 3, 6, 5, 2, 6), None, None, {"anxiety": 34, "avoidance": 12}),
        Vector((3, 2, 5, 2, 3, 2, 6, 6, 2, 3, 5, 2), None, None, {"anxiety": 13, "avoidance": 32}),
    ),
)
