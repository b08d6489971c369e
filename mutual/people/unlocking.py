"""What opens a locked screen: the own PIN, or the key one signs in with (P-68, P-84).

Where a PIN is set nothing else opens it: a finger may be enrolled for two.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import Refused
from mutual.people.actions import check_pin
from mutual.people.models import Account
from mutual.people.telling import tell_owner
from mutual.people.throttle import KNOWN, clear, go
from mutual.wall import audit


def way(account: Account) -> str:
    """``pin``, ``passkey`` or ``password``: the one way that opens this account's screen."""
    if account.actor_kind == "person" and account.pin_hash:
        return "pin"
    keys = Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN)
    return "passkey" if keys.exists() else "password"


def options(account: Account) -> dict[str, Any]:
    """What the browser needs to ask for the passkey; the challenge waits in the session."""
    found: dict[str, Any] = webauthn.begin_authentication(account)
    return found


def opens(
    account: Account, *, pin: str = "", password: str = "", credential: object = None
) -> None:
    """Check what was given to a locked screen.

    Raises:
        Refused: with what to do; also after too many tries.
    """
    wanted = way(account)
    if wanted == "pin":
        if not check_pin(account, pin):
            raise Refused(_("This PIN does not fit."), rule="P-68", field="pin")
        return
    lane = (KNOWN, "unlock", str(account.id))
    if not go(*lane):
        raise Refused(_("Too many tries. Wait a minute, or sign out and sign in."), rule="P-84")
    if wanted == "password":
        if not account.check_password(password):
            raise Refused(_("This password does not fit."), rule="P-84", field="password")
    else:
        try:
            webauthn.parse_authentication_response(credential)
            webauthn.complete_authentication(account, credential).record_usage()
        except ValidationError as error:
            raise Refused(_("This key does not fit. Try again."), rule="P-84") from error
    clear(*lane)


def forgot_pin(account: Account, password: str, code: str) -> None:
    """Take the PIN away, so that a new one can be chosen: by password and one paper code (P-68).

    Neither a finger nor a mailbox is enough: both may be another's, too. It is told neutrally at
    the safe channel.

    Raises:
        Refused: alike for a wrong password and a wrong code.
    """
    lane = (KNOWN, "pin", str(account.id))
    if not go(*lane):
        raise Refused(_("Too many tries. Wait a minute, then try again."), rule="P-68")
    codes = Authenticator.objects.filter(
        user=account, type=Authenticator.Type.RECOVERY_CODES
    ).first()
    right = account.check_password(password)
    if not right or codes is None or not RecoveryCodes(codes).validate_code("".join(code.split())):
        raise Refused(_("These two do not fit together. Look at both again."), rule="P-68")
    clear(*lane)
    account.pin_hash, account.pin_tries, account.pin_blocked_until = "", 0, None
    account.save(update_fields=["pin_hash", "pin_tries", "pin_blocked_until"])
    now = timezone.now()
    tell_owner(account, f"pin:{now:%Y%m%d%H%M%S}", now)
    audit.note("write", "account_device", account.actor_id, None, "PIN forgotten")
