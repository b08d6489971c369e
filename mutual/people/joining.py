"""From a private link to an account: an address proven by a code, known or taken alike (P-32).

What is typed waits in the visitor's own session, the password and the code as hashes only.
"""

from __future__ import annotations

import secrets
import time
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mutual.base.refusal import Refused
from mutual.people.adapter import neutral_mail
from mutual.people.models import Account

_PENDING = "joining"
#: Seconds for which a code counts, and how many tries it has.
GOOD_FOR, TRIES = 15 * 60, 5


def begin(session: SessionBase, token: str, typed: dict[str, str], password: str) -> bool:
    """Keep what was typed and send a code to the address; returns whether the address is free.

    The caller answers alike in both cases (P-32): a mail goes out either way, and with a taken
    address no code ever fits.

    Raises:
        Refused: for a password that is too easy.
    """
    email = typed["email"].strip().lower()
    try:
        validate_password(password)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), rule="P-82", field="password") from error
    code = f"{secrets.randbelow(10**6):06d}"
    free = not Account.objects.filter(email=email).exists()
    hashed = make_password(password)
    code_hash = make_password(code if free else secrets.token_hex(16))
    session[_PENDING] = {
        **typed,
        "email": email,
        "token": token,
        "password": hashed,
        "code": code_hash,
        "until": time.time() + GOOD_FOR,
        "tries": 0,
    }
    neutral_mail(email, code if free else "")
    return free


def pending(session: SessionBase, token: str) -> dict[str, Any] | None:
    """What was typed under this link and still waits for its code."""
    found: dict[str, Any] | None = session.get(_PENDING)
    if found is None or found["token"] != token or found["until"] < time.time():
        return None
    return found


def confirm(session: SessionBase, token: str, code: str) -> dict[str, Any]:
    """Check the code; returns what was typed, with the hashed password.

    Raises:
        Refused: for a wrong code, one too old, or after five tries.
    """
    found = pending(session, token)
    if found is None:
        raise Refused(_("This code is too old. Begin again."), rule="P-82", field="code")
    if found["tries"] >= TRIES:
        raise Refused(_("Too many tries. Begin again, or call us."), rule="P-82", field="code")
    found["tries"] += 1
    session[_PENDING] = found
    if not check_password("".join(code.split()), found["code"]):
        raise Refused(
            _("This code does not fit. Look for the newest mail, or begin again."), field="code"
        )
    return found


def done(session: SessionBase) -> None:
    """Forget what was typed."""
    session.pop(_PENDING, None)
