"""Clearance: counselors sign, a service joins both to one yes or no (C-14 to C-20)."""

from __future__ import annotations

import json
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.crypto import open_sealed
from mutual.base.refusal import NotThere, Refused
from mutual.episode import queries
from mutual.episode.models import (
    ClearanceSignature,
    ClearanceState,
    CoupleEpisode,
    LiveScreen,
    ViolenceScreen,
)
from mutual.episode.screening_rules import (
    PersonClearance,
    SafetyFacts,
    ScreenState,
    SuicideLevel,
    clearance,
    contraindications,
)
from mutual.people.models import Couple, CoupleMember, Person, Staff
from mutual.wall import audit
from mutual.wall.context import Actor, as_service


def sign_clearance(
    actor: Actor,
    couple: Couple,
    person: Person,
    *,
    lifted_with: Staff | None = None,
    now: datetime | None = None,
) -> ClearanceSignature:
    """The own counselor signs that nothing known of ``person`` speaks against joint work (C-15).

    Args:
        lifted_with: the supervisor with whom a hold is lifted; needed once something closed (C-18).

    Raises:
        Refused: to anybody but the own counselor, without a negative screen and a C-SSRS below
            high, or without a supervisor after a hold.
    """
    moment = now or timezone.now()
    own = queries.team_of(person.id, timezone.localdate(moment)).get("counselor")
    if own is None or own.id != actor.id:
        raise Refused(_("Ask the clinical director."), rule="C-18")
    standing = ClearanceSignature.objects.filter(
        couple=couple, person=person, withdrawn_at__isnull=True
    ).first()
    if standing is not None:
        return standing
    last = half_of(person.id, signed=True)
    if last.screen is not ScreenState.NEGATIVE:
        raise Refused(_("Needs a screen that is done and negative."), rule="C-15")
    if last.suicide is None:
        raise Refused(_("Needs the live risk screen first."), rule="C-15")
    if contraindications(last.screen, last.facts, last.suicide):
        raise Refused(
            _("Something known closes joint work. Speak with your supervisor."), rule="C-14"
        )
    if _held_before(person.id) and (lifted_with is None or "supervisor" not in lifted_with.roles):
        raise Refused(_("Name the supervisor with whom you decide this."), rule="C-18")
    signature = ClearanceSignature(
        couple=couple,
        person=person,
        counselor_id=actor.sure_id,
        signed_at=moment,
        lifted_with=lifted_with,
    )
    signature.save(force_insert=True)
    audit.note("sign", "clearance", couple.id, signature.id)
    refresh_clearance(couple.id, timezone.localdate(moment))
    return signature


def withdraw_clearance(
    actor: Actor, couple: Couple, person: Person, *, now: datetime | None = None
) -> int:
    """The own counselor withdraws the signature: a hold, without its reason (C-18)."""
    moment = now or timezone.now()
    own = queries.team_of(person.id, timezone.localdate(moment)).get("counselor")
    if own is None or own.id != actor.id:
        raise NotThere
    count = withdraw_signatures(person.id, moment)
    refresh_clearance(couple.id, timezone.localdate(moment))
    return count


def withdraw_signatures(person_id: UUID, moment: datetime) -> int:
    """End the standing signatures for one person; the caller refreshes the state."""
    return ClearanceSignature.objects.filter(person_id=person_id, withdrawn_at__isnull=True).update(
        withdrawn_at=moment
    )


def screen_of(person_id: UUID) -> tuple[ScreenState | None, SafetyFacts, ViolenceScreen | None]:
    """State and known facts of the latest violence screen the actor may open, with its row."""
    row = ViolenceScreen.objects.filter(person_id=person_id).order_by("-asked_at", "-id").first()
    if row is None:
        return None, SafetyFacts(), None
    body = json.loads(open_sealed(row.sealed, f"ipv_screen:{row.id}"))
    return ScreenState(body["state"]), SafetyFacts(**body["facts"]), row


def half_of(person_id: UUID, *, signed: bool) -> PersonClearance:
    """One partner's half of the decision, from the latest sealed screens the actor may open."""
    screen, facts, violence = screen_of(person_id)
    live = LiveScreen.objects.filter(person_id=person_id).order_by("-asked_at", "-id").first()
    level: SuicideLevel | None = None
    if live is not None:
        text = json.loads(open_sealed(live.sealed, f"live_screen:{live.id}"))["level"]
        level = SuicideLevel(text) if text else None
    return PersonClearance(
        screen=screen,
        screened_on=timezone.localdate(violence.asked_at) if violence else None,
        suicide=level,
        counselor_signed=signed,
        facts=facts,
    )


def _held_before(person_id: UUID) -> bool:
    """Whether anything known ever closed joint work for this person."""
    for violence in ViolenceScreen.objects.filter(person_id=person_id):
        body = json.loads(open_sealed(violence.sealed, f"ipv_screen:{violence.id}"))
        if body["state"] == ScreenState.POSITIVE.value or any(body["facts"].values()):
            return True
    for live in LiveScreen.objects.filter(person_id=person_id):
        body = json.loads(open_sealed(live.sealed, f"live_screen:{live.id}"))
        if body["level"] == SuicideLevel.HIGH.value:
            return True
    return False


def refresh_clearance(couple_id: UUID, today: date | None = None) -> bool:
    """Decide anew whether joint work is open and write "go" or "not yet" (C-15, D3).

    Runs as the service ``clearance``: it opens the sealed screens of both, and what leaves it is
    one boolean without whose or why.
    """
    day = today or timezone.localdate()
    with as_service("clearance"):
        halves = []
        for person_id in CoupleMember.objects.filter(couple_id=couple_id).values_list(
            "person_id", flat=True
        ):
            signed = ClearanceSignature.objects.filter(
                couple_id=couple_id, person_id=person_id, withdrawn_at__isnull=True
            ).exists()
            halves.append(half_of(person_id, signed=signed))
        running = CoupleEpisode.objects.filter(couple_id=couple_id, status="open").exists()
        go = running and len(halves) == 2 and clearance(halves[0], halves[1], day).open
        state = ClearanceState.objects.filter(couple_id=couple_id).first()
        if state is None:
            ClearanceState(couple_id=couple_id, go=go).save(force_insert=True)
        elif state.go != go:
            state.go = go
            state.save(update_fields=["go"])
    return go


def refresh_clearance_of(person_id: UUID, today: date | None = None) -> None:
    """Decide anew for the open couple of a person, whoever acts."""
    with as_service("clearance"):
        member = CoupleMember.objects.filter(
            person_id=person_id, couple__ended_on__isnull=True
        ).first()
    if member is not None:
        refresh_clearance(member.couple_id, today)


def refresh_all_clearances(today: date | None = None) -> int:
    """Decide anew for every couple in care: an overdue screen closes by itself (C-20)."""
    with as_service("clearance"):
        couples = list(
            CoupleEpisode.objects.exclude(status="closed").values_list("couple_id", flat=True)
        )
    for couple_id in couples:
        refresh_clearance(couple_id, today)
    return len(couples)
