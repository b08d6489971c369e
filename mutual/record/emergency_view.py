"""A person's record in an emergency's hour, and what a shift on call opens of them (P-10)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from mutual.privacy import glass, oncall, package
from mutual.privacy.models import BreakGlass
from mutual.privacy.staff_words import kind_name
from mutual.record.release import TELLERS
from mutual.wall.context import Actor
from mutual.wall.policy import ON_CALL, break_glass_kinds

#: What a life may hang on stands first.
FIRST = ("contact_location", "safety_plan", "medication", "crisis_note", "medical_note")


def in_emergency(
    actor: Actor, key: UUID, now: datetime | None = None
) -> tuple[BreakGlass, list[package.Part]]:
    """The record that an opening of the actor's own opens now; each kind audited as read.

    Raises:
        NotThere: from minute 61 on, and for everybody else (P-10).
    """
    row = glass.running(actor, key, now)
    return row, _parts(actor, row.person_id, break_glass_kinds(), "emergency")


def on_call(actor: Actor, key: UUID) -> tuple[str, list[package.Part]]:
    """Shown name, and how to reach and help somebody, during the actor's shift.

    Raises:
        NotThere: out of the shift, and for who isn't there.
    """
    person_id, name = oncall.person(actor, key)
    kinds = [kind for kind, verb in ON_CALL.items() if verb == "R"]
    return name, _parts(actor, person_id, kinds, "on call")


def _parts(
    actor: Actor, person_id: UUID, kinds: Collection[str], reason: str
) -> list[package.Part]:
    parts = package.collect(actor, person_id, kinds, TELLERS, reason=reason, action="read")
    for part in parts:
        part.title = kind_name(part.kind)
        # The newest first: in an hour nobody reads from the beginning.
        part.entries.reverse()
    place = {kind: number for number, kind in enumerate(FIRST)}
    return sorted(parts, key=lambda part: (place.get(part.kind, len(place)), part.title))
