"""The people of the tests, loaded once into the template database (see conftest.py).

Ana and Ben are a couple; Dr. Reyes is their couples therapist; Mo counsels Ana; Kit counsels Ben.
Cleo and Dan are another couple of the same programme, with other clinicians.
Everything is written through the rooms' actions, as the actors who would do it.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from psycopg.types.range import DateRange

from mutual.episode import actions as episode
from mutual.episode.screening_rules import SpokenCheck
from mutual.episode.team import assign, assign_therapist
from mutual.people import actions as people
from mutual.people.models import ContactLocation, Couple, Licence, Person, Staff
from mutual.privacy.actions import sign_consent
from mutual.wall.context import SERVICE_SPACE, Actor
from mutual.wall.testing import acting_as

PASSWORD = "obviously-fictional-1"
STAFF = {
    "reyes": ("Dr. Reyes", "PhD, LMFT", ["couples_therapist"]),
    "mo": ("Mo Lindgren", "LADC", ["counselor", "group_leader"]),
    "kit": ("Kit Amari", "LADC", ["counselor", "group_leader"]),
    "vale": ("Dr. Vale", "LMFT", ["couples_therapist"]),
    "noor": ("Noor Bakshi", "LADC", ["counselor"]),
    "sol": ("Sol Bright", "LADC", ["counselor"]),
    "pruitt": ("Dr. Pruitt", "MD", ["prescriber"]),
    "ada": ("Ada Moss", "", ["admissions"]),
    "bill": ("Bill Penny", "", ["biller"]),
    "dee": ("Dee Harbor", "", ["director"]),
    "pia": ("Pia Quill", "", ["privacy_officer"]),
    "cory": ("Cory Lane", "", ["care_coordinator"]),
}
PEOPLE = {
    "ana": ("Ana", "Fiction", date(1990, 3, 1), "America/Chicago", "TX", "F"),
    "ben": ("Ben", "Fiction", date(1988, 7, 9), "America/Denver", "NV", "M"),
    "cleo": ("Cleo", "Madeup", date(1992, 1, 2), "America/Chicago", "TX", "F"),
    "dan": ("Dan", "Madeup", date(1991, 5, 6), "America/Chicago", "TX", "M"),
}


def id_of(name: str) -> UUID:
    """The fixed id of a person, member of staff or couple of the test world."""
    return uuid5(SERVICE_SPACE, f"test world {name}")


def load() -> None:
    """Write the world; run by the owner, once per template database."""
    today = timezone.localdate()
    start = timezone.now() - timedelta(days=60)
    with transaction.atomic():
        for key, (name, credential, roles) in STAFF.items():
            staff = Staff(
                id=id_of(key),
                name=name,
                credential=credential,
                roles=roles,
                active_from=today - timedelta(days=400),
                violence_screen_trained="counselor" in roles,
                npi="1234567893",
            )
            staff.save(force_insert=True)
            with acting_as(id_of("dee"), "staff") as director:
                people.take_up_work(director, staff, since=start)
            people.open_account(f"{key}@staff.example", PASSWORD, staff.id, "staff", staff.zone)
            for state in ("TX", "NV", "CO"):
                Licence.objects.create(
                    staff=staff,
                    state=state,
                    kind=credential or "none",
                    number=f"{state}-0000",
                    valid=DateRange(today - timedelta(days=400), today + timedelta(days=400)),
                )
        met = today - timedelta(days=41)
        with acting_as(id_of("ada"), "staff") as admissions:
            made: dict[str, Person] = {}
            for key, (given, family, born, zone, state, sex) in PEOPLE.items():
                made[key] = people.add_person(
                    admissions,
                    given_name=given,
                    family_name=family,
                    birth_date=born,
                    zone=zone,
                    state=state,
                    sex=sex,
                    person_id=id_of(key),
                )
                people.open_account(f"{key}@home.example", PASSWORD, id_of(key), "person", zone)
            people.form_couple(admissions, made["ana"], made["ben"], met, couple_id=id_of("ab"))
            people.form_couple(admissions, made["cleo"], made["dan"], met, couple_id=id_of("cd"))
            _team(admissions, "ab", made, {"ana": "mo", "ben": "kit"}, "reyes", today)
            _team(admissions, "cd", made, {"cleo": "noor", "dan": "sol"}, "vale", today)
        _consents()
        for couple_key, therapist_team in (
            ("ab", {"ana": "mo", "ben": "kit"}),
            ("cd", {"cleo": "noor", "dan": "sol"}),
        ):
            _admit(couple_key, made, therapist_team, today)
        for person, counselor in {"ana": "mo", "ben": "kit"}.items():
            _clear(made[person], counselor)


def _consents() -> None:
    """Each signs alone, 40 days ago; and says how they may be reached."""
    signed = timezone.now() - timedelta(days=40)
    for number, (key, (given, family, *_)) in enumerate(PEOPLE.items()):
        with acting_as(id_of(key), "person") as person:
            for code in ("notice", "tele", "tpo", "group", "confidences"):
                sign_consent(person, code, f"{given} {family}", now=signed)
            ContactLocation.objects.filter(person_id=id_of(key)).update(
                phone=f"555-010-{1000 + number}",
                safe_route="portal",
                safe_hours="weekdays after 5 pm",
                code_word="porch light",
                emergency_name=f"Sister of {given}",
                emergency_phone=f"555-010-{2000 + number}",
                places={"home": {"address": f"{number + 1} Example Lane", "state": "TX"}},
            )


def _admit(couple_key: str, made: dict[str, Person], team: dict[str, str], today: date) -> None:
    """Both rated 2.1 by their own counselors and admitted 30 days ago."""
    on = today - timedelta(days=30)
    then = timezone.now() - timedelta(days=30)
    for person, counselor in team.items():
        with acting_as(id_of(counselor), "staff") as actor:
            episode.rate_level(
                actor,
                made[person],
                dict.fromkeys(range(1, 6), ("2.1", "needs structure")),
                now=then,
            )
    with acting_as(id_of("ada"), "staff") as admissions:
        for person in team:
            episode.record_readiness(
                admissions, made[person], own_device=True, headphones=True, private_place=True
            )
        episode.admit_couple(admissions, Couple.objects.get(id=id_of(couple_key)), on, now=then)


def _clear(person: Person, counselor: str) -> None:
    """Live screens of one partner yesterday, both negative, signed by the own counselor."""
    asked = timezone.now() - timedelta(days=1)
    with acting_as(id_of(counselor), "staff") as actor:
        episode.record_violence_screen(
            actor, person, SpokenCheck(True, True, True), (False,) * 4, now=asked
        )
        episode.record_suicide_screen(
            actor, person, (False, False, None, None, None, False), now=asked
        )
        episode.sign_clearance(actor, Couple.objects.get(id=id_of("ab")), person, now=asked)


def _team(
    actor: Actor,
    couple_key: str,
    made: dict[str, Person],
    counselors: dict[str, str],
    therapist: str,
    today: date,
) -> None:
    couple = Couple.objects.get(id=id_of(couple_key))
    since = today - timedelta(days=40)
    for person, counselor in counselors.items():
        for staff, role in ((counselor, "counselor"), ("pruitt", "prescriber")):
            assign(actor, couple, made[person], Staff.objects.get(id=id_of(staff)), role, since)
    assign_therapist(actor, couple, Staff.objects.get(id=id_of(therapist)), since)
