"""Accounts that were closed stay closed in a restored database (P-21, P-86; wall/journal.py)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from mutual.people.models import Account
from mutual.wall import journal


def account_closed(actor_id: UUID, at: datetime) -> None:
    """Note that somebody's account was closed: they left, or must not sign in any more."""
    journal.ended("account", at, actor=actor_id)


@journal.applies("account")
def _again(what: dict[str, str], at: datetime) -> None:
    """Only an account that existed then: a later one of the same person is another account."""
    Account.objects.filter(actor_id=what["actor"], made_at__lte=at).update(is_active=False)
