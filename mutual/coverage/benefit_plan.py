"""From the payer's answer to the estimator's parameters, with everything unknown said aloud.

Source: rules/coverage.md 2.2, B-12 to B-14. The most specific fact wins (procedure, then SUD
service types, then mental health, then the whole plan); a network that does not match never
feeds the estimate; a message never becomes a number without a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.coverage.benefit_math import (
    ZERO,
    Accumulators,
    CopayBasis,
    Mode,
    Network,
    Plan,
    cents,
)
from mutual.coverage.benefit_report import Benefit, PersonBenefits

SUD_TYPES = ("CJ", "AI", "AJ", "AK")
MENTAL_HEALTH_TYPES = ("MH", "A8")
WHOLE_PLAN = "30"
PROGRAMME_DAY = "H0015"

_LIMIT_PERIODS = ("calendar_year", "contract_year", "service_year", None)
_COPAY_BASIS = {"day": CopayBasis.DAY, "visit": CopayBasis.VISIT}

# Federal self-only out-of-pocket caps by plan year, dollars (rules/coverage.md, "ACA cap").
ACA_SELF_ONLY = {2026: Decimal("10600"), 2027: Decimal("12000")}


@dataclass(frozen=True)
class Stop:
    """A fact that ends the estimate and needs a person; `vendor` is whom to ask (B-13)."""

    kind: str
    text: str
    vendor: str | None
    segments: tuple[int, ...]


@dataclass(frozen=True)
class Met:
    """What one person and the family have already met, dollars; `used` counts limit days."""

    ded: Decimal = ZERO
    ded_family: Decimal = ZERO
    oop: Decimal = ZERO
    oop_family: Decimal = ZERO
    used: int = 0


@dataclass(frozen=True)
class PlanParameters:
    """What the estimator may use for one person in one network.

    `plans` is empty when an estimate is not possible, and holds several readings when the payer
    left the choice open (B-14). `sources` names the segments behind each parameter.
    """

    network: Network
    plans: tuple[Plan, ...]
    met: Met
    authorization: str
    stops: tuple[Stop, ...] = ()
    unknown: tuple[str, ...] = ()
    remaining_unknown: tuple[str, ...] = ()
    sources: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


class _Reader:
    """Picks facts for one person, network and service, and remembers doubts and sources."""

    def __init__(
        self,
        person: PersonBenefits,
        network: Network,
        service_types: Sequence[str],
        procedure: str,
    ) -> None:
        self.person = person
        self.network = network
        self.service_types = tuple(service_types)
        self.procedure = procedure
        self.unknown: list[str] = []
        self.remaining_unknown: list[str] = []
        self.sources: dict[str, tuple[int, ...]] = {}

    def rank(self, fact: Benefit) -> int | None:
        """How specific a fact is for our service: lower wins, None does not concern it."""
        if fact.procedure is not None:
            return 0 if fact.procedure == self.procedure else None
        if fact.service_type in self.service_types:
            return 1
        if fact.service_type in MENTAL_HEALTH_TYPES:
            return 2
        return 3 if fact.service_type in (None, WHOLE_PLAN) else None

    def matches(self, fact: Benefit) -> bool:
        """Network equal or both; silence may be used, with a doubt; the other network never."""
        return fact.network in (self.network.value, "both", "unknown", None)

    def best(self, keep: Callable[[Benefit], bool]) -> list[Benefit]:
        """The most specific matching facts; a stated network beats a silent one."""
        found = [
            (rank, fact.network in ("unknown", None), fact)
            for fact in self.person.benefits
            if keep(fact) and self.matches(fact) and (rank := self.rank(fact)) is not None
        ]
        if not found:
            return []
        first = min((rank, silent) for rank, silent, _fact in found)
        return [fact for rank, silent, fact in found if (rank, silent) == first]

    def note(self, name: str, facts: Sequence[Benefit]) -> None:
        """Remember sources, and say what makes the facts doubtful."""
        self.sources[name] = tuple(sorted({n for fact in facts for n in fact.segments}))
        if any(fact.network in ("unknown", None) for fact in facts):
            self.unknown.append(
                say(_("The payer did not name the network of the {name}."), name=name)
            )
        if any(fact.messages for fact in facts):
            self.unknown.append(
                say(_("The payer added a message to the {name}: a person must read it."), name=name)
            )

    def amount(self, name: str, facts: Sequence[Benefit], value: str = "amount") -> Decimal | None:
        """One number out of several facts: the highest, with the contradiction said aloud."""
        numbers = {getattr(fact, value) for fact in facts} - {None}
        if not numbers:
            return None
        if len(numbers) > 1:
            self.unknown.append(
                say(
                    _("The payer states several values of the {name}; the highest is used."),
                    name=name,
                )
            )
        highest: Decimal = max(numbers)
        return highest

    def limit_and_met(self, kind: str, level: str) -> tuple[Decimal | None, Decimal]:
        """A limit of the year and what is met of it: remaining beats limit minus year-to-date."""
        name = say(_NAMES[(kind, level)])

        facts = self.best(
            lambda fact: (
                fact.kind == kind
                and fact.amount is not None
                and (fact.level or "individual") == level
            )
        )
        limits = [f for f in facts if not f.remaining and f.period in _LIMIT_PERIODS]
        left = [f for f in facts if f.remaining and f.period is None]
        spent = [f for f in facts if not f.remaining and f.period == "year_to_date"]
        limit, remaining, to_date = (self.amount(name, group) for group in (limits, left, spent))
        if limit is None and remaining is None:
            return None, ZERO
        self.note(name, [*limits, *left, *([] if left else spent)])
        if remaining is not None:
            return (remaining, ZERO) if limit is None else (limit, max(ZERO, limit - remaining))
        assert limit is not None
        if to_date is not None:
            return limit, min(limit, to_date)
        self.remaining_unknown.append(name)
        return limit, ZERO

    def stops(self) -> Iterable[Stop]:
        """Everything that ends the estimate: refusals, carve-outs, no cover, exclusions."""
        for refusal in self.person.refused:
            yield Stop("refused", f"{refusal.text} {refusal.next_step}", None, refusal.segments)
        if self.person.active is False:
            yield Stop("inactive", say(_("The plan is not active.")), None, ())
        for out in self.person.carve_outs:
            types = out.service_types or (WHOLE_PLAN,)
            if {WHOLE_PLAN, *self.service_types, *MENTAL_HEALTH_TYPES} & set(types):
                vendor = out.vendor or next((value for _kind, value in out.contacts), None)
                text = _("Another organisation holds these benefits. Ask there: {vendor}")
                known = vendor or say(_("the payer did not name it; call the payer"))
                yield Stop(out.kind, say(text, vendor=known), vendor, out.segments)
        status = self.best(lambda f: f.kind in ("active", "inactive", "not_covered", "excluded"))
        for fact in status:
            if fact.kind == "inactive" and self.person.active is not False:
                text = _("The service is not active under this plan.")
            elif fact.kind == "not_covered":
                text = _("The plan does not cover the service in this network.")
            elif fact.kind == "excluded":
                text = _("The plan excludes the service in this network.")
            else:
                continue
            yield Stop(fact.kind, say(text), None, fact.segments)

    def day_limit(self) -> tuple[int | None, int]:
        """A limit in days or visits and what is used of it; other limits go to a person."""
        facts = self.best(lambda fact: fact.kind == "limit")
        counted = [f for f in facts if f.quantity is not None]
        usable = [f for f in counted if f.quantity_kind in ("days", "visits")]
        if len(usable) < len(facts):
            self.unknown.append(
                say(_("The payer states a limit that is not in days or visits: read it."))
            )
        name = say(_("limit"))
        whole = self.amount(name, [f for f in usable if not f.remaining], "quantity")
        left = self.amount(name, [f for f in usable if f.remaining], "quantity")
        if whole is None and left is None:
            return None, 0
        self.note(name, usable)
        if left is None:
            assert whole is not None
            self.remaining_unknown.append(name)
            return int(whole), 0
        return (int(left), 0) if whole is None else (int(whole), max(0, int(whole - left)))

    def authorization(self) -> str:
        """required, not_required or unknown, from the most specific facts that say (EB11)."""
        said = {f.authorization for f in self.best(lambda f: f.authorization is not None)}
        for answer in ("required", "not_required"):
            if answer in said:
                return answer
        return "unknown"


_NAMES = {
    ("deductible", "individual"): _("individual deductible"),
    ("deductible", "family"): _("family deductible"),
    ("out_of_pocket", "individual"): _("individual out-of-pocket limit"),
    ("out_of_pocket", "family"): _("family out-of-pocket limit"),
}


def plan_parameters(
    person: PersonBenefits,
    network: Network,
    service_types: Sequence[str] = SUD_TYPES,
    *,
    procedure: str = PROGRAMME_DAY,
    plan_year: int | None = None,
) -> PlanParameters:
    """Turn one person's answer into parameters for `network` and the service asked about.

    `plan_year` chooses the federal cap per person, which applies in network only.
    """
    reader = _Reader(person, network, service_types, procedure)
    stops = tuple(reader.stops())
    ded, ded_met = reader.limit_and_met("deductible", "individual")
    ded_family, ded_family_met = reader.limit_and_met("deductible", "family")
    oop, oop_met = reader.limit_and_met("out_of_pocket", "individual")
    oop_family, oop_family_met = reader.limit_and_met("out_of_pocket", "family")
    limit, used = reader.day_limit()
    shares = reader.best(lambda fact: fact.kind in ("coinsurance", "copay"))
    coinsurance, copay, basis = _shares(reader, shares)
    if ded is None and ded_family is not None:
        reader.unknown.append(
            say(_("Only a family deductible is stated: it is used as the only one (aggregate)."))
        )
    if ded is None and ded_family is None:
        reader.unknown.append(say(_("The payer did not state a deductible for this network.")))
    if oop is None and oop_family is None:
        reader.unknown.append(say(_("The payer did not state an out-of-pocket limit.")))
    authorization = reader.authorization()
    if authorization == "unknown":
        reader.unknown.append(say(_("Whether an authorization is needed is not known: ask.")))
    if person.active is None:
        reader.unknown.append(say(_("The payer did not say whether the plan is active.")))
    plans: list[Plan] = []
    if not stops:
        for mode in _modes(coinsurance, copay, ded, ded_family):
            plans.append(
                Plan(
                    mode=mode,
                    embedded=ded is not None or ded_family is None,
                    individual_deductible=ded if ded is not None else (ded_family or ZERO),
                    family_deductible=ded_family,
                    coinsurance=coinsurance or ZERO,
                    copay=None if mode is Mode.DED_THEN_COINS else copay,
                    copay_basis=None if mode is Mode.DED_THEN_COINS else basis,
                    individual_oop=oop,
                    family_oop=oop_family,
                    network=network,
                    balance_billing=network is Network.OUT,
                    aca_self_only=_cap(network, plan_year),
                    limit=limit,
                )
            )
    return PlanParameters(
        network=network,
        plans=tuple(plans),
        met=Met(
            ded_met,
            max(ded_family_met, ded_met),
            oop_met,
            max(oop_family_met, oop_met),
            used,
        ),
        authorization=authorization,
        stops=stops,
        unknown=tuple(dict.fromkeys(reader.unknown)),
        remaining_unknown=tuple(reader.remaining_unknown),
        sources=reader.sources,
    )


def _cap(network: Network, plan_year: int | None) -> Decimal | None:
    return ACA_SELF_ONLY.get(plan_year or 0) if network is Network.IN else None


def _shares(
    reader: _Reader, facts: Sequence[Benefit]
) -> tuple[Decimal | None, Decimal | None, CopayBasis | None]:
    """Coinsurance, copay and what a copay counts for, out of the most specific facts."""
    coins = [fact for fact in facts if fact.kind == "coinsurance" and fact.percent is not None]
    coinsurance = reader.amount(say(_("coinsurance")), coins, "percent")
    if coinsurance is not None:
        reader.note(say(_("coinsurance")), coins)
        if coinsurance > 1 or coinsurance < 0:
            reader.unknown.append(say(_("The coinsurance is not a share from 0 to 1: ask.")))
            coinsurance = None
    stated = [fact for fact in facts if fact.kind == "copay" and fact.amount is not None]
    usable = [fact for fact in stated if fact.period in (*_COPAY_BASIS, None)]
    if len(usable) < len(stated):
        reader.unknown.append(
            say(_("A copay counts per stay, episode or another period: a person must read it."))
        )
    copay = reader.amount(say(_("copay")), usable)
    if copay is None:
        if coinsurance is None:
            reader.unknown.append(say(_("Neither a coinsurance nor a copay could be used.")))
        return coinsurance, None, None
    reader.note(say(_("copay")), usable)
    periods = {fact.period for fact in usable if fact.amount == copay}
    if periods == {None}:
        reader.unknown.append(
            say(_("The payer did not say what the copay counts for; per visit is assumed."))
        )
    basis = CopayBasis.DAY if periods == {"day"} else CopayBasis.VISIT
    return coinsurance, cents(copay), basis


def _modes(
    coinsurance: Decimal | None,
    copay: Decimal | None,
    ded: Decimal | None,
    ded_family: Decimal | None,
) -> list[Mode]:
    """The readings that the facts leave open (B-14); none when a needed fact is missing."""
    has_deductible = ded is not None or ded_family is not None
    modes: list[Mode] = []
    if coinsurance is not None and has_deductible:
        modes.append(Mode.DED_THEN_COINS)
    if copay is not None:
        modes.append(Mode.COPAY_ONLY)
        if (ded or ded_family or ZERO) > 0:
            modes.append(Mode.DED_THEN_COPAY)
    return modes


def start_for(by_member: Mapping[str, PlanParameters]) -> Accumulators:
    """The couple's accumulators out of each partner's own answer on one family policy.

    Where the two answers give different family amounts, the higher one is used; the family
    never stands below its members' sum (B-36).
    """
    met = {member: parameters.met for member, parameters in by_member.items()}
    ded = {member: one.ded for member, one in met.items()}
    oop = {member: one.oop for member, one in met.items()}
    return Accumulators(
        ded,
        max([sum(ded.values(), ZERO), *(one.ded_family for one in met.values())]),
        oop,
        max([sum(oop.values(), ZERO), *(one.oop_family for one in met.values())]),
        {member: one.used for member, one in met.items() if one.used},
    )
