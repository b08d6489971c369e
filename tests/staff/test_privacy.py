"""The privacy officer's pages: everybody's consents and disclosures, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from mutual.privacy import forms, officer
from mutual.privacy.actions import revoke
from mutual.privacy.models import Consent, Disclosure
from mutual.wall.testing import acting_as
from tests.world import id_of


def disclosed(name: str) -> None:
    with acting_as(id_of("bill"), "staff"):
        Disclosure.objects.bulk_create(
            [
                Disclosure(
                    person_id=id_of(name), at=timezone.now() - timedelta(days=2),
                    recipient="Example Health", what="claim", purpose="payment", basis="tpo",
                    notice_id="N1", by_id=id_of("bill"),
                )
            ]
        )  # fmt: skip


def key(act, name: str) -> str:
    with act("pia"):
        found = Consent.objects.filter(person_id=id_of(name)).order_by("-signed_at", "-id").first()
    assert found is not None
    return str(found.public_id)


def test_the_list_counts_what_stands_was_taken_back_and_was_disclosed(act) -> None:
    disclosed("ana")
    with act("ana") as ana:
        revoke(ana, "group")
    with act("pia") as pia:
        lines = {line.name: line for line in officer.everybody(pia)}
    ana_line, ben_line = lines["Ana Fiction"], lines["Ben Fiction"]
    assert (ana_line.given, ana_line.taken_back, ana_line.disclosures) == (4, 1, 1)
    assert (ben_line.given, ben_line.taken_back, ben_line.disclosures) == (5, 0, 0)


def test_a_persons_page_says_the_state_of_each_paper(act, browse) -> None:
    disclosed("ana")
    with act("ana") as ana:
        revoke(ana, "tele")
    page = browse("pia").get(f"/staff/privacy/{key(act, 'ana')}/").content.decode()
    assert "Taken back" in page and "In force" in page and "Example Health" in page


@pytest.mark.rule("P-88")
def test_both_pages_leave_lines_in_the_trail(act, browse, monkeypatch) -> None:
    pia, one = browse("pia"), f"/staff/privacy/{key(act, 'ana')}/"
    written: list[tuple[str, str, str | None]] = []
    monkeypatch.setattr(
        "mutual.wall.audit._append",
        lambda lines: written.extend((x["action"], x["kind"], x["subject"]) for x in lines),
    )
    pia.get("/staff/privacy/")
    pia.get(one)
    for subject in (None, str(id_of("ana"))):
        for kind in ("consent", "disclosure_log"):
            assert ("read", kind, subject) in written


def test_both_pages_ask_the_database_little(act, browse, django_assert_max_num_queries) -> None:
    pia, one = browse("pia"), f"/staff/privacy/{key(act, 'ana')}/"
    for page in ("/staff/privacy/", one):
        pia.get(page)
        # Two of them are the test's own savepoint.
        with django_assert_max_num_queries(10):
            assert pia.get(page).status_code == 200


@pytest.mark.rule("P-2")
@pytest.mark.parametrize("who", ["dee", "mo", "reyes", "ada", "bill", "cory", "ana"])
def test_the_pages_exist_for_nobody_else(act, browse, who: str) -> None:
    client = browse(who)
    assert client.get("/staff/privacy/").status_code == 404
    assert client.get(f"/staff/privacy/{key(act, 'ben')}/").status_code == 404


def test_the_officer_sees_no_other_record(act, browse) -> None:
    pia = browse("pia")
    for page in ("/staff/couples/", "/staff/programme/", "/staff/admissions/", "/staff/billing/"):
        assert pia.get(page).status_code == 404, page
    assert "/staff/privacy/" in pia.get("/staff/").content.decode()


def test_the_director_reads_what_partners_sign_under_the_setting(browse) -> None:
    page = unescape(browse("dee").get("/staff/confidences/").content.decode())
    for part in forms.confidences().paragraphs:
        assert f"<p>{part}</p>" in page
