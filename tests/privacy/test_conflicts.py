"""Conflicts of interest: a name closes everything there, and tells nobody who is here (P-6)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.episode.team import assign
from mutual.people import actions as people
from mutual.people.models import Couple, Person, Staff
from mutual.privacy import conflicts
from mutual.privacy.models import ConflictMatch, ConflictOfInterest
from tests.world import id_of


def seen(act, who: str) -> set[str]:
    with act(who) as actor:
        return {p.given_name for p in Person.objects.visible_to(actor)}


@pytest.mark.rule("P-6")
def test_the_biller_who_is_bens_cousin_finds_neither_the_couple_nor_its_two(act) -> None:
    assert seen(act, "bill") == {"Ana", "Ben", "Cleo", "Dan"}
    with act("bill") as bill:
        conflicts.declare(bill, "  ben   FICTION ", "relative")
        assert {p.given_name for p in Person.objects.visible_to(bill)} == {"Cleo", "Dan"}
        assert not Couple.objects.visible_to(bill).filter(id=id_of("ab")).exists()
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from people_person where id = %s", [id_of("ben")])
            assert cursor.fetchone() == (0,)


@pytest.mark.rule("P-6", "P-8")
def test_a_counselor_who_declares_it_late_loses_the_record_in_the_same_second(act) -> None:
    assert "Ana" in seen(act, "mo")
    with act("mo") as mo:
        conflicts.declare(mo, "Ana Fiction", "neighbour")
        assert not Person.objects.visible_to(mo).filter(id=id_of("ana")).exists()


@pytest.mark.rule("P-6")
def test_an_assignment_there_is_refused_without_a_word_of_why(act) -> None:
    today = timezone.localdate()
    nurse = Staff.objects.create(name="Nell Frost", roles=["nurse"], active_from=today)
    with act("dee") as dee:
        conflicts.declare(dee, "Ana Fiction", "friend", staff=nurse)
    with act("ada") as ada:
        couple = Couple.objects.get(id=id_of("ab"))
        ana = Person.objects.get(id=id_of("ana"))
        with pytest.raises(Refused) as refused:
            assign(ada, couple, ana, nurse, "nurse", today + timedelta(days=1))
        assert refused.value.rule == "P-6"
        for word in ("friend", "conflict", "declared", "Ana"):
            assert word not in refused.value.text


@pytest.mark.rule("P-6", "P-32")
def test_the_one_who_declares_learns_nothing_of_who_is_here(act, browse) -> None:
    client = browse("cory")
    for name in ("Ana Fiction", "Nobody Known"):
        answer = client.post("/staff/conflicts/", {"name": name, "relation": "friend"}, follow=True)
        assert answer.status_code == 200
    page = client.get("/staff/conflicts/").content.decode()
    listed = re.findall(r"<li>.*?</li>", page.split("What you declared")[1], re.S)[:2]
    shapes = {re.sub(r"Ana Fiction|Nobody Known|datetime=\"[^\"]*\"", "", one) for one in listed}
    assert len(listed) == 2 and len(shapes) == 1
    with act("cory"):
        assert ConflictMatch.objects.count() == 0
        assert ConflictOfInterest.objects.count() == 2


@pytest.mark.rule("P-6")
def test_a_conflict_waits_for_somebody_who_comes_later(act) -> None:
    with act("bill") as bill:
        conflicts.declare(bill, "Later Comer", "relative")
    with act("ada") as ada:
        later = people.add_person(ada, given_name="Later", family_name="Comer")
        other = people.add_person(ada, given_name="Other", family_name="Half")
        people.form_couple(ada, later, other, timezone.localdate())
    assert not {"Later", "Other"} & seen(act, "bill")
    assert {"Later", "Other"} <= seen(act, "ada")


@pytest.mark.rule("P-6")
def test_nobody_ends_their_own_and_an_end_opens_again_with_a_reason(act) -> None:
    with act("bill") as bill:
        row = conflicts.declare(bill, "Ben Fiction", "relative")
        with pytest.raises(NotThere):
            conflicts.end(bill, row.public_id, "changed my mind")
        assert ConflictOfInterest.objects.filter(id=row.id).update(ended_at=timezone.now()) == 0
    with act("dee") as dee:
        with pytest.raises(Refused):
            conflicts.end(dee, row.public_id, " ")
        conflicts.end(dee, row.public_id, "It was another Ben.")
    assert "Ben" in seen(act, "bill")
    with act("bill") as bill:
        assert conflicts.mine(bill)[0].ended_why == "It was another Ben.", "the history stays"


@pytest.mark.rule("P-6")
def test_another_person_of_the_same_name_is_ruled_out_by_who_manages(act) -> None:
    with act("bill") as bill:
        conflicts.declare(bill, "Ben Fiction", "relative")
    with act("dee") as dee:
        (line,) = conflicts.register(dee)
        assert [m.name for m in line.matches] == ["Ben Fiction"]
        conflicts.rule_out(dee, line.matches[0].row.public_id)
    assert "Ben" in seen(act, "bill")
    with act("dee") as dee:
        conflicts.rule_out(dee, line.matches[0].row.public_id, again=True)
    assert "Ben" not in seen(act, "bill")


@pytest.mark.rule("P-6")
def test_the_director_reads_and_ends_none_of_the_directors_own(act) -> None:
    with act("dee") as dee:
        row = conflicts.declare(dee, "Ana Fiction", "partner")
        assert conflicts.register(dee) == []
        assert not ConflictMatch.objects.exists()
        with pytest.raises(NotThere):
            conflicts.end(dee, row.public_id, "no")
    assert "Ana" not in seen(act, "dee")
    with act("pia") as pia:
        assert conflicts.register(pia)[0].matches[0].name == "Ana Fiction"


@pytest.mark.rule("P-6")
def test_director_and_officer_record_it_for_somebody_and_others_do_not(act) -> None:
    with act("pia") as pia:
        conflicts.declare(
            pia, "Cleo Madeup", "colleague", staff=Staff.objects.get(id=id_of("noor"))
        )
    assert "Cleo" not in seen(act, "noor")
    with act("mo") as mo, pytest.raises(NotThere):
        conflicts.declare(mo, "Ana Fiction", "friend", staff=Staff.objects.get(id=id_of("kit")))
