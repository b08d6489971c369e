"""What happened and what the plan allows, for some people and days; for the checks of claims.

Everything is read as the service ``charge_capture``: facts, never a note's text. A minute counts
for a partner only when it is documented in that partner's own record (rules/coverage.md,
"The couple", b): of a couples session that is the own-chart note, not the couple's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from psycopg.types.range import TimestamptzRange

from mutual.claims.models import ClaimLine
from mutual.claims.rules import ProgrammeDay
from mutual.coverage.models import Authorization, InsuranceCard, PayerTerms
from mutual.people.models import CoupleMember, Person
from mutual.plan.models import Diagnosis
from mutual.record.models import CoSignature, Note
from mutual.wall.context import as_service
from mutual.wall.models import ConsentFact
from mutual.week.kinds import KINDS
from mutual.week.models import Attendance, Seat

SERVICE = "charge_capture"
#: The note that documents a session of these kinds in one person's own record.
OWN_NOTE = {"conjoint_note": "conjoint_own_note"}
COUNTING = sorted(key for key, kind in KINDS.items() if kind.counts)


@dataclass
class Day:
    """One person's programme day as attendance and notes have it."""

    date: dt.date
    minutes: int = 0
    unconfirmed: int = 0
    unsigned: int = 0
    sessions: int = 0
    voice_only: int = 0

    @property
    def facts(self) -> ProgrammeDay:
        """The same for the rules."""
        return ProgrammeDay(
            minutes=self.minutes,
            attendance_signed=not self.unconfirmed,
            notes_signed=not self.unsigned,
        )

    @property
    def audio_only(self) -> bool:
        """Whether nothing of the day had a picture (B-25)."""
        return self.sessions > 0 and self.voice_only == self.sessions


@dataclass
class Facts:
    """Everything around one person's days."""

    person_id: UUID
    days: dict[dt.date, Day] = field(default_factory=dict)
    card: InsuranceCard | None = None
    authorizations: list[Authorization] = field(default_factory=list)
    diagnoses: list[Diagnosis] = field(default_factory=list)
    consent: bool = False
    lines: list[ClaimLine] = field(default_factory=list)


def zone() -> ZoneInfo:
    """The programme's zone, in which days are counted."""
    return ZoneInfo(settings.PROGRAMME_ZONE)


def gather(
    person_ids: Sequence[UUID] | None, first: dt.date, last: dt.date, now: dt.datetime
) -> tuple[dict[UUID, Facts], dict[UUID, list[PayerTerms]]]:
    """Facts by person, of these people or of everyone who was expected; and terms by payer.

    9 queries, whatever the number of people.
    """
    start = dt.datetime.combine(first, dt.time(), zone())
    end = min(now, dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone()))
    with as_service(SERVICE):
        found = _days(person_ids, start, max(start, end))
        ids = list(found)
        for card in InsuranceCard.objects.filter(
            person_id__in=ids, ended_on__isnull=True
        ).select_related("payer"):
            found[card.person_id].card = card
        for allowed in Authorization.objects.filter(person_id__in=ids).order_by(
            "first_day", "added_at"
        ):
            found[allowed.person_id].authorizations.append(allowed)
        for one in Diagnosis.objects.filter(person_id__in=ids).order_by("-principal", "since"):
            found[one.person_id].diagnoses.append(one)
        for person in ConsentFact.objects.filter(
            person_id__in=ids, code="tpo", valid__contains=now
        ).values_list("person_id", flat=True):
            found[person].consent = True
        for line in ClaimLine.objects.filter(person_id__in=ids, live=True):
            found[line.person_id].lines.append(line)
        terms: dict[UUID, list[PayerTerms]] = {}
        payers = {one.card.payer_id for one in found.values() if one.card}
        for term in PayerTerms.objects.filter(payer_id__in=payers):
            terms.setdefault(term.payer_id, []).append(term)
    return found, terms


def _days(
    person_ids: Sequence[UUID] | None, start: dt.datetime, end: dt.datetime
) -> dict[UUID, Facts]:
    seats = Seat.objects.filter(
        cancelled=False, kind__in=COUNTING, during__overlap=TimestamptzRange(start, end)
    )
    if person_ids is not None:
        seats = seats.filter(person_id__in=person_ids)
    rows = [one for one in seats.order_by("during") if start <= one.during.lower and
            one.during.upper <= end]  # fmt: skip
    found = {one: Facts(one) for one in (person_ids or [])}
    sessions = {one.session_id for one in rows}
    attended = {
        (one.session_id, one.person_id): one
        for one in Attendance.objects.filter(session_id__in=sessions)
    }
    signed = {
        (note.session_id, note.subject_id, note.kind): note
        for note in Note.objects.filter(session_id__in=sessions, status="signed")
        .filter(
            Q(cosign_by__isnull=True)
            | Exists(CoSignature.objects.filter(note_id=OuterRef("pk")))  # C-72
        )
        .only("session_id", "subject_id", "kind", "status")
    }
    for seat in rows:
        facts = found.setdefault(seat.person_id, Facts(seat.person_id))
        date = seat.during.lower.astimezone(zone()).date()
        day = facts.days.setdefault(date, Day(date))
        came = attended.get((seat.session_id, seat.person_id))
        if came is None:
            day.unconfirmed += 1
            continue
        if came.status not in ("attended", "partial") or not came.minutes:
            continue
        day.minutes += came.minutes
        day.sessions += 1
        day.voice_only += came.audio_only
        kind = KINDS[seat.kind].note
        if (seat.session_id, seat.person_id, OWN_NOTE.get(kind, kind)) not in signed:
            day.unsigned += 1
    return found


def on(terms: Sequence[PayerTerms], day: dt.date) -> PayerTerms | None:
    """The terms of a day among those of one payer."""
    return next((one for one in terms if day in one.during), None)


@dataclass(frozen=True)
class Names:
    """A person's names for the claim, and what may never stand in it (B-31)."""

    person: Person
    partners: tuple[Person, ...]
    record_numbers: tuple[str, ...]


def names(person_ids: Sequence[UUID]) -> dict[UUID, Names]:
    """Names of people and their partners, and our numbers of both; 2 queries."""
    with as_service(SERVICE):
        mine = list(
            CoupleMember.objects.filter(couple__members__person_id__in=person_ids)
            .select_related("couple")
            .distinct()
        )
        people = {
            one.id: one
            for one in Person.objects.filter(
                id__in={*person_ids, *(member.person_id for member in mine)}
            )
        }
    found = {}
    for key in person_ids:
        couples = {m.couple_id: m.couple for m in mine if m.person_id == key}
        others = [
            people[m.person_id]
            for m in mine
            if m.couple_id in couples and m.person_id != key and m.person_id in people
        ]
        numbers = [one.public_id for one in (people[key], *others)]
        numbers += [couple.public_id for couple in couples.values()]
        found[key] = Names(people[key], tuple(others), tuple(str(one) for one in numbers))
    return found
