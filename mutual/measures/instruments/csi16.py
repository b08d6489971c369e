"""CSI-16: relationship satisfaction at intake, monthly and later."""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.measures import csi
from mutual.measures.scale import Answers, Cadence, Change, Instrument, Result, Vector

KEY = "csi16"
CUT = 51.5
ITEMS = csi.items_for(
    (
        _("overall happiness"),
        _("how well it goes"),
        _("strength"),
        _("makes me happy"),
        _("warmth together"),
        _("sense of team"),
        _("how fulfilling"),
        _("needs met"),
        _("expectations met"),
        _("how content"),
        _("dull or interesting"),
        _("bad or good"),
        _("empty or full"),
        _("fragile or sturdy"),
        _("hope"),
        _("enjoyment"),
    )
)


def score(answers: Answers) -> Result:
    """Total 0-81, cut 51.5."""
    return csi.score_form(KEY, ITEMS, answers, CUT)


INSTRUMENT = Instrument(
    key=KEY,
    title="CSI-16",
    version="1",
    shelf=2,
    credit=csi.CREDIT,
    source="Funk & Rogge 2007",
    purpose=_("relationship"),
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake", "discharge", "follow_up"), every_days=30),
    visibility=csi.SEEN_BY,
    change=Change(
        least=7,
        source="Jacobson & Truax 1991 with SD 17, r .98 (GK)",
        sd=17,
        r=0.98,
        cut=CUT,
        higher_is_better=True,
    ),
    vectors=(
        Vector(
            (3, 3, 2, 3, 3, 3, 2, 3, 3, 2, 3, 3, 3, 2, 3, 3),
            44,
            "below cut",
            flags=("notable_dissatisfaction",),
        ),
        Vector((5, *(4,) * 15), 65, "above cut"),
    ),
)
