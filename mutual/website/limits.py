"""A simple limit for the public form, kept in memory: nothing about a visitor is stored.

A process counts for itself; behind several, the proxy's own limit stands in front.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import deque
from threading import Lock

from django.http import HttpRequest
from django.utils.translation import gettext as _

HOUR = 3600.0
#: Questions an hour: from one browser, and from one address (a household, a clinic).
PER_BROWSER = 5
PER_ADDRESS = 20
_ROOM = 10_000

#: New with each start, so that the marks can be led back to nobody.
_SALT = secrets.token_bytes(16)
_seen: dict[bytes, deque[float]] = {}
_lock = Lock()


def may_write(request: HttpRequest, now: float | None = None) -> bool:
    """Whether this browser and this address may send one more; counts it if so."""
    moment = time.monotonic() if now is None else now
    marks = [(_mark("address", request.META.get("REMOTE_ADDR", "")), PER_ADDRESS)]
    browser = request.META.get("CSRF_COOKIE", "")
    if browser:
        marks.append((_mark("browser", browser), PER_BROWSER))
    with _lock:
        if len(_seen) > _ROOM:
            _tidy(moment)
        lines = [(_line(mark, moment), most) for mark, most in marks]
        if any(len(line) >= most for line, most in lines):
            return False
        for line, _most in lines:
            line.append(moment)
    return True


def words() -> str:
    """What somebody reads who has sent too many."""
    return _(
        "We have several questions from this device already and answer them all. What you typed"
        " is still here: please try again in an hour. If you can't wait, call 988."
    )


def forget() -> None:
    """Start counting anew (tests)."""
    with _lock:
        _seen.clear()


def _mark(kind: str, value: str) -> bytes:
    return hashlib.blake2b(f"{kind}:{value}".encode(), key=_SALT, digest_size=16).digest()


def _line(mark: bytes, moment: float) -> deque[float]:
    line = _seen.setdefault(mark, deque())
    while line and moment - line[0] >= HOUR:
        line.popleft()
    return line


def _tidy(moment: float) -> None:
    for mark in [m for m, line in _seen.items() if not line or moment - line[-1] >= HOUR]:
        del _seen[mark]
