"""What screens and other rooms ask: the team, the stay, the week's sentence, what is missing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.crypto import open_sealed
from mutual.episode.models import (
    CareAssignment,
    ClearanceSignature,
    ClearanceState,
    CoupleEpisode,
    Episode,
    LevelChange,
    LevelRating,
    LiveScreen,
    Readiness,
    StayDecision,
    ViolenceScreen,
)
from mutual.people.lookups import licensed
from mutual.people.models import Account, ContactLocation, Couple, CoupleMember, Person, Staff
from mutual.privacy import forms
from mutual.privacy import queries as privacy
from mutual.wall import audit
from mutual.wall.context import Actor

#: What admission needs signed (C-10, P-37).
NEEDED = ("notice", "tele", "tpo")


def team_of(person_id: UUID, on: date | None = None) -> dict[str, Staff]:
    """Role to clinician of a person's care team on a day; one query."""
    rows = CareAssignment.objects.filter(
        person_id=person_id, during__contains=on or timezone.localdate()
    ).select_related("staff")
    return {row.role: row.staff for row in rows}


def holders(couple_id: UUID, role: str, on: date | None = None) -> list[Staff]:
    """Who holds a role for a couple on a day."""
    rows = CareAssignment.objects.filter(
        couple_id=couple_id, role=role, during__contains=on or timezone.localdate()
    ).select_related("staff")
    return list({row.staff_id: row.staff for row in rows}.values())


def supervisor_of(person_id: UUID, counselor: Staff, on: date) -> UUID:
    """Whom a matter for the supervisor goes to: care team, else the counselor's own, else them."""
    team = team_of(person_id, on)
    if "supervisor" in team:
        return team["supervisor"].id
    return counselor.supervisor_id or counselor.id


def open_episode_of(person_id: UUID) -> Episode | None:
    """The open episode of a person, if the actor may know it."""
    return Episode.objects.filter(person_id=person_id, closed_on__isnull=True).first()


def day_of_stay(couple_id: UUID, on: date) -> int:
    """The day of the stay, from 1, counted from the one admitted later (C-15); 0 before."""
    people = CoupleMember.objects.filter(couple_id=couple_id).values("person_id")
    days = [
        admitted
        for admitted in Episode.objects.filter(
            person_id__in=people, closed_on__isnull=True
        ).values_list("admitted_on", flat=True)
        if admitted is not None
    ]
    return max(0, (on - max(days)).days + 1) if len(days) == 2 else 0


def cleared(couple_id: UUID) -> bool:
    """ "Go" or "not yet" of a couple (D3): no row that the actor may read is "not yet"."""
    return ClearanceState.objects.filter(couple_id=couple_id, go=True).exists()


def week_sentence(couple_id: UUID, on: date | None = None) -> str:
    """The one sentence for every week without the couples therapist's sessions (C-16).

    First week, plan review and hold read the same to both partners and to whoever shows it.
    """
    names = [staff.name for staff in holders(couple_id, "couples_therapist", on)]
    return _(
        "You are both in treatment this week. Your shared classes are Monday and Saturday; your "
        "own sessions are below. Sessions with %(therapist)s are added when your team has both "
        "plans ready. Weeks like this also come back later."
    ) % {"therapist": names[0] if names else _("your couples therapist")}


def admission_gaps(couple: Couple, on: date, at: datetime | None = None) -> list[str]:
    """What is missing for each partner's admission, in words for staff (C-10, C-3, C-4)."""
    gaps: list[str] = []
    for member in (
        CoupleMember.objects.filter(couple=couple).order_by("side").select_related("person")
    ):
        person = member.person
        lacking = _readiness_gaps(person)
        for code in privacy.missing(person.id, NEEDED, at):
            lacking.append(_("“%(title)s” not signed") % {"title": forms.get(code).title})
        team = team_of(person.id, on)
        for role, words in (
            ("counselor", _("needs an own counselor")),
            ("couples_therapist", _("needs the couples therapist")),
        ):
            if role not in team:
                lacking.append(words)
        for staff in {staff.id: staff for staff in team.values()}.values():
            if not licensed(staff.id, person.state, on):
                lacking.append(
                    _("%(staff)s has no licence in %(state)s")
                    % {"staff": staff.name, "state": person.state}
                )
        if lacking:
            gaps.append(f"{person.given_name}: {', '.join(lacking)}")
    return gaps


