"""Serves the kit's pages alone, without a database: `python -m tests.browser.kit_server PORT`."""

from __future__ import annotations

import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse

CSP = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        **{f"{kind}-src": ["'self'"] for kind in ("script", "style", "connect", "manifest")},
        "img-src": ["'self'", "data:"],
        "form-action": ["'self'"],
    }
}

settings.configure(
    DEBUG=True,
    SECRET_KEY="only for this server",
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={},
    DEMO=True,
    PROGRAMME_NAME="Mutual",
    PROGRAMME_ZONE="America/Chicago",
    USE_TZ=True,
    USE_I18N=True,
    LANGUAGES=[("en", "English"), ("es", "Spanish")],
    STATIC_URL="/static/",
    CONTENT_SECURITY_POLICY=CSP,
    INSTALLED_APPS=["django.contrib.staticfiles", "django_htmx", "mutual.base", "mutual.website"],
    MIDDLEWARE=[
        "csp.middleware.CSPMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    FORM_RENDERER="mutual.base.forms.Renderer",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "mutual.base.context.interface",
                ],
                "builtins": [
                    "django.templatetags.i18n",
                    "django.templatetags.static",
                    "mutual.base.templatetags.kit",
                ],
            },
        }
    ],
)
django.setup()

from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

from mutual.portal.views.installing import worker  # noqa: E402
from mutual.website.styleguide import shell, styleguide  # noqa: E402
from mutual.website.theme import switch  # noqa: E402

LOCKED: list[str] = []


@csrf_exempt
def lock(request: HttpRequest) -> HttpResponse:
    """Counts the locks that a quick exit asked for."""
    LOCKED.append(request.method or "")
    return HttpResponse(status=204)


def locked(request: HttpRequest) -> HttpResponse:
    """How many there were."""
    return HttpResponse(str(len(LOCKED)))


urlpatterns = [
    path("styleguide", styleguide),
    path("styleguide/<name>", shell),
    path("theme/", switch),
    path("lock/", lock),
    path("locked", locked),
    path("sw.js", worker),
]


class Server(ThreadingMixIn, WSGIServer):
    """One thread for each request, so that a page's files load beside each other."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Says nothing about each request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


if __name__ == "__main__":
    application = StaticFilesHandler(WSGIHandler())
    make_server("127.0.0.1", int(sys.argv[1]), application, Server, Quiet).serve_forever()
