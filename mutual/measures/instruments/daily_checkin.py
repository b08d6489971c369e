"""The daily check-in: five fields of our own, under 60 seconds, nothing about safety (I-20, I-21).

Hours of sleep are stored in halves (15 is seven and a half hours). Its rules are in
`measures.daily`.
"""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.measures.scale import (
    Answers,
    Cadence,
    Instrument,
    Item,
    Result,
    Vector,
    Visibility,
    choices,
    lined_up,
    unscored,
)

KEY = "daily_checkin"
REQUIRED = ("urge", "used", "mood")
ITEMS = (
    Item("urge", _("strongest urge today"), choices(0, 10), _("Strongest urge today")),
    Item(
        "used",
        _("used today"),
        (0, 1, 2),
        _("Used today?"),
        (_("No"), _("Yes"), _("I'd rather say in person")),
    ),
    Item("mood", _("mood"), choices(0, 10), _("Mood")),
    Item("sleep", _("hours slept"), choices(0, 48), _("Hours slept")),
    Item(
        "medicine",
        _("medicine as planned"),
        (0, 1, 2),
        _("Medicine as planned?"),
        (_("No"), _("Yes"), _("None planned")),
    ),
)


def score(answers: Answers) -> Result:
    """Each given field is its own line; complete when urge, used and mood are given (I-21)."""
    found = lined_up(ITEMS, answers, KEY)
    lines: dict[str, float] = {n: answer for n, answer in found.items() if answer is not None}
    answered = sum(name in lines for name in REQUIRED)
    if answered < len(REQUIRED):
        return unscored(KEY, answered, len(REQUIRED))
    return Result(KEY, True, None, lines)


INSTRUMENT = Instrument(
    key=KEY,
    title=_("Daily check-in"),
    version="1",
    shelf=1,
    credit=_("This programme's own."),
    source=_("own"),
    purpose=_("the day"),
    recall_days=1,
    items=ITEMS,
    score=score,
    cadence=Cadence((), every_days=1),
    visibility=Visibility(("self", "own_counselor")),
    vectors=(
        Vector((3, 0, 6, None, 1), None, None, {"urge": 3, "used": 0, "mood": 6, "medicine": 1}),
        Vector((3, None, 6, 14, 1), None, scorable=False),
    ),
)
