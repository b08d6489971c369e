"""AUDIT: alcohol at intake (WHO 2001). Free to use, not ours to relicense: handles only."""

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
    choices,
    lined_up,
    unscored,
)

KEY = "audit"
BANDS = (
    (0, _("low")),
    (8, _("hazardous")),
    (16, _("harmful")),
    (20, _("possible dependence")),
)
_HANDLES = (
    _("how often"),
    _("how much"),
    _("six or more"),
    _("could not stop"),
    _("expectations not met"),
    _("morning drink"),
    _("guilt"),
    _("memory gap"),
    _("someone hurt"),
    _("others worried"),
)
ITEMS = tuple(
    Item(str(number), handle, choices(0, 4) if number <= 8 else (0, 2, 4))
    for number, handle in enumerate(_HANDLES, start=1)
)


def _skipped(found: dict[str, int | None]) -> set[str]:
    """Items that the form itself passes over (GK): 2-8 for no drinking, 4-8 for little."""
    if found["1"] == 0:
        may = choices(2, 8)
    elif found["2"] == 0 and found["3"] == 0:
        may = choices(4, 8)
    else:
        return set()
    return {str(number) for number in may if found[str(number)] is None}


def score(answers: Answers) -> Result:
    """Total 0-40 and the first three items apart; WHO's next-band rule is a flag, not points."""
    found = lined_up(ITEMS, answers, KEY)
    skipped = _skipped(found)
    values = {n: 0 if n in skipped else answer for n, answer in found.items()}
    given = {n: answer for n, answer in values.items() if answer is not None}
    if len(given) < 10:
        return unscored(KEY, len(given), 10)
    total = sum(given.values())
    consumption = given["1"] + given["2"] + given["3"]
    level = [label for _floor, label in BANDS].index(band_of(total, BANDS))
    acts = level
    # WHO: 2 or more on any of 4, 5, 6, or 4 on 9 or 10, takes the next band's action.
    if max(given["4"], given["5"], given["6"]) >= 2 or max(given["9"], given["10"]) == 4:
        acts = min(level + 1, len(BANDS) - 1)
    flags = []
    if acts > level:
        flags.append("act_as_" + BANDS[acts][1].replace(" ", "_"))
    if BANDS[acts][1] == "possible dependence":
        flags.append("ask_withdrawal")
    if consumption >= 3:
        flags.append("audit_c_positive")
    if skipped:
        flags.append("skipped")
    return Result(KEY, True, total, {"audit_c": consumption}, BANDS[level][1], tuple(flags))


INSTRUMENT = Instrument(
    key=KEY,
    title="AUDIT",
    version="1",
    shelf=2,
    credit="World Health Organization 2001; not for sale or commercial purposes.",
    source="WHO 2001",
    purpose=_("alcohol at intake"),
    recall_days=365,
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake",)),
    visibility=Visibility(("self", "own_counselor")),
    # Public code somewhere swaps this total with that of AUDIT-C.
    loinc=Loinc(total="75624-7"),
    vectors=(
        Vector(
            (4, 2, 3, 1, 1, 0, 2, 1, 2, 4),
            20,
            "possible dependence",
            {"audit_c": 9},
            ("ask_withdrawal", "audit_c_positive"),
        ),
        Vector((2, 1, 1, 0, 0, 0, 1, 0, 0, 0), 5, "low", {"audit_c": 4}, ("audit_c_positive",)),
        Vector(
            (1, 1, 1, 2, 0, 0, 1, 0, 0, 0),
            6,
            "low",
            {"audit_c": 3},
            ("act_as_hazardous", "audit_c_positive"),
        ),
        Vector(
            (0, None, None, None, None, None, None, None, 0, 2),
            2,
            "low",
            {"audit_c": 0},
            ("skipped",),
        ),
        Vector((1, 1, None, 0, 0, 0, 0, 0, 0, 0), None, scorable=False),
    ),
)
