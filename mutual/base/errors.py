"""Pages for what the server cannot take: in the house look, neutral, with what was typed.

Django and allauth find these by name (settings and `mutual.entry.urls`). Browsers forget a form
when its page must not be stored, so words that were sent are shown again to be copied. They are
never sent on by themselves: somebody else may have signed in on this device meanwhile.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

#: Names of fields whose words are never shown again.
_SECRET = ("password", "pin", "code", "token", "secret", "signature", "word", "key")
_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def typed_texts(request: HttpRequest) -> list[str]:
    """The free text of a form that was sent from our own page, longest last.

    Choices, numbers, files and secrets are left out. From another site nothing is shown.
    """
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site", "") != "same-origin":
        return []
    try:
        fields = request.POST.lists()
    except (*_TOO_LARGE, UnreadablePostError):
        return []
    texts = {
        text.strip()
        for name, values in fields
        if not any(part in name.lower() for part in _SECRET)
        for text in values
        if " " in text.strip() and not text.startswith("data:")
    }
    return sorted(texts, key=len)


def page_before(request: HttpRequest) -> str:
    """The path of our own page that a form came from, or the start."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, {request.get_host()}):
        return "/home/"
    parts = urlsplit(before)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is old or missing: nothing was done, and why."""
    context = {
        "no_cookies": reason == REASON_NO_CSRF_COOKIE,
        "again": page_before(request),
        "typed": typed_texts(request),
    }
    return render(request, "csrf.html", context, status=403)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not for this person: the words are those of a page that isn't there (P-2)."""
    return render(request, "404.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request nobody can read, or one larger than the server takes."""
    if isinstance(exception, _TOO_LARGE):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def too_many(request: HttpRequest) -> HttpResponse:
    """Too many tries in a short time."""
    return render(request, "429.html", status=429)
