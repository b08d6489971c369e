"""Boundaries check: six statements of our own, shown as six small lines. Not a validated scale."""

from __future__ import annotations

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
    lined_up,
)

KEY = "boundaries"
LABELS = (_("Never"), _("Seldom"), _("Sometimes"), _("Often"), _("Almost always"))
_WORDING = (
    ("say_no", _("say no"), _("I can say no to my partner and stay kind.")),
    ("know_my_wants", _("know my wants"), _("I know what I want, apart from what others want.")),
    ("fix_others", _("fix others"), _("I try to solve problems that belong to someone else.")),
    ("hide_feelings", _("hide feelings"), _("I hide what I feel to keep the peace.")),
    ("my_worth", _("my worth"), _("I feel worthy, also on days when nobody needs me.")),
    ("calm_apart", _("calm apart"), _("I can stay calm when my partner is upset.")),
)
ITEMS = tuple(Item(name, handle, choices(0, 4), text, LABELS) for name, handle, text in _WORDING)


def score(answers: Answers) -> Result:
    """Each answered statement is its own line; there is no total and no band."""
    found = lined_up(ITEMS, answers, KEY)
    lines: dict[str, float] = {n: answer for n, answer in found.items() if answer is not None}
    if not lines:
        reason = say(_("{answered} of {asked} answered"), answered=0, asked=6)
        return Result(KEY, False, reason=reason)
    return Result(KEY, True, None, lines, flags=("not_validated",))


INSTRUMENT = Instrument(
    key=KEY,
    title=_("Boundaries check (not a validated scale)"),
    version="1",
    shelf=1,
    credit=_("This programme's own."),
    source=_("own"),
    purpose=_("boundaries"),
    stem=_("In the last 7 days:"),
    recall_days=7,
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake", "discharge"), every_days=30),
    visibility=SEEN_BY,
    vectors=(
        Vector(
            (3, 2, 1, 2, 3, 4),
            None,
            None,
            {
                "say_no": 3,
                "know_my_wants": 2,
                "fix_others": 1,
                "hide_feelings": 2,
                "my_worth": 3,
                "calm_apart": 4,
            },
            ("not_validated",),
        ),
        Vector((None, None, None, None, None, None), None, scorable=False),
    ),
)
