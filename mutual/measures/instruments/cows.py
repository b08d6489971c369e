"""COWS: opioid withdrawal, rated by a clinician (Wesson & Ling 2003). Handles only."""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.episode.screening_rules import cows
from mutual.measures.scale import (
    Answers,
    Cadence,
    Instrument,
    Item,
    Result,
    Vector,
    Visibility,
    choices,
    complete,
    lined_up,
    unscored,
)

KEY = "cows"
ITEMS = (
    Item("1", _("pulse"), (0, 1, 2, 4)),
    Item("2", _("sweating"), choices(0, 4)),
    Item("3", _("restlessness"), (0, 1, 3, 5)),
    Item("4", _("pupils"), (0, 1, 2, 5)),
    Item("5", _("aches"), (0, 1, 2, 4)),
    Item("6", _("nose or eyes"), (0, 1, 2, 4)),
    Item("7", _("gut"), (0, 1, 2, 3, 5)),
    Item("8", _("tremor"), (0, 1, 2, 4)),
    Item("9", _("yawning"), (0, 1, 2, 4)),
    Item("10", _("anxiety"), (0, 1, 2, 4)),
    Item("11", _("gooseflesh"), (0, 3, 5)),
)


def score(answers: Answers) -> Result:
    """Total 0-48 with the bands of C-22; without a device's pulse it is incomplete."""
    found = lined_up(ITEMS, answers, KEY)
    given, missing = complete(ITEMS, found, KEY)
    if missing:
        if found["1"] is None:
            words = say(_("pulse needs a reading from a device"))
            return unscored(KEY, len(given), 11, ("pulse_reading_missing",), words)
        return missing
    total = sum(given.values())
    withdrawal = cows(total)
    return Result(KEY, True, total, band=withdrawal.band, flags=withdrawal.flags)


INSTRUMENT = Instrument(
    key=KEY,
    title="COWS",
    version="1",
    shelf=2,
    credit="Wesson & Ling 2003; may be copied and used clinically.",
    source="Wesson & Ling 2003",
    purpose=_("opioid withdrawal"),
    items=ITEMS,
    score=score,
    cadence=Cadence(("when_indicated",)),
    visibility=Visibility(
        ("own_counselor", "prescriber"),
        couples_therapist="never",
        partner="never",
        trace_in_portal=False,
    ),
    live_only=True,
    vectors=(
        Vector((1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0), 8, "mild"),
        Vector((2, 2, 3, 2, 2, 2, 2, 1, 1, 2, 3), 22, "moderate", flags=("closes_conjoint",)),
        Vector(
            (4, 4, 5, 5, 4, 4, 5, 4, 4, 4, 5),
            48,
            "severe",
            flags=("in_person_today", "closes_conjoint"),
        ),
        Vector(
            (None, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0),
            None,
            flags=("pulse_reading_missing",),
            scorable=False,
        ),
    ),
)
