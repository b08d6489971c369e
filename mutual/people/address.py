"""Another sign-in address: proven by a code sent there, known or taken alike (P-82, P-32)."""

from __future__ import annotations

import secrets
import time
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import Refused
from mutual.people.adapter import neutral_mail
from mutual.people.models import Account
from mutual.people.telling import tell_owner
from mutual.wall import audit

_PENDING = "new_address"
GOOD_FOR, TRIES = 15 * 60, 5


def begin(session: SessionBase, email: str) -> None:
    """Send a code to the new address; to one that is taken goes a mail without a code."""
    email = email.strip().lower()
    code = f"{secrets.randbelow(10**6):06d}"
    free = not Account.objects.filter(email=email).exists()
    session[_PENDING] = {
        "email": email,
        "code": make_password(code if free else secrets.token_hex(16)),
        "until": time.time() + GOOD_FOR,
        "tries": 0,
    }
    neutral_mail(email, code if free else "")


def pending(session: SessionBase) -> bool:
    """Whether a code is on its way."""
    found: dict[str, Any] | None = session.get(_PENDING)
    return found is not None and found["until"] > time.time()


def confirm(session: SessionBase, account: Account, code: str) -> None:
    """Take the new address over; the old one signs in no more. Told at the safe channel.

    Raises:
        Refused: for a wrong code, one too old, or after five tries.
    """
    found: dict[str, Any] | None = session.get(_PENDING)
    if found is None or found["until"] < time.time() or found["tries"] >= TRIES:
        session.pop(_PENDING, None)
        raise Refused(_("This code is too old. Begin again."), rule="P-82", field="code")
    found["tries"] += 1
    session[_PENDING] = found
    if not check_password("".join(code.split()), found["code"]):
        raise Refused(_("This code does not fit."), rule="P-82", field="code")
    try:
        with transaction.atomic():
            account.email = found["email"]
            account.save(update_fields=["email"])
            EmailAddress.objects.filter(user=account).delete()
            EmailAddress.objects.create(
                user=account, email=account.email, verified=True, primary=True
            )
    except IntegrityError as error:
        raise Refused(_("This code is too old. Begin again."), rule="P-82") from error
    session.pop(_PENDING, None)
    now = timezone.now()
    tell_owner(account, f"address:{now:%Y%m%d%H%M%S}", now)
    audit.note("write", "account_device", account.actor_id, None, "sign-in address")
