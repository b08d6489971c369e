"""The estimate of two weeks through the page's own way: a payer's file, seats, terms."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from mutual.claims import estimates
from tests.claims import factories as make
from tests.coverage import factories as insurance
from tests.world import id_of

D = Decimal


def monday() -> dt.date:
    """A Monday at least a day ahead, in one year with the fortnight after it."""
    day = make.ago(-1)
    while day.weekday():
        day += dt.timedelta(days=1)
    if (day + dt.timedelta(days=13)).year != day.year:
        day += dt.timedelta(days=14)
    return day


def weeks(act, days: int, *ebs: str, **terms) -> estimates.WeeksEstimate:
    """What Ana's page shows for so many planned days."""
    first = monday()
    with act("ada") as ada:
        payer = insurance.payer(ada, **terms)
        insurance.card(ada, "ana", payer)
        now = make.moment(first - dt.timedelta(days=1), 12)
        from mutual.coverage import actions
        from mutual.people.models import Person

        actions.import_271(
            ada, Person.objects.get(id=id_of("ana")), insurance.answer(*ebs), now=now
        )
    for n in range(days):
        make.seat("ana", first + dt.timedelta(days=n))
    with act("ana") as ana:
        found = estimates.first_weeks(ana, id_of("ana"), first=first, now=now)
    assert found is not None
    return found


@pytest.mark.rule("B-34")
@pytest.mark.parametrize(
    ("days", "left", "each", "owes", "pays"),
    [
        (3, ("1500", "3000", "5000"), [300, 300, 300], 900, 0),
        (8, ("1500", "3000", "5000"), [300] * 5 + [60] * 3, 1680, 720),
        (3, ("500", "1200", "5000"), [300, 220, 60], 580, 320),
        (4, ("0", "1200", "130"), [60, 60, 10, 0], 130, 1070),
    ],
    ids=["vector 1", "vector 2", "vector 3", "vector 6"],
)
def test_the_page_shows_the_vectors_to_the_cent(act, days, left, each, owes, pays) -> None:
    found = weeks(act, days, *insurance.with_left(*left))
    assert found.planned and len(found.days) == days
    assert [row.owes for row in found.rows] == [D(one) for one in each]
    assert (found.low, found.high) == (D(owes), D(owes))
    assert (found.plan_low, found.plan_high) == (D(pays), D(pays))


@pytest.mark.rule("B-33")
def test_a_price_between_bounds_gives_a_range_that_holds_the_usual_price(act) -> None:
    found = weeks(
        act, 3, *insurance.with_left("0", "0"), allowed_low=D("280.00"), allowed_high=D("320.00")
    )
    assert (found.low, found.high) == (D("168.00"), D("192.00"))
    assert sum(row.owes for row in found.rows) == D("180.00")
    assert any("between $280 and $320" in words for words in found.assumptions)
    assert found.words == "$168 to $192"


@pytest.mark.rule("B-14")
def test_copay_and_coinsurance_both_stated_give_a_range(act) -> None:
    both = (*insurance.with_left("0", "0"), "EB*B*IND*AI***27*50*****Y~")
    found = weeks(act, 2, *both)
    assert (found.low, found.high) == (D("100.00"), D("120.00"))


@pytest.mark.rule("B-13")
def test_a_carve_out_gives_no_number(act) -> None:
    found = weeks(act, 2, "EB*1**30*PR*Example Plan~", "EB*U**AI~")
    assert not found.possible and found.stops and not found.rows


def test_without_a_planned_week_three_days_are_assumed_and_said(act) -> None:
    found = weeks(act, 0)
    assert not found.planned and len(found.days) == 6
    assert any("No week is planned yet" in words for words in found.assumptions)


def test_a_day_below_the_payers_minimum_is_no_billable_day(act) -> None:
    found = weeks(act, 2, minimum_minutes=181)
    assert not found.planned


def test_what_is_beside_the_day_is_said_plainly(act) -> None:
    found = weeks(act, 1)
    said = {one.what: one.how for one in found.beside}
    assert "not part of a virtual programme" in said["Stay and meals"]
    assert "inside the price" in next(v for k, v in said.items() if k.startswith("Therapy"))
    assert {"Medication", "Sober activities", "Medical visits and medication checks"} <= set(said)


def test_days_after_the_years_end_start_with_nothing_met() -> None:
    from mutual.coverage.benefit_math import Network
    from mutual.coverage.benefit_plan import plan_parameters
    from mutual.coverage.benefits import read_benefits
    from mutual.coverage.models import PayerTerms

    person = read_benefits(insurance.answer(*insurance.with_left("0", "1500"))).people[0]
    parameters = plan_parameters(person, Network.IN, plan_year=2026)
    terms = PayerTerms(charge=D("450.00"), allowed=D("300.00"))
    days = [dt.date(2026, 12, 30), dt.date(2027, 1, 4)]
    found = estimates.work_out(
        parameters, terms, days, planned=True, first=days[0], answered=dt.date(2026, 12, 28)
    )
    assert [row.owes for row in found.rows] == [D("60.00"), D("300.00")]
    assert any("new year" in words for words in found.assumptions)


@pytest.mark.rule("P-57", "F-17")
def test_the_partners_days_and_answer_move_nothing_of_mine(act) -> None:
    before = weeks(act, 3)
    with act("bill") as bill:
        insurance.card(bill, "ben", insurance.payer(bill), member_id="M-BEN")
        insurance.imported(
            bill, insurance.answer(*insurance.with_left("0", "0"), member="M-BEN"), "ben"
        )
    for n in range(3):
        make.seat("ben", monday() + dt.timedelta(days=n), hour=14)
    with act("ana") as ana:
        now = make.moment(monday() - dt.timedelta(days=1), 12)
        after = estimates.first_weeks(ana, id_of("ana"), first=monday(), now=now)
        assert after == before
        assert estimates.first_weeks(ana, id_of("ben"), first=monday(), now=now) is None
