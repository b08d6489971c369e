"""A programme day as it really comes about: seats, confirmed attendance, signed notes."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from mutual.claims import actions
from mutual.people.models import Couple, Person
from mutual.plan.models import Diagnosis, IndividualObjective
from mutual.record import actions as record
from mutual.record.models import Note
from mutual.room.models import Confirmation
from mutual.wall.testing import acting_as
from mutual.week.attending import confirm_attendance
from mutual.week.models import Seat, Session
from tests.coverage import factories as insurance
from tests.plan.factories import own_plan
from tests.record.factories import draft
from tests.world import id_of

ZONE = ZoneInfo(settings.PROGRAMME_ZONE)
COUNSELOR = {"ana": "mo", "ben": "kit"}
IDENTITY = {
    "name": "Example Programme",
    "npi": "1234567893",
    "tax_id": "12-3456789",
    "taxonomy": "261QR0405X",
    "address": "1 Example Plaza",
    "city": "Austin",
    "state": "TX",
    "postcode": "78701-1234",
    "contact": "Billing Office",
    "phone": "512-555-0100",
    "sender_id": "PROGRAMME",
    "receiver_name": "Example Clearing",
    "receiver_id": "CLEARING",
    "usage": "T",
}


def ago(days: int) -> dt.date:
    """A day of the programme, so many days ago."""
    return timezone.now().astimezone(ZONE).date() - dt.timedelta(days=days)


def moment(day: dt.date, hour: int = 9) -> dt.datetime:
    """A clock time of the programme."""
    return dt.datetime.combine(day, dt.time(hour), ZONE)


def seat(
    name: str, day: dt.date, minutes: int = 180, hour: int = 9, kind: str = "individual",
    of: str = "P", others: tuple[str, ...] = (),
) -> Session:  # fmt: skip
    """A session on a day with one person's seat (and others' in a joint one)."""
    start = moment(day, hour)
    during = TimestamptzRange(start, start + dt.timedelta(minutes=minutes))
    clinician = id_of("reyes" if of == "C" else COUNSELOR[name])
    subject = id_of("ab") if of == "C" else id_of(name)
    with acting_as(id_of("ada"), "staff"):
        session = Session(
            kind=kind, subject_of=of, subject_id=subject, clinician_id=clinician, during=during,
            status="ended" if start < timezone.now() else "planned", made_by=id_of("ada"),
        )  # fmt: skip
        session.save(force_insert=True)
        for who in (name, *others):
            Seat(
                session=session, person_id=id_of(who), subject_of=of, kind=kind, during=during,
                subject_id=subject if of == "C" else id_of(who), clinician_id=clinician,
            ).save(force_insert=True)  # fmt: skip
    return session


def came(session: Session, name: str, minutes: int = 180, audio_only: bool = False) -> None:
    """The clinician confirms who was there and for how long."""
    by = "reyes" if session.subject_of == "C" else COUNSELOR[name]
    with acting_as(id_of(by), "staff") as clinician:
        confirm_attendance(clinician, session, id_of(name), measured=minutes, audio_only=audio_only)


def placed(session: Session, name: str, label: str) -> None:
    """What the person said at the session's start of where they are."""
    with acting_as(id_of(name), "person"):
        Confirmation(
            session=session, person_id=id_of(name), clinician_id=session.clinician_id,
            label=label, address="9 Example Road", state="TX", call_back="555-010-1000",
            confirmed_at=timezone.now(),
        ).save(force_insert=True)  # fmt: skip


def plan_of(name: str) -> IndividualObjective:
    """The person's plan with one objective, opened before any of the days."""
    with acting_as(id_of(COUNSELOR[name]), "staff") as counselor:
        found = IndividualObjective.objects.filter(person_id=id_of(name)).first()
        return found or own_plan(counselor, name, days_ago=25)[1]


def noted(session: Session, name: str, sign: bool = True) -> Note:
    """The counselor writes the progress note of a session."""
    goal = plan_of(name)
    with acting_as(id_of(COUNSELOR[name]), "staff") as counselor:
        note = record.start_note(
            counselor, session, "progress_note", Person.objects.get(id=id_of(name))
        )
        draft(counselor, note, objectives=[str(goal.public_id)])
        if sign:
            note = record.sign_note(counselor, note, late_reason="For the test")
        return note


def day(name: str, when: dt.date, minutes: int = 180, hour: int = 9) -> Session:
    """A whole billable day of one person: 180 minutes attended, documented and signed."""
    session = seat(name, when, minutes, hour)
    came(session, name, minutes)
    noted(session, name)
    return session


def diagnosed(name: str, code: str = "F10.20", principal: bool = True) -> Diagnosis:
    """A diagnosis by the person's own counselor."""
    with acting_as(id_of(COUNSELOR[name]), "staff"):
        return Diagnosis.objects.create(
            person_id=id_of(name), code=code, words="for the test", principal=principal,
            since=ago(30), by_id=id_of(COUNSELOR[name]),
        )  # fmt: skip


def insured(name: str = "ana", **terms: Any) -> Any:
    """A person with a diagnosis and an own policy; returns the payer."""
    diagnosed(name)
    with acting_as(id_of("bill"), "staff") as bill:
        payer = insurance.payer(bill, **terms)
        insurance.card(bill, name, payer, member_id=f"M-{name.upper()}")
        actions.save_identity(bill, dict(IDENTITY))
    return payer


def couple() -> Couple:
    """Ana and Ben."""
    return Couple.objects.get(id=id_of("ab"))
