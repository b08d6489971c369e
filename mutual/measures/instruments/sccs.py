"""SCCS: codependency (Vederhus 2019). Handles only until somebody reads the article's licence.

Which item belongs to which subscale comes with the installed wording; the groups of three here
are a test layout and are flagged as one.
"""

from __future__ import annotations

from collections.abc import Mapping

from mutual.base.refusal import Refused
from mutual.base.words import mark as _
from mutual.base.words import say
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
    mean_of,
)

KEY = "sccs"
SUBSCALES = ("emotional_suppression", "interpersonal_control", "self_sacrifice")
TEST_LAYOUT: Mapping[str, tuple[str, ...]] = {
    "emotional_suppression": ("1", "2", "3"),
    "interpersonal_control": ("4", "5", "6"),
    "self_sacrifice": ("7", "8", "9"),
}
_HANDLES = (
    _("statement 1"),
    _("statement 2"),
    _("statement 3"),
    _("statement 4"),
    _("statement 5"),
    _("statement 6"),
    _("statement 7"),
    _("statement 8"),
    _("statement 9"),
)
ITEMS = tuple(
    Item(str(number), handle, choices(1, 5)) for number, handle in enumerate(_HANDLES, start=1)
)


def score_with(answers: Answers, layout: Mapping[str, tuple[str, ...]]) -> Result:
    """Three means of three and the mean of all, to two places; no cut is published.

    `layout` names each subscale's items; raises `Refused` unless it uses every item once.
    """
    used = sorted(number for numbers in layout.values() for number in numbers)
    if set(layout) != set(SUBSCALES) or used != [item.number for item in ITEMS]:
        raise Refused(
            say(_("give each of the three subscales its three items, each once")), rule="I-2"
        )
    found = lined_up(ITEMS, answers, KEY)
    given, missing = complete(ITEMS, found, KEY)
    if missing:
        return missing
    means = {name: mean_of([given[n] for n in layout[name]]) for name in SUBSCALES}
    means["mean"] = mean_of(list(given.values()))
    flags = ("test_layout",) if layout is TEST_LAYOUT else ()
    return Result(KEY, True, None, means, flags=flags)


def score(answers: Answers) -> Result:
    """Scored with the test layout; an installed pack scores through `score_with`."""
    return score_with(answers, TEST_LAYOUT)


INSTRUMENT = Instrument(
    key=KEY,
    title="SCCS",
    version="1",
    shelf=2,
    credit="Vederhus and colleagues 2019.",
    source="Vederhus 2019",
    purpose=_("codependency"),
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake", "discharge"), every_days=30),
    visibility=SEEN_BY,
    vectors=(
        Vector(
            (4, 4, 3, 5, 4, 4, 3, 4, 4),
            None,
            None,
            {
                "emotional_suppression": 3.67,
                "interpersonal_control": 4.33,
                "self_sacrifice": 3.67,
                "mean": 3.89,
            },
            ("test_layout",),
        ),
        Vector(
            (2, 2, 3, 2, 2, 1, 3, 2, 2),
            None,
            None,
            {
                "emotional_suppression": 2.33,
                "interpersonal_control": 1.67,
                "self_sacrifice": 2.33,
                "mean": 2.11,
            },
            ("test_layout",),
        ),
    ),
)
