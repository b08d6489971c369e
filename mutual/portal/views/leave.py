"""Quick exit on the server's side: the session locks, the browser goes somewhere harmless (P-66).

Neither view asks who somebody is: the button stands on public pages too, and a lock that fails
because a session ran out would be no lock.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from mutual.base import nav
from mutual.portal.gate import lock_session
from mutual.wall import live
from mutual.wall.live_page import LEAVE_NOTHING


# Locking harms nobody, and a token gone stale must not keep the page open.
@csrf_exempt
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """The beacon of a quick exit: lock, say nothing."""
    _lock(request)
    return _quiet(HttpResponse(status=204))


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """The button without script: lock, then leave without a referrer."""
    _lock(request)
    return _quiet(HttpResponseRedirect(nav.HARMLESS))


def _lock(request: HttpRequest) -> None:
    """Lock, and let the other open pages of the same sign-in close with this one."""
    lock_session(request)
    actor = getattr(request, "actor", None)
    who = getattr(actor, "id", None)
    if who is not None:
        # Saved now: the other pages look as soon as this transaction has ended.
        request.session.save()
        live.signal(who)


def _quiet(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["Clear-Site-Data"] = LEAVE_NOTHING
    return response
