"""What the privacy officer reads: consents and disclosures of everybody, and nothing else (D8).

The officer's column opens no profile, so people stand here under the name they signed with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.privacy import forms
from mutual.privacy.models import Consent, Disclosure
from mutual.privacy.standing import standing
from mutual.wall import audit
from mutual.wall.context import Actor


@dataclass
class PersonLine:
    """One person on the list: how many consents stand, were taken back or declined."""

    name: str
    #: Public id of the newest consent: the way to the person's page.
    key: UUID | None = None
    given: int = 0
    taken_back: int = 0
    declined: int = 0
    disclosures: int = 0
    last: datetime | None = None


@dataclass(frozen=True)
class ConsentRow:
    """One signed paper: ``state`` is ``given``, ``back``, ``declined`` or ``ended``."""

    consent: Consent
    title: str
    state: str


@dataclass(frozen=True)
class PersonPage:
    """Every consent of one person, newest first, and what left the programme about them."""

    name: str
    consents: list[ConsentRow] = field(default_factory=list)
    disclosures: list[Disclosure] = field(default_factory=list)


def everybody(actor: Actor, now: datetime | None = None) -> list[PersonLine]:
    """All people with a consent or a disclosure, by name; two queries, one line in the trail."""
    moment = now or timezone.now()
    lines: dict[UUID, PersonLine] = {}
    papers: dict[tuple[UUID, str], list[Consent]] = {}
    rows = Consent.objects.visible_to(actor).order_by("-signed_at", "-id")
    for one in rows.defer("words", "description", "revocation"):
        line = lines.setdefault(one.person_id, PersonLine(one.signed_name, one.public_id))
        line.taken_back += one.revoked_at is not None
        papers.setdefault((one.person_id, one.code), []).append(one)
    for (person_id, _code), newest_first in papers.items():
        good = standing(newest_first, moment)
        lines[person_id].given += good is not None
        lines[person_id].declined += good is None and newest_first[0].answer == "declined"
    told = Disclosure.objects.visible_to(actor).values("person_id").order_by()
    for row in told.annotate(n=Count("id"), last=Max("at")):
        line = lines.setdefault(row["person_id"], PersonLine(""))
        line.disclosures, line.last = row["n"], row["last"]
    audit.read("consent", None, None, "list of everybody")
    audit.read("disclosure_log", None, None, "list of everybody")
    return sorted(lines.values(), key=lambda line: line.name.casefold())


def person(actor: Actor, key: UUID, now: datetime | None = None) -> PersonPage:
    """The person of a consent: all consents and disclosures; three queries, read audited.

    Raises:
        NotThere: to everybody who may not read that consent.
    """
    moment = now or timezone.now()
    person_id = Consent.objects.visible_to(actor).sole(public_id=key).person_id
    rows = list(
        Consent.objects.visible_to(actor).filter(person_id=person_id).order_by("-signed_at", "-id")
    )
    if not rows:
        raise NotThere
    by_code: dict[str, list[Consent]] = {}
    for one in rows:
        by_code.setdefault(one.code, []).append(one)
    good = {c.id for c in (standing(papers, moment) for papers in by_code.values()) if c}
    audit.read("consent", person_id)
    audit.read("disclosure_log", person_id)
    return PersonPage(
        name=rows[0].signed_name,
        consents=[ConsentRow(one, _title(one.code), _state(one, good)) for one in rows],
        disclosures=list(
            Disclosure.objects.visible_to(actor)
            .filter(person_id=person_id)
            .order_by("-at", "-id")[:200]
        ),
    )


def _state(one: Consent, good: set[UUID]) -> str:
    if one.revoked_at is not None:
        return "back"
    if one.answer == "declined":
        return "declined"
    return "given" if one.id in good else "ended"


def _title(code: str) -> str:
    try:
        return str(forms.get(code).title)
    except Refused:
        # A release to the partner has its words in an individual session only (P-25).
        return code
