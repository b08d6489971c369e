"""What billing does: check the days, make claims, build the file that leaves, take one back."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.claims.gathering import SERVICE, Facts, gather, zone
from mutual.claims.judging import Verdict, diagnoses_on, judge
from mutual.claims.models import BillableDay, BillingIdentity, Claim, ClaimLine
from mutual.claims.outgoing import PLACES
from mutual.claims.professional import MOST_LINES
from mutual.claims.rules import PROGRAMME_DAY, npi_valid, tax_id_valid, zip9_valid
from mutual.coverage.models import Authorization, PayerTerms
from mutual.people.models import Person
from mutual.wall import audit
from mutual.wall.context import Actor, as_service

#: So far back the billing page looks by itself; older days are asked for by their dates.
USUAL = dt.timedelta(days=42)
_LOCK = (7202, 1)


def refuse_others(actor: Actor) -> None:
    """Billing is for billers (P-2).

    Raises:
        NotThere: for everybody else.
    """
    if not actor.has("biller"):
        raise NotThere


def save_identity(actor: Actor, fields: dict[str, Any]) -> BillingIdentity:
    """Keep how payers and the clearinghouse know the programme (B-18).

    Raises:
        Refused: for an NPI, tax number or ZIP code that can't be right.
    """
    refuse_others(actor)
    for name, good, words in (
        ("npi", npi_valid, _("Check the digits of the NPI.")),
        ("tax_id", tax_id_valid, _("The tax number has nine digits.")),
        ("postcode", zip9_valid, _("Claims need all nine digits of the ZIP code.")),
    ):
        if not good(str(fields.get(name, ""))):
            raise Refused(words, rule="B-18", field=name)
    row = BillingIdentity.objects.first() or BillingIdentity()
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    audit.note("write", "billing_identity", None, row.id)
    return row


def capture_days(
    actor: Actor,
    person: Person | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    *,
    now: dt.datetime | None = None,
) -> list[Verdict]:
    """Check programme days from confirmed attendance and signed notes (B-21), and keep the answer.

    Args:
        person: one person; everybody who was expected, if left out.
        first, last: the days, both included; the last six weeks if left out.

    Returns one verdict for each day: billable, held with its reason, or billed.
    """
    refuse_others(actor)
    moment = now or timezone.now()
    verdicts, _facts, _terms = _captured(person, first, last, moment)
    return verdicts


def check_days(*, now: dt.datetime | None = None) -> int:
    """Check everybody's days of the last weeks, each night, as the service; how many they are."""
    verdicts, _facts, _terms = _captured(None, None, None, now or timezone.now())
    return len(verdicts)


def make_claims(
    actor: Actor,
    person: Person | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    *,
    now: dt.datetime | None = None,
) -> list[Claim]:
    """Put billable days on claims: one patient, one payer, one authorization each (B-15).

    The days are checked anew before. What is on a claim already stays there: pressing twice, or
    two billers at once, makes each claim once (F-13).
    """
    refuse_others(actor)
    moment = now or timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, %s)", _LOCK)
        verdicts, facts, terms = _captured(person, first, last, moment)
        made: list[Claim] = []
        billable = sorted((one for one in verdicts if one.billable), key=_group)
        for _key, rows in groupby(billable, key=_group):
            days = list(rows)
            for start in range(0, len(days), MOST_LINES):
                part = days[start : start + MOST_LINES]
                made.append(_claim(actor, facts[part[0].person_id], part, moment))
        if made:
            whole = {claim.person_id for claim in made}
            _keep([one.person_id for one in made], first, last, moment)
            audit.note("write", "claim", None, None, f"{len(made)} claims of {len(whole)} people")
    return made


def take_back(actor: Actor, claim: Claim) -> Claim:
    """Take a claim back that is in no file yet: its days and units are free again.

    Raises:
        Refused: once it is in a file; then the payer gets a replacement instead.
    """
    refuse_others(actor)
    with transaction.atomic():
        row = Claim.objects.select_for_update().filter(id=claim.id).first()
        if row is None:
            raise NotThere
        if row.state == "voided":
            return row
        if row.state != "ready":
            raise Refused(_("This claim is in a file already; it can't be taken back."))
        days = list(ClaimLine.objects.filter(claim=row, live=True).values_list("date", flat=True))
        count = ClaimLine.objects.filter(claim=row, live=True).update(live=False)
        row.state = "voided"
        row.save(update_fields=["state"])
        if row.authorization_id:
            Authorization.objects.filter(id=row.authorization_id).update(used=F("used") - count)
        BillableDay.objects.filter(person_id=row.person_id, date__in=days, state="billed").update(
            state="billable"
        )
    audit.note("write", "claim", row.person_id, row.id, "taken back")
    return row


