"""What each service line costs each partner under one plan: the arithmetic alone.

Source: rules/coverage.md 2.2 (B-33 to B-36). Money is `Decimal` dollars and cents, rounded half
up on every line. One `Plan` describes one network of one policy; out-of-network care has its
own plan and its own `Accumulators`. Nothing here reads files, clocks or the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def cents(amount: Decimal) -> Decimal:
    """`amount` in dollars, rounded half up to the cent (B-33)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


class Mode(StrEnum):
    """How a plan splits an allowed amount between member and plan."""

    DED_THEN_COINS = "ded_then_coins"
    COPAY_ONLY = "copay_only"
    DED_THEN_COPAY = "ded_then_copay"
    DED_COPAY_COINS = "ded_copay_coins"


class CopayBasis(StrEnum):
    """What one copay covers: every visit, or everything on one day."""

    DAY = "day"
    VISIT = "visit"


class Network(StrEnum):
    """Whether the programme has a contract with the payer."""

    IN = "in"
    OUT = "out"


class Coordination(StrEnum):
    """How a secondary plan reckons with what the primary paid."""

    STANDARD = "standard"
    NON_DUPLICATION = "non_duplication"


@dataclass(frozen=True)
class Plan:
    """The parameters of one policy in one network; dollars, `coinsurance` from 0 to 1.

    `family_*` of None means self-only cover: the family limit is the individual one.
    `*_oop` of None means that no out-of-pocket limit is known or exists. `limit` counts days of
    service per member. `noncovered_at_billed` says that uncovered care costs the full charge
    instead of the contract rate.
    """

    mode: Mode
    embedded: bool
    individual_deductible: Decimal
    family_deductible: Decimal | None
    coinsurance: Decimal
    copay: Decimal | None
    copay_basis: CopayBasis | None
    individual_oop: Decimal | None
    family_oop: Decimal | None
    network: Network = Network.IN
    balance_billing: bool = False
    aca_self_only: Decimal | None = None
    limit: int | None = None
    noncovered_at_billed: bool = False


@dataclass
class Accumulators:
    """What is already met in the plan year, per member and for the family (dollars).

    `used` counts days against the plan's limit. The family amounts include what people outside
    the couple (a child) have met.
    """

    ded: dict[str, Decimal] = field(default_factory=dict)
    ded_family: Decimal = ZERO
    oop: dict[str, Decimal] = field(default_factory=dict)
    oop_family: Decimal = ZERO
    used: dict[str, int] = field(default_factory=dict)
    limit_days: set[tuple[str, dt.date]] = field(default_factory=set)
    copay_days: dict[tuple[str, dt.date], Decimal] = field(default_factory=dict)

    def copy(self) -> Accumulators:
        """An independent copy, so that one start can serve several orders."""
        return Accumulators(
            dict(self.ded),
            self.ded_family,
            dict(self.oop),
            self.oop_family,
            dict(self.used),
            set(self.limit_days),
            dict(self.copay_days),
        )


@dataclass(frozen=True)
class ChargeLine:
    """One service of one member on one day: the charge and the plan's allowed amount."""

    date: dt.date
    member: str
    billed: Decimal
    allowed: Decimal
    code: str = ""
    covered: bool = True
    authorized: bool = True


@dataclass(frozen=True)
class LineShare:
    """Who pays what of one line, in dollars.

    `owes` is deductible + copay + coinsurance + not covered + balance; `plan_pays` and the cost
    share add up to `allowed` whenever the line is covered.
    """

    line: ChargeLine
    allowed: Decimal
    deductible: Decimal
    copay: Decimal
    coinsurance: Decimal
    not_covered: Decimal
    balance: Decimal
    plan_pays: Decimal

    @property
    def cost_share(self) -> Decimal:
        """What counts towards the out-of-pocket limit."""
        return self.deductible + self.copay + self.coinsurance

    @property
    def owes(self) -> Decimal:
        """Everything the member pays for this line."""
        return self.cost_share + self.not_covered + self.balance


def by_service_date(lines: Iterable[ChargeLine]) -> list[ChargeLine]:
    """The lines by date of service; on one day they stay in the order they arrive."""
    return sorted(lines, key=lambda line: line.date)


def deductible_room(plan: Plan, met: Accumulators, member: str) -> Decimal:
    """How much deductible `member` can still be charged."""
    own = max(ZERO, plan.individual_deductible - met.ded.get(member, ZERO))
    family_limit = (
        plan.individual_deductible if plan.family_deductible is None else plan.family_deductible
    )
    family = max(ZERO, family_limit - met.ded_family)
    return min(family, own) if plan.embedded else family


