"""Worksheets: one's own, the counselor's to read, the partner's by a signature alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from mutual.base.forms import PartsForm
from mutual.base.refusal import NotThere, Refused
from mutual.daily import worksheets
from mutual.daily.models import Worksheet
from mutual.daily.sheets import SHEETS
from mutual.people.models import Person
from mutual.wall.context import as_service
from mutual.wall.relations import consent_ends, consent_in_force
from tests.trails import trail
from tests.world import id_of

KEY = "mine-and-yours"


def write(actor, words: str = "The calls.", version: int = 0, **more):
    return worksheets.write(actor, KEY, {"carry": words}, version=version, **more)


def test_each_theme_of_the_plan_has_a_worksheet_and_no_key_stands_twice() -> None:
    assert len(SHEETS) == 6
    for sheet in SHEETS.values():
        keys = [question.key for question in sheet.questions]
        assert len(set(keys)) == len(keys) >= 3


@pytest.mark.rule("P-1", "P-47")
def test_own_counselor_and_medical_team_read_it_and_neither_partner_nor_the_others(act) -> None:
    with act("ana") as ana:
        made = write(ana, finish=True)
    for who in ("mo", "pruitt"):
        with act(who) as actor:
            person = worksheets.person_with_sheets(
                actor, Person.objects.get(id=id_of("ana")).public_id
            )
            (found,) = worksheets.of_person(actor, person)
            assert dict(found.answers)[str(SHEETS[KEY].questions[0].words)] == "The calls."
    for who in ("ben", "reyes", "kit", "ada", "bill", "cleo"):
        with act(who) as actor:
            assert not Worksheet.objects.exists()
            with pytest.raises(NotThere):
                worksheets.one(actor, made.public_id)


@pytest.mark.rule("P-16", "P-21")
def test_a_release_opens_finished_ones_to_the_partner_until_it_is_taken_back(act) -> None:
    with act("ana") as ana:
        made = write(ana, finish=True)
        begun = write(ana, "Not yet for anybody.")
    start = timezone.now() - timedelta(hours=1)
    with as_service("revocations"):
        consent_in_force(id_of("ana"), "pt:worksheet", start, None)
    with act("ben") as ben:
        (theirs,) = worksheets.finished_of(ben, id_of("ana"))
        assert theirs.public_id == made.public_id
        assert worksheets.one(ben, made.public_id).text["carry"] == "The calls."
        with pytest.raises(NotThere):
            worksheets.one(ben, begun.public_id)
    with as_service("revocations"):
        consent_ends(id_of("ana"), "pt:worksheet", timezone.now())
    with act("ben") as ben:
        assert worksheets.finished_of(ben, id_of("ana")) == []


@pytest.mark.rule("F-14")
def test_two_windows_lose_nothing_and_the_same_save_twice_is_one(act) -> None:
    with act("ana") as ana:
        first = write(ana, "One")
        second = write(ana, "Two", first.version)
        assert write(ana, "Two", first.version) == second
        with pytest.raises(Refused) as refused:
            write(ana, "From the other window", first.version)
        assert refused.value.rule == "F-14"
        with pytest.raises(Refused):
            write(ana, "A form opened before it was begun", 0)
        found = worksheets.open_of(ana)[KEY]
        assert found.text["carry"] == "Two"
        parts = [(q.key, str(q.words), str(q.hint)) for q in SHEETS[KEY].questions]
        form = PartsForm(parts, {"carry": "Other"})
        assert form.is_valid()
        ((question, kept),) = form.refused(refused.value, found.text, found.version)
        assert (question, kept) == (str(SHEETS[KEY].questions[0].words), "Two")
        assert form.data["version"] == str(found.version)


def test_a_finished_one_stays_as_it_is_and_the_next_is_begun_anew(act) -> None:
    with act("ana") as ana:
        done = write(ana, finish=True)
        assert worksheets.open_of(ana) == {}
        with pytest.raises(DatabaseError), transaction.atomic():
            Worksheet.objects.filter(public_id=done.public_id).update(text={"carry": "x"})
        again = write(ana, "Later")
        assert again.public_id != done.public_id
        assert [one.public_id for one in worksheets.finished_of(ana, id_of("ana"))] == [
            done.public_id
        ]


def test_what_cannot_be_kept_is_refused_with_its_box(act) -> None:
    with act("ana") as ana:
        with pytest.raises(Refused) as empty:
            write(ana, "   ")
        assert empty.value.field == "carry"
        with pytest.raises(Refused) as long:
            write(ana, "x" * (worksheets.LONGEST + 1))
        assert long.value.field == "carry"
        with pytest.raises(NotThere):
            worksheets.write(ana, "none", {"carry": "x"}, version=0)
    with act("mo") as mo, pytest.raises(NotThere):
        write(mo)


@pytest.mark.rule("P-87")
def test_whoever_else_reads_it_stands_in_the_trail(act) -> None:
    with act("ana") as ana:
        write(ana)
    with act("mo") as mo:
        worksheets.of_person(mo, Person.objects.get(id=id_of("ana")))
    assert "worksheet" in [kind for kind, _under, _reason in trail(act, "read", id_of("ana"))]


def test_it_is_filled_in_on_the_page_in_two_sittings_and_read_by_the_counselor(
    act, browse, django_assert_max_num_queries
) -> None:
    ana = browse("ana")
    where = "/me/sheets/1/"
    assert browse("ana", pin=False).get(where).status_code == 302
    empty = ana.post(where, {"version": "0"})
    assert empty.status_code == 422 and "Write a few words first." in empty.content.decode()
    assert ana.post(where, {"version": "0", "carry": "The calls."}).status_code == 302
    assert "The calls." in ana.get(where).content.decode()
    stale = ana.post(where, {"version": "0", "carry": "From another window"})
    text = stale.content.decode()
    assert stale.status_code == 422 and "From another window" in text and "The calls." in text
    ana.post(where, {"version": "1", "carry": "The calls.", "line": "No.", "do": "finish"})
    with django_assert_max_num_queries(8):
        page = ana.get("/me/sheets/").content.decode()
    assert "Finished" in page and "begun" not in page
    with act("mo"):
        person = Person.objects.get(id=id_of("ana")).public_id
    mo = browse("mo")
    with django_assert_max_num_queries(12):
        read = mo.get(f"/staff/people/{person}/worksheets/")
    assert "The calls." in read.content.decode()
    assert ana.get("/me/sheets/7/").status_code == 404
    assert browse("kit").get(f"/staff/people/{person}/worksheets/").status_code == 404
    assert "Worksheets" not in browse("ben").get("/me/notes/").content.decode()
