"""What the next two weeks may cost one person: a range with its assumptions (decision 6).

Only the person's own planned days and the answer to their own question to the payer go in: the
partner's claims move nothing here (P-57).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from mutual.base.zones import day as day_words
from mutual.claims.gathering import COUNTING, zone
from mutual.claims.rules import PROGRAMME_DAY
from mutual.coverage.benefit_math import (
    ZERO,
    Accumulators,
    ChargeLine,
    LineShare,
    Network,
    share_lines,
)
from mutual.coverage.benefit_plan import PlanParameters, Stop, start_for
from mutual.coverage.estimate import estimate
from mutual.coverage.models import PayerTerms
from mutual.coverage.queries import Bar, Insurance, dollars
from mutual.coverage.queries import insurance as insurance_of
from mutual.wall.context import Actor
from mutual.week.models import Seat

DAYS = 14
ME = "me"
#: What a shared week looks like before one is planned: Monday, Wednesday, Thursday.
USUAL_WEEKDAYS = (0, 2, 3)
USUAL_MINUTES = 180


@dataclass(frozen=True)
class Beside:
    """What else is part of care, and how it is paid: said plainly, priced nowhere here."""

    what: str
    how: str


@dataclass(frozen=True)
class WeeksEstimate:
    """Two weeks of one person. Money in dollars; ``low`` to ``high`` is what they may pay."""

    first: dt.date
    last: dt.date
    days: tuple[dt.date, ...]
    planned: bool
    rows: tuple[LineShare, ...]
    low: Decimal
    high: Decimal
    plan_low: Decimal
    plan_high: Decimal
    assumptions: tuple[str, ...]
    stops: tuple[Stop, ...]
    beside: tuple[Beside, ...]

    @property
    def possible(self) -> bool:
        """Whether there is a number at all."""
        return not self.stops and bool(self.rows)

    def taken(self, bar: Bar) -> Decimal:
        """How much of an own amount these weeks take, at the usual price (this plan year's)."""
        rows = [row for row in self.rows if row.line.date.year == self.first.year]
        if bar.family or bar.key == "days":
            return ZERO
        amounts = (
            [row.deductible for row in rows]
            if bar.key == "deductible"
            else [row.deductible + row.copay + row.coinsurance for row in rows]
        )
        return min(bar.left, sum(amounts, ZERO))

    @property
    def words(self) -> str:
        """What they may pay, as one amount or a range."""
        return span_words(self.low, self.high)

    @property
    def plan_words(self) -> str:
        """What the plan may pay."""
        return span_words(self.plan_low, self.plan_high)


def span_words(low: Decimal, high: Decimal) -> str:
    """One amount, or two with a word between."""
    if low == high:
        return dollars(low)
    return _("%(low)s to %(high)s") % {"low": dollars(low), "high": dollars(high)}


def planned_days(
    person_id: UUID, first: dt.date, days: int = DAYS, minimum: int = USUAL_MINUTES
) -> list[dt.date]:
    """Days with at least ``minimum`` planned clinical minutes, that the actor may see; 1 query."""
    start = dt.datetime.combine(first, dt.time(), zone())
    end = dt.datetime.combine(first + dt.timedelta(days=days), dt.time(), zone())
    found: dict[dt.date, int] = {}
    for during, breaks in Seat.objects.filter(
        person_id=person_id,
        cancelled=False,
        kind__in=COUNTING,
        during__overlap=TimestamptzRange(start, end),
    ).values_list("during", "break_minutes"):
        day = during.lower.astimezone(zone()).date()
        minutes = int((during.upper - during.lower) / dt.timedelta(minutes=1)) - breaks
        found[day] = found.get(day, 0) + minutes
    return sorted(day for day, minutes in found.items() if minutes >= minimum)


def usual_days(first: dt.date, days: int = DAYS) -> list[dt.date]:
    """Three days a week, for somebody without a planned week yet."""
    every = (first + dt.timedelta(days=n) for n in range(days))
    return [day for day in every if day.weekday() in USUAL_WEEKDAYS]


def first_weeks(
    actor: Actor,
    person_id: UUID,
    *,
    first: dt.date | None = None,
    days: int = DAYS,
    known: Insurance | None = None,
    now: dt.datetime | None = None,
) -> WeeksEstimate | None:
    """What ``days`` days from ``first`` (today) on may cost a person the actor may see (B-47).

    Args:
        known: the person's insurance, if it is read already.

    Returns ``None`` while there is no card or no answer of the payer.
    """
    moment = now or timezone.now()
    told = known or insurance_of(actor, person_id, now=moment)
    if told.card is None or told.benefits is None:
        return None
    begin = first or moment.astimezone(zone()).date()
    minimum = (told.terms.minimum_minutes if told.terms else None) or USUAL_MINUTES
    dates = planned_days(person_id, begin, days, minimum)
    return work_out(
        told.benefits.parameters, told.terms,
        dates or usual_days(begin, days), planned=bool(dates), first=begin, days=days,
        answered=told.benefits.answer.imported_at.astimezone(zone()).date(),
    )  # fmt: skip


def work_out(
    parameters: PlanParameters,
    terms: PayerTerms | None,
    dates: Sequence[dt.date],
    *,
    planned: bool,
    first: dt.date,
    answered: dt.date,
    days: int = DAYS,
) -> WeeksEstimate:
    """The arithmetic of `first_weeks`, from facts alone.

    Every allowed price in question and every reading of the plan is worked out; ``low`` and
    ``high`` bound them all. Days after the year's end start with nothing met.
    """
    last = first + dt.timedelta(days=days - 1)
    prices = _prices(terms)
    stops = list(parameters.stops)
    if not stops and not parameters.plans:
        text = _("The payer's answer doesn't say enough for an estimate. Ask the payer.")
        stops.append(Stop("unknown", text, None, ()))
    if not prices and not stops:
        text = _("The price of a day is not known yet: type it into the payer's terms.")
        stops.append(Stop("price", text, None, ()))
    rows: tuple[LineShare, ...] = ()
    owes: list[Decimal] = [ZERO]
    pays: list[Decimal] = [ZERO]
    if not stops:
        billed = terms.charge if terms and terms.charge else prices[-1]
        usual = terms.allowed if terms and terms.allowed else prices[-1]
        rows = tuple(_shares(parameters, dates, usual, billed, answered, 0))
        owes, pays = [], []
        for price in prices:
            for reading in range(len(parameters.plans)):
                tried = list(_shares(parameters, dates, price, billed, answered, reading))
                owes.append(sum((one.owes for one in tried), ZERO))
                pays.append(sum((one.plan_pays for one in tried), ZERO))
    return WeeksEstimate(
        first=first,
        last=last,
        days=tuple(dates),
        planned=planned,
        rows=rows,
        low=min(owes),
        high=max(owes),
        plan_low=min(pays),
        plan_high=max(pays),
        assumptions=tuple(_assumed(parameters, terms, prices, dates, planned, answered, rows)),
        stops=tuple(stops),
        beside=tuple(_beside()),
    )


def _prices(terms: PayerTerms | None) -> list[Decimal]:
    """The allowed prices that may apply, lowest first; the charge where none is known."""
    if terms is None:
        return []
    known = [terms.allowed_low, terms.allowed, terms.allowed_high]
    prices = sorted({price for price in known if price is not None})
    return prices or ([terms.charge] if terms.charge else [])


def _shares(
    parameters: PlanParameters,
    dates: Sequence[dt.date],
    price: Decimal,
    billed: Decimal,
    answered: dt.date,
    reading: int,
) -> Iterable[LineShare]:
    plan = parameters.plans[reading]
    for year in sorted({day.year for day in dates}):
        met = start_for({ME: parameters}) if year == answered.year else Accumulators()
        lines = [
            ChargeLine(day, ME, max(billed, price), price, PROGRAMME_DAY)
            for day in dates
            if day.year == year
        ]
        yield from share_lines(plan, met, lines)


def _assumed(
    parameters: PlanParameters,
    terms: PayerTerms | None,
    prices: Sequence[Decimal],
    dates: Sequence[dt.date],
    planned: bool,
    answered: dt.date,
    rows: Sequence[LineShare],
) -> Iterable[str]:
    if not rows or terms is None:
        return
    if terms.allowed is None and len(prices) == 1:
        yield _("The plan's allowed price isn't known: the full charge of %(price)s is used.") % {
            "price": dollars(prices[0])
        }
    elif len(prices) > 1:
        yield _("%(usual)s a day, between %(low)s and %(high)s") % {
            "usual": dollars(terms.allowed or prices[-1]),
            "low": dollars(prices[0]),
            "high": dollars(prices[-1]),
        }
    else:
        yield _("%(price)s a day, as the contract has it") % {"price": dollars(prices[0])}
    if planned:
        yield _("You come to every planned day: %(n)d in these weeks") % {"n": len(dates)}
    else:
        yield _("No week is planned yet: 3 days a week are assumed, %(n)d in all") % {
            "n": len(dates)
        }
    yield _("No other care meanwhile, yours or of others on the plan; if there is, this changes")
    yield _("Your plan covers the programme as it said on %(day)s") % {"day": day_words(answered)}
    if any(day.year != answered.year for day in dates):
        yield _("In the new year the plan's amounts start anew: those days are counted that way")
    if len(parameters.plans) > 1:
        yield _("The plan names both a copay and a coinsurance: the range holds both readings")
    if parameters.remaining_unknown:
        yield _("Nothing is counted as used where the plan didn't say what is left")
    if parameters.network is Network.OUT:
        yield _("We have no contract with this plan: what it doesn't allow is yours to pay")
    estimated = estimate(parameters.plans, start_for({ME: parameters}), [r.line for r in rows])
    yield estimated.assumptions[-1]


def _beside() -> Iterable[Beside]:
    yield Beside(
        _("Therapy: individual, couples and group sessions"),
        _("inside the price of a programme day; nothing is added"),
    )
    yield Beside(
        _("Medical visits and medication checks"),
        _("billed apart by the visit under your plan; not in these numbers"),
    )
    yield Beside(
        _("Medication"), _("paid at the pharmacy under your drug benefit; not in these numbers")
    )
    yield Beside(_("Sober activities"), _("not billed: they cost you nothing here"))
    yield Beside(
        _("Stay and meals"),
        _("not part of a virtual programme: you live and eat at home, nobody is billed"),
    )
