"""Closed accounts and removed keys stay so in a restored database (P-21, P-86; wall/journal.py)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator

from mutual.people.adapter import strong_types
from mutual.people.models import Account
from mutual.wall import journal


def account_closed(actor_id: UUID, at: datetime) -> None:
    """Note that somebody's account was closed: they left, or must not sign in any more."""
    journal.ended("account", at, actor=actor_id)


@journal.applies("account")
def _again(what: dict[str, str], at: datetime) -> None:
    """Only an account that existed then: a later one of the same person is another account."""
    Account.objects.filter(actor_id=what["actor"], made_at__lte=at).update(is_active=False)


def keys_gone(
    actor_id: UUID, at: datetime, *, kind: str = "", made: datetime | None = None
) -> None:
    """Note that a key, or all of a type, or all there were, opens this account no more.

    Args:
        kind: of the factor; ``""`` for every type.
        made: when the one key was made; without it all that were made until then.
    """
    first = made.isoformat() if made is not None else ""
    journal.ended("factor", at, actor=actor_id, type=kind, made=first)


@journal.applies("factor")
def _gone_again(what: dict[str, str], at: datetime) -> None:
    """A key on a lost phone opens nothing again.

    Where no key is left, the password of back then opens nothing either: with it alone a new key
    could be made. The way in is then the one for whoever lost every key (P-85).
    """
    account = Account.objects.filter(actor_id=what["actor"]).first()
    if account is None:
        return
    keys = Authenticator.objects.filter(user=account, created_at__lte=at)
    if what["type"]:
        keys = keys.filter(type=what["type"])
    if what["made"]:
        keys = keys.filter(created_at=datetime.fromisoformat(what["made"]))
    keys.delete()
    left = Authenticator.objects.filter(user=account, type__in=strong_types(account))
    if not left.exists():
        account.set_unusable_password()
        account.save(update_fields=["password"])
