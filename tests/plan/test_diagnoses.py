"""Diagnoses: the own counselor and the prescriber write them, few others read them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person
from mutual.plan import diagnoses
from mutual.plan.models import Diagnosis
from tests.world import id_of

TODAY = timezone.localdate


def ana() -> Person:
    return Person.objects.get(id=id_of("ana"))


def written(actor, code: str = "F10.20", *, principal: bool = True, days_ago: int = 9) -> Diagnosis:
    return diagnoses.record_diagnosis(
        actor,
        ana(),
        code,
        "Alcohol use disorder, severe",
        principal=principal,
        since=TODAY() - timedelta(days=days_ago),
    )


@pytest.mark.rule("B-19")
@pytest.mark.parametrize("code", ["", "alcohol", "F1", "U07.1", "F10.20.1"])
def test_a_code_that_can_be_none_is_refused_at_its_field(act, code: str) -> None:
    with act("mo") as mo, pytest.raises(Refused) as error:
        written(mo, code)
    assert error.value.field == "code"


def test_missing_words_and_a_day_to_come_are_refused_at_their_fields(act) -> None:
    with act("mo") as mo:
        with pytest.raises(Refused) as error:
            diagnoses.record_diagnosis(mo, ana(), "F10.20", " ", principal=True, since=TODAY())
        assert error.value.field == "words"
        with pytest.raises(Refused) as error:
            written(mo, days_ago=-1)
        assert error.value.field == "since"


@pytest.mark.rule("B-19")
def test_the_dot_is_kept_or_put_and_the_same_code_stands_once(act) -> None:
    with act("mo") as mo:
        first = written(mo, " f1020 ")
        again = written(mo, "F10.20", principal=False)
        assert (first.code, again.id) == ("F10.20", first.id)
        assert Diagnosis.objects.filter(person_id=id_of("ana")).count() == 1


def test_a_new_principal_diagnosis_takes_the_place_of_the_old(act) -> None:
    with act("mo") as mo:
        written(mo, "F10.20")
    with act("pruitt") as pruitt:
        written(pruitt, "F33.1")
        found = diagnoses.diagnoses_of(pruitt, id_of("ana"))
    assert [(d.code, d.principal) for d in found] == [("F33.1", True), ("F10.20", False)]


def test_what_stands_comes_before_what_has_ended(act) -> None:
    with act("mo") as mo:
        gone = written(mo, "F33.1")
        written(mo, "F10.20", principal=False)
        with pytest.raises(Refused, match="before it began"):
            diagnoses.end_diagnosis(mo, gone, date(2020, 1, 1))
        diagnoses.end_diagnosis(mo, gone, TODAY())
        assert [d.code for d in diagnoses.diagnoses_of(mo, id_of("ana"))] == ["F10.20", "F33.1"]
        with pytest.raises(NotThere):
            diagnoses.open_diagnosis(mo, id_of("ana"), "F33.1")


@pytest.mark.rule("P-1", "P-3")
@pytest.mark.parametrize("who", ["kit", "reyes", "ben", "ana", "dee", "ada", "bill"])
def test_nobody_else_writes_one(act, who: str) -> None:
    with act("mo") as mo:
        kept = written(mo)
    with act(who) as actor:
        with pytest.raises(NotThere):
            diagnoses.record_diagnosis(
                actor, Person(id=id_of("ana")), "F33.1", "Words", principal=True, since=TODAY()
            )
        kept.person = Person(id=id_of("ana"))
        with pytest.raises(NotThere):
            diagnoses.end_diagnosis(actor, kept, TODAY())


@pytest.mark.rule("P-1", "P-7")
@pytest.mark.parametrize(
    ("who", "sees"),
    [("mo", True), ("pruitt", True), ("reyes", True), ("ana", True), ("bill", True),
     ("kit", False), ("ben", False), ("dee", False), ("ada", False), ("noor", False)],
)  # fmt: skip
def test_who_reads_them_is_the_tables_to_say(act, who: str, sees: bool) -> None:
    with act("mo") as mo:
        written(mo)
    with act(who) as actor:
        assert bool(diagnoses.diagnoses_of(actor, id_of("ana"))) is sees
