"""AUDIT-C: the three consumption items of AUDIT, with the credit kept."""

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
    choices,
    lined_up,
    unscored,
)

KEY = "audit_c"
# Published: 4 for men, 3 for women. This programme acts on 3 for everyone (D).
CUT = 3
ITEMS = (
    Item(
        "1",
        _("how often"),
        choices(0, 4),
        "How often do you have a drink containing alcohol?",
        (
            "Never",
            "Monthly or less",
            "2 to 4 times a month",
            "2 to 3 times a week",
            "4 or more times a week",
        ),
    ),
    Item(
        "2",
        _("how much"),
        choices(0, 4),
        "How many drinks containing alcohol do you have on a typical day when you are drinking?",
        ("1 or 2", "3 or 4", "5 or 6", "7 to 9", "10 or more"),
    ),
    Item(
        "3",
        _("six or more"),
        choices(0, 4),
        "How often do you have six or more drinks on one occasion?",
        ("Never", "Less than monthly", "Monthly", "Weekly", "Daily or almost daily"),
    ),
)


def score(answers: Answers) -> Result:
    """Total 0-12, positive at 3; somebody who never drinks may leave 2 and 3 out, as in AUDIT."""
    found = lined_up(ITEMS, answers, KEY)
    skipped = found["1"] == 0 and None in (found["2"], found["3"])
    given = {n: 0 if skipped and a is None else a for n, a in found.items()}
    values = [answer for answer in given.values() if answer is not None]
    if len(values) < 3:
        return unscored(KEY, len(values), 3)
    total = sum(values)
    flags = []
    if total >= CUT:
        flags.append("audit_c_positive")
        if values[1] == values[2] == 0:
            flags.append("item_1_only")
    if skipped:
        flags.append("skipped")
    band = _("positive") if total >= CUT else _("negative")
    return Result(KEY, True, total, band=band, flags=tuple(flags))


INSTRUMENT = Instrument(
    key=KEY,
    title="AUDIT-C",
    version="1",
    shelf=1,
    credit=(
        "Items 1-3 of the AUDIT, World Health Organization; AUDIT-C by Bush and colleagues 1998."
    ),
    source="WHO 2001; SAMHSA tool sheet",
    purpose=_("alcohol at intake"),
    recall_days=365,
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake",)),
    visibility=Visibility(("self", "own_counselor")),
    loinc=Loinc("72109-2", "75626-2"),
    vectors=(
        Vector((4, 2, 3), 9, "positive", flags=("audit_c_positive",)),
        Vector((2, 1, 1), 4, "positive", flags=("audit_c_positive",)),
        Vector((3, 0, 0), 3, "positive", flags=("audit_c_positive", "item_1_only")),
        Vector((1, 0, 1), 2, "negative"),
        Vector((1, None, 1), None, scorable=False),
    ),
)
