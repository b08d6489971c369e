"""A week of Ana's that is nobody else's: what she does and what is written of her, step by step.

Each step goes through the rooms' actions as whoever would do it. A word is planted in every text,
so that a page that shows it to somebody else is found out. What Ben may see of a step by design
stands beside it, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from mutual.coverage.models import Payer
from mutual.daily import actions as daily
from mutual.daily import journal, worksheets
from mutual.daily.models import PARTS
from mutual.episode import actions as episode
from mutual.episode.screening_rules import SpokenCheck
from mutual.measures import actions as measures
from mutual.people import actions as people
from mutual.people.models import Person
from mutual.plan import actions as plans
from mutual.plan.models import CoupleObjective, CouplePlan, IndividualObjective
from mutual.privacy import actions as privacy
from mutual.privacy import breaches, emergencies, legal, requests
from mutual.record import actions as record
from mutual.record import incidents, medicine_rules, medicines, safety, toxicology
from mutual.wall.relations import consent_in_force
from mutual.week import booking, feeds
from mutual.week.models import Session
from tests.coverage import factories as insurance
from tests.daily.factories import contract
from tests.plan.factories import couple_plan, own_plan
from tests.record.factories import draft, start
from tests.room import factories as room
from tests.week.factories import conjoint, individual
from tests.world import id_of

Act = Callable[[str], AbstractContextManager[Any]]
ALONE = SpokenCheck(alone=True, headphones=True, code_word=True)
CALM = {"urge": "4", "used": "no", "mood": "3"}


def word(kind: str) -> str:
    """The word planted in a text of a kind."""
    return f"quillon {kind.replace('_', ' ')} marrowfat"


@dataclass(frozen=True)
class Step:
    """One thing that happens to Ana; ``seen`` says why Ben may see something of it."""

    name: str
    do: Callable[[Act], object]
    seen: str = ""


#: Kinds of notes that are written of Ana, by whom.
NOTES = (
    ("mo", "progress_note"), ("mo", "crisis_note"), ("mo", "contact_note"),
    ("pruitt", "medical_note"), ("reyes", "couple_solo_note"), ("mo", "psychotherapy_note"),
)  # fmt: skip
#: Kinds whose word stands in a text of hers once all steps are done.
PLANTED = (
    "message_own", "safety_plan", *(kind for _who, kind in NOTES), "medication", "privacy_request",
    "legal_demand", "breach", "incident", "insurance_card", "contact_location", "journal",
    "worksheet",
)  # fmt: skip


def ana() -> Person:
    """Ana, as whoever acts may know her."""
    return Person.objects.get(id=id_of("ana"))


def _checks_in(act: Act) -> None:
    with act("ana") as actor:
        daily.check_in(actor, CALM, call_me=True)


def _messages(act: Act) -> None:
    with act("ana") as actor:
        daily.write_to_own(actor, word("message_own"))
    with act("mo") as mo:
        daily.write_to_own(mo, word("message_own"), person=ana())


def _journal(act: Act) -> None:
    with act("ana") as actor:
        journal.write(actor, word("journal"), public_id=uuid4())


def _worksheet(act: Act) -> None:
    with act("ana") as actor:
        answers = {"carry": word("worksheet")}
        worksheets.write(actor, "mine-and-yours", answers, version=0, finish=True)


def _safety_plan(act: Act) -> None:
    with act("ana") as actor:
        safety.save_plan(actor, ana(), {"signs": word("safety_plan")}, version=0)


def notes(act: Act) -> None:
    """A signed note of each kind, and a draft."""
    for who, kind in NOTES:
        with act(who) as actor:
            note = start(actor, "ana", kind)
            ours, own = CoupleObjective.objects.all(), IndividualObjective.objects.all()
            goals = ours if who == "reyes" else own.filter(person_id=id_of("ana"))
            draft(actor, note, word(kind), objectives=[str(g.public_id) for g in goals[:1]])
            record.sign_note(actor, note)
    with act("mo") as mo:
        draft(mo, start(mo, hours_ago=5), word("progress_note"))


def _own_session(act: Act, days: int = 9) -> Session:
    begin = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    with act("mo") as mo:
        return individual(mo, "ana", "mo", begin)


def _moved_session(act: Act) -> None:
    session = _own_session(act, 10)
    with act("mo") as mo:
        booking.reschedule(mo, session, session.during.lower + timedelta(hours=1))
        booking.cancel(mo, Session.objects.get(id=session.id), reason=word("schedule_own"))


def forms(act: Act) -> UUID:
    """Forms are given to her and answered; the public id of an open one."""
    with act("mo") as mo:
        due = timezone.localdate()
        form = measures.assign_form(mo, ana(), "phq9", due)
        measures.record_live(mo, ana(), "phq9", (2, 2, 1, 2, 1, 1, 1, 1, 0), mode="paper")
        measures.assign_form(mo, ana(), "gad7", due)
    return form.public_id


def _risk(act: Act) -> None:
    with act("mo") as mo:
        episode.record_suicide_screen(mo, ana(), (True, True, False, False, False, False))


def _violence(act: Act) -> None:
    with act("mo") as mo:
        episode.record_violence_screen(mo, ana(), ALONE, (True, True, False, False))


def _medicines(act: Act) -> None:
    every = tuple(key for key, _words in medicine_rules.SUBSTANCES["naltrexone"].checklist)
    with act("pruitt") as pruitt:
        wanted = medicines.Order("naltrexone", word("medication"), "One a day", 30, every)
        medicines.order(pruitt, ana(), wanted)


def _tests(act: Act) -> None:
    with act("mo") as mo:
        facts = toxicology.ask(mo, ana(), id_of("mo"))
        toxicology.write_result(mo, ana(), facts.public_id, "positive", ("alcohol",))


def _consents(act: Act) -> None:
    with act("ana") as actor:
        privacy.decline(actor, "sudn")
        consent_in_force(
            id_of("ana"), "pt:toxicology", timezone.now() + timedelta(hours=24)
        )  # fmt: skip
        privacy.revoke(actor, "group")


def _officer(act: Act) -> UUID:
    with act("ana") as actor:
        asked = requests.ask(actor, "access", word("privacy_request"))
    with act("pia") as pia:
        legal.log_demand(
            pia, name_asked="Ana Fiction", form="subpoena", sender=word("legal_demand"),
            received_on=timezone.localdate(), asks_for="Everything",
        )  # fmt: skip
        breaches.log_breach(pia, word("breach"), timezone.localdate(), [id_of("ana")])
    with act("mo") as mo:
        emergencies.begin(mo, ana())
    return asked.public_id


def _incident(act: Act) -> UUID:
    with act("mo") as mo:
        wanted = incidents.Report(
            "self_harm", timezone.now() - timedelta(hours=1), word("incident"), "Called 988."
        )
        return incidents.report(mo, ana(), wanted).public_id


def _insurance(act: Act) -> None:
    with act("ada") as ada:
        payer = Payer.objects.first() or insurance.payer(ada)
        insurance.card(ada, "ana", payer, address=word("insurance_card")[:60])


def _moves(act: Act) -> None:
    with act("ana") as actor:
        people.save_contact(
            actor, phone="555-010-1777", safe_route="portal", safe_hours="noon", voicemail=False,
            code_word="teapot", emergency_name=word("contact_location"),
            emergency_phone="555-010-2777", emergency_nobody=False,
            home_address="77 Elsewhere Road", home_state="TX",
        )  # fmt: skip


def _plan(act: Act) -> None:
    with act("mo") as mo:
        own_plan(mo, "ana")


def feed(act: Act) -> str:
    """She switches her feed on; its secret."""
    with act("ana") as actor:
        return feeds.open_feed(actor)


def _waits(act: Act) -> None:
    """Ana's own session is about to begin, and she waits at its door."""
    room.waits("ana", room.individual())


