"""Which of a person's papers counts at a moment (P-23)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from mutual.privacy.models import Consent
from mutual.privacy.rules import still_counts


def standing(newest_first: list[Consent], moment: datetime) -> Consent | None:
    """Of one code's consents, the given one that counts at a moment (P-23).

    A release to the partner that hasn't begun counts as given; it opens nothing yet (P-25).
    """
    today = moment.astimezone(ZoneInfo(settings.PROGRAMME_ZONE)).date()
    for consent in newest_first:
        if consent.answer == "given" and still_counts(
            consent.expires_on, consent.revoked_at is not None, today
        ):
            return consent
    return None


def of_person(person_id: UUID, code: str, moment: datetime) -> Consent | None:
    """The paper of a person and code that counts, among those the actor may read."""
    rows = Consent.objects.filter(person_id=person_id, code=code).order_by("-signed_at")
    return standing(list(rows), moment)
