"""CIWA-Ar: alcohol withdrawal, rated by a clinician. Its authors: not copyrighted, free to use.

By video, tremor and sweating are asked for on camera and the rating is marked "remote".
"""

from __future__ import annotations

from mutual.base.words import mark as _
from mutual.episode.screening_rules import ciwa
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
)

KEY = "ciwa_ar"
ON_CAMERA = ("2", "3")
_SENSE = (
    "none",
    "very mild",
    "mild",
    "moderate",
    "moderately severe hallucinations",
    "severe hallucinations",
    "extremely severe hallucinations",
    "continuous hallucinations",
)
_ITCHING = (
    "none",
    "very mild itching, pins and needles, burning or numbness",
    "mild itching, pins and needles, burning or numbness",
    "moderate itching, pins and needles, burning or numbness",
    *_SENSE[4:],
)
_HEARING = (
    "not present",
    "very mild harshness or ability to frighten",
    "mild harshness or ability to frighten",
    "moderate harshness or ability to frighten",
    *_SENSE[4:],
)
_SEEING = (
    "not present",
    "very mild sensitivity",
    "mild sensitivity",
    "moderate sensitivity",
    *_SENSE[4:],
)
_WORDING: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        _("nausea"),
        'Nausea and vomiting. Ask "Do you feel sick to your stomach? Have you vomited?" '
        "Observation.",
        (
            "no nausea and no vomiting",
            "mild nausea with no vomiting",
            "",
            "",
            "intermittent nausea with dry heaves",
            "",
            "",
            "constant nausea, frequent dry heaves and vomiting",
        ),
    ),
    (
        _("tremor"),
        "Tremor. Arms extended and fingers spread apart. Observation.",
        (
            "no tremor",
            "not visible, but can be felt fingertip to fingertip",
            "",
            "",
            "moderate, with patient's arms extended",
            "",
            "",
            "severe, even with arms not extended",
        ),
    ),
    (
        _("sweating"),
        "Paroxysmal sweats. Observation.",
        (
            "no sweat visible",
            "barely perceptible sweating, palms moist",
            "",
            "",
            "beads of sweat obvious on forehead",
            "",
            "",
            "drenching sweats",
        ),
    ),
    (
        _("anxiety"),
        'Anxiety. Ask "Do you feel nervous?" Observation.',
        (
            "no anxiety, at ease",
            "mildly anxious",
            "",
            "",
            "moderately anxious, or guarded, so anxiety is inferred",
            "",
            "",
            "equivalent to acute panic states as seen in severe delirium or acute schizophrenic "
            "reactions",
        ),
    ),
    (
        _("agitation"),
        "Agitation. Observation.",
        (
            "normal activity",
            "somewhat more than normal activity",
            "",
            "",
            "moderately fidgety and restless",
            "",
            "",
            "paces back and forth during most of the interview, or constantly thrashes about",
        ),
    ),
    (
        _("touch"),
        'Tactile disturbances. Ask "Have you any itching, pins and needles sensations, any '
        'burning, any numbness, or do you feel bugs crawling on or under your skin?" Observation.',
        _ITCHING,
    ),
    (
        _("hearing"),
        'Auditory disturbances. Ask "Are you more aware of sounds around you? Are they harsh? Do '
        "they frighten you? Are you hearing anything that is disturbing to you? Are you hearing "
        'things you know are not there?" Observation.',
        _HEARING,
    ),
    (
        _("sight"),
        'Visual disturbances. Ask "Does the light appear to be too bright? Is its color '
        "different? Does it hurt your eyes? Are you seeing anything that is disturbing to you? Are "
        'you seeing things you know are not there?" Observation.',
        _SEEING,
    ),
    (
        _("headache"),
        'Headache, fullness in head. Ask "Does your head feel different? Does it feel like there '
        'is a band around your head?" Do not rate for dizziness or lightheadedness. Otherwise, '
        "rate severity.",
        (
            "not present",
            "very mild",
            "mild",
            "moderate",
            "moderately severe",
            "severe",
            "very severe",
            "extremely severe",
        ),
    ),
    (
        _("orientation"),
        'Orientation and clouding of sensorium. Ask "What day is this? Where are you? Who am I?"',
        (
            "oriented and can do serial additions",
            "cannot do serial additions or is uncertain about date",
            "disoriented for date by no more than 2 calendar days",
            "disoriented for date by more than 2 calendar days",
            "disoriented for place and/or person",
        ),
    ),
)
ITEMS = tuple(
    Item(str(number), handle, choices(0, len(labels) - 1), text, labels)
    for number, (handle, text, labels) in enumerate(_WORDING, start=1)
)


def score(answers: Answers) -> Result:
    """Total 0-67 with the bands and actions of C-21; complications are judged there, not here."""
    found = lined_up(ITEMS, answers, KEY)
    given, missing = complete(ITEMS, found, KEY)
    if missing:
        return missing
    total = sum(given.values())
    withdrawal = ciwa(total)
    return Result(KEY, True, total, band=withdrawal.band, flags=withdrawal.flags)


INSTRUMENT = Instrument(
    key=KEY,
    title="CIWA-Ar",
    version="1",
    shelf=1,
    credit="Sullivan and colleagues 1989: not copyrighted, may be used freely.",
    source="Sullivan 1989; ASAM 2020 for the bands",
    purpose=_("alcohol withdrawal"),
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
        Vector(
            (2, 1, 3, 1, 2, 0, 0, 0, 1, 0),
            10,
            "moderate",
            flags=("prescriber_today", "closes_conjoint"),
        ),
        Vector(
            (4, 4, 4, 4, 3, 1, 1, 1, 2, 1),
            25,
            "severe",
            flags=("emergency_transfer", "closes_conjoint"),
        ),
        Vector((1, 0, 1, 1, 2, 0, 0, 0, 1, 0), 6, "mild"),
        Vector((1, 0, 1, 1, 2, 0, 0, 0, 1, None), None, scorable=False),
    ),
)
