"""What people do with insurance: keep the card, import a payer's answer, note authorizations."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from mutual.base.crypto import seal
from mutual.base.refusal import NotThere, Refused
from mutual.coverage.answers import MOST_BYTES as MOST_BYTES
from mutual.coverage.answers import line_of as line_of
from mutual.coverage.answers import read_whole, whose
from mutual.coverage.benefits import report_json
from mutual.coverage.models import (
    Authorization,
    BenefitAnswer,
    InsuranceCard,
    Payer,
    PayerTerms,
)
from mutual.people.models import Person
from mutual.privacy.queries import missing
from mutual.wall import audit
from mutual.wall.context import Actor

#: What a programme day needs in most contracts; a payer's own number is typed over it (B-21).
DAY_MINUTES = 180
DAY_SOURCE = "HCPCS H0015: at least 3 hours a day, 3 days a week"
_CARD_FIELDS = (
    "plan_name", "member_id", "group_number", "relationship", "address", "city", "state",
    "postcode", "holder_given", "holder_family", "holder_birth", "holder_sex", "self_pay_since",
    "active_from",
)  # fmt: skip


def add_payer(
    actor: Actor,
    name: str,
    electronic_id: str,
    *,
    filing: str = "CI",
    since: dt.date | None = None,
    source: str = DAY_SOURCE,
    minimum_minutes: int | None = DAY_MINUTES,
    filing_days: int | None = None,
    authorization: str = "unknown",
    charge: Decimal | None = None,
    allowed: Decimal | None = None,
    allowed_low: Decimal | None = None,
    allowed_high: Decimal | None = None,
    modifiers: tuple[str, ...] = ("HF", "95"),
    bundled: tuple[str, ...] = ("H0004", "H0005", "90832", "90834", "90837", "90853", "90847"),
    in_network: bool = True,
) -> Payer:
    """An insurance company with its first terms; found by name if it is there (F-13).

    Args:
        since: from when the terms hold; the first of the year if left out.
        source: where the terms are written, for instance the contract's page.
        minimum_minutes: documented minutes of a billable day; ``None``: not known.

    Raises:
        NotThere: for anybody but admissions and billing.
    """
    _refuse_stranger(actor)
    found = Payer.objects.filter(name=name).first()
    if found is not None:
        return found
    payer = Payer.objects.create(name=name, electronic_id=electronic_id, filing=filing)
    set_terms(
        actor, payer, since or timezone.localdate().replace(month=1, day=1), source,
        minimum_minutes=minimum_minutes, filing_days=filing_days, authorization=authorization,
        charge=charge, allowed=allowed, allowed_low=allowed_low, allowed_high=allowed_high,
        modifiers=list(modifiers), bundled=list(bundled), in_network=in_network,
    )  # fmt: skip
    return payer


def set_terms(
    actor: Actor, payer: Payer, since: dt.date, source: str, **changes: Any
) -> PayerTerms:
    """New terms of a payer from a day on; what held before keeps its days (dated, sourced).

    ``changes`` are fields of `PayerTerms`; what is left out stays as it was.

    Raises:
        Refused: without a source, or from a day before the newest terms.
    """
    _refuse_stranger(actor)
    if not source.strip():
        raise Refused(_("Say where this is written."), rule="B-21", field="source")
    last = PayerTerms.objects.filter(payer=payer).order_by("-during").first()
    with transaction.atomic():
        terms = PayerTerms(payer=payer)
        if last is not None:
            begun = last.during.lower
            if begun is not None and since < begun:
                raise Refused(
                    _("Newer terms are on file. Choose a day from %(day)s on.")
                    % {"day": begun.isoformat()},
                    field="since",
                )
            if since == begun:
                terms = last
            else:
                for one in PayerTerms._meta.concrete_fields:
                    if one.name not in ("id", "payer", "during", "source"):
                        setattr(terms, one.name, getattr(last, one.name))
                last.during = DateRange(begun, since)
                last.save(update_fields=["during"])
        for name, value in changes.items():
            setattr(terms, name, value)
        terms.source = source.strip()[:200]
        terms.during = DateRange(since, None)
        terms.save()
    audit.note("write", "payer_terms", None, terms.id)
    return terms


def save_card(
    actor: Actor,
    person: Person,
    payer: Payer,
    fields: Mapping[str, Any],
    *,
    now: dt.datetime | None = None,
) -> InsuranceCard:
    """Keep what a person's insurance card says; another payer or number is a new card.

    A new card ends the old one: what was imported and billed stays with the card it came from.

    Args:
        fields: of `InsuranceCard`: ``member_id``, ``relationship``, ``address`` and so on.

    Raises:
        Refused: without a member number, an address, or a policyholder where it is somebody else.
        NotThere: for anybody but the person, admissions and billing.
    """
    moment = now or timezone.now()
    given = {name: fields[name] for name in _CARD_FIELDS if name in fields}
    _refuse_incomplete(given)
    with transaction.atomic():
        old = (
            InsuranceCard.objects.select_for_update()
            .filter(person_id=person.id, ended_on__isnull=True)
            .first()
        )
        same = old is not None and (old.payer_id, old.member_id) == (payer.id, given["member_id"])
        if old is not None and not same:
            old.ended_on = timezone.localdate(moment)
            old.save(update_fields=["ended_on"])
        card = old if same and old is not None else InsuranceCard(person_id=person.id)
        whose = (card.relationship, card.holder_given, card.holder_family)
        given.setdefault("active_from", card.active_from or timezone.localdate(moment))
        card.payer = payer
        for name, value in given.items():
            setattr(card, name, value)
        if whose != (card.relationship, card.holder_given, card.holder_family):
            card.told, card.told_at = "", None  # another policyholder: asked anew (P-56)
        card.saved_at, card.by_id = moment, actor.sure_id
        _written(card)
    audit.note("write", "insurance_card", person.id, card.id)
    return card


def answer_confidential(
    actor: Actor, card: InsuranceCard, answer: str, *, now: dt.datetime | None = None
) -> InsuranceCard:
    """A dependent has read whom the plan writes to, and decided (P-56, B-46).

    ``answer`` is ``private`` or ``usual``. Only the person decides.

    Raises:
        Refused: for another word.
        NotThere: for anybody else.
    """
    if card.person_id != actor.id:
        raise NotThere
    if answer not in ("private", "usual"):
        raise Refused(_("Choose one of the two."), rule="P-56", field="answer")
    card.told, card.told_at = answer, now or timezone.now()
    card.save(update_fields=["told", "told_at"])
    audit.note("write", "insurance_card", card.person_id, card.id, "confidential communication")
    return card


def import_271(
    actor: Actor,
    person: Person,
    data: bytes,
    file_name: str = "",
    *,
    now: dt.datetime | None = None,
) -> BenefitAnswer:
    """Import a payer's answer about one person: whole, or not at all (B-4, B-5, B-6).

    The same file again, under any name, gives the first answer. The bytes are kept sealed.

    Args:
        file_name: what the file is called; it isn't kept, it may hold a name.

    Raises:
        Refused: without the person's payment consent (P-28) or for somebody who pays without the
            plan (P-39); for a file that is broken, cut off, of another kind or about somebody
            else, saying the line and the reason.
    """
    moment = now or timezone.now()
    card = (
        InsuranceCard.objects.writable_by(actor)
        .filter(person_id=person.id, ended_on__isnull=True)
        .first()
    )
    if card is None:
        raise Refused(_("Write down the insurance card first."), field="file")
    if card.self_pay_since is not None and card.self_pay_since <= timezone.localdate(moment):
        raise Refused(_("Held: this person pays without the plan."), rule="P-39", field="file")
    if missing(person.id, ["tpo"], moment):
        raise Refused(
            _("Held: consent. This person's payment consent is not in force."),
            rule="P-28",
            field="file",
        )
    digest = hashlib.sha256(data).digest()
    first = BenefitAnswer.objects.filter(person_id=person.id, digest=digest).first()
    if first is not None:
        return first
    report = read_whole(data)
    place = whose(report, card)
    answer = BenefitAnswer(
        person_id=person.id,
        card=card,
        digest=digest,
        place=place,
        imported_at=moment,
        by_id=actor.sure_id,
    )
    answer.sealed = seal(data.decode("latin-1"), str(answer.id))
    people = cast(list[object], report_json(report, "")["people"])
    answer.report = people[place]
    try:
        with transaction.atomic():
            answer.save(force_insert=True)
    except IntegrityError:  # two presses at once
        return BenefitAnswer.objects.get(person_id=person.id, digest=digest)
    audit.note("write", "benefit", person.id, answer.id)
    return answer


def add_authorization(
    actor: Actor,
    person: Person,
    payer: Payer,
    *,
    number: str,
    units: int,
    first_day: dt.date,
    last_day: dt.date,
    used: int = 0,
    code: str = "H0015",
    now: dt.datetime | None = None,
) -> Authorization:
    """Note an authorization of one person at one payer (B-26); a repeat finds the first (F-13).

    Args:
        units: days allowed; ``used``: of them used before this programme counted.

    Raises:
        Refused: for days or units that can't be.
    """
    if not number.strip():
        raise Refused(_("Type the authorization number."), rule="B-26", field="number")
    if last_day < first_day:
        raise Refused(_("The last day is before the first."), rule="B-26", field="last_day")
    if not 0 <= used <= units or units < 1:
        raise Refused(
            _("Units must be 1 or more, and no more used than allowed."), rule="B-26", field="units"
        )
    found = Authorization.objects.filter(
        person_id=person.id, payer=payer, number=number.strip(), code=code
    ).first()
    if found is not None:
        return found
    row = Authorization(
        person_id=person.id,
        payer=payer,
        code=code,
        number=number.strip(),
        units=units,
        used=used,
        first_day=first_day,
        last_day=last_day,
        added_at=now or timezone.now(),
        by_id=actor.sure_id,
    )
    _written(row)
    audit.note("write", "authorization", person.id, row.id)
    return row


def _written(row: InsuranceCard | Authorization) -> None:
    """Save; what the wall refuses is absent for this actor (P-2)."""
    from django.db import DatabaseError

    try:
        with transaction.atomic():
            row.save()
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == "42501":
            raise NotThere from error
        raise


def _refuse_stranger(actor: Actor) -> None:
    if actor.kind != "service" and not actor.has("admissions", "biller"):
        raise NotThere


def _refuse_incomplete(fields: Mapping[str, Any]) -> None:
    for name, words in (
        ("member_id", _("Type the member number as the card has it.")),
        ("address", _("Type the address as the plan has it.")),
        ("city", _("Type the city.")),
        ("state", _("Type the state.")),
        ("postcode", _("Type the ZIP code.")),
    ):
        if not str(fields.get(name) or "").strip():
            raise Refused(words, field=name)
    if fields.get("relationship", "18") != "18":
        for name in ("holder_given", "holder_family", "holder_birth"):
            if not fields.get(name):
                raise Refused(
                    _("It is somebody else's policy: type the policyholder's name and birth date."),
                    rule="B-17",
                    field=name,
                )
