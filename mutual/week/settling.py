"""What a process group becomes once it is known who came (C-43)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from mutual.episode.models import CareAssignment
from mutual.wall import audit
from mutual.wall.context import as_service
from mutual.week import booking, checks
from mutual.week.models import Attendance, Seat, Session


def once_known(session: Session) -> None:
    """Settle a process group when everybody's attendance is known; with nobody it stays as it is:
    the absences are each one's own (C-43)."""
    with as_service("rosters"):
        seats = set(
            Seat.objects.filter(session=session, cancelled=False).values_list(
                "person_id", flat=True
            )
        )
    with as_service("week_rules"):
        known = dict(Attendance.objects.filter(session=session).values_list("person_id", "minutes"))
    present = [person for person in seats if known.get(person)]
    if present and seats <= set(known):
        settle_process_group(session, present)


def settle_process_group(session: Session, present: Sequence[UUID]) -> Session:
    """Give a process group the kind that so few present make of it (C-43).

    Kind and note become skills with 2, an individual contact with 1; with none, or with 1 whose
    partner's counselor or couples therapist leads, it is cancelled by the programme.
    """
    theirs = _is_theirs(session.clinician_id, present)
    kind = checks.runs_as(session.kind, len(present), leader_is_theirs=theirs)
    if kind == session.kind:
        return session
    with transaction.atomic(), as_service("rosters"):
        if kind:
            session.kind = kind
            session.save(update_fields=["kind"])
            Seat.objects.filter(session=session).update(kind=kind)
        else:
            booking.free(session)
            session.status = "cancelled"
            session.save(update_fields=["status"])
    audit.note("write", "group_roster", session.subject_id, session.id, "runs as " + (kind or "-"))
    return session


def _is_theirs(leader: UUID, present: Sequence[UUID]) -> bool:
    partners = checks.partner_ids(present)
    with as_service("week_rules"):
        therapist = CareAssignment.objects.filter(
            staff_id=leader, role="couples_therapist", person_id__in=list(present)
        )
        counsels = CareAssignment.objects.filter(
            staff_id=leader, role="counselor", person_id__in=list(partners.values())
        )
        return therapist.exists() or counsels.exists()
