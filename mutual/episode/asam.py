"""Levels of care and the six dimensions (ASAM Criteria): ratings and reasons, no criteria text.

The criteria are copyrighted; what is kept here are a clinician's minimum level and own reason per
dimension, and the arithmetic of C-11 and C-25 to C-30.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from mutual.base.refusal import Refused
from mutual.base.words import mark as _
from mutual.base.words import say

DIMENSIONS: Mapping[int, str] = {
    1: _("intoxication, withdrawal, addiction medications"),
    2: _("biomedical"),
    3: _("psychiatric and cognitive"),
    4: _("substance use-related risks"),
    5: _("recovery environment interactions"),
    6: _("person-centered considerations"),
}
LEVELS: Mapping[int, tuple[str, ...]] = {
    # Edition 3 had no 1.5, 1.7 or 2.7 and had 0.5 and 3.3 (GK).
    3: ("0.5", "1.0", "2.1", "2.5", "3.1", "3.3", "3.5", "3.7", "4"),
    4: ("1.0", "1.5", "1.7", "2.1", "2.5", "2.7", "3.1", "3.5", "3.7", "4"),
}
OFFERED: frozenset[str] = frozenset({"1.5", "2.1"})
RATING_GOOD_FOR = timedelta(hours=72)

MinuteBand = Literal["below", "in", "above"]
_WEEKLY_MINUTES: Mapping[str, tuple[int, int | None]] = {
    "1.5": (0, 539),
    "2.1": (540, 1140),
    "2.5": (1200, None),
}


@dataclass(frozen=True)
class DimensionRating:
    """One of dimensions 1-5: the least level it needs, and why."""

    dimension: int
    minimum: str
    reason: str


@dataclass(frozen=True)
class PersonCentered:
    """Dimension 6: barriers, preferences, and what was agreed. It carries no level."""

    barriers: str = ""
    preferences: str = ""
    agreed: str = ""


@dataclass(frozen=True)
class Rating:
    """A six-dimension rating in one edition; build it with `rate`, which checks it."""

    edition: int
    dimensions: tuple[DimensionRating, ...]
    person_centered: PersonCentered
    rated_at: datetime


@dataclass(frozen=True)
class Proposal:
    """The level a rating leads to; `transfer` when this programme does not offer it."""

    level: str
    transfer: bool


def rank(level: str, edition: int = 4) -> int:
    """Position of `level` among its edition's levels; raises `Refused` for a foreign one (C-28)."""
    if edition not in LEVELS:
        raise Refused(say(_("choose edition 3 or 4")), rule="C-28")
    if level not in LEVELS[edition]:
        raise Refused(say(_("not a level of edition {edition}"), edition=edition), rule="C-28")
    return LEVELS[edition].index(level)


def rate(
    edition: int,
    minimums: Mapping[int, tuple[str, str]],
    person_centered: PersonCentered,
    rated_at: datetime,
) -> Rating:
    """A checked rating from {dimension: (minimum level, reason)} (C-25, C-28).

    Raises `Refused`: "say why" for a dimension without a reason, the edition's words for a
    foreign level, and the missing dimensions by number.
    """
    missing = [number for number in range(1, 6) if number not in minimums]
    if missing:
        listed = ", ".join(str(number) for number in missing)
        raise Refused(say(_("rate dimension {listed}"), listed=listed), rule="C-25")
    if set(minimums) - set(range(1, 6)):
        raise Refused(say(_("only dimensions 1 to 5 carry a level")), rule="C-25")
    rated = []
    for number in range(1, 6):
        level, reason = minimums[number]
        rank(level, edition)
        if not reason.strip():
            raise Refused(say(_("say why")), rule="C-25")
        rated.append(DimensionRating(number, level, reason.strip()))
    return Rating(edition, tuple(rated), person_centered, rated_at)


def proposed(rating: Rating, offered: Collection[str] = OFFERED) -> Proposal:
    """The highest minimum of dimensions 1-5, never an average (C-26)."""
    level = max(
        (entry.minimum for entry in rating.dimensions), key=lambda one: rank(one, rating.edition)
    )
    return Proposal(level, transfer=level not in offered)


