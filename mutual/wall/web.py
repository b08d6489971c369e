"""One transaction around each request, with its actor; nothing half-done is committed."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404

from mutual.base.errors import page_before, typed_texts
from mutual.base.refusal import NotThere, Refused
from mutual.wall import audit
from mutual.wall.context import (
    NOBODY,
    SESSION_HOURS,
    Actor,
    acting,
    close_session,
    open_session,
    token_hash,
)

COOKIE = "mutual_wall"
#: In the browser's session: the hash of its token, and when it ends at the latest (P-84).
HELD, ENDS = "wall", "wall_ends"


class ActorRequest(HttpRequest):
    """A request that knows its actor."""

    actor: Actor


class ActorMiddleware:
    """Sets ``request.actor`` and wraps the view in one transaction.

    Every exception rolls back, also the ones Django turns into a response; a line about a refused
    access is then written in a transaction of its own before the answer leaves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        token = request.COOKIES.get(COOKIE, "")
        request_id = secrets.token_hex(8)
        request.mutual_failed = False  # type: ignore[attr-defined]
        request.mutual_refused = False  # type: ignore[attr-defined]
        request.mutual_token = None  # type: ignore[attr-defined]
        audit.begin(request_id)
        try:
            with transaction.atomic(), acting(token, active=True) as actor:
                request.actor = actor  # type: ignore[attr-defined]
                response = self.get_response(request)
                if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                    response = response.render()
                if request.mutual_failed or response.status_code >= 500:  # type: ignore[attr-defined]
                    transaction.set_rollback(True)
                    audit.drop()
                else:
                    audit.flush()
        finally:
            audit.drop()
        if request.mutual_refused:  # type: ignore[attr-defined]
            self._note_refused(request, token)
        self._cookies(request, response)
        response["X-Request-Id"] = request_id
        if request.actor.id is not None:  # type: ignore[attr-defined]
            # P-61: nothing private stays in the browser.
            response["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Roll back; a refusal becomes a page that says what to do."""
        request.mutual_failed = True  # type: ignore[attr-defined]
        if isinstance(error, NotThere | Http404 | PermissionDenied | PermissionError):
            request.mutual_refused = not isinstance(error, Resolver404)  # type: ignore[attr-defined]
            return render(request, "404.html", status=404)
        if isinstance(error, Refused):
            context = {
                "refusal": error,
                "typed": typed_texts(request),
                "again": page_before(request),
            }
            return render(request, "refused.html", context, status=409)
        return None

    @staticmethod
    def _note_refused(request: HttpRequest, token: str) -> None:
        match = request.resolver_match
        wanted = (
            next((v for v in match.kwargs.values() if isinstance(v, UUID)), None) if match else None
        )
        with transaction.atomic(), acting(token):
            audit.note("refused", match.view_name if match else "", None, wanted)

    @staticmethod
    def _cookies(request: HttpRequest, response: HttpResponse) -> None:
        token = request.mutual_token  # type: ignore[attr-defined]
        if token == "":
            response.delete_cookie(COOKIE, samesite="Lax")
        elif token is not None:
            response.set_cookie(
                COOKIE,
                cast(str, token),
                httponly=True,
                secure=settings.SECURE,
                samesite="Lax",
            )


@receiver(user_logged_in)
def _signed_in(sender: object, request: HttpRequest, user: object, **_: object) -> None:
    who = getattr(user, "actor_id", None)
    if who is not None and hasattr(request, "mutual_failed"):
        until = datetime.now(UTC) + timedelta(hours=SESSION_HOURS)
        hold(request, who, user.actor_kind, until)  # type: ignore[attr-defined]
        audit.note("sign-in", "account_device", who)


def hold(request: HttpRequest, who: UUID, kind: str, until: datetime) -> None:
    """Give this browser a token for somebody who has just proven who they are.

    Args:
        until: when the session ends at the latest, whatever is done in it.
    """
    token = open_session(who, kind, until)
    request.mutual_token = token  # type: ignore[attr-defined]
    request.session[HELD] = token_hash(token).hex()
    request.session[ENDS] = int(until.timestamp())


@receiver(user_logged_out)
def _signed_out(sender: object, request: HttpRequest, **_: object) -> None:
    if hasattr(request, "mutual_failed"):
        close_session()
        request.actor = NOBODY  # type: ignore[attr-defined]
        request.mutual_token = ""  # type: ignore[attr-defined]
