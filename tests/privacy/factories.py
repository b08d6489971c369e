"""What the tests of the gate and of the officer's duties begin with."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from mutual.privacy import actions, forms_outside
from mutual.privacy.gate import Leaving
from mutual.privacy.models import Consent
from tests.world import PEOPLE, id_of

LAWYER = "Lane and Lane, lawyers"
CLINIC = "North Clinic"


def whole_name(name: str) -> str:
    return f"{PEOPLE[name][0]} {PEOPLE[name][1]}"


def outside(
    actor, name: str = "ana", kinds=("progress_note",), to: str = CLINIC, **more
) -> Consent:
    """A consent to somebody outside, signed today."""
    today = timezone.localdate()
    form = forms_outside.external(
        to, "1 Sample Street", kinds, "treatment", today + timedelta(days=30), today=today
    )
    return actions.sign_form(actor, form, whole_name(name), **more)


def for_court(actor, name: str = "ana", kinds=("progress_note",), to: str = LAWYER) -> Consent:
    """A consent to a use in a proceeding."""
    today = timezone.localdate()
    form = forms_outside.legal(
        to, "1 Court Street", kinds, "Family court", today + timedelta(days=30), today=today
    )
    return actions.sign_form(actor, form, whole_name(name))


def leaving(way: str = "release", name: str = "ana", **more) -> Leaving:
    given: dict = {
        "way": way, "person_id": id_of(name), "recipient": CLINIC, "what": "A copy",
        "purpose": "treatment", "consent": "tpo",
    }  # fmt: skip
    return Leaving(**{**given, **more})
