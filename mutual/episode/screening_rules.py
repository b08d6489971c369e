"""Safety screens and what they close: pure decisions, no records (C-12 to C-22, C-80, C-81).

Everything returned here is for the person's own counselor and supervisor. What anybody else may
read is the single boolean of `clearance(...).open`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import Enum

from mutual.base.refusal import Refused
from mutual.base.words import mark as _
from mutual.base.words import say

SCREEN_EVERY = timedelta(days=30)
SCREEN_GRACE = timedelta(days=7)
FIRST_SIDE_BY_SIDE_DAYS = 7
CIWA_CLOSES = 10
COWS_CLOSES = 13


class ScreenState(Enum):
    """How a violence screen stands; deferred is never negative (C-12)."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    DEFERRED = "deferred"


class SuicideLevel(Enum):
    """Level of the C-SSRS screener (C-80)."""

    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


@dataclass(frozen=True)
class SpokenCheck:
    """What was asked aloud before a screen (C-12); None is a doubt."""

    alone: bool | None
    headphones: bool | None
    code_word: bool | None

    @property
    def passed(self) -> bool:
        """Whether nothing is in doubt."""
        return self.alone is True and self.headphones is True and self.code_word is True


@dataclass(frozen=True)
class SafetyFacts:
    """What is known of one person's safety; a yes to any closes conjoint work (C-14)."""

    fear: bool = False
    injury: bool = False
    weapon: bool = False
    strangulation: bool = False
    threats_to_kill: bool = False
    stalking: bool = False
    watched_now: bool = False
    protective_order: bool = False
    coerced_to_attend: bool = False
    psychosis: bool = False
    delirium: bool = False
    intoxicated_now: bool = False


LIVE_QUESTIONS: Mapping[str, str] = {
    "weapon": _("Has your partner ever used a weapon on you, or threatened to?"),
    "strangulation": _("Has your partner ever put hands around your neck or stopped your breath?"),
    "threats_to_kill": _("Has your partner ever threatened to kill you?"),
    "stalking": _("Does your partner follow you, track you or turn up where you are?"),
    "watched_now": _("Is somebody watching or listening to you now?"),
}
"""Asked live after the violence screen, in our words, not scored; any yes closes (I, HARK)."""


def refuse_screener(*, trained: bool, serves_partner: bool) -> None:
    """Raise `Refused` unless the asking clinician is trained and serves only this person (C-12)."""
    if serves_partner:
        raise Refused(say(_("choose a clinician who serves only this person")), rule="C-12")
    if not trained:
        raise Refused(say(_("choose a clinician trained for this screen")), rule="C-12")


def screen_state(
    check: SpokenCheck, answers: Sequence[bool | None], facts: SafetyFacts | None = None
) -> ScreenState:
    """The state of one person's violence screen.

    Any yes is positive. A doubt in the spoken check, or an answer not given, defers: silence in
    front of somebody else is not a no (C-12).
    """
    if any(answers) or (facts is not None and _violent(facts)):
        return ScreenState.POSITIVE
    if not check.passed or not answers or None in answers:
        return ScreenState.DEFERRED
    return ScreenState.NEGATIVE


def _violent(facts: SafetyFacts) -> bool:
    return (
        facts.fear
        or facts.injury
        or facts.weapon
        or facts.strangulation
        or facts.threats_to_kill
        or facts.stalking
        or facts.watched_now
    )


def contraindications(
    screen: ScreenState | None,
    facts: SafetyFacts,
    suicide: SuicideLevel | None,
    ciwa_total: int | None = None,
    cows_total: int | None = None,
) -> tuple[str, ...]:
    """Names of what closes conjoint work for this person, empty when nothing does (C-14)."""
    found = []
    if screen is ScreenState.POSITIVE:
        found.append("violence_screen")
    found += [entry.name for entry in fields(facts) if getattr(facts, entry.name)]
    if suicide is SuicideLevel.HIGH:
        found.append("c_ssrs_high")
    if ciwa_total is not None and ciwa_total >= CIWA_CLOSES:
        found.append("ciwa")
    if cows_total is not None and cows_total >= COWS_CLOSES:
        found.append("cows")
    return tuple(found)


def ends_couple_therapy(facts: SafetyFacts) -> bool:
    """Whether violence is severe (injury or fear): it ends the therapy, not only pauses it."""
    return facts.injury or facts.fear


@dataclass(frozen=True)
class PersonClearance:
    """One partner's half of the clearance decision; None means not done."""

    screen: ScreenState | None
    screened_on: date | None
    suicide: SuicideLevel | None
    counselor_signed: bool
    facts: SafetyFacts = SafetyFacts()
    ciwa_total: int | None = None
    cows_total: int | None = None
    screen_triggers: tuple[date, ...] = ()


@dataclass(frozen=True)
class Clearance:
    """Whether conjoint work is open; the reasons are only for each person's own counselor."""

    open: bool
    reasons_a: tuple[str, ...] = ()
    reasons_b: tuple[str, ...] = ()


def clearance(a: PersonClearance, b: PersonClearance, today: date) -> Clearance:
    """Both screens negative and in date, both C-SSRS below high, both counselors signed (C-15)."""
    reasons_a, reasons_b = _lacking(a, today), _lacking(b, today)
    return Clearance(not reasons_a and not reasons_b, reasons_a, reasons_b)


def _lacking(person: PersonClearance, today: date) -> tuple[str, ...]:
    found = list(
        contraindications(
            person.screen, person.facts, person.suicide, person.ciwa_total, person.cows_total
        )
    )
    if person.screen is None:
        found.append("screen_missing")
    elif person.screen is ScreenState.DEFERRED:
        found.append("screen_deferred")
    if person.screened_on is not None:
        if screen_lapsed(person.screened_on, today, person.screen_triggers):
            found.append("screen_overdue")
    elif person.screen is not None:
        found.append("screen_undated")
    if person.suicide is None:
        found.append("c_ssrs_missing")
    if not person.counselor_signed:
        found.append("unsigned")
    return tuple(found)


