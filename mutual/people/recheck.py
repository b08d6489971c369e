"""The same person once more, before something that matters (P-86)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mutual.people.adapter import strong_types
from mutual.people.idle import keep

P = ParamSpec("P")
#: In the session: a re-check is taken as given (a sign-in with every factor just now).
FRESH = "rechecked_until"


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person proved themselves again in the last five minutes.

    Staff who hold a key that can't be phished proved it with that one: a password alone, seen
    over a shoulder, opens nothing that matters (P-86).
    """
    if request.session.get(FRESH, 0) > time.time():
        return True
    if not did_recently_reauthenticate(request):
        return False
    account = request.user
    if getattr(account, "actor_kind", "") != "staff":
        return True
    held = Authenticator.objects.filter(user_id=account.pk, type__in=strong_types(account))
    records = get_authentication_records(request, account)
    last = [one for one in records if one.get("reauthenticated")][-1]
    return last.get("method") == "mfa" or not held.exists()


def rechecked(
    view: Callable[Concatenate[Any, P], HttpResponse],
) -> Callable[Concatenate[Any, P], HttpResponse]:
    """A page or action that asks for the key or password again; stands inside the page's gate.

    What a form sent is kept, sealed, and sent once the check is passed.
    """

    @wraps(view)
    def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, *args, **kwargs) if is_fresh(request) else _ask(request)

    return guarded


def rechecked_to_send(
    view: Callable[Concatenate[Any, P], HttpResponse],
) -> Callable[Concatenate[Any, P], HttpResponse]:
    """A page that anybody behind its gate may look at, and that asks again when its form is sent.

    What the form sent is kept as in :func:`rechecked`.
    """

    @wraps(view)
    def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST" or is_fresh(request):
            return view(request, *args, **kwargs)
        return _ask(request)

    return guarded


def _ask(request: Any) -> HttpResponse:
    back = request.get_full_path()
    if request.method == "POST":
        keep(request)
        back = "/unlock/kept/"
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    where = methods[0]["url"] if methods else "/account/enrol/"
    return redirect(f"{where}?next={quote(back)}")
