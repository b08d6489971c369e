"""Agreements: proposed by one, standing once both said yes, kept or let go; nobody is named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.daily import agreements
from mutual.daily.models import Agreement, AgreementYes
from mutual.people.models import Couple
from tests.daily.factories import couples_session, raw
from tests.world import id_of

WORDS = "Phones away at dinner."


def today():
    return timezone.localdate()


def proposed(act, who: str = "ana", **more) -> Agreement:
    with act(who) as actor:
        return agreements.propose(actor, Couple.objects.get(id=id_of("ab")), WORDS, **more)


def standing(act, **more) -> Agreement:
    row = proposed(act, **more)
    with act("ben") as ben:
        return agreements.agree(ben, agreements.one(ben, row.public_id))


def test_an_agreement_stands_only_once_both_said_yes(act) -> None:
    row = proposed(act)
    with act("ana") as ana:
        agreements.agree(ana, row)
        found = agreements.agreements(ana, id_of("ab"), today())
        assert [line.mine for line in found.proposed] == [True]
        assert found.standing == []
    with act("ben") as ben:
        assert [n.mine for n in agreements.agreements(ben, id_of("ab"), today()).proposed] == [
            False
        ]
        agreements.agree(ben, agreements.one(ben, row.public_id))
        found = agreements.agreements(ben, id_of("ab"), today())
    assert [line.row.id for line in found.standing] == [row.id]
    assert found.proposed == []


def test_what_the_therapist_writes_down_needs_the_yes_of_both(act) -> None:
    row = proposed(act, "reyes")
    with act("reyes") as reyes, pytest.raises(NotThere):
        agreements.agree(reyes, row)
    for who in ("ana", "ben"):
        with act(who) as actor:
            row = agreements.agree(actor, agreements.one(actor, row.public_id))
    assert row.stands_on is not None


@pytest.mark.rule("F-13")
def test_a_repeat_of_the_same_form_makes_one_agreement(act) -> None:
    from uuid import uuid4

    key = uuid4()
    assert {proposed(act, key=key).id for _ in range(3)} == {proposed(act, key=key).id}


@pytest.mark.rule("P-3")
def test_nobody_says_yes_for_the_other_and_the_words_stay(act) -> None:
    row = proposed(act)
    with act("ana"), pytest.raises(ProgrammingError), transaction.atomic():
        AgreementYes(agreement=row, couple_id=row.couple_id, person_id=id_of("ben")).save()
    row = standing(act)
    with act("ben"):
        assert AgreementYes.objects.filter(agreement=row).update(person_id=id_of("ana")) == 0
        with pytest.raises(DatabaseError, match="keeps its words"), transaction.atomic():
            Agreement.objects.filter(id=row.id).update(words="Something else.")


@pytest.mark.rule("P-2")
def test_another_couple_finds_nothing(act) -> None:
    row = standing(act)
    with act("cleo") as cleo:
        with pytest.raises(NotThere):
            agreements.one(cleo, row.public_id)
        with pytest.raises(NotThere):
            agreements.propose(cleo, Couple(id=id_of("ab")), "Mine now.")
        assert raw("select 1 from daily_agreement") == []


def test_a_day_that_has_passed_puts_it_on_the_agenda_and_kept_takes_it_off(act) -> None:
    row = standing(act, due_on=today() + timedelta(days=1))
    with act("reyes") as reyes:
        later = today() + timedelta(days=3)
        found = agreements.agreements(reyes, id_of("ab"), later)
        assert [line.row.id for line in found.overdue] == [row.id]
        agreements.close(reyes, row, "kept")
        found = agreements.agreements(reyes, id_of("ab"), later)
    assert found.overdue == []
    assert [line.row.outcome for line in found.past] == ["kept"]


@pytest.mark.rule("C-53")
def test_while_shared_work_rests_nothing_is_overdue(act) -> None:
    standing(act, due_on=today())
    with act("ana") as ana:
        later = today() + timedelta(days=3)
        assert agreements.agreements(ana, id_of("ab"), later).overdue != []
        assert agreements.agreements(ana, id_of("ab"), later, resting=True).overdue == []


def test_each_refusal_says_what_to_do(act) -> None:
    couple = Couple(id=id_of("ab"))
    with act("ana") as ana:
        with pytest.raises(Refused, match="Write what you agree on"):
            agreements.propose(ana, couple, "  ")
        with pytest.raises(Refused, match="today or a later day"):
            agreements.propose(ana, couple, WORDS, due_on=today() - timedelta(days=2))
        with pytest.raises(Refused, match="Shorten it"):
            agreements.propose(ana, couple, "x" * 301)
        row = agreements.propose(ana, couple, WORDS)
        with pytest.raises(Refused, match="both said yes"):
            agreements.close(ana, row, "kept")
        agreements.close(ana, row, "let_go")
        with pytest.raises(Refused, match="closed"):
            agreements.agree(ana, row)


def test_both_partners_and_the_therapist_work_with_them_on_pages(
    act, browse, django_assert_max_num_queries
) -> None:
    couples_session(act, timezone.now() + timedelta(hours=2))
    ana, ben, reyes = browse("ana"), browse("ben"), browse("reyes")
    there = reverse("portal-agreements")
    page = ana.get(there).content.decode()
    key = page.split('name="key" value="')[1].split('"')[0]
    assert ana.post(there, {"words": WORDS, "due_on": "", "key": key}).status_code == 302
    assert ana.post(there, {"words": "", "key": key}).status_code == 422
    assert "Waits for your yes." in ben.get(there).content.decode()
    with act("ben") as actor:
        row = agreements.agreements(actor, id_of("ab"), today()).proposed[0].row
        couple = row.couple.public_id
    one = reverse("portal-agreement", args=[row.public_id])
    assert ben.post(one, {"do": "agree"}).status_code == 302
    assert WORDS in ben.get(one).content.decode()
    with django_assert_max_num_queries(12):
        agenda = reyes.get(reverse("staff-agenda", args=[couple])).content.decode()
    assert WORDS in agenda
    sent = {"do": "let_go", "agreement": str(row.public_id)}
    assert reyes.post(reverse("staff-agenda", args=[couple]), sent).status_code == 302
    assert browse("mo").post(reverse("staff-agenda", args=[couple]), sent).status_code == 404
