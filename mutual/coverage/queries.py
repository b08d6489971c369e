"""What screens read of insurance: cards, what the payer said with its segments, units left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from mutual.base.crypto import open_sealed
from mutual.base.refusal import NotThere
from mutual.coverage.benefit_math import Network, cents
from mutual.coverage.benefit_plan import PlanParameters, plan_parameters
from mutual.coverage.benefit_report import CarveOut, PersonBenefits, Refusal, read_benefits
from mutual.coverage.models import Authorization, BenefitAnswer, InsuranceCard, PayerTerms
from mutual.coverage.x12.tokenizer import Reader
from mutual.people.models import Person
from mutual.wall import audit
from mutual.wall.context import Actor

#: After this an answer is old: accumulators move with every claim (rules/coverage.md 2.2).
FRESH = dt.timedelta(hours=24)


@dataclass(frozen=True)
class Source:
    """A segment of the payer's file, by its number (1 is the ISA) and its text (B-47)."""

    number: int
    text: str


@dataclass(frozen=True)
class Figure:
    """One number of the plan, in words, with the segments that say it."""

    name: str
    words: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Bar:
    """What is used of an amount, in dollars or days; ``key`` is deductible, oop or days."""

    key: str
    title: str
    total: Decimal
    used: Decimal
    money: bool
    family: bool
    known: bool
    sources: tuple[Source, ...]

    @property
    def left(self) -> Decimal:
        """What is left of it."""
        return self.total - self.used

    @property
    def used_words(self) -> str:
        """What is used, in words."""
        return _("%(amount)s used") % {"amount": self._said(self.used)}

    @property
    def left_words(self) -> str:
        """What is left, in words."""
        if not self.known:
            return _("of %(total)s; what is left was not said") % {"total": self._said(self.total)}
        return _("%(left)s left of %(total)s") % {
            "left": self._said(self.left),
            "total": self._said(self.total),
        }

    def _said(self, amount: Decimal) -> str:
        return dollars(amount) if self.money else _("%(n)d days") % {"n": int(amount)}


@dataclass(frozen=True)
class Benefits:
    """What the newest answer of the payer says about one person."""

    answer: BenefitAnswer
    person: PersonBenefits
    parameters: PlanParameters
    bars: tuple[Bar, ...]
    figures: tuple[Figure, ...]
    unknown: tuple[str, ...]
    carve_outs: tuple[CarveOut, ...]
    refused: tuple[Refusal, ...]
    segments: tuple[Source, ...]
    old: bool


@dataclass(frozen=True)
class Insurance:
    """One person's insurance as a page shows it."""

    card: InsuranceCard | None
    terms: PayerTerms | None
    benefits: Benefits | None
    authorizations: list[Authorization] = field(default_factory=list)


def dollars(amount: Decimal) -> str:
    """An amount of money for people: $1,500, or with cents where there are some."""
    exact = cents(amount)
    return f"${exact:,.0f}" if exact == exact.to_integral_value() else f"${exact:,.2f}"


def person_of(actor: Actor, public_id: UUID) -> Person:
    """The person of an address whose insurance the actor keeps.

    Raises:
        NotThere: for everybody else.
    """
    return Person.objects.visible_to(actor).sole(public_id=public_id)


def insurance(actor: Actor, person_id: UUID, *, now: dt.datetime | None = None) -> Insurance:
    """A person's card, terms, newest answer and authorizations; 4 queries."""
    moment = now or timezone.now()
    card = (
        InsuranceCard.objects.visible_to(actor)
        .filter(person_id=person_id, ended_on__isnull=True)
        .select_related("payer")
        .first()
    )
    if card is None:
        return Insurance(None, None, None)
    terms = terms_on(card.payer_id, timezone.localdate(moment))
    allowed = list(
        Authorization.objects.visible_to(actor)
        .filter(person_id=person_id)
        .select_related("payer")
        .order_by("-last_day")
    )
    return Insurance(card, terms, benefits(actor, person_id, card, terms, now=moment), allowed)


def terms_on(payer_id: UUID, day: dt.date) -> PayerTerms | None:
    """A payer's terms on a day; ``None`` means that nothing is known."""
    return PayerTerms.objects.filter(payer_id=payer_id, during__contains=day).first()


def benefits(
    actor: Actor,
    person_id: UUID,
    card: InsuranceCard,
    terms: PayerTerms | None,
    *,
    now: dt.datetime | None = None,
) -> Benefits | None:
    """What the newest answer under this card says, read from the stored bytes (B-47); 1 query."""
    moment = now or timezone.now()
    answer = (
        BenefitAnswer.objects.visible_to(actor)
        .filter(person_id=person_id, card_id=card.id)
        .order_by("-imported_at", "-id")
        .first()
    )
    if answer is None:
        return None
    audit.read("benefit", person_id, answer.id)
    data = open_sealed(answer.sealed, str(answer.id)).encode("latin-1")
    person = read_benefits(data).people[answer.place]
    network = Network.IN if terms is None or terms.in_network else Network.OUT
    parameters = plan_parameters(person, network, plan_year=moment.year)
    texts = {one.position: Source(one.position, one.raw()) for one in Reader(data)}
    told = sorted({n for fact in person.benefits for n in fact.segments})
    return Benefits(
        answer=answer,
        person=person,
        parameters=parameters,
        bars=tuple(_bars(parameters, texts)),
        figures=tuple(_figures(person, parameters, texts)),
        unknown=tuple(_unknown(parameters)),
        carve_outs=person.carve_outs,
        refused=person.refused,
        segments=tuple(texts[n] for n in told if n in texts),
        old=moment - answer.imported_at > FRESH or moment.year != answer.imported_at.year,
    )


