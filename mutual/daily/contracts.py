"""What staff read of a recovery contract: the couple's row, and one person's own part of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from mutual.daily.models import ContractReadiness, PartConsent, RecoveryContract
from mutual.episode.models import CareAssignment
from mutual.wall import audit
from mutual.wall.context import Actor


def contract_of(actor: Actor, couple_id: UUID) -> RecoveryContract | None:
    """The open contract of a couple, for those who may read it; audited."""
    audit.read("recovery_contract", couple_id)
    return (
        RecoveryContract.objects.visible_to(actor)
        .filter(couple_id=couple_id, ended_on__isnull=True)
        .first()
    )


def counsels(actor: Actor, person_id: UUID) -> bool:
    """Whether the actor is this person's own counselor today."""
    return CareAssignment.objects.filter(
        person_id=person_id, staff_id=actor.sure_id, role="counselor",
        during__contains=timezone.localdate(),
    ).exists()  # fmt: skip


def readiness_of(actor: Actor, person_id: UUID) -> ContractReadiness | None:
    """What one person said of a contract, alone (C-47); audited."""
    audit.read("screening", person_id)
    return ContractReadiness.objects.visible_to(actor).filter(person_id=person_id).first()


def parts_to_speak_of(actor: Actor, person_id: UUID, now: datetime | None = None) -> list[str]:
    """Parts this person took back whose tile waits for a word with the own counselor (C-50)."""
    rows = PartConsent.objects.visible_to(actor).filter(
        person_id=person_id, shown_until__gt=now or timezone.now()
    )
    return list(rows.order_by("code").values_list("code", flat=True).distinct())
