"""What an instrument is: its items, its answers, who sees it, how a change is judged (I-3).

An instrument is data plus one pure function. Official wordings stay exactly as published and are
never translated here (I-4); only our own words (handles, bands, flags) are marked for translation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from mutual.base.refusal import Refused
from mutual.base.words import mark as _
from mutual.base.words import say

Answers = Sequence["int | None"]
"""Answers in item order as the person chose them (I-8); None is missing, never 0."""

Release = Literal["release", "individual_session", "enrolment_consent", "live", "never"]


@dataclass(frozen=True)
class Item:
    """One question: `handle` is ours and short; `text` is the official wording, shelf 1 only."""

    number: str
    handle: str
    values: tuple[int, ...]
    text: str = ""
    labels: tuple[str, ...] = ()
    scored: bool = True

    @property
    def yes_no(self) -> bool:
        """Whether the item takes only no (0) and yes (1)."""
        return self.values == (0, 1)


@dataclass(frozen=True)
class Result:
    """What scoring says. `band` is an English label to be said in the reader's language.

    `flags` are stable names (`critical`, `act_as_hazardous`); `flag_words` has their words.
    `estimated` marks a prorated total (I-6); `reason` says why there is no score.
    """

    key: str
    scorable: bool
    total: int | None = None
    subscales: Mapping[str, float] = field(default_factory=dict)
    band: str | None = None
    flags: tuple[str, ...] = ()
    estimated: bool = False
    reason: str = ""

    def as_json(self) -> dict[str, object]:
        """The public shape of `mutual measures score --json`."""
        return {
            "key": self.key,
            "scorable": self.scorable,
            "total": self.total,
            "subscales": dict(self.subscales),
            "band": self.band,
            "flags": list(self.flags),
            "estimated": self.estimated,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Change:
    """How a change is judged (I-11, I-33, I-34); `least` in points, None = no change words.

    `sd` and `r` (spread and reliability) allow the reliable change index; `cut` is the line of
    the labels "across the cut": at or beyond it on the better side counts as across.
    """

    least: int | None = None
    source: str = ""
    sd: float | None = None
    r: float | None = None
    cut: float | None = None
    higher_is_better: bool = False


@dataclass(frozen=True)
class Cadence:
    """When it is asked (D): at `points`, and every `every_days` days if given."""

    points: tuple[str, ...]
    every_days: int | None = None


@dataclass(frozen=True)
class Visibility:
    """Who sees the released score: `direct` at once, the others by the named way (I-10, I-13).

    `trace_in_portal` is False where even the existence of the form is hidden from the portal.
    """

    direct: tuple[str, ...]
    couples_therapist: Release = "release"
    partner: Release = "release"
    trace_in_portal: bool = True


@dataclass(frozen=True)
class Loinc:
    """Verified codes only; empty means a local code is used."""

    panel: str = ""
    total: str = ""
    items: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Vector:
    """Answers and the result they must give; `None` in `total` means no total exists."""

    answers: tuple[int | None, ...]
    total: int | None
    band: str | None = None
    subscales: Mapping[str, float] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    scorable: bool = True
    estimated: bool = False


@dataclass(frozen=True)
class Instrument:
    """One instrument in one version (I-4). `shelf` 1 ships wording, 2 and 3 only handles (I-1)."""

    key: str
    title: str
    version: str
    shelf: Literal[1, 2, 3]
    credit: str
    source: str
    purpose: str
    items: tuple[Item, ...]
    score: Callable[[Answers], Result]
    cadence: Cadence
    visibility: Visibility
    vectors: tuple[Vector, ...]
    change: Change = Change()
    loinc: Loinc = Loinc()
    stem: str = ""
    recall_days: int | None = None
    live_only: bool = False
    critical: tuple[str, ...] = ()
    joins_versions: tuple[str, ...] = ()

    @property
    def ships_wording(self) -> bool:
        """Whether every item has its wording in the code."""
        return all(item.text for item in self.items)

    @property
    def scored_items(self) -> tuple[Item, ...]:
        """The items that enter the score, in order."""
        return tuple(item for item in self.items if item.scored)


FLAG_WORDS: dict[str, str] = {
    "critical": _("an answer needs attention now"),
    "ask_item_9_live": _("item 9 was not answered: ask it live"),
    "act_as_hazardous": _("act as hazardous"),
    "act_as_harmful": _("act as harmful"),
    "act_as_possible_dependence": _("act as possible dependence"),
    "skipped": _("skipped by the form's own rule, counted as 0"),
    "audit_c_positive": _("the first three items are positive"),
    "ask_withdrawal": _("ask about withdrawal"),
    "item_1_only": _("may be within limits, ask about recent months"),
    "look_at_use": _("look at use"),
    "look_at_risk": _("look at risk"),
    "look_at_protective": _("look at what protects"),
    "at_least_moderate": _("unfinished, and at least moderate already"),
    "at_least_high": _("unfinished, and high already"),
    "time_of_item_6_unknown": _("item 6: when was not asked, taken as recent"),
    "act": _("act on this screen"),
    "not_asked": _("not asked: no such event"),
    "notable_dissatisfaction": _("notable dissatisfaction"),
    "contraindication": _("closes conjoint work"),
    "test_layout": _("which item belongs where comes with the installed wording"),
    "not_validated": _("not a validated scale"),
    "pulse_reading_missing": _("pulse needs a reading from a device"),
    "prescriber_today": _("prescriber today"),
    "emergency_transfer": _("emergency transfer"),
    "in_person_today": _("in-person care today"),
    "closes_conjoint": _("closes conjoint work"),
}


def choices(first: int, last: int) -> tuple[int, ...]:
    """Whole values from `first` to `last`, both included."""
    return tuple(range(first, last + 1))


def lined_up(items: Sequence[Item], answers: Answers, key: str) -> dict[str, int | None]:
    """Answers by item number, each checked against its own set of values (I-7).

    Takes one answer per item in printed order, or one per scored item (detail and difficulty
    questions left out). Raises `Refused` with the item, the value and what is allowed.
    """
    scored = [item for item in items if item.scored]
    asked: Sequence[Item]
    if len(answers) == len(items):
        asked = items
    elif len(answers) == len(scored):
        asked = scored
    else:
        raise Refused(
            say(
                _("{key} takes {n} answers, got {got}: write - for a missing one"),
                key=key,
                n=len(scored),
                got=len(answers),
            ),
            rule="I-7",
        )
    found: dict[str, int | None] = {item.number: None for item in items}
    for item, answer in zip(asked, answers, strict=True):
        if answer is not None and (isinstance(answer, bool) or answer not in item.values):
            raise Refused(
                say(
                    _("item {number} of {key} has no answer {answer}: it takes {allowed}"),
                    number=item.number,
                    key=key,
                    answer=answer,
                    allowed=", ".join(str(value) for value in item.values),
                ),
                rule="I-7",
            )
        found[item.number] = answer
    return found


def complete(
    items: Sequence[Item], found: Mapping[str, int | None], key: str
) -> tuple[dict[str, int], Result | None]:
    """The scored answers, or a "not scorable" result that says how many are missing (I-5)."""
    scored = [item.number for item in items if item.scored]
    given: dict[str, int] = {}
    for number in scored:
        answer = found[number]
        if answer is not None:
            given[number] = answer
    if len(given) == len(scored):
        return given, None
    return given, unscored(key, len(given), len(scored))


def unscored(
    key: str, answered: int, asked: int, flags: tuple[str, ...] = (), more: str = ""
) -> Result:
    """A result without a total: never 0 for what was not answered (I-5)."""
    reason = say(_("{answered} of {asked} answered"), answered=answered, asked=asked)
    return Result(key, scorable=False, flags=flags, reason=f"{reason}; {more}" if more else reason)


def half_up(numerator: int, denominator: int) -> int:
    """The quotient of whole numbers >= 0 to the nearest whole one, halves up (I-6)."""
    return (2 * numerator + denominator) // (2 * denominator)


def prorated(given: Mapping[str, int], asked: int, most_missing: int) -> tuple[int, bool] | None:
    """Sum x items / answered, half up, and whether it is estimated; None past the limit (I-6)."""
    missing = asked - len(given)
    if missing > most_missing or not given:
        return None
    if missing == 0:
        return sum(given.values()), False
    return half_up(sum(given.values()) * asked, len(given)), True


def band_of(total: float, bands: Sequence[tuple[float, str]]) -> str:
    """The label of the highest band whose floor `total` reaches; floors ascend."""
    label = bands[0][1]
    for floor, name in bands:
        if total >= floor:
            label = name
    return label


def mean_of(values: Sequence[int]) -> float:
    """The mean to two places, halves up."""
    return half_up(100 * sum(values), len(values)) / 100


def opens_and_closes(due: date) -> tuple[date, date]:
    """First and last day on which a form due on `due` can be answered (I-14)."""
    return due - timedelta(days=2), due + timedelta(days=3)


def tell_after_misses(answered: Sequence[bool]) -> bool:
    """Whether the counselor gets a task: the last two due forms were both missed (I-14)."""
    return len(answered) >= 2 and not answered[-1] and not answered[-2]


def refuse_without_wording(instrument: Instrument, installed: frozenset[str]) -> None:
    """Raise `Refused` when a form would be assigned whose wording is not here (I-1)."""
    if not instrument.ships_wording and instrument.key not in installed:
        raise Refused(say(_("install the wording first")), rule="I-1")
