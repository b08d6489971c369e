"""How the demo's people begin: staff, inquiries, invitations, screens, admission."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from psycopg.types.range import DateRange

from mutual.coverage import actions as coverage
from mutual.entry.demo.acting import acting_as
from mutual.entry.demo.cast import STAFF, STATES, Pair
from mutual.entry.demo.people import PASSWORD, PIN
from mutual.episode import actions as episode
from mutual.episode import inquiry as inquiries
from mutual.episode.models import Inquiry
from mutual.episode.screening_rules import SpokenCheck
from mutual.people import actions as people
from mutual.people.models import Account, Licence, Person, Staff
from mutual.privacy.actions import sign_consent
from mutual.wall.context import Actor

if TYPE_CHECKING:
    from mutual.entry.demo.load import Programme

CONSENTS = ("notice", "tele", "tpo", "group", "confidences")
PAYER = "Fictional Health Plan"


@lru_cache(maxsize=1)
def hashes() -> tuple[str, str]:
    """Of the password and the PIN that all demo accounts share, made once."""
    return make_password(PASSWORD), make_password(PIN)


def staff(programme: Programme) -> None:
    """Everybody who works here, with licences and accounts."""
    from mutual.entry.demo.load import id_of

    supervisor = None
    for worker in sorted(STAFF, key=lambda w: "supervisor" not in w.roles):
        member = Staff(
            id=id_of(worker.key),
            name=worker.name,
            credential=worker.credential,
            roles=list(worker.roles),
            npi="1234567893",
            violence_screen_trained="counselor" in worker.roles,
            # One of them is in supervised practice: her notes wait for a second signature (C-72).
            supervisor=supervisor if worker.key == "uma" else None,
            active_from=programme.today - timedelta(days=400),
        )
        member.save(force_insert=True)
        if "supervisor" in worker.roles:
            supervisor = member
        with acting_as(id_of("dee"), "staff") as director:
            people.take_up_work(director, member, since=programme.ago(400))
        people.open_account(
            f"{worker.key}@demo.example", None, member.id, "staff", member.zone,
            password_hash=hashes()[0],
        )  # fmt: skip
        if worker.credential:
            Licence.objects.bulk_create(
                Licence(
                    staff=member,
                    state=state,
                    kind=worker.credential,
                    number=f"{state}-{len(worker.name):05d}",
                    valid=DateRange(
                        programme.today - timedelta(days=400), programme.today + timedelta(days=700)
                    ),
                )
                for state in STATES
            )


def payers(programme: Programme) -> None:
    """One made-up plan, and who bills."""
    from mutual.entry.demo.load import id_of

    with acting_as(id_of("bill"), "staff") as biller:
        coverage.add_payer(
            biller,
            PAYER,
            "FHP01",
            since=programme.today - timedelta(days=400),
            source="made-up contract of the demo",
            minimum_minutes=180,
            filing_days=180,
            authorization="required",
            charge=Decimal("450.00"),
            allowed=Decimal("300.00"),
        )


def couple(programme: Programme, pair: Pair) -> None:
    """One couple, as far as their stage goes."""
    from mutual.entry.demo.load import IN_CARE, id_of

    first = programme.days(pair) + (12 if pair.stage in IN_CARE else 0)
    word = f"{pair.surname.lower()} lantern"
    asked = []
    for side, (name, *_rest) in enumerate((pair.a, pair.b)):
        if pair.stage == "inquiry" and side == 1:
            break
        asked.append(
            inquiries.receive_inquiry(
                name=name,
                safe_route="mail",
                reach=f"{name.lower()}@demo.example",
                safe_hours="weekdays after 5 pm",
                state=pair.states[side],
                question="Can we do this together, from home?" if side == 0 else "",
                couple_word=word,
                now=programme.ago(first),
            )
        )
    if pair.stage == "inquiry":
        return
    with acting_as(id_of("ada"), "staff") as admissions:
        for inquiry in asked:
            inquiries.record_contact(
                admissions, inquiry, now=programme.ago(first) + timedelta(hours=3)
            )
        if pair.stage == "contacted":
            inquiries.plan_next(
                admissions, asked[0], "Call about the second partner's own address",
                programme.today + timedelta(days=1),
            )  # fmt: skip
            return
        inquiries.link_partners(admissions, asked[0], asked[1])
    members = [
        _arrive(programme, pair, inquiry, side, first - 1) for side, inquiry in enumerate(asked)
    ]
    with acting_as(id_of("ada"), "staff") as admissions:
        asked = [Inquiry.objects.get(id=i.id) for i in asked]
        made = episode.form_couple_of(
            admissions, asked[0], asked[1], programme.today - timedelta(days=first - 1)
        )
        programme.couples[pair.key] = made
        _screening(programme, pair, admissions, members, first)
    if pair.stage != "screening":
        _admit(programme, pair, members, asked)


def _arrive(programme: Programme, pair: Pair, inquiry: Inquiry, side: int, days: int) -> Person:
    """One partner takes up the invitation, alone: account, PIN, contact sheet, consents."""
    from mutual.entry.demo.load import id_of

    name, sex, pronouns = (pair.a, pair.b)[side]
    email = f"{name.lower()}@demo.example"
    then = programme.ago(days)
    with acting_as(id_of("ada"), "staff") as admissions:
        token = episode.invite(admissions, inquiry, email, now=then)
    account = episode.accept_invitation(
        token,
        email=email,
        password_hash=hashes()[0],
        given_name=name,
        family_name=pair.surname,
        birth_date=date(1988 + side, 3 + side, 1),
        zone=pair.zones[side],
        pronouns=pronouns,
        now=then,
    )
    Account.objects.filter(id=account.id).update(pin_hash=hashes()[1])
    person = Person.objects.get(id=account.actor_id)
    programme.people[name.lower()] = person
    with acting_as(person.id, "person") as self_:
        people.save_contact(
            self_,
            phone="555-0100",
            safe_route="portal",
            safe_hours="weekdays after 5 pm",
            voicemail=False,
            code_word="porch light",
            emergency_name=f"Sister of {name}",
            emergency_phone="555-0199",
            emergency_nobody=False,
            home_address=f"{side + 1} Example Lane, Sampletown",
            home_state=pair.states[side],
        )
        for code in CONSENTS:
            sign_consent(self_, code, f"{name} {pair.surname}", now=then)
        if pair.key == "ab":
            sign_consent(self_, "cj", f"{name} {pair.surname}", now=then)
    with acting_as(id_of("ada"), "staff"):
        Person.objects.filter(id=person.id).update(sex=sex, state=pair.states[side])
    return person


def _screening(
    programme: Programme, pair: Pair, admissions: Actor, members: list[Person], first: int
) -> None:
    from mutual.entry.demo.load import id_of
    from mutual.episode.team import assign, assign_therapist

    made = programme.couples[pair.key]
    since = programme.today - timedelta(days=first - 2)
    for side, person in enumerate(members):
        counselor = Staff.objects.get(id=id_of(pair.counselors[side]))
        assign(admissions, made, person, counselor, "counselor", since)
        for key, role in (("pruitt", "prescriber"), ("nell", "nurse")):
            assign(admissions, made, person, Staff.objects.get(id=id_of(key)), role, since)
    assign_therapist(admissions, made, Staff.objects.get(id=id_of(pair.therapist)), since)
    if pair.stage == "screening":
        return
    for side, person in enumerate(members):
        then = programme.ago(first - 3)
        with acting_as(id_of(pair.counselors[side]), "staff") as counselor_:
            episode.rate_level(
                counselor_,
                person,
                dict.fromkeys(range(1, 6), (pair.levels[side], "needs this structure now")),
                now=then,
            )


def _admit(programme: Programme, pair: Pair, members: list[Person], asked: list[Inquiry]) -> None:
    from mutual.entry.demo.load import id_of

    on = programme.today - timedelta(days=programme.days(pair))
    with acting_as(id_of("ada"), "staff") as admissions:
        for person in members:
            episode.record_readiness(
                admissions, person, own_device=True, headphones=True, private_place=True,
                now=programme.ago(programme.days(pair) + 1),
            )  # fmt: skip
        episode.admit_couple(
            admissions, programme.couples[pair.key], on, now=programme.ago(programme.days(pair))
        )
        for inquiry in asked:
            current = Inquiry.objects.get(id=inquiry.id)
            if current.status != "admitted":
                inquiries.move_inquiry(
                    admissions, current, "admitted", now=programme.ago(programme.days(pair))
                )
    if pair.weeks < 1 or pair.stage == "held":
        return
    for side, person in enumerate(members):
        with acting_as(id_of(pair.counselors[side]), "staff") as counselor:
            then = programme.ago(programme.days(pair) - 6)
            episode.record_violence_screen(
                counselor, person, SpokenCheck(True, True, True), (False,) * 4, now=then
            )
            episode.record_suicide_screen(
                counselor, person, (False, False, None, None, None, False), now=then
            )
            episode.sign_clearance(counselor, programme.couples[pair.key], person, now=then)
