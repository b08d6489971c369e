"""C-SSRS screener: suicide risk, asked live only (D). Copyrighted: handles only.

Item 6 asks about a lifetime; 6A asks whether it was in the last three months.
"""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.episode.screening_rules import SuicideLevel, suicide_level
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
    lined_up,
    unscored,
)

KEY = "c_ssrs"
_HANDLES = (
    _("wish not to live"),
    _("thoughts of suicide"),
    _("thoughts of how"),
    _("some intent"),
    _("plan and intent"),
    _("action, ever"),
)
ITEMS = (
    *(Item(str(number), handle, (0, 1)) for number, handle in enumerate(_HANDLES, start=1)),
    Item("6A", _("within three months"), (0, 1), scored=False),
)


def score(answers: Answers) -> Result:
    """The level as band (C-80); no total. 3-5 are asked only when 2 is yes.

    An unfinished screen has no level, but a yes that already decides one is flagged. When 6 is
    yes and nobody asked when, the action is taken as recent.
    """
    found = lined_up(ITEMS, answers, KEY)
    recent = found["6"] == 1 and found["6A"] != 0
    level = suicide_level(
        {int(n): answer == 1 for n, answer in found.items() if n != "6A"}, six_recent=recent
    )
    flags = []
    if found["6"] == 1 and found["6A"] is None:
        flags.append("time_of_item_6_unknown")
    needed = ["1", "2", "6"] + (["3", "4", "5"] if found["2"] == 1 else [])
    answered = sum(found[number] is not None for number in needed)
    if answered < len(needed):
        if level in (SuicideLevel.MODERATE, SuicideLevel.HIGH):
            flags.append(f"at_least_{level.value}")
        words = say(_("finish it live in this contact"))
        return unscored(KEY, answered, len(needed), tuple(flags), words)
    if level is SuicideLevel.HIGH:
        flags.append("critical")
    return Result(KEY, True, None, band=level.value, flags=tuple(flags))


INSTRUMENT = Instrument(
    key=KEY,
    title="C-SSRS screener",
    version="recent",
    shelf=2,
    credit="Columbia Lighthouse Project; no licence or cost for health providers, copyrighted.",
    source="Columbia triage page",
    purpose=_("suicide risk"),
    recall_days=30,
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake", "trigger", "discharge")),
    visibility=Visibility(
        ("own_counselor",), couples_therapist="never", partner="never", trace_in_portal=False
    ),
    change=Change(),
    loinc=Loinc("93373-9", "93374-7"),
    live_only=True,
    critical=("4", "5", "6"),
    vectors=(
        Vector((1, 0, None, None, None, 0), None, "low"),
        Vector((1, 1, 1, 0, 0, 0), None, "moderate"),
        Vector((1, 1, 1, 1, 0, 0), None, "high", flags=("critical",)),
        Vector((0, 0, None, None, None, 1, 1), None, "high", flags=("critical",)),
        Vector((0, 0, None, None, None, 1, 0), None, "moderate"),
        Vector(
            (0, 0, None, None, None, 1),
            None,
            "high",
            flags=("time_of_item_6_unknown", "critical"),
        ),
        Vector((0, 0, None, None, None, 0), None, "none"),
        Vector((1, 1, None, 1, None, None), None, flags=("at_least_high",), scorable=False),
    ),
)
