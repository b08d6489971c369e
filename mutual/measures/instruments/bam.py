"""BAM, category form: use, risk and protection during care (VA manual; federal work, GK).

The official wording is kept as printed, also where this programme would choose other words.
"""

from __future__ import annotations

from collections.abc import Mapping

from mutual.base.words import mark as _
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

KEY = "bam"
SUBSCALES: Mapping[str, tuple[str, ...]] = {
    "use": ("4", "5", "6"),
    "risk": ("1", "2", "3", "8", "11", "15"),
    "protective": ("9", "10", "12", "13", "14", "16"),
}
DAYS = ("0", "1-3", "4-8", "9-15", "16-30")
MUCH = ("Not at all", "Slightly", "Moderately", "Considerably", "Extremely")
_30 = "In the past 30 days, "
HEALTH = ("Excellent", "Very good", "Good", "Fair", "Poor")
WORDING: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("1", _("physical health"), _30 + "would you say your physical health has been?", HEALTH),
    (
        "2",
        _("nights of poor sleep"),
        _30 + "how many nights did you have trouble falling asleep or staying asleep?",
        DAYS,
    ),
    (
        "3",
        _("days very upset"),
        _30 + "how many days have you felt depressed, anxious, angry or very upset throughout "
        "most of the day?",
        DAYS,
    ),
    ("4", _("days of alcohol"), _30 + "how many days did you drink ANY alcohol?", DAYS),
    (
        "5",
        _("days of heavy drinking"),
        _30 + "how many days did you have at least 5 drinks (if you are a man) or at least 4 "
        "drinks (if you are a woman)?",
        DAYS,
    ),
    (
        "6",
        _("days of other use"),
        _30 + "how many days did you use any illegal/street drugs or abuse any prescription "
        "medications?",
        DAYS,
    ),
    ("7A", _("cannabis"), "Marijuana (cannabis, pot, weed)?", DAYS),
    (
        "7B",
        _("sedatives"),
        'Sedatives/Tranquilizers (e.g., "benzos", Valium, Xanax, Ativan, Ambien, "barbs", '
        "Phenobarbital, downers, etc.)?",
        DAYS,
    ),
    ("7C", _("cocaine"), "Cocaine/Crack?", DAYS),
    (
        "7D",
        _("other stimulants"),
        "Other Stimulants (e.g., amphetamine, methamphetamine, Dexedrine, Ritalin, Adderall, "
        '"speed", "crystal meth", "ice", etc.)?',
        DAYS,
    ),
    (
        "7E",
        _("opioids"),
        "Opiates (e.g., Heroin, Morphine, Dilaudid, Demerol, Oxycontin, oxy, codeine "
        "(Tylenol 2,3,4), Percocet, Vicodin, Fentanyl, etc.)?",
        DAYS,
    ),
    (
        "7F",
        _("inhalants"),
        "Inhalants (glues/adhesives, nail polish remover, paint thinner)?",
        DAYS,
    ),
    (
        "7G",
        _("other substances"),
        "Other drugs (steroids, non-prescription sleep/diet pills, Benadryl, Ephedra, other "
        "over-the-counter/unknown medications)?",
        DAYS,
    ),
    (
        "8",
        _("cravings and urges"),
        _30 + "how much were you bothered by cravings or urges to drink alcohol or use drugs?",
        MUCH,
    ),
    (
        "9",
        _("confidence in abstinence"),
        "How confident are you in your ability to be completely abstinent (clean) from alcohol "
        "and drugs in the next 30 days?",
        MUCH,
    ),
    (
        "10",
        _("mutual-help meetings"),
        _30 + "how many days did you attend self-help meetings like AA or NA to support your "
        "recovery?",
        DAYS,
    ),
    (
        "11",
        _("days at risk"),
        _30 + "how many days were you in any situations or with any people that might put you at "
        'an increased risk for using alcohol or drugs (i.e., around risky "people, places or '
        'things")?',
        DAYS,
    ),
    (
        "12",
        _("spiritual support"),
        "Does your religion or spirituality help support your recovery?",
        MUCH,
    ),
    (
        "13",
        _("days of work, study"),
        _30 + "how many days did you spend much of the time at work, school, or doing volunteer "
        "work?",
        DAYS,
    ),
    (
        "14",
        _("enough income"),
        "Do you have enough income (from legal sources) to pay for necessities such as housing, "
        "transportation, food and clothing for yourself and your dependents?",
        ("No", "Yes"),
    ),
    (
        "15",
        _("bothered by arguments"),
        _30 + "how much have you been bothered by arguments or problems getting along with any "
        "family members or friends?",
        MUCH,
    ),
    (
        "16",
        _("days with supporters"),
        _30 + "how many days did you contact or spend time with any family members or friends "
        "who are supportive of your recovery?",
        DAYS,
    ),
    (
        "17",
        _("satisfied with progress"),
        "How satisfied are you with your progress toward achieving your recovery goals?",
        MUCH,
    ),
)
ITEMS = tuple(
    Item(
        number,
        handle,
        (0, 4) if number == "14" else choices(0, 4),
        text,
        labels,
        scored=not number.startswith("7"),
    )
    for number, handle, text, labels in WORDING
)


