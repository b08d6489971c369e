"""BAM, counts form: days 0-30 instead of categories. Another version, never joined in one line."""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.measures.instruments import bam
from mutual.measures.scale import (
    Answers,
    Cadence,
    Instrument,
    Item,
    Result,
    Vector,
    Visibility,
    choices,
    complete,
    lined_up,
)

KEY = "bam_counts"
# Items that ask "how much" have five steps spread over the same 0-30.
_STEPS = (0, 8, 15, 22, 30)


def _item(number: str, handle: str, text: str, labels: tuple[str, ...]) -> Item:
    scored = not number.startswith("7")
    if labels is bam.DAYS:
        return Item(number, handle, choices(0, 30), text, scored=scored)
    return Item(number, handle, (0, 30) if number == "14" else _STEPS, text, labels, scored)


ITEMS = tuple(_item(*wording) for wording in bam.WORDING)


def score(answers: Answers) -> Result:
    """Use 0-90, Risk and Protective 0-180; no cut-offs are published for this form."""
    found = lined_up(ITEMS, answers, KEY)
    given, missing = complete(ITEMS, found, KEY)
    if missing:
        return missing
    return Result(KEY, True, None, bam.subscales_of(given))


INSTRUMENT = Instrument(
    key=KEY,
    title="Brief Addiction Monitor, counts",
    version="counts",
    shelf=1,
    credit="US Department of Veterans Affairs, Brief Addiction Monitor.",
    source="VA BAM manual",
    purpose=_("use, risk and protection during care"),
    recall_days=30,
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake", "discharge", "follow_up"), every_days=30),
    visibility=Visibility(("self", "own_counselor")),
    vectors=(
        Vector(
            (30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30),
            None,
            None,
            {"use": 90, "risk": 180, "protective": 180, "item_17": 30},
        ),
        Vector(
            (8, 4, 2, 0, 0, 0, 8, 22, 12, 3, 15, 20, 30, 0, 18, 22),
            None,
            None,
            {"use": 0, "risk": 25, "protective": 117, "item_17": 22},
        ),
    ),
)
