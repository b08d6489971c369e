"""The idle lock: nothing opens until the PIN or key is given, and what was typed stays (P-84).

The database ends a session after 15 minutes without a request; the browser's own sign-in lives on
for 12 hours at most. Between the two lies the lock: whoever is signed in but acts for nobody is
led to the page that asks for the PIN or key, and a form that was sent meanwhile is kept here,
sealed, until then. In an open page the script locks before that, and the words stay where they are.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mutual.base.crypto import SealBroken, open_sealed, seal
from mutual.people.devices import DEVICE, DEVICE_AGE, word_of
from mutual.people.models import Account
from mutual.wall.context import NOBODY, close_session
from mutual.wall.web import ENDS, hold

UNLOCK = "/unlock/"
#: Said to a script that asks while locked: the page it runs in shall lock itself.
LOCKED = 423
_SIGN_IN = "/account/"
#: Leaving must work while locked.
_LEAVE = ("/account/logout/",)
#: The own sign-in pages of a person: they open with the PIN, too, once there is one (P-68).
_OWN = ("/account/2fa/", "/account/password/change/", "/account/email/")
#: Of those, what sign-in itself needs.
_OWN_OPEN = ("/account/2fa/authenticate/", "/account/2fa/webauthn/login/")
_KEPT, _LARGEST = "kept", 200_000
_BOUND = "kept form"


def lock(request: HttpRequest) -> None:
    """Lock this browser now: its token ends, its sign-in stays."""
    close_session()
    request.session["pin_until"] = 0
    request.actor = NOBODY  # type: ignore[attr-defined]


def is_locked(request: HttpRequest) -> bool:
    """Signed in, not past the end of the day's session, and acting for nobody."""
    return (
        getattr(request, "actor", NOBODY).id is None
        and "_auth_user_id" in request.session
        and request.session.get(ENDS, 0) > time.time()
        and request.user.is_authenticated
    )


def unlock(request: HttpRequest, account: Account) -> None:
    """The PIN or key was given: a new token for the rest of the 12 hours."""
    until = datetime.fromtimestamp(request.session[ENDS], UTC)
    hold(request, account.actor_id, account.actor_kind, until)
    request.session.pop("locked", None)


class IdleMiddleware:
    """Stands right inside the actor's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or lead to the page that unlocks."""
        response = self._answer(request)
        word = getattr(request, "mutual_device", "")
        if not word and request.path == settings.LOGIN_URL and not word_of(request):
            # For every visitor of the page, so that it tells of nobody's account.
            word = secrets.token_urlsafe(24)
        if word:
            response.set_cookie(
                DEVICE, word, max_age=DEVICE_AGE, httponly=True, secure=settings.SECURE,
                samesite="Lax",
            )  # fmt: skip
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        actor = getattr(request, "actor", NOBODY)
        if actor.id is not None:
            return self._open(request)
        if "_auth_user_id" not in request.session:
            return self.get_response(request)
        if not is_locked(request):
            # Past the 12 hours, or an account that was closed: signed in no more.
            logout(request)
            return self.get_response(request)
        if request.path.startswith(_SIGN_IN) and not request.path.startswith(_LEAVE):
            return self._locked(request)
        response = self.get_response(request)
        to_sign_in = response.status_code == 302 and response["Location"].startswith(
            settings.LOGIN_URL
        )
        return self._locked(request) if to_sign_in else response

    def _open(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_OWN) and not request.path.startswith(_OWN_OPEN):
            account = request.user
            closed = request.session.get("pin_until", 0) < time.time()
            if (
                isinstance(account, Account)
                and account.actor_kind == "person"
                and account.pin_hash
                and (closed or request.session.get("locked"))
            ):
                return redirect(f"/pin/?next={quote(request.path)}")
        kept = request.session.get(_KEPT) if request.method == "POST" else None
        response = self.get_response(request)
        if kept and kept == request.session.get(_KEPT):
            found = read_kept(request)
            if found is not None and found["path"] == request.get_full_path():
                drop_kept(request)
        return response

    @staticmethod
    def _locked(request: HttpRequest) -> HttpResponse:
        wants_page = "json" not in request.headers.get("accept", "")
        if not wants_page or request.headers.get("hx-request"):
            return HttpResponse(status=LOCKED)
        if request.method == "POST" and not request.path.startswith(_SIGN_IN):
            keep(request)
            return redirect(UNLOCK)
        return redirect(f"{UNLOCK}?next={quote(request.get_full_path())}")


def keep(request: HttpRequest) -> None:
    """Keep what a form sent while locked: on the server, sealed, for this sign-in alone (P-61)."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    text = json.dumps({"path": request.get_full_path(), "fields": fields})
    if len(text) <= _LARGEST:
        sealed = base64.b64encode(seal(text, _BOUND)).decode("ascii")
        request.session[_KEPT] = sealed


def read_kept(request: HttpRequest) -> dict[str, Any] | None:
    """What was kept: ``path`` and ``fields``; ``None`` if nothing was."""
    sealed = request.session.get(_KEPT)
    if not sealed:
        return None
    try:
        kept: dict[str, Any] = json.loads(open_sealed(base64.b64decode(sealed), _BOUND))
    except (SealBroken, ValueError):
        return None
    return kept


def drop_kept(request: HttpRequest) -> None:
    """Forget what was kept."""
    request.session.pop(_KEPT, None)
