"""What is checked before somebody is booked; runs as the service ``week_rules`` where a rule needs
facts of both partners, and answers yes or no, minutes or a sentence (house.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from mutual.base.refusal import Refused
from mutual.episode.models import ClearanceState, Episode
from mutual.people.lookups import shown_names
from mutual.people.models import Couple, CoupleMember, Licence, Person, Staff
from mutual.privacy import queries as privacy
from mutual.wall.context import as_service
from mutual.wall.relations import lacking_consent
from mutual.week.kinds import SessionKind
from mutual.week.models import GroupMember, Seat, Trip

#: C-43: a process group runs from this many clients; with fewer it becomes something else.
PROCESS_LEAST = 3


def partner_ids(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The partner of each person in an open couple."""
    ids = list(person_ids)
    with as_service("week_rules"):
        couples = Couple.objects.filter(members__person_id__in=ids, ended_on__isnull=True)
        rows = list(
            CoupleMember.objects.filter(couple__in=couples).values_list("couple_id", "person_id")
        )
    found: dict[UUID, UUID] = {}
    for couple, person in rows:
        for other_couple, other in rows:
            if couple == other_couple and person != other:
                found[person] = other
    return {person: partner for person, partner in found.items() if person in ids}


def both_of(couple_id: UUID) -> list[UUID]:
    """The two partners of a couple, A first, whoever plans for them."""
    with as_service("week_rules"):
        return list(
            CoupleMember.objects.filter(couple_id=couple_id)
            .order_by("side")
            .values_list("person_id", flat=True)
        )


def couples_of(person_ids: Iterable[UUID]) -> set[UUID]:
    """The open couples of these people."""
    with as_service("week_rules"):
        return set(
            CoupleMember.objects.filter(
                person_id__in=list(person_ids), couple__ended_on__isnull=True
            ).values_list("couple_id", flat=True)
        )


def refuse_role(kind: SessionKind, clinician: Staff) -> None:
    """Raise `Refused` unless the clinician works in a role that leads this kind."""
    if not set(kind.leads).intersection(clinician.roles):
        raise Refused(
            _("%(name)s does not lead this kind of session. Choose someone who does.")
            % {"name": clinician.name},
            field="clinician",
        )


def unlicensed(clinician: UUID, person_ids: Sequence[UUID], on: date) -> list[UUID]:
    """The people for whose state the clinician holds no licence on that day (C-46, P-76).

    Who travels is where the journey says, from its first day to its last.
    """
    with as_service("week_rules"):
        held = Licence.objects.filter(staff_id=clinician, valid__contains=on)
        trip = Trip.objects.filter(person_id=OuterRef("id"), during__contains=on)
        there = Person.objects.filter(id__in=person_ids).annotate(
            there=Coalesce(Subquery(trip.values("state")[:1]), "state")
        )
        return list(there.exclude(there__in=held.values("state")).values_list("id", flat=True))


def refuse_unlicensed(clinician: Staff, person_ids: Sequence[UUID], on: date) -> None:
    """Raise `Refused` for the first person in whose state the clinician may not treat."""
    for person in unlicensed(clinician.id, person_ids, on):
        name = shown_names([person]).get(person, ("", ""))[0]
        words = _("%(clinician)s is not licensed there") % {"clinician": clinician.name}
        raise Refused(f"{name}: {words}" if name else words, rule="C-46", field="clinician")


def refuse_attendance(
    kind: SessionKind, persons: Sequence[UUID], seated: Sequence[UUID] = ()
) -> None:
    """Raise `Refused` when partners may not, or have to, be in this kind together (C-40)."""
    everyone = {*persons, *seated}
    partners = partner_ids(persons)
    for person in persons:
        partner = partners.get(person)
        if kind.attendance == "apart" and partner in everyone:
            if kind.key == "process_group":
                raise Refused(_("Partners attend different process groups."), rule="C-40")
            raise Refused(
                _("Partners attend this apart. Choose another section for one of them."),
                rule="C-40",
            )
        if kind.attendance == "together" and (partner is None or partner not in everyone):
            raise Refused(_("Both partners need a seat in this session."), rule="C-40")


def cleared(couple_id: UUID) -> bool:
    """Go or not yet, never whose, no reason (D3)."""
    with as_service("week_rules"):
        return ClearanceState.objects.filter(couple_id=couple_id, go=True).exists()


