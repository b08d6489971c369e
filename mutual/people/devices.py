"""Devices and sessions of an account: which are open, which one is new, and ending them (P-84).

Nothing here tells a place, a network address or an hour: the list is one's own, and a phone is
read over shoulders.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.home import secret
from mutual.base.refusal import NotThere
from mutual.people.models import Account, KnownDevice
from mutual.people.telling import tell_owner
from mutual.wall import audit
from mutual.wall.context import end_sessions, own_sessions
from mutual.wall.web import HELD

#: The word a browser carries; set at the first sign-in, alike for all who use that browser.
DEVICE = "mutual_device"
DEVICE_AGE = 400 * 24 * 3600
#: Nowhere shown, so not kept either.
NO_NETWORK = "0.0.0.0"  # noqa: S104  # nosec B104: no address to bind to, the absence of one

_SYSTEMS = (
    ("iPhone", r"iPhone"), ("iPad", r"iPad"), ("Android", r"Android"), ("Windows", r"Windows"),
    ("Mac", r"Macintosh"), ("Chromebook", r"CrOS"), ("Linux", r"Linux"),
)  # fmt: skip
_BROWSERS = (
    ("Edge", r"Edg/"), ("Firefox", r"Firefox/|FxiOS/"), ("Samsung Internet", r"SamsungBrowser/"),
    ("Chrome", r"Chrome/|CriOS/"), ("Safari", r"Safari/"),
)  # fmt: skip


def named(agent: str) -> str:
    """A device in words, such as "Chrome on Windows", from what a browser says of itself."""
    system = next((name for name, mark in _SYSTEMS if re.search(mark, agent)), "")
    browser = next((name for name, mark in _BROWSERS if re.search(mark, agent)), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser")


def coarse(moment: datetime, now: datetime | None = None) -> str:
    """When a session was last used, as roughly as its owner needs it."""
    gone = (now or timezone.now()) - moment
    if gone < timedelta(minutes=20):
        return _("in use now")
    if gone < timedelta(days=1):
        return _("in the last day")
    if gone < timedelta(days=7):
        return _("in the last week")
    return _("more than a week ago")


@dataclass(frozen=True)
class OpenSession:
    """One place where an account is signed in.

    Attributes:
        handle: names it in a form; neither numbered nor timed (P-52).
        locked: signed in, but nothing opens without the PIN or key.
    """

    handle: str
    device: str
    since: datetime
    seen: str
    here: bool
    locked: bool


def handle_of(what: str) -> str:
    """How a session, by its key, or a thing of the account is named to its owner."""
    return hmac.new(secret("handles"), what.encode(), hashlib.sha256).hexdigest()[:32]


def open_sessions(account: Account, here: str | None) -> list[OpenSession]:
    """Where an account is signed in, this browser first; the actor's own, three queries.

    Args:
        here: the key of the browser's session that asks.
    """
    used = own_sessions()
    found = []
    for row, data in _rows(account):
        held = bytes.fromhex(str(data.get(HELD, "")))
        at = used[held][1] if held in used else row.last_seen_at
        found.append(
            OpenSession(
                handle_of(row.session_key),
                named(row.user_agent),
                row.created_at,
                coarse(at),
                row.session_key == here,
                held not in used,
            )
        )
    return sorted(found, key=lambda one: (not one.here, -one.since.timestamp()))


def _rows(account: Account) -> list[tuple[UserSession, dict[str, object]]]:
    rows = {row.session_key: row for row in UserSession.objects.filter(user=account)}
    stored = Session.objects.filter(session_key__in=rows, expire_date__gt=timezone.now())
    return [(rows[one.session_key], one.get_decoded()) for one in stored]


def end_one(account: Account, handle: str) -> None:
    """End one session from the same second, with its open pages and sockets.

    Raises:
        NotThere: if it isn't one of this account's.
    """
    for row, data in _rows(account):
        if hmac.compare_digest(handle_of(row.session_key), handle):
            _end(account, [(row, data)])
            return
    raise NotThere


def end_others(account: Account, here: str | None) -> int:
    """End every session but this browser's; returns how many there were."""
    return _end(account, [pair for pair in _rows(account) if pair[0].session_key != here])


def mark(account: Account, word: str, value: bool) -> None:
    """Put a flag into every open session of an account, or take it out."""
    for row, _data in _rows(account):
        store = SessionStore(row.session_key)
        if value:
            store[word] = True
        else:
            store.pop(word, None)
        store.save()


def end_all(account: Account) -> int:
    """End every session of an account, also those that no list names; returns how many."""
    count = _end(account, _rows(account))
    return max(count, end_sessions(account.actor_id))


def _end(account: Account, pairs: list[tuple[UserSession, dict[str, object]]]) -> int:
    for row, data in pairs:
        held = str(data.get(HELD, ""))
        if held:
            end_sessions(account.actor_id, only=bytes.fromhex(held))
        SessionStore().delete(row.session_key)
        row.delete()
        audit.note("sign-out", "account_device", account.actor_id)
    return len(pairs)


def note_session(request: HttpRequest, account: Account) -> None:
    """Put this browser on the account's list; no place and no network are kept."""
    now = timezone.now()
    if not request.session.session_key:
        request.session.save()
    UserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": account,
            "ip": NO_NETWORK,
            "user_agent": request.headers.get("user-agent", "")[:200],
            "created_at": now,
            "last_seen_at": now,
        },
    )


def word_of(request: HttpRequest) -> str:
    """The word this browser carries, or nothing."""
    word = request.COOKIES.get(DEVICE, "")
    return word if re.fullmatch(r"[A-Za-z0-9_-]{22,64}", word) else ""


def known(email: str, word: str) -> bool:
    """Whether the account of an address has signed in here before; one query for any address."""
    return KnownDevice.objects.filter(
        account__email=email.strip().lower(), device_hash=_hash(word or "none")
    ).exists()


def _hash(word: str) -> bytes:
    return hmac.new(secret("devices"), word.encode(), hashlib.sha256).digest()


@receiver(user_logged_in)
def _signed_in(sender: object, request: HttpRequest, user: object, **_more: object) -> None:
    """Note the session, and tell of a new device at the safe channel, neutrally (P-84)."""
    if not isinstance(user, Account) or not hasattr(request, "mutual_failed"):
        return
    now = timezone.now()
    note_session(request, user)
    word = word_of(request) or secrets.token_urlsafe(24)
    request.mutual_device = word  # type: ignore[attr-defined]
    first = not KnownDevice.objects.filter(account=user).exists()
    _row, new = KnownDevice.objects.get_or_create(
        account=user, device_hash=_hash(word), defaults={"first_at": now}
    )
    if new and not first:
        tell_owner(user, f"signin:{_row.id}", now)
