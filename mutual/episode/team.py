"""The care team: who may be on it (C-3 to C-5), written down as assignments and relations."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from mutual.base.refusal import Refused
from mutual.episode.models import CareAssignment
from mutual.people.models import Couple, CoupleMember, Person, Staff
from mutual.wall import audit
from mutual.wall.context import Actor
from mutual.wall.relations import relate

#: Role on the team -> the role a member of staff must work in.
NEEDS = {
    "couples_therapist": "couples_therapist",
    "counselor": "counselor",
    "prescriber": "prescriber",
    "nurse": "nurse",
    "supervisor": "supervisor",
}


def slot_of(role: str, person: Person) -> str:
    """The duty a role is, for the constraint that keeps duties apart (C-3, C-4)."""
    if role == "couples_therapist":
        return "ct"
    if role == "counselor":
        return f"counselor:{person.id}"
    if role == "supervisor":
        return "supervisor"
    return "medical"


def assign(
    actor: Actor,
    couple: Couple,
    person: Person,
    staff: Staff,
    role: str,
    since: date,
    until: date | None = None,
) -> CareAssignment:
    """Put a clinician on the care team of one partner of a couple.

    A couples therapist is assigned for both partners at once: see :func:`assign_therapist`.

    Raises:
        Refused: with the words of C-3, C-4 or the missing role.
    """
    if NEEDS[role] not in staff.roles:
        raise Refused(_("%(name)s does not work in this role.") % {"name": staff.name}, rule="C-4")
    clash = CareAssignment.objects.filter(
        couple=couple, staff=staff, during__overlap=DateRange(since, until)
    ).exclude(slot=slot_of(role, person))
    for other in clash:
        raise Refused(_clash_words(role, other, person), rule=_clash_rule(role, other))
    assignment = CareAssignment(
        couple=couple,
        person=person,
        staff=staff,
        role=role,
        slot=slot_of(role, person),
        during=DateRange(since, until),
    )
    try:
        with transaction.atomic():
            assignment.save(force_insert=True)
            _relations(couple, person, staff, role, since, until)
    except IntegrityError as error:
        raise Refused(
            _("This place on the team is taken then. End the other assignment first."), rule="C-4"
        ) from error
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "MU006":
            raise
        # No word of why: who declared what is told to nobody here (P-6).
        raise Refused(
            _("%(name)s can't be on this team. Choose someone else.") % {"name": staff.name},
            rule="P-6",
        ) from error
    audit.note("write", "care_team", person.id, assignment.id, role)
    return assignment


def assign_therapist(
    actor: Actor, couple: Couple, staff: Staff, since: date, until: date | None = None
) -> list[CareAssignment]:
    """Give a couple its couples therapist: one assignment for each partner (C-3)."""
    members = CoupleMember.objects.filter(couple=couple).order_by("side").select_related("person")
    return [
        assign(actor, couple, member.person, staff, "couples_therapist", since, until)
        for member in members
    ]


def _clash_words(role: str, other: CareAssignment, person: Person) -> str:
    if "supervisor" in (role, other.role) and "counselor" in (role, other.role):
        return _("Counsels one of this couple. The supervisor is someone else.")
    if other.role == "couples_therapist":
        return _("Already this couple's therapist. Choose someone else.")
    if role == "couples_therapist":
        return _("Counsels or treats one of this couple. Choose someone else as their therapist.")
    if role == "counselor" and other.role == "counselor" and other.person_id != person.id:
        return _("Choose someone who does not counsel the partner.")
    return _("Already has another duty for this couple. Choose someone else.")


def _clash_rule(role: str, other: CareAssignment) -> str:
    if "supervisor" in (role, other.role):
        return "C-6"
    return "C-3" if "couples_therapist" in (role, other.role) else "C-4"


def _relations(
    couple: Couple, person: Person, staff: Staff, role: str, since: date, until: date | None
) -> None:
    # Days are the programme's: the last one goes on until its own midnight.
    zone = timezone.get_default_timezone()
    start = datetime.combine(since, time.min, zone)
    end = datetime.combine(until, time.min, zone) if until else None
    own = "own_counselor" if role == "counselor" else role
    why = {
        "own_counselor": "your counselor",
        "couples_therapist": "your couples therapist",
    }.get(own, f"your {own}")
    relate(staff.id, own, person.id, "P", reason=why, since=start, until=end)
    if own == "own_counselor":
        relate(staff.id, own, couple.id, "C", reason=why, since=start, until=end)
        other = CoupleMember.objects.filter(couple=couple).exclude(person=person).get()
        relate(
            staff.id, "partner_counselor", other.person_id, "P",
            reason="your partner's counselor", since=start, until=end,
        )  # fmt: skip
    elif role != "couples_therapist" or not _already(staff, couple, start):
        relate(staff.id, own, couple.id, "C", reason=why, since=start, until=end)


def _already(staff: Staff, couple: Couple, start: datetime) -> bool:
    from mutual.wall.models import Relation

    return Relation.objects.filter(
        viewer_id=staff.id, subject_id=couple.id, relation="couples_therapist",
        valid__contains=start,
    ).exists()  # fmt: skip
