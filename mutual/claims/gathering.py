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
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from psycopg.types.range import TimestamptzRange

from mutual.claims.models import ClaimLine
from mutual.claims.rules import ProgrammeDay
from mutual.coverage.models import Authorization, InsuranceCard, PayerTerms
from mutual.people.models import CoupleMember, Person
from mutual.plan.models import Diagnosis
from mutual.record.models import CoSignature, Note
from mutual.room.models import Confirmation
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
    documented: int = 0
    unconfirmed: int = 0
    unsigned: int = 0
    sessions: int = 0
    voice_only: int = 0
    elsewhere: int = 0

    @property
    def location(self) -> str:
        """``home`` unless somebody said at a session's start that they were not (B-25)."""
        return "other" if self.elsewhere else "home"

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

    7 queries, whatever the number of people.
    """
    start = dt.datetime.combine(first, dt.time(), zone())
    end = min(now, dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone()))
    with as_service(SERVICE):
        days = programme_days(person_ids, start, max(start, end))
        found = {one: Facts(one, days.get(one, {})) for one in {*(person_ids or ()), *days}}
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


def programme_days(
    person_ids: Sequence[UUID] | None, start: dt.datetime, end: dt.datetime
) -> dict[UUID, dict[dt.date, Day]]:
    """Days of people from seats, attendance and signed notes, as the actor may see them; 1 query.

    Callers act as a service of theirs that has the facts of all three.
    """
    came = Attendance.objects.filter(
        session_id=OuterRef("session_id"), person_id=OuterRef("person_id")
    ).values(row=JSONObject(minutes="minutes", status="status", voice="audio_only"))
    place = Confirmation.objects.filter(
        session_id=OuterRef("session_id"), person_id=OuterRef("person_id")
    ).values("label")
    signed = Note.objects.filter(
        Q(cosign_by__isnull=True)
        | Exists(CoSignature.objects.filter(note_id=OuterRef("pk"))),  # C-72
        session_id=OuterRef("session_id"),
        subject_id=OuterRef("person_id"),
        status="signed",
    ).values("kind")
    seats = Seat.objects.filter(
        cancelled=False,
        kind__in=COUNTING,
        during__contained_by=TimestamptzRange(start, end),
    )
    if person_ids is not None:
        seats = seats.filter(person_id__in=person_ids)
    found: dict[UUID, dict[dt.date, Day]] = {}
    for seat in seats.annotate(
        came=Subquery(came[:1]), signed=ArraySubquery(signed), place=Subquery(place[:1])
    ).order_by("during"):
        date = seat.during.lower.astimezone(zone()).date()
        day = found.setdefault(seat.person_id, {}).setdefault(date, Day(date))
        if seat.came is None:
            day.unconfirmed += 1
            continue
        if seat.came["status"] not in ("attended", "partial") or not seat.came["minutes"]:
            continue
        day.minutes += seat.came["minutes"]
        day.sessions += 1
        day.voice_only += bool(seat.came["voice"])
        day.elsewhere += (seat.place or "home").strip().casefold() != "home"
        kind = KINDS[seat.kind].note
        if OWN_NOTE.get(kind, kind) in seat.signed:
            day.documented += seat.came["minutes"]
        else:
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
