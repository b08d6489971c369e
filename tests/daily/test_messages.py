"""Two threads that never meet; nobody learns when the other wrote."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from mutual.base.refusal import NotThere, Refused
from mutual.daily.actions import write_to_couple, write_to_own
from mutual.daily.models import CoupleMessage, OwnMessage
from mutual.daily.threads import couple_thread, own_thread, threads_of_staff
from mutual.people.models import Couple, Person
from mutual.wall.models import Notice
from mutual.wall.relations import end_relations
from tests.daily.factories import raw
from tests.world import id_of


@pytest.mark.rule("P-54", "P-55")
def test_a_message_to_ones_own_counselor_leaves_no_trace_at_the_partner(act) -> None:
    with act("ana") as ana:
        write_to_own(ana, "Tonight was hard.")
    with act("ben"):
        assert raw("select count(*) from daily_ownmessage") == [(0,)]
        assert raw("select count(*) from wall_notice") == [(0,)]
    with act("reyes"):
        assert raw("select count(*) from daily_ownmessage") == [(0,)]
    with act("mo") as mo:
        assert [line.text for line in own_thread(mo, id_of("ana"))] == ["Tonight was hard."]
        assert Notice.objects.count() == 1


@pytest.mark.rule("P-55")
def test_only_the_own_counselor_answers_in_the_own_thread(act) -> None:
    with act("mo") as mo:
        write_to_own(mo, "I am here.", person=Person.objects.get(id=id_of("ana")))
    for other in ("kit", "reyes", "dee"):
        with act(other) as actor, pytest.raises(NotThere):
            write_to_own(actor, "hello", person=Person(id=id_of("ana")))
    with act("ana") as ana:
        assert [(line.author, line.mine) for line in own_thread(ana, id_of("ana"))] == [
            ("Mo Lindgren", False)
        ]


@pytest.mark.rule("P-55")
def test_the_couples_thread_has_three_readers_and_no_other(act) -> None:
    with act("ben") as ben:
        write_to_couple(ben, "Could we talk about Sunday?")
    for who in ("ana", "ben", "reyes"):
        with act(who) as actor:
            lines = couple_thread(actor, id_of("ab"))
            assert [line.text for line in lines] == ["Could we talk about Sunday?"], who
    for who in ("mo", "kit", "dan", "dee", "vale"):
        with act(who):
            assert not CoupleMessage.objects.exists(), who
    with act("ana"):
        assert Notice.objects.count() == 1
    with act("mo") as mo, pytest.raises(NotThere):
        write_to_couple(mo, "x", couple=Couple.objects.get(id=id_of("ab")))


@pytest.mark.rule("P-55")
def test_who_left_the_team_reads_nothing_more(act) -> None:
    with act("ben") as ben:
        write_to_couple(ben, "Could we talk about Sunday?")
    with act("ada"):
        end_relations(id_of("reyes"), id_of("ab"), "couples_therapist")
    with act("reyes") as reyes:
        assert couple_thread(reyes, id_of("ab")) == []


@pytest.mark.rule("P-55", "P-3")
def test_what_was_sent_can_neither_be_changed_nor_sent_in_anothers_name(act) -> None:
    with act("ana") as ana:
        write_to_own(ana, "Tonight was hard.")
        assert OwnMessage.objects.update(text="other") == 0
    with act("ben"), pytest.raises(ProgrammingError), transaction.atomic():
        raw(
            "insert into daily_ownmessage (id, person_id, author_id, addressee_id, text, sent_at)"
            " values (gen_random_uuid(), %s, %s, %s, 'x', now())",
            id_of("ana"), id_of("ana"), id_of("mo"),
        )  # fmt: skip


def test_an_empty_or_endless_message_is_refused_in_words(act) -> None:
    with act("ana") as ana:
        for text in ("   ", "x" * 4001):
            with pytest.raises(Refused) as refused:
                write_to_own(ana, text)
            assert refused.value.field == "text"


def test_a_clinicians_list_has_the_waiting_first(act, django_assert_max_num_queries) -> None:
    with act("ana") as ana:
        write_to_own(ana, "Tonight was hard.")
    with act("mo") as mo, django_assert_max_num_queries(7):
        rows = threads_of_staff(mo)
    assert [(r.names[0][0], r.waiting, r.together) for r in rows] == [("Ana", True, False)]
    with act("mo") as mo:
        write_to_own(mo, "I am here.", person=Person.objects.get(id=id_of("ana")))
        assert not threads_of_staff(mo)[0].waiting
    with act("reyes") as reyes, django_assert_max_num_queries(7):
        assert [r.together for r in threads_of_staff(reyes)] == [True]
