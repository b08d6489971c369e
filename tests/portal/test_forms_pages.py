"""A form's page: calm, empty at first, gone after sending."""

from __future__ import annotations

import pytest
from django.utils import timezone

from mutual.measures.actions import assign_form
from mutual.people.models import Person, StaffTask
from tests.world import id_of


def address(act) -> str:
    with act("mo") as mo:
        form = assign_form(mo, Person.objects.get(id=id_of("ana")), "phq9", timezone.localdate())
    return f"/forms/{form.public_id}/"


ANSWERS = {f"item_{n}": "1" for n in range(1, 11)}


@pytest.mark.rule("I-13", "P-64")
def test_a_form_names_its_readers_prefills_nothing_and_names_no_instrument(browse, act) -> None:
    page = browse("ana").get(address(act)).content.decode()
    assert "<title>Mutual</title>" in page
    assert "Mo Lindgren, your counselor" in page
    assert "checked>" not in page and "checked=" not in page and "PHQ" not in page
    assert "Skip this one" in page


@pytest.mark.rule("I-9", "P-64")
def test_thanks_comes_after_the_task_and_back_leads_to_the_menu(browse, act) -> None:
    ana, where = browse("ana"), address(act)
    answer = ana.post(where, ANSWERS)
    assert answer["Location"] == "/forms/thanks/"
    with act("mo"):
        assert StaffTask.objects.filter(rule="C-81").exists()
    assert ana.get(where)["Location"] == "/me/forms/"
    menu = ana.get("/me/forms/").content.decode()
    assert "Check-in," in menu and "PHQ" not in menu


@pytest.mark.rule("F-18")
def test_an_unanswered_question_is_asked_for_and_a_skipped_one_is_missing(browse, act) -> None:
    ana, where = browse("ana"), address(act)
    lacking = {k: v for k, v in ANSWERS.items() if k != "item_3"}
    again = ana.post(where, lacking)
    assert again.status_code == 200 and b"skip this one" in again.content
    ana.post(where, {**ANSWERS, "item_3": "-", "item_9": "-"})
    assert b"no total" in ana.get("/me/forms/").content


@pytest.mark.rule("P-2")
def test_the_partner_finds_nothing_at_the_address(browse, act) -> None:
    where = address(act)
    assert browse("ben").get(where).status_code == 404
    assert browse("mo").get(where).status_code == 404