def _sources(numbers: Iterable[int], texts: dict[int, Source]) -> tuple[Source, ...]:
    return tuple(texts[n] for n in numbers if n in texts)


def _bars(parameters: PlanParameters, texts: dict[int, Source]) -> Iterable[Bar]:
    """Deductible and yearly limit, own and the family's, and a limit of days."""
    if not parameters.plans:
        return
    plan, met = parameters.plans[0], parameters.met
    own = plan.individual_deductible if plan.embedded else None
    for key, source, title, total, used, family in (
        ("deductible", _("individual deductible"), _("Your deductible"), own, met.ded, False),
        ("deductible", _("family deductible"), _("The family's deductible"),
         plan.family_deductible, met.ded_family, True),
        ("oop", _("individual out-of-pocket limit"), _("The most you pay in a year"),
         plan.individual_oop, met.oop, False),
        ("oop", _("family out-of-pocket limit"), _("The most the family pays in a year"),
         plan.family_oop, met.oop_family, True),
    ):  # fmt: skip
        numbers = parameters.sources.get(source, ())
        if total is not None and numbers:
            known = source not in parameters.remaining_unknown
            yield Bar(
                key, title, total, min(used, total), True, family, known,
                _sources(numbers, texts),
            )  # fmt: skip
    if plan.limit is not None:
        name = _("limit")
        used_days = Decimal(min(met.used, plan.limit))
        yield Bar(
            "days", _("Days in the year"), Decimal(plan.limit), used_days, False, False,
            name not in parameters.remaining_unknown,
            _sources(parameters.sources.get(name, ()), texts),
        )  # fmt: skip


def _figures(
    person: PersonBenefits, parameters: PlanParameters, texts: dict[int, Source]
) -> Iterable[Figure]:
    plan = parameters.plans[0] if parameters.plans else None
    if plan is not None and parameters.sources.get(_("coinsurance")):
        share = (plan.coinsurance * 100).normalize()
        yield Figure(
            _("Coinsurance"),
            _("you pay %(share)s %% of each day's allowed price") % {"share": format(share, "f")},
            _sources(parameters.sources[_("coinsurance")], texts),
        )
    copay = next((one for one in parameters.plans if one.copay is not None), None)
    if copay is not None and copay.copay is not None:
        basis = _("a day") if copay.copay_basis == "day" else _("a visit")
        yield Figure(
            _("Copay"),
            _("%(amount)s %(basis)s") % {"amount": dollars(copay.copay), "basis": basis},
            _sources(parameters.sources.get(_("copay"), ()), texts),
        )
    words = {
        "required": _("needed before the first day"),
        "not_required": _("not needed"),
        "unknown": _("not said: ask the payer"),
    }
    said = [n for f in person.benefits if f.authorization for n in f.segments]
    yield Figure(
        _("Authorization"), words[parameters.authorization], _sources(sorted(set(said)), texts)
    )


def _unknown(parameters: PlanParameters) -> Iterable[str]:
    yield from parameters.unknown
    for name in parameters.remaining_unknown:
        yield _("What is left of the %(name)s: the whole of it is assumed.") % {"name": name}


def units_warnings(
    authorizations: Sequence[Authorization],
    days: Iterable[dt.date],
    code: str = "H0015",
    *,
    since: dt.date = dt.date.min,
) -> list[str]:
    """Words when billing these days goes beyond what the payer authorized (B-26, F-16).

    Each day takes one unit of the authorization that covers it and ends first; days before
    ``since`` take theirs and are not named. Without any authorization nothing is said: that none
    is on file is admission's matter, not the week's.
    """
    if not authorizations:
        return []
    left = {one.id: one.left for one in authorizations}
    uncovered: list[dt.date] = []
    beyond: list[dt.date] = []
    for day in sorted(days):
        fitting = [one for one in authorizations if one.covers(code, day)]
        open_ = [one for one in fitting if left[one.id] > 0]
        if open_:
            left[min(open_, key=lambda one: one.last_day).id] -= 1
        elif day >= since:
            (beyond if fitting else uncovered).append(day)
    found = []
    if uncovered:
        found.append(_("No authorization covers %(days)s.") % {"days": _days(uncovered)})
    if beyond:
        found.append(
            _("No units left on the authorization for %(days)s.") % {"days": _days(beyond)}
        )
    return found


def _days(days: Sequence[dt.date]) -> str:
    return get_text_list([date_format(day, "D j M") for day in days], _("and"))


def own_card(actor: Actor) -> InsuranceCard:
    """The open card of the person who acts.

    Raises:
        NotThere: without one.
    """
    found = InsuranceCard.objects.filter(person_id=actor.sure_id, ended_on__isnull=True).first()
    if found is None:
        raise NotThere
    return found
