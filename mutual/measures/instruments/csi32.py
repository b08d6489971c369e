"""CSI-32: the whole index, by choice of the programme. No change words (none published here)."""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.measures import csi
from mutual.measures.scale import Answers, Cadence, Change, Instrument, Result, Vector

KEY = "csi32"
CUT = 104.5
ITEMS = csi.items_for(
    (
        _("overall happiness"),
        _("agreement on time together"),
        _("agreement on decisions"),
        _("agreement on tenderness"),
        _("how well it goes"),
        _("regret about beginning"),
        _("bond"),
        _("would choose again"),
        _("strength"),
        _("thoughts of others"),
        _("makes me happy"),
        _("warmth together"),
        _("cannot picture an end"),
        _("can confide"),
        _("doubts lately"),
        _("romance"),
        _("sense of team"),
        _("nobody happier with"),
        _("how fulfilling"),
        _("needs met"),
        _("expectations met"),
        _("compared with others"),
        _("how content"),
        _("company enjoyed"),
        _("fun together"),
        _("dull or interesting"),
        _("bad or good"),
        _("empty or full"),
        _("lonely or friendly"),
        _("fragile or sturdy"),
        _("hope"),
        _("enjoyment"),
    )
)


def score(answers: Answers) -> Result:
    """Total 0-161, cut 104.5."""
    return csi.score_form(KEY, ITEMS, answers, CUT)


INSTRUMENT = Instrument(
    key=KEY,
    title="CSI-32",
    version="1",
    shelf=2,
    credit=csi.CREDIT,
    source="Funk & Rogge 2007",
    purpose=_("relationship"),
    items=ITEMS,
    score=score,
    cadence=Cadence(()),
    visibility=csi.SEEN_BY,
    change=Change(cut=CUT, higher_is_better=True),
    vectors=(
        Vector((4, *(3,) * 31), 97, "below cut", flags=("notable_dissatisfaction",)),
        Vector((5, *(4,) * 31), 129, "above cut"),
    ),
)
