"""What every template may use: theme, programme, the places to go, the reader's zone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from mutual.base import nav

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


def theme_of(request: HttpRequest) -> str:
    """`light` or `dark` by the person's choice; empty when the device decides."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def interface(request: HttpRequest) -> dict[str, Any]:
    """Context processor: small values only, no query."""
    actor = getattr(request, "actor", None)
    roles = getattr(actor, "roles", None)
    return {
        "theme": theme_of(request),
        "programme": settings.PROGRAMME_NAME,
        "demo": settings.DEMO,
        "reader_zone": getattr(actor, "zone", None) or settings.PROGRAMME_ZONE,
        "partner_items": nav.PARTNER,
        "staff_items": nav.staff_items(roles),
        "public_items": nav.PUBLIC,
        "foot_items": nav.PUBLIC_FOOT,
        "nav": {
            "lock": nav.LOCK,
            "exit": nav.EXIT,
            "harmless": nav.HARMLESS,
            "theme": nav.THEME,
            "language": nav.LANGUAGE,
            "search": nav.SEARCH,
        },
    }
