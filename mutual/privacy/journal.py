"""How consents that ended are ended again in a restored database (P-21; wall/journal.py)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from mutual.privacy.models import Consent
from mutual.wall import journal
from mutual.wall.context import as_service
from mutual.wall.relations import consent_ends


def revoked(person_id: UUID, code: str, at: datetime) -> None:
    """Note that a consent was taken back; the line holds an id, a code and a time."""
    journal.ended("consent", at, person=person_id, code=code)


@journal.applies("consent")
def _again(what: dict[str, str], at: datetime) -> None:
    """Everything of the code that was signed before that moment ends, as it had."""
    with as_service("revocations"):
        Consent.objects.filter(
            person_id=what["person"], code=what["code"], answer="given",
            revoked_at__isnull=True, signed_at__lte=at,
        ).update(revoked_at=at)  # fmt: skip
        consent_ends(UUID(what["person"]), what["code"], at)


def dropped(person_id: UUID, code: str, at: datetime) -> None:
    """Note that a release was dropped before it began: nothing of it may ever begin (P-25)."""
    journal.ended("release", at, person=person_id, code=code)


@journal.applies("release")
def _drop_again(what: dict[str, str], at: datetime) -> None:
    """Without a trace, as it had been."""
    person = UUID(what["person"])
    with as_service("revocations"):
        Consent.objects.filter(
            person_id=person, code=what["code"], signed_at__lte=at, starts_at__gt=at
        ).delete()
        consent_ends(person, what["code"], at)