def conjoint_week(*, day_of_stay: int, cleared: bool, plan_review_week: bool, held: bool) -> bool:
    """Whether the week has the couples therapist's sessions; else it is side by side (C-15).

    `day_of_stay` counts from 1 and is that of the partner who was admitted later.
    """
    past_first = day_of_stay > FIRST_SIDE_BY_SIDE_DAYS
    return past_first and cleared and not plan_review_week and not held


def side_by_side_share(weeks: Sequence[tuple[bool, bool]]) -> tuple[float, bool] | None:
    """Share (0-1) of side-by-side weeks without a hold, and whether it warns (below half).

    `weeks` are (side by side, held) pairs; None when no week was side by side. A hold stays
    unremarkable only while most such weeks have another cause (C-15).
    """
    held = [was_held for side_by_side, was_held in weeks if side_by_side]
    if not held:
        return None
    share = held.count(False) / len(held)
    return share, share < 0.5


def screen_due(last: date, triggers: Sequence[date] = ()) -> date:
    """When the screen is due again: 30 days on, or at the first trigger since (C-20).

    Triggers are return to use, separation, a threat, a planned discharge.
    """
    return min([last + SCREEN_EVERY, *(day for day in triggers if day > last)])


def screen_closes(last: date, triggers: Sequence[date] = ()) -> date:
    """The day from which an overdue screen closes clearance (C-20)."""
    return screen_due(last, triggers) + SCREEN_GRACE


def screen_lapsed(last: date, today: date, triggers: Sequence[date] = ()) -> bool:
    """Whether clearance is closed today because the screen is 7 days overdue (C-20)."""
    return today >= screen_closes(last, triggers)


@dataclass(frozen=True)
class Withdrawal:
    """A withdrawal rating's band (an English label) and what it demands."""

    band: str
    flags: tuple[str, ...] = ()


def ciwa(
    total: int, *, complicated: bool = False, past_withdrawal_seizure: bool = False
) -> Withdrawal:
    """Band and action of a CIWA-Ar total 0-67 (C-21).

    `complicated`: seizure, delirium or a new hallucination, at any score.
    """
    band = _("mild") if total < 10 else _("moderate") if total < 19 else _("severe")
    flags: list[str] = []
    if complicated or total >= 19:
        flags.append("emergency_transfer")
    elif total >= 10 or past_withdrawal_seizure:
        flags.append("prescriber_today")
    if total >= CIWA_CLOSES or complicated:
        flags.append("closes_conjoint")
    return Withdrawal(band, tuple(flags))


def cows(total: int) -> Withdrawal:
    """Band and action of a COWS total 0-48 (C-22)."""
    band = _("below mild")
    for floor, label in (
        (5, _("mild")),
        (13, _("moderate")),
        (25, _("moderately severe")),
        (37, _("severe")),
    ):
        if total >= floor:
            band = label
    flags = []
    if total >= 25:
        flags.append("in_person_today")
    if total >= COWS_CLOSES:
        flags.append("closes_conjoint")
    return Withdrawal(band, tuple(flags))


def suicide_level(yes: Mapping[int, bool], *, six_recent: bool) -> SuicideLevel:
    """Level from the yes answers by item 1-6; `six_recent`: item 6 within three months (C-80)."""
    if yes.get(4) or yes.get(5) or (yes.get(6) and six_recent):
        return SuicideLevel.HIGH
    if yes.get(3) or yes.get(6):
        return SuicideLevel.MODERATE
    if yes.get(1) or yes.get(2):
        return SuicideLevel.LOW
    return SuicideLevel.NONE


@dataclass(frozen=True)
class SuicideResponse:
    """What a level demands; times from the moment it is known, None when not demanded (C-80)."""

    never_alone: bool = False
    live_handoff: bool = False
    supervisor_within: timedelta | None = None
    evaluation_today: bool = False
    safety_plan: bool = False
    contact_within: timedelta | None = None
    conjoint_closed: bool = False


_RESPONSES = {
    SuicideLevel.NONE: SuicideResponse(),
    SuicideLevel.LOW: SuicideResponse(safety_plan=True, contact_within=timedelta(days=7)),
    SuicideLevel.MODERATE: SuicideResponse(safety_plan=True, evaluation_today=True),
    SuicideLevel.HIGH: SuicideResponse(
        never_alone=True,
        live_handoff=True,
        supervisor_within=timedelta(minutes=15),
        evaluation_today=True,
        safety_plan=True,
        conjoint_closed=True,
    ),
}


def suicide_response(level: SuicideLevel) -> SuicideResponse:
    """What the level demands (C-80)."""
    return _RESPONSES[level]


@dataclass(frozen=True)
class ItemNine:
    """What follows PHQ-9 item 9: `kind` is c_ssrs_now, call_today or on_call; `due` local."""

    kind: str
    due: datetime


def item_nine(
    answer: int | None, at: datetime, *, in_contact: bool, counselor_on_duty: bool
) -> ItemNine | None:
    """C-SSRS in the same contact, else a call the same day; at night the on-call clinician (C-81).

    `at` is the person's local time. None for an answer of 0 or no answer.
    """
    if not answer:
        return None
    if in_contact:
        return ItemNine("c_ssrs_now", at)
    if counselor_on_duty:
        end_of_day = datetime.combine(at.date(), time(23, 59), tzinfo=at.tzinfo)
        return ItemNine("call_today", max(at, end_of_day))
    return ItemNine("on_call", at)
