"""Which address belongs to which face."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from mutual.website.styleguide import shell, styleguide
from mutual.website.theme import switch

urlpatterns: list[URLPattern | URLResolver] = [
    path("styleguide", styleguide, name="styleguide"),
    path("styleguide/<slug:name>", shell, name="styleguide-shell"),
    path("theme/", switch, name="theme"),
    path("language/", set_language, name="set_language"),
]
