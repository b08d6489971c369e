"""Lines of the trail about sign-in itself: out, failed, factors, passwords, addresses (P-88).

Each is a signal of the packages that do it, so that no page can forget its line.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factors
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver

from mutual.people.models import Account
from mutual.wall import audit

#: What happened to an account, by the signal that tells it; never an address or a factor's name.
CHANGES = {
    factors.authenticator_added: "factor added",
    factors.authenticator_removed: "factor removed",
    factors.authenticator_reset: "recovery codes renewed",
    account.password_set: "password set",
    account.password_changed: "password changed",
    account.password_reset: "password reset",
    account.email_changed: "address changed",
    account.email_added: "address added",
    account.email_removed: "address removed",
}


@receiver(user_logged_out)
def _signed_out(sender: object, user: Any = None, **_more: object) -> None:
    who = getattr(user, "actor_id", None)
    if who is not None:
        audit.note("sign-out", "account_device", who)


@receiver(user_login_failed)
def _failed(sender: object, credentials: dict[str, Any] | None = None, **_more: object) -> None:
    """One query for any address, known or not (P-32); the address itself is kept nowhere."""
    given = credentials or {}
    email = str(given.get("email") or given.get("login") or given.get("username") or "")
    found = Account.objects.filter(email=email.strip().lower()).values_list("actor_id", flat=True)
    audit.note("sign-in failed", "account_device", found.first())


def _changed(words: str) -> Any:
    def note(sender: object, user: Any = None, **_more: object) -> None:
        who = getattr(user, "actor_id", None)
        if who is not None:
            audit.note("account", "account_device", who, None, words)

    return note


for _signal, _words in CHANGES.items():
    _signal.connect(_changed(_words), weak=False, dispatch_uid=f"audit {_words}")
