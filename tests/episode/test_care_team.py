"""The care-team rule, in Python and in the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.types.range import DateRange

from mutual.base.refusal import Refused
from mutual.episode.models import CareAssignment
from mutual.episode.team import assign, assign_therapist
from mutual.people.models import Couple, Person, Staff
from tests.world import id_of


@pytest.mark.rule("C-3", "P-5")
def test_the_couples_therapist_is_refused_as_counselor_of_either_partner(act) -> None:
    with act("ada") as ada:
        couple = Couple.objects.get(id=id_of("ab"))
        reyes = Staff.objects.get(id=id_of("reyes"))
        reyes.roles = [*reyes.roles, "counselor"]
        for name in ("ana", "ben"):
            with pytest.raises(Refused, match="Already this couple's therapist"):
                assign(
                    ada,
                    couple,
                    Person.objects.get(id=id_of(name)),
                    reyes,
                    "counselor",
                    timezone.localdate(),
                )


@pytest.mark.rule("C-3")
def test_a_counselor_is_refused_as_the_couples_therapist(act) -> None:
    with act("ada") as ada:
        mo = Staff.objects.get(id=id_of("mo"))
        mo.roles = [*mo.roles, "couples_therapist"]
        with pytest.raises(Refused, match="Counsels or treats one of this couple"):
            assign_therapist(ada, Couple.objects.get(id=id_of("ab")), mo, timezone.localdate())


@pytest.mark.rule("C-4")
def test_one_counselor_for_both_partners_is_refused(act) -> None:
    with act("ada") as ada, pytest.raises(Refused, match="does not counsel the partner"):
        assign(
            ada,
            Couple.objects.get(id=id_of("ab")),
            Person.objects.get(id=id_of("ben")),
            Staff.objects.get(id=id_of("mo")),
            "counselor",
            timezone.localdate(),
        )


@pytest.mark.rule("C-3", "C-4")
@pytest.mark.parametrize(
    ("person", "staff", "role", "slot"),
    [
        ("ana", "reyes", "counselor", "counselor:ana"),
        ("ben", "reyes", "prescriber", "medical"),
        ("ben", "mo", "counselor", "counselor:ben"),
        ("ana", "mo", "couples_therapist", "ct"),
    ],
)
def test_the_database_refuses_it_too(act, person: str, staff: str, role: str, slot: str) -> None:
    with act("ada"), pytest.raises(IntegrityError), transaction.atomic():
        today = timezone.localdate()
        CareAssignment.objects.create(
            couple_id=id_of("ab"),
            person_id=id_of(person),
            staff_id=id_of(staff),
            role=role,
            slot=slot,
            during=DateRange(today, today + timedelta(days=1)),
        )
