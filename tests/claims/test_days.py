"""Which days may be billed: from who came and what was signed, for each partner alone."""

from __future__ import annotations

import pytest

from mutual.base.refusal import NotThere
from mutual.claims import actions, queries
from mutual.claims.models import BillableDay
from mutual.coverage import actions as coverage
from mutual.coverage import queries as insurance_queries
from mutual.coverage.models import Authorization, InsuranceCard
from mutual.people.models import Person
from mutual.privacy.actions import revoke
from tests.claims import factories as make
from tests.coverage import factories as insurance
from tests.world import id_of


def check(act, name: str = "ana") -> list[tuple[str, str]]:
    with act("bill") as bill:
        person = Person.objects.get(id=id_of(name))
        return [(one.state, one.code) for one in actions.capture_days(bill, person)]


@pytest.mark.rule("B-21")
def test_a_day_attended_documented_and_signed_is_billable(act) -> None:
    make.insured()
    make.day("ana", make.ago(3))
    assert check(act) == [("billable", "")]
    with act("bill"):
        row = BillableDay.objects.get(person_id=id_of("ana"))
        assert (row.minutes, row.state, row.date) == (180, "billable", make.ago(3))


@pytest.mark.rule("B-21")
def test_a_minute_below_the_payers_minimum_holds_the_day(act) -> None:
    make.insured()
    make.day("ana", make.ago(3), 179)
    assert check(act) == [("held", "minutes")]


@pytest.mark.rule("B-21")
def test_minutes_of_two_sessions_of_a_day_add_up(act) -> None:
    make.insured()
    make.day("ana", make.ago(3), 90, 9)
    make.day("ana", make.ago(3), 90, 13)
    assert check(act) == [("billable", "")]


@pytest.mark.rule("B-21")
def test_an_unconfirmed_attendance_holds_the_day(act) -> None:
    make.insured()
    make.day("ana", make.ago(3))
    make.seat("ana", make.ago(3), 60, 15)
    assert check(act) == [("held", "attendance")]


@pytest.mark.rule("B-21")
def test_an_unsigned_note_holds_the_day_until_it_is_signed(act) -> None:
    make.insured()
    session = make.seat("ana", make.ago(3))
    make.came(session, "ana")
    assert check(act) == [("held", "note")]
    make.noted(session, "ana", sign=False)
    assert check(act) == [("held", "note")]
    make.noted(session, "ana")
    assert check(act) == [("billable", "")]


@pytest.mark.rule("B-21")
def test_a_sober_activity_counts_for_nothing(act) -> None:
    make.insured()
    make.day("ana", make.ago(3), 150)
    hike = make.seat("ana", make.ago(3), 60, 15, kind="sober_activity")
    make.came(hike, "ana", 60)
    assert check(act) == [("held", "minutes")]


@pytest.mark.rule("B-21")
def test_a_payer_whose_minimum_nobody_knows_holds_the_day(act) -> None:
    make.insured(minimum_minutes=None)
    make.day("ana", make.ago(3))
    assert check(act) == [("held", "minimum_unknown")]


@pytest.mark.rule("B-21")
def test_the_minimum_is_the_one_of_that_day(act) -> None:
    payer = make.insured()
    make.day("ana", make.ago(6))
    make.day("ana", make.ago(3))
    with act("bill") as bill:
        coverage.set_terms(bill, payer, make.ago(4), "contract page 4", minimum_minutes=181)
    assert check(act) == [("billable", ""), ("held", "minutes")]


@pytest.mark.rule("B-24")
def test_a_partner_without_a_diagnosis_of_their_own_has_no_programme_day(act) -> None:
    make.insured("ana")
    with act("bill") as bill:
        insurance.card(bill, "ben", insurance.payer(bill), member_id="M-BEN")
    make.day("ben", make.ago(3))
    assert check(act, "ben") == [("held", "diagnosis")]
    make.diagnosed("ben", "Z63.0")
    assert check(act, "ben") == [("held", "diagnosis")]


@pytest.mark.rule("B-19")
def test_a_code_that_is_not_in_the_code_set_holds_the_day(act) -> None:
    make.insured()
    make.diagnosed("ana", "F10.99X", principal=False)
    make.day("ana", make.ago(3))
    assert check(act) == [("held", "code")]


