"""Which address belongs to which face."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from mutual.portal.urls.accounts import instead
from mutual.website.styleguide import shell, styleguide
from mutual.website.theme import switch

handler400 = "mutual.base.errors.bad_request"
handler403 = "mutual.base.errors.forbidden"
handler429 = "mutual.base.errors.too_many"  # allauth's

urlpatterns: list[URLPattern | URLResolver] = [
    path("styleguide", styleguide, name="styleguide"),
    path("styleguide/<slug:name>", shell, name="styleguide-shell"),
    path("theme/", switch, name="theme"),
    path("language/", set_language, name="set_language"),
    *instead,
    path("account/", include("allauth.urls")),
    path("staff/", include("mutual.staff.urls")),
    path("", include("mutual.interop.urls")),
    path("", include("mutual.portal.urls")),
    path("", include("mutual.website.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo", include("mutual.entry.demo.urls")))
