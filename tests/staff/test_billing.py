"""Billing and insurance pages: what is held and why, files under neutral names, billers alone."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mutual.claims.models import Claim, ClaimFile
from mutual.coverage.models import BenefitAnswer, InsuranceCard
from mutual.people.models import Person
from tests.claims import factories as make
from tests.coverage import factories as insurance
from tests.world import id_of


def place(act, name: str = "ana") -> str:
    with act("ada"):
        return f"/staff/people/{Person.objects.get(id=id_of(name)).public_id}/insurance/"


def ready_days() -> None:
    make.insured("ana")
    make.day("ana", make.ago(6))
    make.day("ana", make.ago(3), 120)


@pytest.mark.rule("B-21")
def test_a_biller_goes_from_days_to_a_downloaded_file(browse, act) -> None:
    ready_days()
    bill = browse("bill")
    assert "No open day is known" in bill.get("/staff/billing/").content.decode()
    page = bill.post("/staff/billing/check/", follow=True).content.decode()
    assert "1 day can be billed" in page
    assert "120 minutes count, the payer asks for 180." in page
    page = bill.post("/staff/billing/claims/", follow=True).content.decode()
    assert "1 claim is ready" in page and "$450.00" in page
    page = bill.post("/staff/billing/file/", follow=True).content.decode()
    assert "The file is built and checked" in page
    href = re.search(r"/staff/billing/file/[0-9a-f-]{36}/", page)
    assert href
    answer = bill.get(href.group())
    assert answer.content.startswith(b"ISA*") and b"H0015" in answer.content
    assert answer["Cache-Control"] == "no-store"
    assert re.search(r'filename="document-\w{4}\.txt"', answer["Content-Disposition"])


@pytest.mark.rule("F-13")
def test_sending_the_form_five_times_builds_one_file(browse, act) -> None:
    ready_days()
    bill = browse("bill")
    bill.post("/staff/billing/claims/")
    with act("bill"):
        key = str(Claim.objects.get().public_id)
    for _ in range(5):
        assert bill.post("/staff/billing/file/", {"claim": [key]}).status_code == 302
    with act("bill"):
        assert ClaimFile.objects.count() == 1


def test_a_held_day_links_to_where_it_is_mended(browse, act) -> None:
    make.insured("ana", authorization="required")
    make.day("ana", make.ago(3))
    bill = browse("bill")
    bill.post("/staff/billing/check/")
    page = bill.get("/staff/billing/").content.decode()
    assert "No authorization covers this day." in page and place(act) in page


@pytest.mark.rule("B-18")
def test_without_the_programmes_numbers_nothing_leaves_and_the_page_says_so(browse, act) -> None:
    make.diagnosed("ana")
    with act("bill") as bill:
        insurance.card(bill, "ana", insurance.payer(bill), member_id="M1")
    make.day("ana", make.ago(3))
    client = browse("bill")
    client.post("/staff/billing/claims/")
    page = client.post("/staff/billing/file/")
    assert page.status_code == 422
    assert "programme&#x27;s numbers" in page.content.decode()
    bad = client.post("/staff/billing/numbers/", {**make.IDENTITY, "npi": "1234567890"})
    assert bad.status_code == 422 and "Check the digits of the NPI" in bad.content.decode()
    assert client.post("/staff/billing/numbers/", make.IDENTITY).status_code == 302
    assert client.post("/staff/billing/file/").status_code == 302


def test_the_page_takes_eight_queries(browse, act, django_assert_max_num_queries) -> None:
    ready_days()
    bill = browse("bill")
    bill.post("/staff/billing/check/")
    bill.post("/staff/billing/claims/")
    bill.get("/staff/billing/")
    with django_assert_max_num_queries(8):
        assert bill.get("/staff/billing/").status_code == 200


@pytest.mark.rule("P-2")
@pytest.mark.parametrize("name", ["dee", "ada", "mo", "reyes", "ana", "ben"])
def test_billing_is_absent_for_everybody_else(browse, name) -> None:
    client = browse(name)
    assert client.get("/staff/billing/").status_code == 404
    assert client.post("/staff/billing/claims/").status_code == 404
    assert client.get("/staff/billing/numbers/").status_code == 404


CARD = {
    "payer_name": "Example Payer", "payer_number": "12345", "plan_name": "Example Plan",
    "member_id": "M100", "group_number": "GRP7", "relationship": "18", "holder_given": "",
    "holder_family": "", "holder_birth": "", "holder_sex": "U", "address": "1 Example Lane",
    "city": "Austin", "state": "TX", "postcode": "78701", "active_from": "2026-01-01",
    "self_pay_since": "",
}  # fmt: skip


@pytest.mark.rule("B-47", "B-4")
def test_admissions_types_a_card_and_imports_an_answer_and_sees_each_source(browse, act) -> None:
    ada, here = browse("ada"), place(act)
    assert "No insurance card on file" in ada.get(here).content.decode()
    assert ada.post(here + "card/", CARD).status_code == 302
    for name in ("one.271", "two.271"):
        file = SimpleUploadedFile(name, insurance.answer(*insurance.with_left("500", "1800")))
        assert ada.post(here + "answer/", {"file": file}).status_code == 302
    page = ada.get(here).content.decode()
    assert "$1,000 used" in page and "$500 left of $1,500" in page
    assert "EB*C*IND*30***29*500*****Y" in page
    assert "What is not known" in page
    with act("ada"):
        assert BenefitAnswer.objects.count() == 1


@pytest.mark.rule("B-6")
def test_a_cut_off_file_is_refused_beside_the_box_with_line_and_reason(browse, act) -> None:
    ada, here = browse("ada"), place(act)
    ada.post(here + "card/", CARD)
    file = SimpleUploadedFile("cut.271", insurance.answer()[:-60])
    page = ada.post(here + "answer/", {"file": file})
    assert page.status_code == 422
    assert re.search(r"Nothing was imported\. Line \d+, segment \d+", page.content.decode())
    assert ada.post(here + "answer/", {}).status_code == 422
    with act("ada"):
        assert not BenefitAnswer.objects.exists()


def test_a_wrong_card_keeps_what_was_typed(browse, act) -> None:
    ada, here = browse("ada"), place(act)
    page = ada.post(here + "card/", {**CARD, "relationship": "01", "city": "Waco"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "policyholder&#x27;s name and birth date" in text
    assert 'value="Waco"' in text
    with act("ada"):
        assert not InsuranceCard.objects.exists()


@pytest.mark.rule("P-2", "F-17")
@pytest.mark.parametrize("name", ["dee", "mo", "kit", "reyes", "ana", "ben", "cory"])
def test_the_insurance_page_is_absent_for_everybody_else(browse, act, name) -> None:
    here = place(act)
    client = browse(name)
    assert client.get(here).status_code == 404
    assert client.post(here + "card/", CARD).status_code == 404


def test_the_insurance_page_takes_twelve_queries(
    browse, act, django_assert_max_num_queries
) -> None:
    ada, here = browse("ada"), place(act)
    ada.post(here + "card/", CARD)
    ada.post(here + "answer/", {"file": SimpleUploadedFile("a.271", insurance.answer())})
    ada.get(here)
    with django_assert_max_num_queries(12):
        assert ada.get(here).status_code == 200
