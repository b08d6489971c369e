"""What the billing page reads: days with their reasons, claims, files; for billers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from mutual.base.refusal import NotThere
from mutual.base.words import say
from mutual.claims.actions import refuse_others
from mutual.claims.models import BillableDay, BillingIdentity, Claim, ClaimFile
from mutual.claims.reasons import REASONS, words
from mutual.wall.context import Actor

#: More of one list than this is looked for by its dates.
MOST = 300


@dataclass(frozen=True)
class DayRow:
    """A day as billing sees it."""

    person: UUID  # public id
    name: str
    date: dt.date
    minutes: int
    payer: str
    state: str
    code: str
    words: str
    rule: str
    fix: str
    who: str


@dataclass(frozen=True)
class Billing:
    """The whole page."""

    identity: BillingIdentity | None
    billable: list[DayRow]
    held: list[DayRow]
    reasons: list[tuple[str, int]]
    ready: list[Claim]
    batched: list[Claim]
    files: list[ClaimFile]
    checked_at: dt.datetime | None

    @property
    def ready_total(self) -> Decimal:
        """Dollars of the claims that wait for a file."""
        return sum((claim.total for claim in self.ready), Decimal("0.00"))


def billing(actor: Actor) -> Billing:
    """Days not on a claim, claims and their files; 3 queries.

    Raises:
        NotThere: for anybody but billers.
    """
    refuse_others(actor)
    open_days = list(
        BillableDay.objects.visible_to(actor)
        .filter(state__in=("billable", "held"))
        .exclude(code="absent")
        .select_related("person", "payer")
        .order_by("-date", "person__family_name", "person__given_name")[:MOST]
    )
    days = [_row(row) for row in open_days]
    claims = list(
        Claim.objects.visible_to(actor)
        .exclude(state="voided")
        .select_related("person", "payer", "file")
        .defer("file__sealed")
        .order_by("-made_at")[:MOST]
    )
    held = [day for day in days if day.state == "held"]
    return Billing(
        identity=BillingIdentity.objects.first(),
        billable=[day for day in days if day.state == "billable"],
        held=held,
        reasons=Counter(day.words for day in held).most_common(),
        ready=[claim for claim in claims if claim.state == "ready"],
        batched=[claim for claim in claims if claim.state == "batched"],
        files=sorted(
            {claim.file for claim in claims if claim.file},
            key=lambda file: file.built_at,
            reverse=True,
        ),
        checked_at=max((row.checked_at for row in open_days), default=None),
    )


def claims_of(actor: Actor, public_ids: list[UUID]) -> list[Claim]:
    """Ready claims by their addresses; all of them when none is named.

    Raises:
        NotThere: if one of them isn't there for this actor.
    """
    refuse_others(actor)
    rows = Claim.objects.visible_to(actor)
    if not public_ids:
        return list(rows.filter(state="ready"))
    found = list(rows.filter(public_id__in=public_ids))
    if len(found) != len(set(public_ids)):
        raise NotThere
    return found


def _row(row: BillableDay) -> DayRow:
    reason = REASONS.get(row.code)
    return DayRow(
        person=row.person.public_id,
        name=str(row.person),
        date=row.date,
        minutes=row.minutes,
        payer=row.payer.name if row.payer else "",
        state=row.state,
        code=row.code,
        words=words(row.code, row.detail) if reason else "",
        rule=reason.rule if reason else "",
        fix=reason.fix if reason else "",
        who=say(reason.who) if reason and reason.who else "",
    )
