"""A partner's plan and notes: own ones behind the PIN, the other's as if they were not."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from mutual.plan.models import CouplePlan, IndividualPlan
from mutual.record import actions
from mutual.record.models import Note
from tests.plan.factories import couple_plan, own_plan
from tests.record.factories import draft, plain, same, signed, start
from tests.world import id_of

OWN = ("/me/plan/", "/me/notes/")


@pytest.mark.rule("P-2", "F-20")
def test_the_partner_gets_byte_equal_answers_for_the_others_note_and_for_nothing(
    act, browse
) -> None:
    with act("mo") as mo:
        note = signed(mo)
    client = browse("ben")
    for url in ("/me/notes/{}/", "/me/documents/{}/summary/", "/staff/notes/{}/"):
        assert same(client.get(url.format(note.public_id)), client.get(url.format(uuid4())))
    assert client.get(f"/me/notes/{note.public_id}/").status_code == 404


@pytest.mark.rule("F-20", "P-48")
def test_the_partners_pages_are_byte_equal_whether_the_others_note_exists_or_not(
    act, browse
) -> None:
    client = browse("ben")

    def crawl() -> list[bytes]:
        return [plain(client.get(url).content) for url in (*OWN, "/us/plan/")]

    before = crawl()
    with act("mo") as mo:
        note = signed(mo)
        own_plan(mo, "ana")
        start(mo)
    assert crawl() == before
    with act("ben"):
        assert not Note.objects.filter(id=note.id).exists()


@pytest.mark.rule("C-76")
def test_a_person_reads_an_own_note_once_it_is_signed(act, browse) -> None:
    with act("mo") as mo:
        note = start(mo)
        draft(mo, note, "Sleep got better.")
    client = browse("ana")
    assert client.get(f"/me/notes/{note.public_id}/").status_code == 404
    with act("mo") as mo:
        actions.sign_note(mo, note)
    assert "Progress note" in client.get("/me/notes/").content.decode()
    text = client.get(f"/me/notes/{note.public_id}/").content.decode()
    assert "Sleep got better." in text and "Not my partner" in text


@pytest.mark.rule("P-68")
@pytest.mark.parametrize("url", OWN)
def test_own_pages_open_with_the_pin_only(browse, url: str) -> None:
    answer = browse("ana", pin=False).get(url)
    assert answer.status_code == 302 and answer["Location"].startswith("/pin/")
    assert browse("mo").get(url).status_code == 404


@pytest.mark.rule("C-67", "C-64")
def test_a_person_signs_the_own_plan_with_a_typed_name_or_says_no(act, browse) -> None:
    with act("mo") as mo:
        plan, _ = own_plan(mo, "ana")
        actions_before = IndividualPlan.objects.get(id=plan.id).status
    assert actions_before == "draft"
    client = browse("ana")
    page = client.get("/me/plan/").content.decode()
    assert "Two talks of ten minutes" in page and "Your answer" in page
    assert client.post("/me/plan/", {"answer": "signed"}).status_code == 422
    answer = client.post("/me/plan/", {"answer": "declined", "comment": "Not yet"}, follow=True)
    assert "Your care goes on as before" in answer.content.decode()


@pytest.mark.rule("C-64", "P-48", "C-67")
def test_each_partner_signs_ours_alone_and_sees_only_the_own_answer(act, browse) -> None:
    with act("reyes") as reyes:
        plan, _ = couple_plan(reyes)
        from mutual.plan.actions import sign_plan

        sign_plan(reyes, plan)
    ana, ben = browse("ana", pin=False), browse("ben", pin=False)
    before = ben.get("/us/plan/").content
    ana.post("/us/plan/", {"answer": "signed", "signature": "Ana Fiction"})
    assert plain(ben.get("/us/plan/").content) == plain(before)
    assert b"It is a draft until everyone has" in ana.get("/us/plan/").content
    ben.post("/us/plan/", {"answer": "signed", "signature": "Ben Fiction"})
    assert b"Signed by all" in ana.get("/us/plan/").content
    with act("reyes"):
        assert CouplePlan.objects.get(couple_id=id_of("ab")).status == "active"


@pytest.mark.rule("P-51", "C-102")
def test_a_paper_has_a_neutral_name_and_is_kept_nowhere(act, browse) -> None:
    from mutual.record import discharge as d
    from tests.record.test_discharge import WORDS, ana, plan, stay

    stay()
    with act("mo") as mo:
        facts = d.discharge(mo, ana(), "completed", plan=plan(), words=WORDS)
        d.sign_summary(mo, facts)
    client = browse("ana")
    assert str(facts.public_id) in client.get("/me/notes/").content.decode()
    for which in ("summary", "plan"):
        answer = client.get(f"/me/documents/{facts.public_id}/{which}/")
        assert answer["Content-Type"] == "application/pdf"
        assert re.search(r'filename="document-\w{4}\.pdf"', answer["Content-Disposition"])
        assert answer["Cache-Control"] == "no-store"
        assert browse("ben").get(f"/me/documents/{facts.public_id}/{which}/").status_code == 404
        staff = browse("mo").get(f"/staff/documents/{facts.public_id}/{which}/")
        assert staff.status_code == 200
