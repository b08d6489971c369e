"""PHQ-9: depression and its course (Kroenke 2001). Public domain by its publisher's statement."""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.measures.scale import (
    Answers,
    Cadence,
    Change,
    Instrument,
    Item,
    Loinc,
    Result,
    Vector,
    Visibility,
    band_of,
    choices,
    lined_up,
    prorated,
    unscored,
)

KEY = "phq9"
LABELS = ("Not at all", "Several days", "More than half the days", "Nearly every day")
BANDS = (
    (0, _("minimal")),
    (5, _("mild")),
    (10, _("moderate")),
    (15, _("moderately severe")),
    (20, _("severe")),
)

_WORDING = (
    (_("interest"), "Little interest or pleasure in doing things"),
    (_("low mood"), "Feeling down, depressed, or hopeless"),
    (_("sleep"), "Trouble falling or staying asleep, or sleeping too much"),
    (_("energy"), "Feeling tired or having little energy"),
    (_("appetite"), "Poor appetite or overeating"),
    (
        _("self-regard"),
        "Feeling bad about yourself - or that you are a failure or have let yourself or your "
        "family down",
    ),
    (
        _("concentration"),
        "Trouble concentrating on things, such as reading the newspaper or watching television",
    ),
    (
        _("slow or restless"),
        "Moving or speaking so slowly that other people could have noticed? Or the opposite - "
        "being so fidgety or restless that you have been moving around a lot more than usual",
    ),
    (
        _("thoughts of death"),
        "Thoughts that you would be better off dead or of hurting yourself in some way",
    ),
)
ITEMS = (
    *(
        Item(str(number), handle, choices(0, 3), text, LABELS)
        for number, (handle, text) in enumerate(_WORDING, start=1)
    ),
    Item(
        "10",
        _("difficulty"),
        choices(0, 3),
        "If you checked off any problems, how difficult have these problems made it for you to do "
        "your work, take care of things at home, or get along with other people?",
        ("Not difficult at all", "Somewhat difficult", "Very difficult", "Extremely difficult"),
        scored=False,
    ),
)


def score(answers: Answers) -> Result:
    """Total 0-27; up to two missing are prorated, item 9 never (I-6); item 9 >= 1 is critical."""
    found = lined_up(ITEMS, answers, KEY)
    found.pop("10")
    given = {number: answer for number, answer in found.items() if answer is not None}
    flags: tuple[str, ...] = ()
    if found["9"] is None:
        # A critical item is never guessed: a person asks it (I-6, F-18).
        words = say(_("item 9 is not answered: ask it live"))
        return unscored(KEY, len(given), 9, ("ask_item_9_live",), words)
    if found["9"] >= 1:
        flags = ("critical",)
    sum_or_none = prorated(given, 9, most_missing=2)
    if sum_or_none is None:
        return unscored(KEY, len(given), 9, flags)
    total, estimated = sum_or_none
    return Result(KEY, True, total, band=band_of(total, BANDS), flags=flags, estimated=estimated)


INSTRUMENT = Instrument(
    key=KEY,
    title="PHQ-9",
    version="1",
    shelf=1,
    credit=(
        "Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues, "
        "with an educational grant from Pfizer Inc. No permission required to reproduce, "
        "translate, display or distribute."
    ),
    source="Kroenke 2001",
    purpose=_("depression and its course"),
    stem=(
        "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
    ),
    recall_days=14,
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake",), every_days=14),
    visibility=Visibility(("self", "own_counselor")),
    change=Change(least=6, source="NHS Talking Therapies", cut=10),
    loinc=Loinc("44249-1", "44261-6", {"9": "44260-8"}),
    critical=("9",),
    vectors=(
        Vector((1, 2, 1, 1, 0, 1, 0, 0, 0), 6, "mild"),
        Vector((2, 2, 3, 2, 1, 3, 1, 1, 1), 16, "moderately severe", flags=("critical",)),
        Vector((3, 3, 3, 2, 2, 3, 2, 2, 2), 22, "severe", flags=("critical",)),
        Vector((1, 1, 1, 1, 1, 1, 1, None, 0), 8, "mild", estimated=True),
        Vector((1, 1, None, 1, 1, 1, None, None, 0), None, scorable=False),
        Vector((1, 1, 1, 1, 1, 1, 1, 0, None), None, flags=("ask_item_9_live",), scorable=False),
    ),
)
