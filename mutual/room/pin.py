"""The browser's session while somebody is in the room: signed in, PIN, activity (P-66, P-68)."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.sessions.models import Session as BrowserSession
from django.utils import timezone

from mutual.base.refusal import NotThere
from mutual.people.second_factor import KNOWN

#: As in the portal's gate: the private area closes after this long without use.
SECONDS = 15 * 60


def refuse_closed(key: str, *, private: bool = False) -> None:
    """Raise `NotThere` once the sign-in ended, after a quick exit, and where the PIN is due.

    A session that was ended from another device has no account in it (P-84); one that never gave
    its second factor opens no page, and no socket either (P-83).
    """
    row = _row(key)
    data = row.get_decoded() if row else {}
    if "_auth_user_id" not in data or data.get("locked"):
        raise NotThere
    if not (settings.DEMO or data.get(KNOWN)):
        raise NotThere
    if private and data.get("pin_until", 0) < time.time():
        raise NotThere


def stays_open(key: str) -> None:
    """Being in a room is use: an open private area stays open. A closed one is left alone."""
    row = _row(key)
    until = row.get_decoded().get("pin_until", 0) if row else 0
    now = time.time()
    # Written once a minute at most.
    if row is None or until < now or until > now + SECONDS - 60:
        return
    held = BrowserSession.objects.select_for_update().filter(session_key=key).first()
    if held is None:
        return
    data = held.get_decoded()
    if data.get("locked") or data.get("pin_until", 0) < now:
        return
    data["pin_until"] = now + SECONDS
    held.session_data = BrowserSession.objects.encode(data)
    held.save(update_fields=["session_data"])


def _row(key: str) -> BrowserSession | None:
    if not key:
        return None
    return BrowserSession.objects.filter(session_key=key, expire_date__gt=timezone.now()).first()
