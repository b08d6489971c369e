"""CSI-4: relationship satisfaction, weekly."""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.measures import csi
from mutual.measures.scale import Answers, Cadence, Change, Instrument, Result, Vector

KEY = "csi4"
CUT = 13.5
ITEMS = csi.items_for(
    (_("overall happiness"), _("warmth together"), _("how fulfilling"), _("how content"))
)


def score(answers: Answers) -> Result:
    """Total 0-21, cut 13.5."""
    return csi.score_form(KEY, ITEMS, answers, CUT)


INSTRUMENT = Instrument(
    key=KEY,
    title="CSI-4",
    version="1",
    shelf=2,
    credit=csi.CREDIT,
    source="Funk & Rogge 2007",
    purpose=_("relationship"),
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake",), every_days=7),
    visibility=csi.SEEN_BY,
    change=Change(
        least=3,
        source="Jacobson & Truax 1991 with SD 4, r .94 (GK)",
        sd=4,
        r=0.94,
        cut=CUT,
        higher_is_better=True,
    ),
    vectors=(
        Vector((2, 2, 2, 2), 8, "below cut", flags=("notable_dissatisfaction",)),
        Vector((4, 3, 4, 4), 15, "above cut"),
        Vector((6, 5, 5, None), None, scorable=False),
    ),
)