def span(
    first: dt.date | None, last: dt.date | None, moment: dt.datetime
) -> tuple[dt.date, dt.date]:
    """The days that are looked at: those asked for, or the last six weeks."""
    until = last or moment.astimezone(zone()).date()
    return first or until - USUAL, until


def _captured(
    person: Person | None, first: dt.date | None, last: dt.date | None, moment: dt.datetime
) -> tuple[list[Verdict], dict[UUID, Facts], dict[UUID, list[PayerTerms]]]:
    begin, end = span(first, last, moment)
    facts, terms = gather([person.id] if person else None, begin, end, moment)
    verdicts: list[Verdict] = []
    for one in facts.values():
        payer = one.card.payer_id if one.card else None
        verdicts += judge(one, terms.get(payer, []) if payer else [], end)
    _write(verdicts, facts, moment)
    return verdicts, facts, terms


def _keep(
    person_ids: Iterable[UUID], first: dt.date | None, last: dt.date | None, moment: dt.datetime
) -> None:
    """Write down that the days of these people are on claims now."""
    begin, end = span(first, last, moment)
    with as_service(SERVICE):
        billed = ClaimLine.objects.filter(
            person_id__in=set(person_ids), date__range=(begin, end), live=True
        ).values_list("person_id", "date")
        for person, date in billed:
            BillableDay.objects.filter(person_id=person, date=date).update(
                state="billed", code="", detail={}
            )


def _write(verdicts: Sequence[Verdict], facts: dict[UUID, Facts], moment: dt.datetime) -> None:
    with as_service(SERVICE):
        old = {
            (row.person_id, row.date): row
            for row in BillableDay.objects.filter(
                person_id__in=list(facts), date__in={one.date for one in verdicts}
            )
        }
        new = []
        for one in verdicts:
            card = facts[one.person_id].card
            said: dict[str, Any] = {
                "minutes": one.minutes,
                "state": one.state,
                "code": one.code,
                "detail": one.detail,
                "payer_id": card.payer_id if card else None,
            }
            row = old.get((one.person_id, one.date))
            if row is None:
                new.append(
                    BillableDay(person_id=one.person_id, date=one.date, checked_at=moment, **said)
                )
            else:
                for name, value in said.items():
                    setattr(row, name, value)
                row.checked_at = moment
        BillableDay.objects.bulk_create(new)
        BillableDay.objects.bulk_update(
            old.values(), ["minutes", "state", "code", "detail", "payer_id", "checked_at"]
        )


def _group(one: Verdict) -> tuple[str, str, str, str]:
    """One patient, payer, authorization and place of service to a claim (B-15, B-25, B-26)."""
    payer = str(one.terms.payer_id) if one.terms else ""
    allowed = str(one.authorization.id) if one.authorization else ""
    return (str(one.person_id), payer, allowed, one.location)


def _claim(actor: Actor, facts: Facts, days: Sequence[Verdict], moment: dt.datetime) -> Claim:
    card = facts.card
    assert card is not None and days[0].terms is not None
    days = sorted(days, key=lambda one: one.date)
    allowed = days[0].authorization
    claim = Claim(
        person_id=facts.person_id,
        payer_id=card.payer_id,
        card=card,
        authorization=allowed,
        control=_control(),
        diagnoses=diagnoses_on(facts, days[0].date),
        place=PLACES[days[0].location],
        first_day=days[0].date,
        last_day=days[-1].date,
        total=sum((_charge(one) for one in days), Decimal("0.00")),
        made_at=moment,
        by_id=actor.sure_id,
    )
    claim.save(force_insert=True)
    ClaimLine.objects.bulk_create(
        ClaimLine(
            claim=claim,
            person_id=facts.person_id,
            date=one.date,
            code=PROGRAMME_DAY,
            modifiers=_modifiers(one),
            charge=_charge(one),
            control=_control(),
        )
        for one in days
    )
    if allowed is not None:
        Authorization.objects.filter(id=allowed.id).update(used=F("used") + len(days))
    audit.note("write", "claim", facts.person_id, claim.id)
    return claim


def _charge(one: Verdict) -> Decimal:
    assert one.terms is not None and one.terms.charge is not None
    return one.terms.charge


def _modifiers(one: Verdict) -> list[str]:
    """The payer's modifiers; a day by voice only carries 93 in place of 95 (B-25)."""
    assert one.terms is not None
    given = list(one.terms.modifiers)
    if one.audio_only:
        given = [code for code in given if code not in ("95", "GT")] + ["93"]
    return given[:4]


def _control() -> str:
    """A number of a claim or line: random, so that it tells neither time nor count (P-52)."""
    return "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(12))
