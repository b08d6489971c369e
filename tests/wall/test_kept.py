"""Kept SQL answers each actor as a query made anew would, and knows nobody of the last call."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mutual.people.models import CoupleMember, Person, ShownName
from mutual.record import couples
from mutual.record.couples import PAGE
from mutual.wall.context import NOBODY
from mutual.wall.kept import Kept
from tests.world import STAFF, id_of


@pytest.mark.rule("P-2", "P-11")
def test_whoever_asks_first_the_next_reads_their_own_couples(act) -> None:
    couples._LISTED._made.clear()
    for name in (*STAFF, *reversed(STAFF)):
        with act(name) as actor:
            kept, _more = couples.couples(actor)
            anew = couples._pairs(list(couples._listed(actor, "", 1))[: PAGE * 2])
            assert kept == anew, name
    with act("mo") as mo, CaptureQueriesContext(connection) as seen:
        couples.couples(mo)
    assert len(seen) == 1
    assert str(id_of("kit")) not in seen[0]["sql"] and id_of("kit").hex not in seen[0]["sql"]


def test_objects_come_with_what_was_annotated(act) -> None:
    from mutual.record.queries import _notes, notes_of

    for name in ("mo", "kit", "reyes", "dee"):
        for subject in ("ana", "ben", "ab"):
            with act(name) as actor:
                kept = [(n.id, n.opens) for n in notes_of(actor, [id_of(subject)])]
                anew = [(n.id, n.opens) for n in _notes(actor, [id_of(subject)], None, 60)]
                assert kept == anew, (name, subject)


@pytest.mark.rule("P-3")
def test_a_kept_query_answers_only_the_one_who_acts(act) -> None:
    people: Kept[Person] = Kept(lambda actor: Person.objects.visible_to(actor).values("id"))
    with act("ben") as ben:
        assert people.rows(ben) == [{"id": id_of("ben")}]
    with act("ana") as ana, pytest.raises(PermissionError):
        people.rows(ben)
    with act("ana"):
        assert people.rows(ana) == [{"id": id_of("ana")}]


def test_nobody_reads_nothing_of_a_kept_query(db: None) -> None:
    from django.db import transaction

    people: Kept[Person] = Kept(lambda actor: Person.objects.visible_to(actor).values("id"))
    with transaction.atomic():
        assert people.rows(NOBODY) == []


def test_a_value_that_the_query_does_not_ask_for_is_an_error(act) -> None:
    wrong: Kept[ShownName] = Kept(
        lambda actor, person: ShownName.objects.visible_to(actor).values("name")
    )
    with act("mo") as mo, pytest.raises(ValueError, match="person"):
        wrong.rows(mo, person=uuid4())


def test_values_are_put_in_where_they_belong(act) -> None:
    sides: Kept[CoupleMember] = Kept(
        lambda actor, couple, person: (
            CoupleMember.objects.visible_to(actor)
            .filter(couple_id=couple, person_id=person)
            .values("side")
        )
    )
    with act("mo") as mo:
        asked = [
            (id_of("ab"), id_of("ana")),
            (id_of("ab"), id_of("ben")),
            (id_of("cd"), id_of("ana")),
        ]
        found = [sides.rows(mo, couple=c, person=p) for c, p in asked]
    assert found == [[{"side": "A"}], [{"side": "B"}], []]


@pytest.mark.rule("P-2", "P-3")
def test_a_prepared_plan_answers_whoever_acts_and_holds_nobodys_id(act) -> None:
    names: Kept[ShownName] = Kept(
        lambda actor: ShownName.objects.visible_to(actor).order_by("name").values("name")
    )
    kept = {}
    for _ in range(8):  # more often than the database plans anew
        for who in ("ana", "mo", "kit", "cleo"):
            with act(who) as actor:
                anew = list(ShownName.objects.visible_to(actor).order_by("name").values("name"))
                kept[who] = names.rows(actor)
                assert kept[who] == anew, who
    assert kept["ana"] != kept["cleo"]
    made = next(m for m in names._made.values() if m is not None)
    with connection.cursor() as cursor:
        cursor.execute("select statement from pg_prepared_statements where name = %s", [made.name])
        ((text,),) = cursor.fetchall()
    assert not any(str(id_of(who)) in text for who in ("ana", "mo", "kit", "cleo"))


def test_what_is_prepared_in_a_transaction_that_is_undone_is_asked_again(act) -> None:
    from django.db import transaction

    names: Kept[ShownName] = Kept(lambda actor: ShownName.objects.visible_to(actor).values("name"))
    with act("mo") as mo:
        with pytest.raises(RuntimeError), transaction.atomic():
            before = names.rows(mo)
            raise RuntimeError
        assert names.rows(mo) == before != []
