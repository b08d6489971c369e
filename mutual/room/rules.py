"""The room's decisions, without a database: when it opens, who is let in, who hears whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from mutual.base.refusal import Refused
from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.week.minutes import (
    LATE,
    HeldSession,
    Span,
    clinical_spans,
    length,
    presence,
    whole_minutes,
)

#: *Join* wakes this long before the start (interface.md, principle 1).
WAKES = timedelta(minutes=15)
#: A session that runs over can still be rejoined this long after its planned end.
OVERRUN = timedelta(minutes=30)
#: The three silent taps (P-78).
TAPS = ("alone", "go", "not_today")
#: What *Help* can say without a word (P-80).
SIGNALS = ("not_alone", "not_freely")

Door = Literal["early", "open", "over"]
Step = Literal["consents", "contact", "confirm", "unlicensed", "not_private", "taps", "room"]


def door(
    start: datetime, end: datetime, now: datetime, *, running: bool = False, closed: bool = False
) -> Door:
    """Whether a session can be entered: from 15 minutes before, until it is over."""
    if closed or now >= end + OVERRUN or (now >= end and not running):
        return "over"
    return "open" if now >= start - WAKES else "early"


def goes(taps: Sequence[str]) -> bool:
    """Whether somebody's taps, in order, say go: alone and go, and never *not today* (P-78).

    *Not today* is final for the session, so that nobody can take it back on the person's phone.
    """
    return "not_today" not in taps and "alone" in taps and "go" in taps


def decision(taps: Iterable[Sequence[str]]) -> Literal["go", "not_yet", "not_today"]:
    """What both partners' taps come to, never whose they are."""
    each = list(taps)
    if any("not_today" in one for one in each):
        return "not_today"
    return "go" if len(each) == 2 and all(goes(one) for one in each) else "not_yet"


@dataclass(frozen=True)
class Readiness:
    """What must be confirmed for this evening before a session starts for somebody (C-78)."""

    waiting: bool
    consents: bool
    place: str
    call_back: str
    local_number: str
    emergency_contact: bool
    private_now: bool
    licensed: bool


def refuse_admission(
    ready: Readiness, name: str, clinician: str, *, locked: bool, decided: bool = True
) -> None:
    """Raise `Refused` unless a session may start for this person.

    Args:
        name: of the person, for the clinician's words.
        decided: for a couples session, whether both said go (P-78); the words say no more.
    """
    if locked:
        raise Refused(say(_("The room is locked. Unlock it first.")), rule="P-77")
    if not ready.waiting:
        raise Refused(say(_("{name} is not waiting now."), name=name), rule="P-77")
    if not ready.consents:
        raise Refused(
            say(_("{name} has forms to sign before a video session."), name=name), rule="P-37"
        )
    if not (ready.place and ready.call_back and ready.emergency_contact):
        raise Refused(
            say(_("{name} has not confirmed place and phone number yet."), name=name), rule="C-78"
        )
    if not ready.licensed:
        raise Refused(say(_("{name} is not licensed there"), name=clinician), rule="C-46")
    if not ready.private_now:
        raise Refused(say(_("{name} has no private place right now."), name=name), rule="C-78")
    if not ready.local_number:
        raise Refused(
            say(_("Enter the emergency number of {name}’s place: 911 reaches yours."), name=name),
            rule="C-78",
            field="local_number",
        )
    if not decided:
        raise Refused(say(_("Not yet.")), rule="P-78")


def matrix(clinician: str, inside: Sequence[str], *, alone_with: str = "") -> dict[str, list[str]]:
    """Who hears and sees whom: seat to the seats that it hears.

    Args:
        clinician: the clinician's seat; empty while no clinician is in the room, and then nobody
            hears anybody.
        inside: seats that were admitted and not put out.
        alone_with: the one seat that the clinician speaks with; the others hear nobody.
    """
    seats = list(dict.fromkeys(inside))
    if not clinician:
        return {seat: [] for seat in seats}
    if alone_with in seats:
        heard: dict[str, list[str]] = {seat: [] for seat in seats if seat != alone_with}
        return {clinician: [alone_with], alone_with: [clinician], **heard}
    everyone = [clinician, *seats]
    return {seat: [other for other in everyone if other != seat] for seat in everyone}


@dataclass(frozen=True)
class Measured:
    """What was measured of one person: whole minutes, late, left early."""

    minutes: int
    late: bool = False
    left_early: bool = False


def measured(
    held: Span,
    connections: Iterable[Span],
    *,
    clinician: Iterable[Span] = (),
    breaks: Iterable[Span] = (),
    most: int,
) -> Measured:
    """Minutes of one person by the union of their connections, less breaks (C-33, C-56).

    Args:
        held: the session's actual start and end.
        clinician: the clinician's own connections; without any, the whole session counts.
        most: planned net minutes; attendance never exceeds them.
    """
    with_whom = tuple(clinician)
    session = HeldSession("", held, tuple(breaks), with_whom or None)
    joined = tuple(connections)
    there = presence(session, joined)
    if not there:
        return Measured(0)
    spans = clinical_spans(session, joined)
    return Measured(
        min(most, whole_minutes(length(spans))),
        late=there[0].start - held.start > LATE,
        left_early=held.end - there[-1].end > LATE,
    )


def ending(number: str) -> str:
    """The last two digits of a phone number, to know it by without showing it."""
    digits = [c for c in number if c.isdigit()]
    return "".join(digits[-2:])


def digits_enough(number: str) -> bool:
    """Whether a phone number has at least seven digits."""
    return sum(c.isdigit() for c in number) >= 7


def first_step(
    *,
    consents: bool,
    contact: bool,
    confirmed: bool,
    licensed: bool,
    private_now: bool,
    taps_asked: bool,
) -> Step:
    """What a person has to do next on the way into the room, in this order."""
    order: Mapping[Step, bool] = {
        "consents": consents,
        "contact": contact,
        "confirm": confirmed,
        "unlicensed": licensed,
        "not_private": private_now,
        "taps": taps_asked,
    }
    return next((step for step, done in order.items() if not done), "room")