def _readiness_gaps(person: Person) -> list[str]:
    lacking = []
    if not Account.objects.filter(actor_id=person.id, is_active=True).exists():
        lacking.append(_("needs an own account"))
    contact = ContactLocation.objects.filter(person=person).first()
    if contact is None or not contact.phone:
        lacking.append(_("needs a phone number to be reached at"))
    ready = Readiness.objects.filter(person=person).first()
    for name, words in (
        ("own_device", _("needs second device")),
        ("headphones", _("needs headphones")),
        ("private_place", _("needs a place to speak alone")),
    ):
        if ready is None or getattr(ready, name) is not True:
            lacking.append(words)
    return lacking


def person_to_screen(actor: Actor, public_id: UUID, right: str = "ipv_screen") -> Person:
    """A person whose live screens the actor keeps or supervises.

    Raises:
        NotThere: to everybody else: that there may be a screen is theirs alone (C-13).
    """
    people = Person.objects.visible_to(actor).filter(id__granted=right)
    return people.sole(public_id=public_id)


def person_in_care(actor: Actor, public_id: UUID) -> Person:
    """A person whose episode the actor may read in full.

    Raises:
        NotThere: to everybody else.
    """
    return Person.objects.visible_to(actor).filter(id__granted="episode").sole(public_id=public_id)


def may_rate(person: Person) -> bool:
    """Whether the current actor writes this person's episode: rates, places, ends."""
    return Person.objects.filter(id=person.id, id__granted="episode.write").exists()


@dataclass(frozen=True)
class KeptScreen:
    """A sealed screen opened for the own counselor or supervisor."""

    asked_at: datetime
    by: str
    outcome: str


def screens_of(actor: Actor, person: Person) -> tuple[list[KeptScreen], list[KeptScreen]]:
    """Violence screens and risk screens of a person, newest first; each opening is audited."""
    violence = []
    for row in (
        ViolenceScreen.objects.visible_to(actor)
        .filter(person=person)
        .select_related("by")
        .order_by("-asked_at", "-id")
    ):
        body = json.loads(open_sealed(row.sealed, f"ipv_screen:{row.id}"))
        violence.append(KeptScreen(row.asked_at, row.by.name, body["state"]))
        audit.read("ipv_screen", person.id, row.id)
    live = []
    for kept in (
        LiveScreen.objects.visible_to(actor)
        .filter(person=person)
        .select_related("by")
        .order_by("-asked_at", "-id")
    ):
        body = json.loads(open_sealed(kept.sealed, f"live_screen:{kept.id}"))
        live.append(KeptScreen(kept.asked_at, kept.by.name, body["level"] or "unfinished"))
        audit.read("live_screen", person.id, kept.id)
    return violence, live


def signed_for(person_id: UUID) -> bool:
    """Whether the own counselor's clearance signature for a person stands."""
    return ClearanceSignature.objects.filter(
        person_id=person_id, withdrawn_at__isnull=True
    ).exists()


def joint_work_runs(couple_id: UUID) -> bool:
    """Whether the couple's episode is open or held."""
    return CoupleEpisode.objects.filter(couple_id=couple_id).exclude(status="closed").exists()


def stays_of(actor: Actor, person: Person) -> list[StayDecision]:
    """Decisions of continued stay of a person, newest first (C-29)."""
    audit.read("episode", person.id)
    rows = StayDecision.objects.visible_to(actor).filter(person=person)
    return list(rows.select_related("by").order_by("-decided_at")[:20])


def moves_of(actor: Actor, person: Person) -> list[LevelChange]:
    """Moves of a person to other levels, newest first (C-30)."""
    rows = LevelChange.objects.visible_to(actor).filter(person=person)
    return list(rows.select_related("by").order_by("-at")[:20])


def ratings_of(actor: Actor, person: Person) -> list[LevelRating]:
    """Level ratings of a person, newest first."""
    audit.read("episode", person.id)
    return list(
        LevelRating.objects.visible_to(actor)
        .filter(person=person)
        .select_related("signer")
        .order_by("-signed_at")[:20]
    )