def place(rating: Rating, chosen: str, *, reason: str = "", signer_licensed: bool = False) -> str:
    """The level a clinician decides on; another than proposed needs a reason and a licence (C-26).

    Raises `Refused` with "say why" or "a licensed clinician signs another level".
    """
    rank(chosen, rating.edition)
    if chosen == proposed(rating).level:
        return chosen
    if not reason.strip():
        raise Refused(say(_("say why")), rule="C-26")
    if not signer_licensed:
        raise Refused(say(_("a licensed clinician signs another level")), rule="C-26")
    return chosen


def weekly_minutes(level: str) -> tuple[int, int | None] | None:
    """Least and most clinical minutes a week (C-27); most None is open, None no weekly rule."""
    return _WEEKLY_MINUTES.get(level)


def minute_band(level: str, minutes: int) -> MinuteBand:
    """Whether `minutes` in a week are below, in or above the level's hours (C-27).

    A level without a weekly rule is always "in".
    """
    limits = weekly_minutes(level)
    if limits is None:
        return "in"
    least, most = limits
    if minutes < least:
        return "below"
    return "above" if most is not None and minutes > most else "in"


@dataclass(frozen=True)
class Enrolment:
    """How a couple enrols: each one's own weekly minutes, and who is a collateral (C-11)."""

    minutes_a: tuple[int, int | None] | None
    minutes_b: tuple[int, int | None] | None
    collateral: frozenset[Literal["A", "B"]]


def enrol(a: str | None, b: str | None, edition: int = 4) -> Enrolment:
    """Enrol a couple with levels `a` and `b`; None is a partner without a diagnosis (C-11).

    One must meet 2.1 and the other 1.5 or more; a partner without a diagnosis is a collateral,
    without claims and without hours. Raises `Refused` when neither way fits, and when one needs
    a level that this programme does not offer.
    """
    levels = [level for level in (a, b) if level is not None]
    for level in levels:
        if rank(level, edition) > rank("2.1", edition):
            raise Refused(
                say(_("level {level} is given elsewhere: transfer first"), level=level), rule="C-11"
            )
    # By number: edition 3 has no 1.5, and its level 1.0 lies below that.
    if not any(float(level) >= 2.1 for level in levels) or any(
        float(level) < 1.5 for level in levels
    ):
        raise Refused(say(_("one partner needs level 2.1 and the other 1.5 or more")), rule="C-11")
    collateral: set[Literal["A", "B"]] = set()
    if a is None:
        collateral.add("A")
    if b is None:
        collateral.add("B")
    return Enrolment(
        None if a is None else weekly_minutes(a),
        None if b is None else weekly_minutes(b),
        frozenset(collateral),
    )


#: How long before an authorization ends the next decision is due (C-29).
AHEAD_OF_END = timedelta(days=5)


def continued_stay_due(last_decision: date, authorized_to: date | None) -> date:
    """When the next decision is due: 14 days on, or 5 days before the authorization ends (C-29)."""
    due = last_decision + timedelta(days=14)
    if authorized_to is None:
        return due
    return min(due, authorized_to - AHEAD_OF_END)


def continued_stay(
    *, progressing: bool, able_to_progress: bool, new_problem_treatable_here: bool
) -> Literal["stay", "transfer_or_discharge"]:
    """Stay when any of the three holds; none proposes transfer or discharge (C-29)."""
    if progressing or able_to_progress or new_problem_treatable_here:
        return "stay"
    return "transfer_or_discharge"


def refuse_level_change(
    name: str, *, rated_at: datetime | None, now: datetime, receiver: str, first_date: date | None
) -> None:
    """Raise `Refused` unless a rating from the last 72 h, a receiver and a first date exist (C-30).

    `name` is the person's, shown to the actor only.
    """
    if not receiver.strip() or first_date is None:
        raise Refused(say(_("name who receives {name} and when"), name=name), rule="C-30")
    if rated_at is None or now - rated_at > RATING_GOOD_FOR:
        raise Refused(
            say(_("rate the six dimensions first: the last 72 hours have no rating")), rule="C-30"
        )
