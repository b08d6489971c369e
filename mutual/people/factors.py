"""The keys of an account, for its owner's list: named, dated, removed after a re-check (P-83)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.people import devices
from mutual.people.adapter import MFAAdapter, strong_types
from mutual.people.journal import keys_gone
from mutual.people.models import Account
from mutual.people.telling import tell_owner

_NAME = 40


@dataclass(frozen=True)
class Key:
    """A passkey or security key.

    Attributes:
        handle: names it in a form; neither numbered nor timed (P-52).
        used: how long ago, roughly; empty when it never was.
    """

    handle: str
    name: str
    added: datetime
    used: str
    last_one: bool


@dataclass(frozen=True)
class Factors:
    """All second factors of an account."""

    keys: list[Key]
    app_since: datetime | None
    app_last_one: bool
    codes_left: int | None
    codes_shown: bool


def factors_of(account: Account) -> Factors:
    """What an account has to prove itself with; one query."""
    rows = list(Authenticator.objects.filter(user=account).order_by("created_at"))
    strong = strong_types(account)
    counted = sum(row.type in strong for row in rows)
    keys = [
        Key(
            _handle(row),
            row.wrap().name,
            row.created_at,
            devices.coarse(row.last_used_at) if row.last_used_at else "",
            counted == 1,
        )
        for row in rows
        if row.type == Authenticator.Type.WEBAUTHN
    ]
    app = next((row for row in rows if row.type == Authenticator.Type.TOTP), None)
    codes = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return Factors(
        keys,
        app.created_at if app else None,
        bool(app) and account.actor_kind == "person" and counted == 1,
        len(codes.wrap().get_unused_codes()) if codes else None,
        bool(codes and codes.wrap().did_view),
    )


def _handle(row: Authenticator) -> str:
    return devices.handle_of(f"key {row.pk}")


def _key(account: Account, handle: str) -> Authenticator:
    for row in Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN):
        if hmac.compare_digest(_handle(row), handle):
            return row
    raise NotThere


def rename_key(account: Account, handle: str, name: str) -> None:
    """Give a key another name.

    Raises:
        NotThere: if it isn't this account's.
        Refused: without a name.
    """
    name = name.strip()
    if not name or len(name) > _NAME:
        raise Refused(_("Write a name of up to 40 letters."), rule="P-83", field="name")
    wrapped = _key(account, handle).wrap()
    wrapped.name = name
    wrapped.instance.save()


def remove_key(request: HttpRequest, account: Account, handle: str) -> None:
    """Take a key away; the last one stays. The caller has re-checked who asks.

    Raises:
        NotThere: if it isn't this account's.
        Refused: for the last one.
    """
    row = _key(account, handle)
    if not MFAAdapter().can_delete_authenticator(row):
        raise Refused(_("This is your only key. Add another one first."), rule="P-83")
    row.delete()
    authenticator_removed.send(
        sender=Authenticator, request=request, user=account, authenticator=row
    )


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def _changed(sender: object, user: Account, authenticator: Authenticator, **_more: object) -> None:
    """Every change of a factor is told at the safe channel (P-84); audit_events.py logs it."""
    now = timezone.now()
    tell_owner(user, f"factor:{user.pk}:{now:%Y%m%d%H%M}", now)


@receiver(authenticator_removed)
def _removed(sender: object, user: Account, authenticator: Authenticator, **_more: object) -> None:
    """A removed key stays removed in a restored database (P-21)."""
    keys_gone(user.actor_id, timezone.now(), kind=authenticator.type, made=authenticator.created_at)


@receiver(authenticator_reset)
def _reset(sender: object, user: Account, authenticator: Authenticator, **_more: object) -> None:
    """Paper codes that new ones replaced likewise."""
    keys_gone(user.actor_id, authenticator.created_at - timedelta(microseconds=1),
              kind=authenticator.type)  # fmt: skip


@receiver([password_changed, password_set])
def _new_password(sender: object, request: HttpRequest, user: Account, **_more: object) -> None:
    """A new password ends every other session (P-84)."""
    devices.note_session(request, user)
    devices.end_others(user, request.session.session_key)


@receiver(password_reset)
def _reset_password(sender: object, user: Account, **_more: object) -> None:
    """A password set by the way of the mailbox ends every session there is."""
    devices.end_all(user)
    now = timezone.now()
    tell_owner(user, f"password:{user.pk}:{now:%Y%m%d%H%M}", now)