def together(act: Act) -> None:
    """What both have and see: a contract, a plan, a joint session next week, words of thanks."""
    contract(act)
    with act("reyes") as reyes:
        plan, _goal = couple_plan(reyes)
        plans.sign_plan(reyes, plan)
        begin = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=8)
        conjoint(reyes, begin)
    for name in ("ana", "ben"):
        with act(name) as actor:
            daily.give_thanks(actor, "Thank you for the soup.")
            daily.write_to_couple(actor, "See you on Monday.")
    with act("ben") as ben:
        daily.check_in(ben, CALM)
        daily.write_to_own(ben, "A word of my own.")
        safety.save_plan(ben, Person.objects.get(id=id_of("ben")), {"signs": "Tired."}, version=0)


def _halves(act: Act) -> None:
    """Ana's half of what both must do: nothing of it shows before Ben's is there."""
    with act("ana") as actor:
        daily.confirm_trust_talk(actor)
        daily.consent_to_part(actor, PARTS[0][0])
        plans.sign_plan(actor, CouplePlan.objects.get(couple_id=id_of("ab")))


def _thanks(act: Act) -> None:
    with act("ana") as actor:
        daily.give_thanks(actor, "And for the walk.")


def _writes_to_both(act: Act) -> None:
    with act("ana") as actor:
        daily.write_to_couple(actor, "I may be late.")


def _cancels(act: Act) -> None:
    with act("reyes") as reyes:
        booking.cancel(reyes, Session.objects.get(subject_id=id_of("ab"), status="planned"))


STEPS = [
    Step("checks in, and asks for a call", _checks_in),
    Step("writes to her counselor, who answers", _messages),
    Step("writes in her journal", _journal),
    Step("finishes a worksheet", _worksheet),
    Step("fills her safety plan in", _safety_plan),
    Step("gets notes signed", notes),
    Step("has a session of her own booked", _own_session),
    Step("has it moved, then cancelled", _moved_session),
    Step("is given forms, and answers some", forms),
    Step("says that she thinks of dying", _risk),
    Step("has a medicine ordered", _medicines),
    Step("gives a specimen", _tests),
    Step("declines a consent, signs a release to come, takes another back", _consents),
    Step("asks for her record; somebody demands it; it went astray", _officer),
    Step("has an incident reported", _incident),
    Step("has a new insurance card", _insurance),
    Step("moves, and names whom to call", _moves),
    Step("gets a plan of her own", _plan),
    Step("hands in her half of what both must do", _halves),
    Step("switches her calendar feed on", feed),
    Step("waits at the door of her own session", _waits),
]
#: What Ben may see, by design.
SEEN = [
    Step("thanks Ben", _thanks, "thanks are ours (C-53)"),
    Step("writes to the couple's thread", _writes_to_both, "the thread is ours (P-55)"),
    Step("their joint session is cancelled", _cancels, "a joint session is both's (P-47)"),
    Step(
        "answers yes to the live questions about safety", _violence,
        "joint work is held in a sentence that the first and the review week read, too (P-65)",
    ),
]  # fmt: skip
