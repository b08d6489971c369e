"""What happens to an account is told to its owner at the safe channel, neutrally (P-49, P-84)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mutual.people.models import Account
from mutual.wall.context import as_service
from mutual.wall.outbox import leave


def tell_owner(account: Account, occasion: str, now: datetime) -> None:
    """Leave one notice; the same occasion twice is one.

    In a transaction of its own where there is none: the sign-in package says some of it only
    after its commit, and nobody may act yet at a sign-in.
    """
    with transaction.atomic(), as_service("notices"):
        leave(account.actor_id, occasion, now)
