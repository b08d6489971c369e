"""Who may open a page of the partner app; the records behind it have walls of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mutual.base.refusal import NotThere
from mutual.wall.web import ActorRequest

P = ParamSpec("P")
View = Callable[Concatenate[ActorRequest, P], HttpResponse]
#: The private area closes after this long without use (P-68).
PIN_SECONDS = 15 * 60


def partner_only(view: View[P]) -> View[P]:
    """A page for a person in treatment; everybody else finds nothing here."""

    @wraps(view)
    def guarded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.actor.kind == "nobody":
            return redirect(f"/account/login/?next={quote(request.path)}")
        if not request.actor.is_person:
            raise NotThere
        if request.session.get("locked"):
            # After a quick exit every page asks for the PIN once (P-66).
            if request.session.get("pin_until", 0) < time.time():
                return redirect(f"/pin/?next={quote(request.path)}")
            del request.session["locked"]
        return view(request, *args, **kwargs)

    return guarded


def lock_session(request: HttpRequest) -> None:
    """Close the private area and every partner page until the PIN is given (P-66, P-68).

    A visitor without a session gets none.
    """
    if not request.session.is_empty():
        request.session["pin_until"] = 0
        request.session["locked"] = True


def private(view: View[P]) -> View[P]:
    """A page of the private area: opens with the person's PIN (P-68)."""

    @wraps(view)
    def guarded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        now = time.time()
        if request.session.get("pin_until", 0) < now:
            return redirect(f"/pin/?next={quote(request.path)}")
        if request.session["pin_until"] < now + PIN_SECONDS - 60:
            # Once a minute is enough, and never later than the rule allows.
            request.session["pin_until"] = now + PIN_SECONDS
        return view(request, *args, **kwargs)

    return partner_only(guarded)
