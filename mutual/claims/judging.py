"""Each day of a person: billable, or held with its reason. Pure: facts in, verdicts out (B-21)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from mutual.claims import codes
from mutual.claims.gathering import Day, Facts, on
from mutual.claims.rules import (
    PROGRAMME_DAY,
    Held,
    bare,
    billable_day,
    filing_stage,
    relationship_only,
    substance_use,
)
from mutual.coverage.models import Authorization, PayerTerms


@dataclass(frozen=True)
class Verdict:
    """What is said of one day; ``code`` and ``detail`` as in `reasons`."""

    person_id: UUID
    date: dt.date
    minutes: int
    state: str
    code: str = ""
    detail: dict[str, object] = field(default_factory=dict)
    authorization: Authorization | None = None
    terms: PayerTerms | None = None
    audio_only: bool = False
    location: str = "home"

    @property
    def billable(self) -> bool:
        """Whether it may go on a claim."""
        return self.state == "billable"


def judge(facts: Facts, terms: Sequence[PayerTerms], today: dt.date) -> list[Verdict]:
    """All days of one person in order; units of authorizations are used up day by day (F-16)."""
    left = {one.id: one.left for one in facts.authorizations}
    billed = {one.date for one in facts.lines if one.code == PROGRAMME_DAY}
    return [
        _verdict(facts, facts.days[date], terms, today, left, date in billed)
        for date in sorted(facts.days)
    ]


def diagnoses_on(facts: Facts, day: dt.date) -> list[str]:
    """Codes in force on a day as a claim lists them: substance use first, Z63.0 last (B-19, B-20).

    At most twelve, each once.
    """
    rows = [
        one.code
        for one in facts.diagnoses
        if one.since <= day and (one.until is None or day <= one.until)
    ]
    order = sorted(
        dict.fromkeys(bare(code) for code in rows),
        key=lambda code: (not substance_use(code), relationship_only(code)),
    )
    return order[:12]


def _verdict(
    facts: Facts,
    day: Day,
    every: Sequence[PayerTerms],
    today: dt.date,
    left: dict[UUID, int],
    billed: bool,
) -> Verdict:
    card = facts.card
    terms = on(every, day.date)

    def held(code: str, **detail: object) -> Verdict:
        return Verdict(facts.person_id, day.date, day.minutes, "held", code, detail)

    if billed:
        return Verdict(facts.person_id, day.date, day.minutes, "billed")
    if not day.minutes and not day.unconfirmed:
        return held("absent")
    if card is not None and card.self_pay_since and card.self_pay_since <= day.date:
        return held("self_pay")
    if not facts.consent:
        return held("consent")
    if card is None:
        return held("card")
    if not card.own and not card.told:
        return held("told")
    listed = diagnoses_on(facts, day.date)
    if not listed or not substance_use(listed[0]):
        return held("diagnosis")
    doubtful = next((code for code in listed if codes.valid(code, day.date) is not True), None)
    if doubtful:
        return held("code", diagnosis=doubtful)
    minimum = terms.minimum_minutes if terms else None
    judged = billable_day(day.date, day.facts, minimum)
    if isinstance(judged, Held):
        detail = {"counted": day.minutes, "minimum": minimum} if judged.code == "minutes" else {}
        return held(judged.code, **detail)
    assert terms is not None
    if terms.charge is None:
        return held("charge")
    if filing_stage(day.date, today, terms.filing_days) == "late":
        return held("late")
    allowed, why = _authorized(facts, terms, day.date, left)
    if why:
        return held(why)
    return Verdict(
        facts.person_id, day.date, day.minutes, "billable",
        authorization=allowed, terms=terms, audio_only=day.audio_only,
        location=day.location,
    )  # fmt: skip


def _authorized(
    facts: Facts, terms: PayerTerms, day: dt.date, left: dict[UUID, int]
) -> tuple[Authorization | None, str]:
    """The authorization a day uses, or why it is held (B-26)."""
    mine = [one for one in facts.authorizations if one.payer_id == terms.payer_id]
    if terms.authorization == "not_required":
        return None, ""
    if terms.authorization == "unknown" and not mine:
        return None, "auth_unknown"
    fitting = [one for one in mine if one.covers(PROGRAMME_DAY, day)]
    if not fitting:
        return None, "authorization"
    for one in fitting:
        if left[one.id] > 0:
            left[one.id] -= 1
            return one, ""
    return None, "units"
