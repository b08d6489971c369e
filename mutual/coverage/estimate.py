"""Estimates for a couple: a range with its assumptions, never one promised number.

Source: rules/coverage.md 2.2 and decision 6. The order in which claims reach the payer is not
ours to choose, so every estimate is also run with the partners' claims in other orders, and the
couple's total is given as a range over them (B-14 adds alternatives that the payer left open).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.coverage.benefit_math import (
    ZERO,
    Accumulators,
    ChargeLine,
    LineShare,
    Network,
    Plan,
    by_service_date,
    cents,
    share_lines,
)
from mutual.coverage.case import CaseError, read_case

__all__ = ["CaseError", "Estimate", "arrival_orders", "estimate", "estimate_case"]

# Orders grow with the factorial of the family; beyond four people the extremes are enough.
_MOST_MEMBERS = 4


@dataclass(frozen=True)
class Estimate:
    """What the lines cost whom, in dollars, and what that rests on.

    `low` and `high` bound the couple's total over all orders and alternatives that were tried.
    """

    shares: tuple[LineShare, ...]
    owes: dict[str, Decimal]
    total: Decimal
    low: Decimal
    high: Decimal
    assumptions: tuple[str, ...]
    end: Accumulators


def arrival_orders(lines: Sequence[ChargeLine]) -> list[list[ChargeLine]]:
    """The orders worth trying: as given, partners swapped on each day, one partner wholly first."""
    given = by_service_date(lines)
    orders = [given]
    members = list(dict.fromkeys(line.member for line in given))
    if len(members) < 2:
        return orders
    ranks: Iterable[tuple[str, ...]]
    if len(members) <= _MOST_MEMBERS:
        ranks = itertools.permutations(members)
    else:
        ranks = (tuple(members), tuple(reversed(members)))
    for order in ranks:
        place = {member: n for n, member in enumerate(order)}
        orders.append(sorted(given, key=lambda line: (line.date, place[line.member])))
        orders.append(sorted(given, key=lambda line: (place[line.member], line.date)))
    return orders


def estimate(plans: Sequence[Plan], start: Accumulators, lines: Sequence[ChargeLine]) -> Estimate:
    """Estimate `lines` under the first of `plans`, with a range over orders and over all plans.

    Several plans are readings of one policy between which the payer's answer does not decide
    (copay and coinsurance both stated, B-14).
    """
    if not plans:
        raise ValueError("estimate() needs at least one plan")
    orders = arrival_orders(lines)
    end = start.copy()
    shares = share_lines(plans[0], end, orders[0])
    owes = dict.fromkeys([*start.ded, *start.oop, *(line.member for line in lines)], ZERO)
    for share in shares:
        owes[share.line.member] += share.owes
    total = sum(owes.values(), ZERO)
    by_plan = [{_total(plan, start, order) for order in orders} for plan in plans]
    totals = set().union(*by_plan)
    low, high = min(totals), max(totals)
    return Estimate(
        shares=tuple(shares),
        owes=owes,
        total=total,
        low=low,
        high=high,
        assumptions=tuple(_assumptions(plans, start, by_plan, shares)),
        end=end,
    )


def _total(plan: Plan, start: Accumulators, order: Sequence[ChargeLine]) -> Decimal:
    return sum((share.owes for share in share_lines(plan, start.copy(), order)), ZERO)


def _assumptions(
    plans: Sequence[Plan],
    start: Accumulators,
    by_plan: Sequence[set[Decimal]],
    shares: Sequence[LineShare],
) -> Iterable[str]:
    plan = plans[0]
    yield say(_("Claims reach the payer by date of service and, on one day, in the order listed."))
    if len({share.line.member for share in shares}) > 1:
        if any(len(totals) > 1 for totals in by_plan):
            yield say(
                _("The order of the partners' claims changes the couple's total: see the range.")
            )
        else:
            yield say(
                _("The couple's total stays the same whichever partner's claims arrive first.")
            )
    if len(plans) > 1:
        yield say(
            _("The plan states both a copay and a coinsurance: both are worked out for the range.")
        )
    yield say(
        _("The amounts already met are as stated at the start; other care meanwhile changes them.")
    )
    family_ded = sum(start.ded.values(), ZERO)
    family_oop = sum(start.oop.values(), ZERO)
    if start.ded_family < family_ded or start.oop_family < family_oop:
        yield say(_("The family's amount met is lower than its members' together; used as given."))
    if plan.family_deductible is None and plan.family_oop is None:
        yield say(_("No family amounts are given: the individual limits are used (self-only)."))
    if plan.individual_oop is None and plan.family_oop is None:
        yield say(_("No out-of-pocket limit is known, so none is applied."))
    if plan.network is Network.IN and plan.aca_self_only is None:
        yield say(_("The federal yearly cap per person is not applied."))
    if plan.network is Network.OUT:
        if plan.balance_billing:
            yield say(
                _("Out of network: the part of the charge above the allowed amount is owed too.")
            )
        else:
            yield say(_("Out of network: the programme waives what is above the allowed amount."))
    if plan.limit is not None:
        yield say(
            _("The limit counts days per person; days beyond it cost the allowed amount in full.")
        )
    yield say(_("This is an estimate: the payer decides when the claim arrives."))


def estimate_case(case: dict[str, object]) -> dict[str, object]:
    """Answer one case of `mutual estimate CASE.json` in the published JSON shape.

    Money comes back as decimal text with two places.

    Raises:
        CaseError: the case has unknown keys or bad values; the text names them.
    """
    read = read_case(case)
    result = estimate([read.plan], read.start, read.lines)
    return {
        "lines": [_line_json(share) for share in result.shares],
        "owes": {member: str(cents(amount)) for member, amount in result.owes.items()},
        "total": str(cents(result.total)),
        "range": [str(cents(result.low)), str(cents(result.high))],
        "assumptions": list(result.assumptions),
    }


def _line_json(share: LineShare) -> dict[str, str]:
    return {
        "date": share.line.date.isoformat(),
        "member": share.line.member,
        "allowed": str(cents(share.allowed)),
        "deductible": str(cents(share.deductible)),
        "copay": str(cents(share.copay)),
        "coinsurance": str(cents(share.coinsurance)),
        "not_covered": str(cents(share.not_covered)),
        "balance": str(cents(share.balance)),
        "owes": str(cents(share.owes)),
        "plan_pays": str(cents(share.plan_pays)),
    }
