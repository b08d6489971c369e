"""PC-PTSD-5: trauma (Prins 2016, National Center for PTSD; federal work, GK)."""

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
    lined_up,
    unscored,
)

KEY = "pc_ptsd5"
# 3 is the sensitive cut, 4 the balanced one; 4 misses many women. We act on 3 (D).
CUT = 3
YES_NO = ("No", "Yes")
_WORDING = (
    (
        _("nightmares, thoughts"),
        "had nightmares about the event(s) or thought about the event(s) when you did not want to?",
    ),
    (
        _("avoiding"),
        "tried hard not to think about the event(s) or went out of your way to avoid situations "
        "that reminded you of the event(s)?",
    ),
    (_("on guard"), "been constantly on guard, watchful, or easily startled?"),
    (
        _("numb or detached"),
        "felt numb or detached from people, activities, or your surroundings?",
    ),
    (
        _("guilt or blame"),
        "felt guilty or unable to stop blaming yourself or others for the event(s) or any "
        "problems the event(s) may have caused?",
    ),
)
ITEMS = (
    Item(
        "gate",
        _("such an event, ever"),
        (0, 1),
        "Sometimes things happen to people that are unusually or especially frightening, "
        "horrible, or traumatic. For example: a serious accident or fire; a physical or sexual "
        "assault or abuse; an earthquake or flood; a war; seeing someone be killed or seriously "
        "injured; having a loved one die through homicide or suicide. Have you ever experienced "
        "this kind of event?",
        YES_NO,
    ),
    *(
        Item(str(number), handle, (0, 1), text, YES_NO)
        for number, (handle, text) in enumerate(_WORDING, start=1)
    ),
)


def score(answers: Answers) -> Result:
    """Gate and five: total 0-5; a gate of no is 0 "not asked", which is not five times no."""
    found = lined_up(ITEMS, answers, KEY)
    if found["gate"] == 0:
        return Result(KEY, True, 0, band=_("not asked"), flags=("not_asked",))
    given = [answer for answer in found.values() if answer is not None]
    if len(given) < 6:
        return unscored(KEY, len(given), 6)
    total = sum(given) - 1
    if total >= CUT:
        return Result(KEY, True, total, band=_("act"), flags=("act",))
    return Result(KEY, True, total, band=_("below"))


INSTRUMENT = Instrument(
    key=KEY,
    title="PC-PTSD-5",
    version="1",
    shelf=1,
    credit="Prins and colleagues 2015, National Center for PTSD, Department of Veterans Affairs.",
    source="Prins 2016; National Center for PTSD",
    purpose=_("trauma"),
    stem="In the past month, have you...",
    recall_days=30,
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake",), every_days=90),
    visibility=Visibility(("self", "own_counselor")),
    vectors=(
        Vector((0, None, None, None, None, None), 0, "not asked", flags=("not_asked",)),
        Vector((1, 0, 0, 0, 0, 0), 0, "below"),
        Vector((1, 1, 1, 0, 1, 0), 3, "act", flags=("act",)),
        Vector((1, 1, 0, 0, 1, 0), 2, "below"),
        Vector((None, 1, 1, 1, 1, 1), None, scorable=False),
    ),
)
