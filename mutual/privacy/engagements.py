"""Audits: an auditor sees a named sample for named days, and nothing before or after (P-33)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import CoupleMember, Person, Staff
from mutual.privacy.gate import Leaving, let_out
from mutual.privacy.models import AuditEngagement, EngagementPerson
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.wall.relations import end_relations, relate


@dataclass(frozen=True)
class Terms:
    """What an engagement names (2.53): the purpose, the days, the signed duty, and the end."""

    organisation: str
    purpose: str
    first_day: date
    last_day: date
    duty_signed_on: date | None
    duty_signed_name: str
    ends_with: str


def open_engagement(
    actor: Actor,
    auditor: Staff,
    terms: Terms,
    sample: Iterable[UUID],
    *,
    now: datetime | None = None,
) -> AuditEngagement:
    """Open an audit: its days and sample become the auditor's grants, and no others (P-33).

    Each one in the sample finds the audit on their own list of disclosures (P-35).

    Raises:
        NotThere: for anybody but the director, and for somebody who isn't an auditor.
        Refused: for a part of the terms that is missing, or an empty sample.
    """
    if not actor.has("director") or "auditor" not in auditor.roles:
        raise NotThere
    moment = now or timezone.now()
    signed_on = _refuse_incomplete(terms)
    people = list(dict.fromkeys(sample))
    if not people:
        raise Refused(_("Choose whose records are in the sample."), rule="P-33", field="sample")
    zone = ZoneInfo(settings.PROGRAMME_ZONE)
    since = datetime.combine(terms.first_day, time.min, zone)
    until = datetime.combine(terms.last_day + timedelta(days=1), time.min, zone)
    with transaction.atomic():
        row = AuditEngagement(
            auditor=auditor,
            organisation=terms.organisation.strip(),
            purpose=terms.purpose.strip(),
            first_day=terms.first_day,
            last_day=terms.last_day,
            duty_signed_on=signed_on,
            duty_signed_name=terms.duty_signed_name.strip(),
            ends_with=terms.ends_with,
            by_id=actor.sure_id,
            opened_at=moment,
        )
        row.save(force_insert=True)
        EngagementPerson.objects.bulk_create(
            EngagementPerson(engagement=row, person_id=person) for person in people
        )
        for person in people:
            relate(auditor.id, "auditor", person, "P", reason=_("audit"), since=since, until=until)
        for couple in _whole_couples(people):
            relate(auditor.id, "auditor", couple, "C", reason=_("audit"), since=since, until=until)
        let_out(
            actor,
            [
                Leaving(
                    way="audit",
                    person_id=person,
                    recipient=f"{auditor.name}, {row.organisation}",
                    what=_("Your record, shown for an audit"),
                    purpose="audit",
                    exception="audit",
                )
                for person in people
            ],
            now=moment,
        )
    audit.note("grant", "auditor", None, row.id, "audit opened")
    return row


def end_engagement(
    actor: Actor, row: AuditEngagement, confirmed_on: date | None, *, now: datetime | None = None
) -> AuditEngagement:
    """End an audit at once, and write down when copies were returned or destroyed (P-33)."""
    if not actor.has("director"):
        raise NotThere
    moment = now or timezone.now()
    people = list(row.sample.values_list("person_id", flat=True))
    with transaction.atomic():
        for subject in (*people, *_whole_couples(people)):
            end_relations(row.auditor_id, subject, "auditor", at=moment)
        row.last_day = min(
            row.last_day, moment.astimezone(ZoneInfo(settings.PROGRAMME_ZONE)).date()
        )
        row.confirmed_on = confirmed_on
        row.save(update_fields=["confirmed_on", "last_day"])
    audit.note("grant", "auditor", None, row.id, "audit ended")
    return row


def engagements(actor: Actor) -> list[AuditEngagement]:
    """Those the actor may know: all for director and privacy officer, the auditor's own."""
    rows = AuditEngagement.objects.select_related("auditor").order_by("-first_day")
    if actor.has("director", "privacy_officer"):
        return list(rows)
    return list(rows.filter(auditor_id=actor.sure_id))


def sample_of(
    actor: Actor, key: UUID, now: datetime | None = None
) -> tuple[AuditEngagement, list[EngagementPerson]]:
    """An engagement on one of its days with its sample, for its auditor.

    Raises:
        NotThere: before, after, and for everybody else (P-33).
    """
    today = (now or timezone.now()).astimezone(ZoneInfo(settings.PROGRAMME_ZONE)).date()
    row = AuditEngagement.objects.filter(
        public_id=key,
        auditor_id=actor.sure_id,
        first_day__lte=today,
        last_day__gte=today,
        confirmed_on__isnull=True,
    ).first()
    if row is None:
        raise NotThere
    return row, list(row.sample.order_by("public_id"))


def candidates(actor: Actor) -> list[Person]:
    """Who may stand in a sample, by name; for the director who opens an audit."""
    if not actor.has("director"):
        raise NotThere
    with as_service("audit_samples"):
        return list(Person.objects.order_by("family_name", "given_name"))


def _whole_couples(people: Iterable[UUID]) -> list[UUID]:
    """Couples of which both partners stand in the sample: what is shared belongs to both."""
    chosen = set(people)
    with as_service("audit_samples"):
        rows = CoupleMember.objects.filter(couple__members__person_id__in=chosen).values_list(
            "couple_id", "person_id"
        )
        by_couple: dict[UUID, set[UUID]] = {}
        for couple, person in rows:
            by_couple.setdefault(couple, set()).add(person)
    return [couple for couple, both in by_couple.items() if both <= chosen]


def _refuse_incomplete(terms: Terms) -> date:
    for name in ("organisation", "purpose", "duty_signed_name"):
        if not getattr(terms, name).strip():
            raise Refused(_("Fill this in: the audit needs it."), rule="P-33", field=name)
    if terms.duty_signed_on is None:
        raise Refused(
            _("The auditor signs first not to use the records for anything else."),
            rule="P-33",
            field="duty_signed_on",
        )
    if terms.last_day < terms.first_day:
        raise Refused(_("The last day is before the first."), rule="P-33", field="last_day")
    if terms.ends_with not in ("returned", "destroyed"):
        raise Refused(
            _("Say whether copies are returned or destroyed."), rule="P-33", field="ends_with"
        )
    return terms.duty_signed_on
