"""The same person once more, before something that matters (P-86)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mutual.people.idle import keep

P = ParamSpec("P")
#: In the session: a re-check is taken as given (a sign-in with every factor just now).
FRESH = "rechecked_until"


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person proved themselves again in the last five minutes."""
    if request.session.get(FRESH, 0) > time.time():
        return True
    return bool(did_recently_reauthenticate(request))


def rechecked(
    view: Callable[Concatenate[Any, P], HttpResponse],
) -> Callable[Concatenate[Any, P], HttpResponse]:
    """A page or action that asks for the key or password again; stands inside the page's gate.

    What a form sent is kept, sealed, and sent once the check is passed.
    """

    @wraps(view)
    def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        back = request.get_full_path()
        if request.method == "POST":
            keep(request)
            back = "/unlock/kept/"
        methods = get_adapter(request).get_reauthentication_methods(request.user)
        where = methods[0]["url"] if methods else "/account/enrol/"
        return redirect(f"{where}?next={quote(back)}")

    return guarded
