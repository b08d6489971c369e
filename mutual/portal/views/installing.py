"""The manifest, the service worker and the page that it shows without a connection.

All three are the same for everybody: they tell nobody who is signed in or what this is for.
"""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

WORKER = Path(__file__).resolve().parent.parent / "worker.js"


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """The web app manifest; its name stands under an icon that others see, so it says little."""
    answer = JsonResponse(
        {
            "name": "Mutual",
            "short_name": "Mutual",
            "id": "/today/",
            "start_url": "/today/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#fbfaf7",
            "theme_color": "#fbfaf7",
            "icons": [
                {
                    "src": static("base/mark.svg"),
                    "sizes": "any",
                    "type": "image/svg+xml",
                    "purpose": "any",
                }
            ],
        },
        content_type="application/manifest+json",
    )
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root because that is how far it may reach."""
    answer = HttpResponse(WORKER.read_bytes(), content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What stands there without a connection; the one page that a browser may keep (P-61)."""
    return render(request, "portal/offline.html")
