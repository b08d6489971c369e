"""My money and my hours: my own figures, with the PIN, nothing of my partner."""

from __future__ import annotations

import re

import pytest

from mutual.coverage.models import InsuranceCard
from tests.claims import factories as make
from tests.coverage import factories as insurance
from tests.world import id_of


def told(act, name: str = "ana", left: tuple[str, str] = ("500", "1800"), **fields) -> None:
    with act("ada") as ada:
        member = f"M-{name}"
        insurance.card(ada, name, insurance.payer(ada), member_id=member, **fields)
        insurance.imported(ada, insurance.answer(*insurance.with_left(*left), member=member), name)


@pytest.mark.rule("P-57", "B-47")
def test_i_see_my_own_figures_and_the_familys_totals(browse, act) -> None:
    told(act)
    page = browse("ana").get("/me/money/").content.decode()
    assert "$1,000 used" in page and "$500 left of $1,500" in page
    assert "The family&#x27;s deductible" in page and "$1,800 left of $3,000" in page
    assert "An estimate, not a bill." in page
    assert "EB*C*IND*30***29*500*****Y" in page
    assert "not part of a virtual programme" in page
    assert "<title>Mutual</title>" in page and "Not my partner" in page


@pytest.mark.rule("P-57", "F-17")
def test_my_page_is_the_same_before_and_after_my_partners_answer_and_claims(browse, act) -> None:
    told(act)
    csrf = re.compile(r'(value|content|X-CSRFToken)[^>]{0,20}"[A-Za-z0-9]{64}"|[A-Za-z0-9]{64}')
    before = csrf.sub("", browse("ana").get("/me/money/").content.decode())
    told(act, "ben", ("0", "0"))
    make.diagnosed("ben")
    make.day("ben", make.ago(3))
    after = csrf.sub("", browse("ana").get("/me/money/").content.decode())
    assert after == before


@pytest.mark.rule("P-68")
def test_the_page_asks_for_the_pin(browse) -> None:
    client = browse("ana", pin=False)
    for address in ("/me/money/", "/me/hours/"):
        answer = client.get(address)
        assert answer.status_code == 302 and answer["Location"].startswith("/pin/")


@pytest.mark.rule("P-56", "B-46", "F-17")
def test_a_dependent_is_asked_before_the_first_claim_and_gets_a_ready_request(browse, act) -> None:
    with act("ada") as ada:
        insurance.dependent_of_ben(ada)
    ana = browse("ana")
    page = ana.get("/me/money/").content.decode()
    assert "Before your first claim" in page and "pay for your care yourself" in page
    assert ana.post("/me/money/letters/", {"answer": "nonsense"}).status_code == 422
    assert ana.post("/me/money/letters/", {"answer": "private"}).status_code == 302
    page = ana.get("/me/money/").content.decode()
    assert "Before your first claim" not in page and "to you alone" in page
    letter = ana.get("/me/money/request/").content.decode()
    assert "164.522" in letter and "Ana Fiction" in letter and "Ben" not in letter
    with act("ada"):
        assert InsuranceCard.objects.get(person_id=id_of("ana")).told == "private"
    assert browse("ben").get("/me/money/request/").status_code == 404


@pytest.mark.rule("F-17")
def test_the_policyholder_sees_nothing_of_the_dependents_money(browse, act) -> None:
    with act("ada") as ada:
        insurance.dependent_of_ben(ada)
        insurance.imported(ada, insurance.answer(dependent=True))
    page = browse("ben").get("/me/money/").content.decode()
    assert "No insurance card yet" in page and "$" not in page


@pytest.mark.rule("P-39")
def test_who_pays_without_the_plan_sees_that_it_is_told_nothing(browse, act) -> None:
    told(act, self_pay_since=None)
    with act("ada"):
        InsuranceCard.objects.filter(person_id=id_of("ana")).update(self_pay_since=make.ago(1))
    assert "told nothing" in browse("ana").get("/me/money/").content.decode()


@pytest.mark.rule("C-33")
def test_my_hours_show_attended_and_documented_as_ring_and_table(browse, act) -> None:
    make.day("ana", make.ago(8), 90)
    session = make.seat("ana", make.ago(8), 60, 14)
    make.came(session, "ana", 60)
    client = browse("ana")
    page = client.get(f"/me/hours/?week={make.ago(8).isoformat()}").content.decode()
    assert "2 h 30" in page and "1 h 30" in page and "<table" in page
    assert client.get("/me/hours/?week=nonsense").status_code == 200
    other = browse("ben").get(f"/me/hours/?week={make.ago(8).isoformat()}").content.decode()
    assert "2 h 30" not in other


@pytest.mark.parametrize("name", ["mo", "bill", "dee"])
def test_staff_find_no_portal_pages(browse, name) -> None:
    client = browse(name)
    assert client.get("/me/money/").status_code == 404
    assert client.get("/me/hours/").status_code == 404
