"""What must hold for every plan and every order of claims (B-33, B-35, B-36)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutual.coverage.benefit_math import (
    ZERO,
    Accumulators,
    ChargeLine,
    CopayBasis,
    Mode,
    Network,
    Plan,
    cents,
    out_of_pocket_room,
    share_line,
    share_lines,
)
from mutual.coverage.estimate import arrival_orders, estimate

MONEY = st.integers(0, 600_000).map(lambda n: Decimal(n) / 100)
SMALL = st.integers(0, 60_000).map(lambda n: cents(Decimal(n) / 100))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    return Plan(
        mode=draw(st.sampled_from(Mode)),
        embedded=draw(st.booleans()),
        individual_deductible=draw(MONEY),
        family_deductible=draw(st.none() | MONEY),
        coinsurance=Decimal(draw(st.integers(0, 100))) / 100,
        copay=draw(st.none() | SMALL),
        copay_basis=draw(st.sampled_from(CopayBasis)),
        individual_oop=draw(st.none() | MONEY),
        family_oop=draw(st.none() | MONEY),
        network=draw(st.sampled_from(Network)),
        balance_billing=draw(st.booleans()),
        aca_self_only=draw(st.none() | MONEY),
        limit=draw(st.none() | st.integers(0, 5)),
    )


@st.composite
def starts(draw: st.DrawFn) -> Accumulators:
    ded = {"A": draw(SMALL), "S": draw(SMALL)}
    oop = {member: ded[member] + draw(SMALL) for member in ded}
    child = draw(SMALL)
    return Accumulators(
        ded,
        sum(ded.values(), ZERO) + child,
        oop,
        sum(oop.values(), ZERO) + child,
        {"A": draw(st.integers(0, 4))},
    )


LINES = st.lists(
    st.builds(
        ChargeLine,
        date=st.integers(0, 6).map(lambda n: dt.date(2027, 1, 4) + dt.timedelta(days=n)),
        member=st.sampled_from("AS"),
        billed=SMALL,
        allowed=SMALL,
        covered=st.sampled_from([True, True, True, False]),
    ),
    min_size=1,
    max_size=14,
)


@pytest.mark.rule("B-33", "B-35", "B-36")
@settings(max_examples=300, deadline=None)
@given(plans(), starts(), LINES)
def test_every_line_balances_in_every_order(
    plan: Plan, start: Accumulators, lines: list[ChargeLine]
) -> None:
    for order in arrival_orders(lines):
        met = start.copy()
        spent = paid_deductible = ZERO
        for line in order:
            room = out_of_pocket_room(plan, met, line.member)
            share = share_line(plan, met, line)
            assert share.allowed == min(line.billed, line.allowed)
            assert min(share.deductible, share.copay, share.coinsurance, share.plan_pays) >= 0
            if share.not_covered:
                assert share.cost_share == 0 and share.plan_pays == 0
            elif line.covered and share.plan_pays + share.cost_share:
                assert share.cost_share + share.plan_pays == share.allowed
            assert room is None or share.cost_share <= room
            for amount in (share.owes, share.plan_pays, share.coinsurance):
                assert isinstance(amount, Decimal) and amount == cents(amount)
            paid_deductible += share.deductible
            spent += share.cost_share
        assert met.ded_family == start.ded_family + paid_deductible
        assert met.oop_family == start.oop_family + spent
        carried = start.ded_family - sum(start.ded.values(), ZERO)
        assert met.ded_family == sum(met.ded.values(), ZERO) + carried
        carried = start.oop_family - sum(start.oop.values(), ZERO)
        assert met.oop_family == sum(met.oop.values(), ZERO) + carried


@pytest.mark.rule("B-35")
@settings(max_examples=300, deadline=None)
@given(plans(), starts(), LINES, st.integers(0, 13), SMALL)
def test_owing_never_falls_when_a_charge_rises(
    plan: Plan, start: Accumulators, lines: list[ChargeLine], index: int, more: Decimal
) -> None:
    n = index % len(lines)
    raised = dataclasses.replace(
        lines[n], billed=lines[n].billed + more, allowed=lines[n].allowed + more
    )
    before = share_lines(plan, start.copy(), lines)
    after = share_lines(plan, start.copy(), [*lines[:n], raised, *lines[n + 1 :]])
    assert after[n].owes >= before[n].owes
    assert sum(s.owes for s in after) >= sum(s.owes for s in before)


@pytest.mark.rule("B-35")
@settings(max_examples=200, deadline=None)
@given(plans(), starts(), LINES)
def test_nothing_is_shared_once_the_out_of_pocket_limit_is_met(
    plan: Plan, start: Accumulators, lines: list[ChargeLine]
) -> None:
    full = dataclasses.replace(plan, family_oop=start.oop_family)
    for share in share_lines(full, start.copy(), lines):
        assert share.cost_share == 0


@pytest.mark.rule("B-35")
@settings(max_examples=150, deadline=None)
@given(plans(), starts(), LINES)
def test_the_total_lies_in_its_range_and_the_start_stays_untouched(
    plan: Plan, start: Accumulators, lines: list[ChargeLine]
) -> None:
    kept = start.copy()
    result = estimate([plan], start, lines)
    assert start == kept
    assert result.low <= result.total <= result.high
    assert result.total == sum(result.owes.values())
