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


def lock_minutes(kind: str) -> int:
    """After how many idle minutes a screen of staff or of a person locks; 15 at most (P-84)."""
    return min(15, max(2, settings.STAFF_LOCK_MINUTES)) if kind == "staff" else 15


def interface(request: HttpRequest) -> dict[str, Any]:
    """Context processor: small values only, no query."""
    actor = getattr(request, "actor", None)
    roles = getattr(actor, "roles", None)
    return {
        "theme": theme_of(request),
        "programme": settings.PROGRAMME_NAME,
        "programme_phone": getattr(settings, "PROGRAMME_PHONE", ""),
        "demo": settings.DEMO,
        "lock_minutes": lock_minutes(getattr(actor, "kind", "")),
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