def confidences_signed(couple_id: UUID) -> bool:
    """Whether both have signed the agreement on confidences (P-12, C-7)."""
    with as_service("week_rules"):
        return privacy.confidences_in_force(couple_id)


def refuse_conjoint(kind: SessionKind, couple_id: UUID) -> None:
    """Raise `Refused` for the couples therapist's sessions before go and agreement (C-14, P-12)."""
    if not kind.needs_clearance:
        return
    if not cleared(couple_id):
        raise Refused(
            _("Not yet: both counselors sign before a couples session can be planned. Plan the"
              " side-by-side week."),
            rule="C-15",
        )  # fmt: skip
    with as_service("week_rules"):
        privacy.refuse_conjoint(couple_id)


def refuse_consents(kind: SessionKind, persons: Sequence[UUID], at: datetime) -> None:
    """Raise `Refused` without telehealth consent, or group agreement for groups (P-73, P-74)."""
    wanted = [("tele", _("the telehealth consent"), "P-74")]
    if kind.subject == "G":
        wanted.append(("group", _("the group agreement"), "P-73"))
    for code, words, rule in wanted:
        with as_service("week_rules"):
            missing = next(iter(lacking_consent(list(persons), code, at)), None)
        if missing is not None:
            name = shown_names([missing]).get(missing, (_("This person"), ""))[0]
            raise Refused(
                _("%(name)s has not signed %(what)s yet.") % {"name": name, "what": words},
                rule=rule,
            )


def not_beside(persons: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """For each of these people, who may not share a group with them (C-44); two queries.

    Former partners are found from ended couples; orders and relatives were written down by those
    who keep the rosters.
    """
    from mutual.week.models import KeepApart

    with as_service("rosters"):
        ended = Couple.objects.filter(ended_on__isnull=False, members__person_id__in=persons)
        former = list(
            CoupleMember.objects.filter(couple__in=ended).values_list("couple_id", "person_id")
        )
        kept = list(
            KeepApart.objects.filter(
                Q(one_id__in=persons) | Q(other_id__in=persons), ended_at__isnull=True
            ).values_list("one_id", "other_id")
        )
    pairs = [(a, b) for couple, a in former for other, b in former if couple == other and a != b]
    pairs += kept + [(other, one) for one, other in kept]
    found: dict[UUID, set[UUID]] = {person: set() for person in persons}
    for one, other in pairs:
        if one in found:
            found[one].add(other)
    return found


def same_group_refused(persons: Sequence[UUID], others: Sequence[UUID]) -> bool:
    """Whether one of the persons may not share a group with one of the others (C-44)."""
    return any(not apart.isdisjoint(others) for apart in not_beside(persons).values())


def members_of(group_id: UUID, on: date) -> list[UUID]:
    """Who is on a group's roster on a day."""
    with as_service("rosters"):
        return list(
            GroupMember.objects.filter(group_id=group_id, during__contains=on).values_list(
                "person_id", flat=True
            )
        )


def runs_as(kind: str, present: int, *, leader_is_theirs: bool = False) -> str:
    """The kind a process group runs as with so many clients present (C-43).

    With 3 or more as planned, with 2 as skills, with 1 as an individual contact, unless the
    leader is the couples therapist or the partner's counselor (``leader_is_theirs``): then and
    with nobody it does not run (``""``).
    """
    if kind != "process_group" or present >= PROCESS_LEAST:
        return kind
    if present == PROCESS_LEAST - 1:
        return "skills_group"
    return "individual" if present == 1 and not leader_is_theirs else ""


@dataclass(frozen=True)
class Facts:
    """What the week's rules need of one person: level and first and last day of the stay."""

    level: str
    admitted_on: date | None
    closed_on: date | None


def facts_of(person_ids: Iterable[UUID]) -> dict[UUID, Facts]:
    """Level and dates of the open or last episode of each person; one query."""
    with as_service("week_rules"):
        rows = Episode.objects.filter(person_id__in=list(person_ids)).order_by("opened_on")
        return {e.person_id: Facts(e.level, e.admitted_on, e.closed_on) for e in rows}


def seats_in(person_ids: Iterable[UUID], start: datetime, end: datetime) -> list[Seat]:
    """The seats of these people that begin in a time, whoever asks; for rules only."""
    from psycopg.types.range import TimestamptzRange

    with as_service("week_rules"):
        return list(
            Seat.objects.filter(
                person_id__in=list(person_ids),
                cancelled=False,
                during__overlap=TimestamptzRange(start, end),
            ).order_by("during")
        )
