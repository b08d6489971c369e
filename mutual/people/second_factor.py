"""A second factor for everyone, before anything else (P-82, P-83, P-86); one session, one actor."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mutual.people.models import Account
from mutual.wall.context import NOBODY, acting

ENROL = "/account/enrol/"
#: Open before the second factor stands: sign-in itself, leaving, and what any visitor may see.
OPEN = ("/account/", "/static/", "/lock/", "/exit/", "/theme/", "/language/", "/privacy/")
#: Set once the account is known to have its factor; saves a query on each page.
KNOWN = "second_factor"


def has_factor(account: Account) -> bool:
    """Whether an account has a second factor of its own.

    Staff need one that can't be phished (P-86): a passkey or security key.
    """
    kinds = set(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    if account.actor_kind == "staff":
        return Authenticator.Type.WEBAUTHN in kinds
    return bool(kinds & {Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP})


class SecondFactorMiddleware:
    """Stands inside the actor's: no session of the account, no actor; no factor, no page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or send to enrol."""
        actor = getattr(request, "actor", NOBODY)
        if actor.id is None:
            return self.get_response(request)
        if "_auth_user_id" not in request.session:
            # Ended elsewhere ("sign out other sessions"): the wall's token counts no more (P-84).
            request.actor = NOBODY  # type: ignore[attr-defined]
            request.mutual_token = ""  # type: ignore[attr-defined]
            with acting(""):
                return self.get_response(request)
        if (
            not settings.DEMO
            and not request.session.get(KNOWN)
            and not request.path.startswith(OPEN)
        ):
            account = request.user
            if not isinstance(account, Account) or not has_factor(account):
                return redirect(ENROL)
            request.session[KNOWN] = True
        return self.get_response(request)
