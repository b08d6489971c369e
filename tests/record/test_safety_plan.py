"""A safety plan: whose it is, who reads it, and the partner who stands in it or not (C-82)."""

from __future__ import annotations

import pytest
from django.db import connection

from mutual.base.forms import PartsForm
from mutual.base.refusal import NotThere, Refused
from mutual.episode.actions import record_violence_screen
from mutual.episode.screening_rules import SpokenCheck
from mutual.people.models import Person, StaffTask
from mutual.record import safety
from mutual.record.models import SafetyPlan
from tests.world import id_of

WORDS = {"signs": "I stop answering the phone.", "people": "My sister Rosa, 555 0100"}
ALONE = SpokenCheck(alone=True, headphones=True, code_word=True)


def ana() -> Person:
    return Person.objects.get(id=id_of("ana"))


def screened(act, answers: list[bool]) -> None:
    with act("mo") as mo:
        record_violence_screen(mo, ana(), ALONE, answers)


@pytest.mark.rule("C-82")
def test_the_person_and_the_own_counselor_fill_the_same_plan_in(act) -> None:
    with act("ana") as actor:
        safety.save_plan(actor, ana(), WORDS, version=0)
    with act("mo") as mo:
        found = safety.plan_of(mo, ana())
        assert found.text["signs"] == WORDS["signs"]
        safety.save_plan(mo, ana(), {**found.text, "coping": "A walk."}, version=1)
    with act("ana") as actor:
        assert safety.plan_of(actor, ana()).text["coping"] == "A walk."
        assert [part.key for part in safety.PARTS] == list(safety.plan_of(actor, ana()).text)


@pytest.mark.rule("C-82", "P-3")
@pytest.mark.parametrize("who", ["ben", "kit", "reyes", "noor", "bill", "ada", "dee"])
def test_nobody_else_learns_that_there_is_a_plan(act, who: str) -> None:
    with act("ana") as actor:
        public = ana().public_id
        safety.save_plan(actor, ana(), WORDS, version=0)
    with act(who) as other, connection.cursor() as cursor:
        assert not SafetyPlan.objects.visible_to(other).exists()
        cursor.execute("select count(*) from record_safetyplan")
        assert cursor.fetchone() == (0,)
        with pytest.raises(NotThere):
            safety.person_with_plan(other, public)


@pytest.mark.rule("P-9")
def test_the_words_are_sealed_and_a_copied_row_does_not_open(act) -> None:
    with act("ana") as actor:
        safety.save_plan(actor, ana(), WORDS, version=0)
        row = SafetyPlan.objects.get(person_id=id_of("ana"))
    assert b"sister" not in bytes(row.sealed)
    assert b"phone" not in bytes(row.sealed)


@pytest.mark.rule("C-82", "C-13")
@pytest.mark.parametrize("answers", [[True, False, False, False], None])
def test_a_partner_wished_for_without_a_negative_screen_waits_and_the_counselor_is_prompted(
    act, answers
) -> None:
    if answers:
        screened(act, answers)
    else:
        with act("mo") as mo:  # deferred: not alone
            record_violence_screen(mo, ana(), SpokenCheck(False, True, True))
    with act("ana") as actor:
        mine = safety.save_plan(actor, ana(), WORDS, version=0, partner=True)
        # What the person reads back is what they wrote, whatever a screen said.
        assert mine.partner is True
    with act("mo") as mo:
        found = safety.plan_of(mo, ana())
        assert (found.partner, found.partner_stands) == (True, False)
        task = StaffTask.objects.get(addressee_id=mo.id, text__startswith="Go through the safety")
        for word in ("screen", "partner", "violence"):
            assert word not in task.text.lower()


@pytest.mark.rule("C-82")
def test_a_partner_stands_in_the_plan_by_the_persons_own_wish_alone(act) -> None:
    screened(act, [False, False, False, False])
    with act("ana") as actor:
        safety.save_plan(actor, ana(), WORDS, version=0, partner=True)
        assert safety.plan_of(actor, ana()).partner_stands
    with act("mo") as mo:
        # The counselor saves without the box: the person's wish stays theirs.
        safety.save_plan(mo, ana(), WORDS, version=1, partner=False)
        assert safety.plan_of(mo, ana()).partner
        assert not StaffTask.objects.filter(
            addressee_id=mo.id, text__startswith="Go through the safety"
        ).exists()


@pytest.mark.rule("C-82")
def test_naming_the_partner_among_those_to_ask_is_the_same_wish(act) -> None:
    screened(act, [True, False, False, False])
    with act("ana") as actor:
        found = safety.save_plan(actor, ana(), {"people": "Ben, always"}, version=0)
    assert (found.partner, found.partner_stands) == (True, False)


@pytest.mark.rule("F-14")
def test_two_writers_lose_nothing(act) -> None:
    with act("ana") as actor:
        safety.save_plan(actor, ana(), WORDS, version=0)
        with pytest.raises(Refused) as refused:
            safety.save_plan(actor, ana(), {"signs": "Other words"}, version=0)
        assert refused.value.rule == "F-14"
        assert safety.plan_of(actor, ana()).text["signs"] == WORDS["signs"]
        kept = safety.plan_of(actor, ana())
        form = PartsForm(safety.boxes(), {"signs": "Other words"})
        assert form.is_valid() and form.refused(refused.value, kept.text, kept.version)


def test_a_saved_version_stays_as_it_was(act) -> None:
    with act("ana") as actor:
        safety.save_plan(actor, ana(), WORDS, version=0)
        safety.save_plan(actor, ana(), {"signs": "Later"}, version=1)
    with act("mo"), connection.cursor() as cursor:
        cursor.execute("select count(*) from record_safetyplan")
        assert cursor.fetchone() == (2,)
        with pytest.raises(Exception, match=r"saved version|permission|policy"):
            cursor.execute("update record_safetyplan set version = 9")


@pytest.mark.rule("C-82")
def test_an_empty_plan_is_refused_in_words(act) -> None:
    with act("ana") as actor, pytest.raises(Refused, match="at least one part"):
        safety.save_plan(actor, ana(), {"signs": "  "}, version=0)


@pytest.mark.rule("P-69", "C-82")
def test_the_page_keeps_what_was_typed_and_looks_alike_for_everyone(browse) -> None:
    client = browse("ana")
    page = client.get("/me/own/")
    assert page.status_code == 200
    sent = {"version": "0", "signs": "Nights without sleep", "partner": "1"}
    assert client.post("/me/own/", sent).status_code == 302
    again = client.post("/me/own/", {"version": "0", "signs": "Mine, typed later"})
    assert again.status_code == 422
    assert "Mine, typed later" in again.text
    assert "Nights without sleep" in again.text
    tiles = [browse(who).get("/me/").text.count("/me/own/") for who in ("ana", "ben")]
    assert tiles[0] == tiles[1] > 0


def test_the_counselor_fills_it_in_on_the_staff_page(browse, act) -> None:
    with act("mo"):
        public = ana().public_id
    client = browse("mo")
    url = f"/staff/people/{public}/safety-plan/"
    assert "Nothing saved yet" in client.get(url).text
    assert client.post(url, {"version": "0", "coping": "Music"}).status_code == 302
    assert "Music" in client.get(url).text
    assert browse("kit").get(url).status_code == 404
    assert browse("reyes").get(url).status_code == 404
