"""Evenings of the demo: private check-ins, the contract, trust talks, a word of thanks."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

from mutual.base.refusal import Refused
from mutual.daily import agreements, journal, worksheets
from mutual.daily.actions.checkins import check_in
from mutual.daily.actions.contract import (
    confirm_trust_talk,
    give_thanks,
    record_contract_readiness,
    start_contract,
)
from mutual.entry.demo.acting import acting_as
from mutual.entry.demo.cast import Pair
from mutual.people.models import Person

if TYPE_CHECKING:
    from mutual.entry.demo.load import Programme

DAYS = 10
#: Words, who proposes, day proposed and day due (days from today), and what became of it.
AGREEMENTS = (
    ("Phones away at dinner, every evening.", 0, -9, None, ""),
    ("A walk together on Saturday before noon.", 1, -8, -2, ""),
    ("We look at the month's money on Sunday, half an hour.", 0, -6, 4, ""),
    ("No calls after ten in the evening.", 1, -8, -1, "kept"),
    ("Each of us calls one friend of our own this week.", 1, -1, 5, "proposed"),
)
JOURNAL = "Slept well. The class made me think of the lake. I want to ask for help sooner."
SHEET = {
    "carry": "Waking up in time, and the talk with the landlord.",
    "fear": "That it stays undone, and that we are late again.",
    "mine": "My sleep. The choir.",
    "line": "I will set my own alarm and leave the other one alone.",
}
BEGUN = {"subject": "Who tells our parents, and what."}
THANKS = ("Thank you for making dinner.", "Thank you for listening last night.")


def write(programme: Programme, couples: Sequence[tuple[Pair, list[Person]]]) -> None:
    """The last ten evenings of each couple in care."""
    from mutual.entry.demo.load import id_of

    for number, (pair, members) in enumerate(couples):
        contract = pair.stage == "admitted" and programme.days(pair) >= 14 and pair.key != "ij"
        if contract:
            for side, person in enumerate(members):
                with acting_as(id_of(pair.counselors[side]), "staff") as counselor:
                    record_contract_readiness(
                        counselor, person, accepts_abstinence=True, means_to_stay=True,
                        now=programme.ago(programme.days(pair) - 8),
                    )  # fmt: skip
            with acting_as(id_of(pair.therapist), "staff") as therapist:
                start_contract(
                    therapist, programme.couples[pair.key],
                    "Today I choose not to use, and I tell you so.",
                    "Thank you for another day.",
                    now=programme.ago(min(programme.days(pair) - 9, DAYS + 1)),
                )  # fmt: skip
            _ours(programme, pair, members)
        for side, person in enumerate(members):
            with acting_as(person.id, "person") as self_:
                for back in range(min(DAYS, programme.days(pair)), 0, -1):
                    if (number * 3 + side * 5 + back) % 7 == 4:
                        continue
                    evening = _evening(programme, person, back)
                    check_in(self_, _fields(number, side, back), now=evening)
                    if contract and (number + back) % 5 != 2:
                        with suppress(Refused):  # it rests in a side-by-side week (C-53)
                            confirm_trust_talk(self_, now=evening)
        if contract:
            with acting_as(members[0].id, "person") as self_:
                give_thanks(self_, THANKS[number % 2], now=_evening(programme, members[0], 1))


def _ours(programme: Programme, pair: Pair, members: list[Person]) -> None:
    """What the pair agreed on, and a page of a journal."""
    couple = programme.couples[pair.key]
    for words, by, made, due, became in AGREEMENTS:
        at, other = programme.ago(-made), 1 - by
        due_on = programme.today + timedelta(days=due) if due is not None else None
        with acting_as(members[by].id, "person") as self_:
            row = agreements.propose(self_, couple, words, due_on=due_on, now=at)
        if became == "proposed":
            continue
        with acting_as(members[other].id, "person") as self_:
            row = agreements.agree(self_, row, now=at)
            if became:
                agreements.close(self_, row, became, now=programme.ago(1))
    with acting_as(members[0].id, "person") as self_:
        journal.write(self_, JOURNAL, public_id=uuid4(), now=programme.ago(3))
        worksheets.write(
            self_, "mine-and-yours", SHEET, version=0, finish=True, now=programme.ago(4)
        )
        worksheets.write(self_, "hard-talk", BEGUN, version=0, now=programme.ago(1))


def _evening(programme: Programme, person: Person, back: int) -> datetime:
    zone = ZoneInfo(person.zone)
    day = programme.now.astimezone(zone).date() - timedelta(days=back)
    return min(datetime.combine(day, time(20, 40), zone), programme.now)


def _fields(number: int, side: int, back: int) -> dict[str, str]:
    urge = (number + side * 2 + back) % 5
    return {
        "urge": str(urge),
        "used": "no",
        "mood": str(5 + (number + back + side) % 4),
        "sleep": "7.5",
        "medicine": "yes",
    }