@pytest.mark.rule("P-28", "B-45")
def test_a_consent_taken_back_holds_the_day(act) -> None:
    make.insured()
    make.day("ana", make.ago(3))
    assert check(act) == [("billable", "")]
    with act("ana") as ana:
        revoke(ana, "tpo")
    assert check(act) == [("held", "consent")]


@pytest.mark.rule("P-39")
def test_days_paid_by_the_person_are_never_told_to_the_plan(act) -> None:
    make.insured()
    make.day("ana", make.ago(6))
    make.day("ana", make.ago(3))
    with act("bill"):
        InsuranceCard.objects.filter(person_id=id_of("ana")).update(self_pay_since=make.ago(4))
    assert check(act) == [("billable", ""), ("held", "self_pay")]


@pytest.mark.rule("F-17", "P-56", "B-46")
def test_a_dependents_day_waits_until_they_were_asked(act) -> None:
    make.insured("ana")
    with act("bill") as bill:
        insurance.dependent_of_ben(bill, insurance.payer(bill))
    make.day("ana", make.ago(3))
    assert check(act) == [("held", "told")]
    with act("ana") as ana:
        coverage.answer_confidential(ana, insurance_queries.own_card(ana), "private")
    assert check(act) == [("billable", "")]


@pytest.mark.rule("F-16", "B-26")
def test_the_thirteenth_day_has_no_units_and_the_partners_authorization_is_untouched(act) -> None:
    payer = make.insured("ana", authorization="required")
    make.diagnosed("ben")
    with act("bill") as bill:
        insurance.card(bill, "ben", payer, member_id="M-BEN")
        for name, used in (("ana", 11), ("ben", 0)):
            coverage.add_authorization(
                bill, Person.objects.get(id=id_of(name)), payer, number=f"AUTH-{name}", units=12,
                used=used, first_day=make.ago(20), last_day=make.ago(-20),
            )  # fmt: skip
    for days in (6, 3):
        make.day("ana", make.ago(days))
        make.day("ben", make.ago(days))
    assert check(act, "ana") == [("billable", ""), ("held", "units")]
    assert check(act, "ben") == [("billable", ""), ("billable", "")]
    with act("bill") as bill:
        actions.make_claims(bill)
        used = dict(Authorization.objects.values_list("number", "used"))
        assert used == {"AUTH-ana": 12, "AUTH-ben": 2}


@pytest.mark.rule("B-26")
def test_without_an_authorization_a_day_is_held_where_one_is_needed(act) -> None:
    make.insured("ana", authorization="required")
    make.day("ana", make.ago(3))
    assert check(act) == [("held", "authorization")]


@pytest.mark.rule("B-26")
def test_where_nobody_knows_whether_one_is_needed_the_day_is_held(act) -> None:
    make.insured("ana", authorization="unknown")
    make.day("ana", make.ago(3))
    assert check(act) == [("held", "auth_unknown")]


@pytest.mark.rule("B-30")
def test_a_day_beyond_the_filing_limit_is_held(act) -> None:
    make.insured("ana", filing_days=2)
    make.day("ana", make.ago(3))
    assert check(act) == [("held", "late")]


@pytest.mark.rule("P-4", "P-28")
def test_only_a_biller_checks_days(act) -> None:
    for name in ("ada", "dee", "mo", "ana"):
        with act(name) as somebody, pytest.raises(NotThere):
            actions.capture_days(somebody)


@pytest.mark.rule("B-24")
def test_a_joint_session_counts_only_with_the_own_chart_note(act) -> None:
    make.insured("ana")
    session = make.seat("ana", make.ago(3), 180, kind="conjoint", of="C", others=("ben",))
    for name in ("ana", "ben"):
        make.came(session, name, 180)
    assert check(act) == [("held", "note")]


def test_the_page_reads_the_days_with_words_and_a_way_to_mend(act) -> None:
    make.insured("ana", authorization="required")
    make.day("ana", make.ago(3))
    check(act)
    with act("bill") as bill:
        page = queries.billing(bill)
        (held,) = page.held
        assert held.words == "No authorization covers this day."
        assert held.name == "Ana Fiction" and held.fix == "insurance"


def test_the_nightly_check_keeps_the_list_fresh_without_anybody_signed_in(act) -> None:
    make.insured("ana")
    make.day("ana", make.ago(3))
    assert actions.check_days() == 1
    with act("bill") as bill:
        assert [day.name for day in queries.billing(bill).billable] == ["Ana Fiction"]
