"""Who may open a page of the staff app; the records behind it have walls of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect

from mutual.base.refusal import NotThere
from mutual.wall.web import ActorRequest

P = ParamSpec("P")
View = Callable[Concatenate[ActorRequest, P], HttpResponse]


def staff_only(*roles: str) -> Callable[[View[P]], View[P]]:
    """A page for staff, or for staff in one of the roles; absent for everybody else (P-2)."""

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.actor.kind == "nobody":
                return redirect(f"/account/login/?next={quote(request.path)}")
            if not request.actor.is_staff or (roles and not request.actor.has(*roles)):
                raise NotThere
            return view(request, *args, **kwargs)

        return guarded

    return wrap