def out_of_pocket_room(plan: Plan, met: Accumulators, member: str) -> Decimal | None:
    """How much cost sharing `member` can still be charged; None when nothing limits it."""
    rooms: list[Decimal] = []
    own = met.oop.get(member, ZERO)
    family_limit = plan.individual_oop if plan.family_oop is None else plan.family_oop
    if family_limit is not None:
        rooms.append(family_limit - met.oop_family)
    if plan.embedded and plan.individual_oop is not None:
        rooms.append(plan.individual_oop - own)
    if plan.network is Network.IN and plan.aca_self_only is not None:
        rooms.append(plan.aca_self_only - own)
    return max(ZERO, min(rooms)) if rooms else None


def _limit_reached(plan: Plan, met: Accumulators, line: ChargeLine) -> bool:
    """Count the day against the limit; True when no day is left for it."""
    if plan.limit is None or (line.member, line.date) in met.limit_days:
        return False
    if met.used.get(line.member, 0) >= plan.limit:
        return True
    met.limit_days.add((line.member, line.date))
    met.used[line.member] = met.used.get(line.member, 0) + 1
    return False


def _copay_due(plan: Plan, met: Accumulators, line: ChargeLine, left: Decimal) -> Decimal:
    """The copay of this line.

    A daily copay is remembered as an amount, not as a mark on the day: a first service smaller
    than the copay must not make the rest of that day free.
    """
    if not plan.copay:
        return ZERO
    if plan.copay_basis is CopayBasis.VISIT:
        return min(left, plan.copay)
    paid = met.copay_days.get((line.member, line.date), ZERO)
    return min(left, max(ZERO, plan.copay - paid))


def share_line(plan: Plan, met: Accumulators, line: ChargeLine) -> LineShare:
    """Split one line between member and plan, and move `met` forward (2.2)."""
    allowed = min(line.billed, line.allowed)
    out = plan.network is Network.OUT
    balance = line.billed - allowed if out and plan.balance_billing else ZERO
    if not line.covered or not line.authorized or _limit_reached(plan, met, line):
        at_billed = plan.noncovered_at_billed
        return LineShare(
            line=line,
            allowed=allowed,
            deductible=ZERO,
            copay=ZERO,
            coinsurance=ZERO,
            not_covered=line.billed if at_billed else allowed,
            balance=ZERO if at_billed else balance,
            plan_pays=ZERO,
        )
    room = out_of_pocket_room(plan, met, line.member)
    deductible = ZERO
    if plan.mode is not Mode.COPAY_ONLY:
        deductible = min(allowed, deductible_room(plan, met, line.member))
    left = allowed - deductible
    copay = _copay_due(plan, met, line, left)
    coinsurance = ZERO
    if plan.mode not in (Mode.COPAY_ONLY, Mode.DED_THEN_COPAY):
        coinsurance = cents(plan.coinsurance * (left - copay))
    if room is not None:
        over = max(ZERO, deductible + copay + coinsurance - room)
        taken = min(over, coinsurance)
        coinsurance, over = coinsurance - taken, over - taken
        taken = min(over, copay)
        copay, over = copay - taken, over - taken
        deductible -= over
    share = LineShare(
        line=line,
        allowed=allowed,
        deductible=deductible,
        copay=copay,
        coinsurance=coinsurance,
        not_covered=ZERO,
        balance=balance,
        plan_pays=allowed - deductible - copay - coinsurance,
    )
    _move(met, share)
    return share


def _move(met: Accumulators, share: LineShare) -> None:
    member, day = share.line.member, share.line.date
    met.ded[member] = met.ded.get(member, ZERO) + share.deductible
    met.ded_family += share.deductible
    met.oop[member] = met.oop.get(member, ZERO) + share.cost_share
    met.oop_family += share.cost_share
    met.copay_days[(member, day)] = met.copay_days.get((member, day), ZERO) + share.copay


def share_lines(plan: Plan, met: Accumulators, lines: Sequence[ChargeLine]) -> list[LineShare]:
    """Split `lines` in exactly the order given, moving `met` forward."""
    return [share_line(plan, met, line) for line in lines]


@dataclass(frozen=True)
class SecondaryShare:
    """What a secondary plan pays of one line, and what is left to the person (dollars)."""

    pays: Decimal
    owes: Decimal


def coordinate(
    primary: LineShare, secondary_alone: Decimal, method: Coordination
) -> SecondaryShare:
    """Coordinate two plans on one line (vector 12).

    `secondary_alone` is what the secondary plan would pay if it were the only one. Standard
    coordination pays up to what the primary left; non-duplication pays only what the secondary
    would have paid beyond the primary's payment. Neither ever exceeds what the person still owes.
    """
    left = primary.owes
    if method is Coordination.STANDARD:
        pays = min(secondary_alone, left)
    else:
        pays = min(left, max(ZERO, secondary_alone - primary.plan_pays))
    return SecondaryShare(pays=pays, owes=left - pays)
