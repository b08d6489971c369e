"""The theme switch: a cookie that says light or dark and nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from mutual.base.context import THEME_COOKIE, THEMES, theme_of

_YEAR = 365 * 24 * 3600


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Keep the posted theme (`light`, `dark`, `auto`; `next` turns the present one round).

    Scripts ask for JSON and get 204; a form without script is sent back to its page.
    """
    wanted = request.POST.get("theme", "")
    if wanted == "next":
        wanted = "light" if theme_of(request) == "dark" else "dark"
    response: HttpResponse
    if "application/json" in request.headers.get("accept", ""):
        response = HttpResponse(status=204)
    else:
        back = request.POST.get("back") or request.headers.get("referer", "")
        known = url_has_allowed_host_and_scheme(
            back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        response = HttpResponseRedirect(back if known else "/")
    if wanted in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            wanted,
            max_age=_YEAR,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response
