"""GAD-7: anxiety (Spitzer 2006). Public domain by its publisher's statement."""

from __future__ import annotations

from mutual.base.words import mark as _
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

KEY = "gad7"
# A copy of this form that begins "Not at all sure" is in circulation; it is a mistake.
LABELS = ("Not at all", "Several days", "More than half the days", "Nearly every day")
BANDS = ((0, _("minimal")), (5, _("mild")), (10, _("moderate")), (15, _("severe")))

_WORDING = (
    (_("nervous"), "Feeling nervous, anxious, or on edge"),
    (_("control of worry"), "Not being able to stop or control worrying"),
    (_("much worry"), "Worrying too much about different things"),
    (_("relaxing"), "Trouble relaxing"),
    (_("restless"), "Being so restless that it is hard to sit still"),
    (_("irritable"), "Becoming easily annoyed or irritable"),
    (_("afraid"), "Feeling afraid, as if something awful might happen"),
)
ITEMS = tuple(
    Item(str(number), handle, choices(0, 3), text, LABELS)
    for number, (handle, text) in enumerate(_WORDING, start=1)
)


def score(answers: Answers) -> Result:
    """Total 0-21; one missing answer is prorated (I-6)."""
    found = lined_up(ITEMS, answers, KEY)
    given = {number: answer for number, answer in found.items() if answer is not None}
    sum_or_none = prorated(given, 7, most_missing=1)
    if sum_or_none is None:
        return unscored(KEY, len(given), 7)
    total, estimated = sum_or_none
    return Result(KEY, True, total, band=band_of(total, BANDS), estimated=estimated)


INSTRUMENT = Instrument(
    key=KEY,
    title="GAD-7",
    version="1",
    shelf=1,
    credit=(
        "Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues, "
        "with an educational grant from Pfizer Inc. No permission required to reproduce, "
        "translate, display or distribute."
    ),
    source="Spitzer 2006",
    purpose=_("anxiety"),
    stem="Over the last 2 weeks, how often have you been bothered by the following problems?",
    recall_days=14,
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake",), every_days=14),
    visibility=Visibility(("self", "own_counselor")),
    change=Change(least=4, source="NHS Talking Therapies", cut=8),
    loinc=Loinc("69737-5", "70274-6"),
    vectors=(
        Vector((1, 1, 0, 1, 0, 1, 1), 5, "mild"),
        Vector((2, 3, 2, 2, 1, 2, 1), 13, "moderate"),
        Vector((3, 3, 3, 2, 2, 2, 2), 17, "severe"),
        Vector((1, 1, 0, 1, 0, 1, None), 5, "mild", estimated=True),
        Vector((1, 1, 0, 1, 0, None, None), None, scorable=False),
    ),
)