def subscales_of(given: Mapping[str, int]) -> dict[str, float]:
    """Use, Risk and Protective sums, and item 17 as it is; there is no grand total anywhere."""
    sums: dict[str, float] = {
        name: sum(given[number] for number in numbers) for name, numbers in SUBSCALES.items()
    }
    sums["item_17"] = given["17"]
    return sums


def score(answers: Answers) -> Result:
    """Use 0-12, Risk 0-24, Protective 0-24; 16 answers, or 23 with the detail of item 6."""
    found = lined_up(ITEMS, answers, KEY)
    given, missing = complete(ITEMS, found, KEY)
    if missing:
        return missing
    sums = subscales_of(given)
    flags = []
    if sums["use"] >= 1:
        flags.append("look_at_use")
    if sums["risk"] >= 12:
        flags.append("look_at_risk")
    if sums["protective"] <= 12:
        flags.append("look_at_protective")
    return Result(KEY, True, None, sums, flags=tuple(flags))


def use_came_back(earlier: Result, now: Result) -> bool:
    """Whether use follows a period without, which starts C-85; both scorable, one version."""
    return (
        earlier.key == now.key
        and earlier.scorable
        and now.scorable
        and earlier.subscales["use"] == 0
        and now.subscales["use"] > 0
    )


INSTRUMENT = Instrument(
    key=KEY,
    title="Brief Addiction Monitor",
    version="category",
    shelf=1,
    credit="US Department of Veterans Affairs, Brief Addiction Monitor.",
    source="VA BAM manual; a vendor's published cut-offs",
    purpose=_("use, risk and protection during care"),
    recall_days=30,
    items=ITEMS,
    score=score,
    cadence=Cadence(("intake", "discharge", "follow_up"), every_days=30),
    visibility=Visibility(("self", "own_counselor")),
    vectors=(
        Vector(
            (2, 3, 2, 2, 1, 1, 3, 2, 1, 2, 1, 3, 4, 2, 2, 2),
            None,
            None,
            {"use": 4, "risk": 14, "protective": 13, "item_17": 2},
            ("look_at_use", "look_at_risk"),
        ),
        Vector(
            (1, 1, 1, 0, 0, 0, 1, 4, 3, 1, 2, 4, 4, 0, 3, 3),
            None,
            None,
            {"use": 0, "risk": 5, "protective": 20, "item_17": 3},
        ),
        Vector((1, 1, 1, 0, 0, 0, None, 4, 3, 1, 2, 4, 4, 0, 3, 3), None, scorable=False),
    ),
)
