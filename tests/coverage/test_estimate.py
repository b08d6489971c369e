"""The worked vectors of rules/coverage.md 2.3, through the public case format."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from mutual.coverage.benefit_math import (
    Accumulators,
    ChargeLine,
    Coordination,
    Mode,
    Network,
    Plan,
    coordinate,
    share_line,
)
from mutual.coverage.estimate import CaseError, arrival_orders, estimate, estimate_case

D = Decimal
MONDAY = dt.date(2027, 1, 4)


def case(
    lines: list[tuple[int, str] | tuple[int, str, str, str]],
    plan: dict[str, Any] | None = None,
    start: dict[str, Any] | None = None,
) -> dict[str, Any]:
    base = {
        "mode": "ded_then_coins",
        "embedded": True,
        "individual_deductible": "1500",
        "family_deductible": "3000",
        "coinsurance": "0.20",
        "copay": None,
        "copay_basis": None,
        "individual_oop": "5000",
        "family_oop": "10000",
        "network": "in",
        "balance_billing": False,
        "aca_self_only": None,
        "limit": None,
    }
    rows = []
    for line in lines:
        day, member, billed, allowed = (*line, "450", "300")[:4] if len(line) == 2 else line
        rows.append(
            {
                "date": (MONDAY + dt.timedelta(days=int(day))).isoformat(),
                "member": member,
                "billed": billed,
                "allowed": allowed,
                "code": "H0015",
            }
        )
    return {"plan": base | (plan or {}), "start": start or {}, "lines": rows}


def owed(answer: dict[str, Any]) -> list[str]:
    return [line["owes"] for line in answer["lines"]]


def paid(answer: dict[str, Any]) -> Decimal:
    return sum((D(line["plan_pays"]) for line in answer["lines"]), D(0))


def days(count: int, *members: str) -> list[tuple[int, str]]:
    return [(n, member) for n in range(count) for member in members]


@pytest.mark.rule("B-34")
def test_vector_1_nothing_met_three_days_are_all_deductible() -> None:
    answer = estimate_case(case(days(3, "A")))
    assert owed(answer) == ["300.00"] * 3
    assert answer["owes"] == {"A": "900.00"} and paid(answer) == 0


@pytest.mark.rule("B-34")
def test_vector_2_after_the_deductible_a_fifth_is_owed() -> None:
    answer = estimate_case(case(days(8, "A")))
    assert owed(answer) == ["300.00"] * 5 + ["60.00"] * 3
    assert answer["total"] == "1680.00" and paid(answer) == 720


@pytest.mark.rule("B-34")
def test_vector_3_the_deductible_ends_inside_a_day() -> None:
    start = {"ded": {"A": "1000"}, "ded_family": "1800"}
    answer = estimate_case(case(days(3, "A"), start=start))
    assert [(x["deductible"], x["coinsurance"]) for x in answer["lines"]] == [
        ("300.00", "0.00"),
        ("200.00", "20.00"),
        ("0.00", "60.00"),
    ]
    assert answer["total"] == "580.00" and paid(answer) == 320


@pytest.mark.rule("B-34", "B-36")
def test_vector_4_a_child_has_met_part_of_the_family_deductible() -> None:
    answer = estimate_case(case(days(5, "A", "S"), start={"ded_family": "600"}))
    assert owed(answer) == ["300.00"] * 8 + ["60.00"] * 2
    assert answer["owes"] == {"A": "1260.00", "S": "1260.00"}
    assert answer["total"] == "2520.00" and paid(answer) == 480


@pytest.mark.rule("B-34")
def test_vector_5a_embedded_the_own_deductible_ends_it() -> None:
    answer = estimate_case(case(days(11, "A"), start={"ded_family": "600"}))
    assert owed(answer) == ["300.00"] * 5 + ["60.00"] * 6
    assert answer["total"] == "1860.00" and paid(answer) == 1440


@pytest.mark.rule("B-34")
def test_vector_5b_aggregate_only_the_family_deductible_counts() -> None:
    lines = [*days(11, "A"), (11, "S")]
    answer = estimate_case(case(lines, {"embedded": False}, {"ded_family": "600"}))
    assert owed(answer) == ["300.00"] * 8 + ["60.00"] * 4
    assert answer["owes"] == {"A": "2580.00", "S": "60.00"}
    assert paid(answer) == 720 + 240


@pytest.mark.rule("B-34")
def test_vector_6_the_own_out_of_pocket_limit_stops_it() -> None:
    start = {
        "ded": {"A": "1500"},
        "ded_family": "1500",
        "oop": {"A": "4870"},
        "oop_family": "4870",
    }
    answer = estimate_case(case(days(4, "A"), start=start))
    assert owed(answer) == ["60.00", "60.00", "10.00", "0.00"]
    assert answer["total"] == "130.00" and paid(answer) == 1070


@pytest.mark.rule("B-34")
def test_vector_7_the_family_out_of_pocket_limit_stops_both() -> None:
    start = {
        "ded": {"A": "1500", "S": "1500"},
        "ded_family": "3000",
        "oop": {"A": "4000", "S": "4000"},
        "oop_family": "9850",
    }
    answer = estimate_case(case(days(2, "A", "S"), start=start))
    assert owed(answer) == ["60.00", "60.00", "30.00", "0.00"]
    assert answer["owes"] == {"A": "90.00", "S": "60.00"} and paid(answer) == 1050


@pytest.mark.rule("B-34")
@pytest.mark.parametrize(
    ("basis", "each", "total", "plan_pays"),
    [
        ("day", ["50.00", "50.00", "0.00", "50.00"], "150.00", 860),
        ("visit", ["50.00", "50.00", "50.00", "50.00"], "200.00", 810),
    ],
)
def test_vector_8_a_copay_counts_per_day_or_per_visit(
    basis: str, each: list[str], total: str, plan_pays: int
) -> None:
    lines = [(0, "A"), (1, "A"), (1, "A", "110", "110"), (2, "A")]
    plan = {"mode": "copay_only", "copay": "50", "copay_basis": basis}
    answer = estimate_case(case(lines, plan))
    assert owed(answer) == each
    assert answer["total"] == total and paid(answer) == plan_pays


@pytest.mark.rule("B-34")
def test_vector_9_deductible_then_copay_then_coinsurance() -> None:
    plan = {
        "mode": "ded_copay_coins",
        "copay": "40",
        "copay_basis": "day",
        "coinsurance": "0.10",
    }
    start = {"ded": {"A": "1400"}, "ded_family": "1400"}
    answer = estimate_case(case(days(2, "A"), plan, start))
    assert [(x["deductible"], x["copay"], x["coinsurance"]) for x in answer["lines"]] == [
        ("100.00", "40.00", "16.00"),
        ("0.00", "40.00", "26.00"),
    ]
    assert answer["total"] == "222.00" and paid(answer) == 378


@pytest.mark.rule("B-34")
def test_vector_10_out_of_network_balance_never_counts_to_the_limit() -> None:
    plan = {"network": "out", "balance_billing": True, "coinsurance": "0.40"}
    start = {"ded": {"A": "1350"}, "ded_family": "1350", "oop": {"A": "1350"}}
    answer = estimate_case(case([(0, "A", "450", "200")], plan, start))
    line = answer["lines"][0]
    assert (line["deductible"], line["coinsurance"], line["balance"]) == (
        "150.00",
        "20.00",
        "250.00",
    )
    assert answer["total"] == "420.00" and paid(answer) == 30
    met = Accumulators()
    out = plan_of(network=Network.OUT, balance_billing=True, coinsurance="0.40", ded="150")
    share_line(out, met, ChargeLine(MONDAY, "A", D(450), D(200)))
    assert met.oop == {"A": D(170)} and met.oop_family == D(170)


@pytest.mark.rule("B-34")
def test_vector_11_a_day_beyond_the_limit_costs_the_contract_rate() -> None:
    start = {
        "ded": {"A": "1500"},
        "ded_family": "1500",
        "oop": {"A": "1500"},
        "used": {"A": 28},
    }
    answer = estimate_case(case(days(3, "A"), {"limit": 30}, start))
    assert owed(answer) == ["60.00", "60.00", "300.00"]
    assert answer["lines"][2]["not_covered"] == "300.00"
    assert answer["total"] == "420.00" and paid(answer) == 480


def plan_of(
    ded: str = "1500",
    coinsurance: str = "0.20",
    network: Network = Network.IN,
    balance_billing: bool = False,
) -> Plan:
    return Plan(
        mode=Mode.DED_THEN_COINS,
        embedded=True,
        individual_deductible=D(ded),
        family_deductible=D("3000"),
        coinsurance=D(coinsurance),
        copay=None,
        copay_basis=None,
        individual_oop=D("5000"),
        family_oop=D("10000"),
        network=network,
        balance_billing=balance_billing,
    )


@pytest.mark.rule("B-34")
def test_vector_12_two_plans_coordinate_three_ways() -> None:
    met = Accumulators({"A": D(1500)}, D(1500))
    primary = share_line(plan_of(), met, ChargeLine(MONDAY, "A", D(450), D(300)))
    assert (primary.plan_pays, primary.owes) == (D(240), D(60))
    line_b = ChargeLine(MONDAY, "A", D(450), D(280))
    plan_b = plan_of(coinsurance="0.10")
    alone = share_line(plan_b, Accumulators({"A": D(1500)}, D(1500)), line_b).plan_pays
    assert alone == D(252)
    standard = coordinate(primary, alone, Coordination.STANDARD)
    assert (standard.pays, standard.owes) == (D(60), D(0))
    non_dup = coordinate(primary, alone, Coordination.NON_DUPLICATION)
    assert (non_dup.pays, non_dup.owes) == (D(12), D(48))
    unmet = share_line(plan_b, Accumulators(), line_b).plan_pays
    for method in Coordination:
        left = coordinate(primary, unmet, method)
        assert (left.pays, left.owes) == (D(0), D(60))


@pytest.mark.rule("B-33", "B-34")
def test_vector_13_every_line_is_rounded_half_up_by_itself() -> None:
    start = {"ded": {"A": "1500"}, "ded_family": "1500", "oop": {"A": "1500"}}
    lines = [(n, "A", "450", "287.35") for n in range(3)]
    answer = estimate_case(case(lines, {"coinsurance": "0.15"}, start))
    assert owed(answer) == ["43.10"] * 3
    assert answer["total"] == "129.30" and paid(answer) == D("732.75")


@pytest.mark.rule("B-34")
def test_vector_14_the_family_deductible_fills_before_both_own_ones() -> None:
    start = {
        "ded": {"A": "1000", "S": "1000"},
        "ded_family": "2300",
        "oop": {"A": "1000", "S": "1000"},
        "oop_family": "2300",
    }
    answer = estimate_case(case(days(3, "A", "S"), start=start))
    assert owed(answer) == ["300.00", "300.00", "140.00", "60.00", "60.00", "60.00"]
    assert answer["owes"] == {"A": "500.00", "S": "420.00"}
    assert answer["total"] == "920.00" and paid(answer) == 880
    swapped = estimate_case(case(days(3, "S", "A"), start=start))
    assert swapped["owes"] == {"A": "420.00", "S": "500.00"} and swapped["total"] == "920.00"
    assert answer["range"] == ["920.00", "920.00"]


@pytest.mark.rule("B-33")
def test_half_a_cent_goes_up() -> None:
    start = {"ded": {"A": "1500"}, "ded_family": "1500"}
    answer = estimate_case(case([(0, "A", "1.25", "1.25")], {"coinsurance": "0.10"}, start))
    assert answer["total"] == "0.13"


@pytest.mark.rule("B-14")
def test_copay_and_coinsurance_both_stated_give_a_range() -> None:
    coins = plan_of(ded="0")
    copay = dataclasses.replace(coins, mode=Mode.COPAY_ONLY, copay=D(35))
    result = estimate([coins, copay], Accumulators(), [ChargeLine(MONDAY, "A", D(450), D(300))])
    assert (result.low, result.high, result.total) == (D(35), D(60), D(60))
    assert any("both a copay and a coinsurance" in text for text in result.assumptions)


def test_an_order_that_matters_widens_the_range_and_says_so() -> None:
    start = {"ded": {"A": "1300"}, "ded_family": "2300", "oop": {"A": "1300"}}
    answer = estimate_case(case(days(4, "A", "S"), {"individual_oop": "1600"}, start))
    assert answer["range"] == ["940.00", "1040.00"] and answer["total"] == "940.00"
    assert any("see the range" in text for text in answer["assumptions"])


def test_orders_include_each_partner_wholly_first() -> None:
    lines = [ChargeLine(MONDAY + dt.timedelta(n), m, D(1), D(1)) for n in (0, 1) for m in "AS"]
    told = {"".join(line.member for line in order) for order in arrival_orders(lines)}
    assert told == {"ASAS", "SASA", "AASS", "SSAA"}


def test_lines_are_worked_in_order_of_service_date() -> None:
    answer = estimate_case(case([(1, "A"), (0, "A")], start={"ded": {"A": "1300"}}))
    assert [x["date"] for x in answer["lines"]] == ["2027-01-04", "2027-01-05"]
    assert owed(answer) == ["220.00", "60.00"]


def test_the_federal_cap_binds_a_person_inside_an_aggregate_family_plan() -> None:
    plan = {"embedded": False, "individual_deductible": "20000", "family_deductible": "20000"}
    plan |= {"family_oop": "24000", "aca_self_only": "500"}
    answer = estimate_case(case(days(2, "A", "S"), plan))
    assert answer["owes"] == {"A": "500.00", "S": "500.00"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"plan": {"colour": "red"}}, "plan.colour"),
        ({"start": {"dde": {}}}, "start.dde"),
        ({"extra": 1}, "extra"),
        ({"plan": {"coinsurance": "20"}}, "plan.coinsurance"),
        ({"plan": {"coinsurance": 0.2}}, "plan.coinsurance"),
        ({"plan": {"individual_deductible": "-1"}}, "plan.individual_deductible"),
        ({"plan": {"individual_deductible": "1,500"}}, "plan.individual_deductible"),
        ({"plan": {"individual_oop": "NaN"}}, "plan.individual_oop"),
        ({"plan": {"mode": "free"}}, "plan.mode"),
        ({"plan": {"mode": "copay_only"}}, "plan.copay"),
        ({"plan": {"copay": "50"}}, "plan.copay_basis"),
        ({"plan": {"embedded": "yes"}}, "plan.embedded"),
        ({"plan": {"limit": "1.5"}}, "plan.limit"),
        ({"start": {"ded": {"A": "0.001"}}}, "start.ded.A"),
        ({"lines": []}, "lines"),
        ({"lines": [{"member": "A", "billed": "1", "allowed": "1"}]}, "lines[0].date"),
        (
            {"lines": [{"date": "4 Jan", "member": "A", "billed": "1", "allowed": "1"}]},
            "lines[0].date",
        ),
    ],
)
def test_a_bad_case_is_refused_naming_the_key(change: dict[str, Any], words: str) -> None:
    bad = case(days(1, "A"))
    for key, value in change.items():
        bad[key] = bad[key] | value if key == "plan" else value
    with pytest.raises(CaseError) as refused:
        estimate_case(bad)
    assert words in str(refused.value)


def test_the_answer_is_plain_json_of_the_published_shape() -> None:
    answer = json.loads(json.dumps(estimate_case(case(days(1, "A", "S")))))
    assert set(answer) == {"lines", "owes", "total", "range", "assumptions"}
    assert set(answer["lines"][0]) == {
        "date",
        "member",
        "allowed",
        "deductible",
        "copay",
        "coinsurance",
        "not_covered",
        "balance",
        "owes",
        "plan_pays",
    }
