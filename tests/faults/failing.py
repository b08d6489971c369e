"""The application with two pages more that fail, as a fault in a view would."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutual.base.settings")

from mutual.entry.asgi import application

__all__ = ["application"]

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from mutual.entry import urls
from mutual.website.views import contact


def fail_after(request: HttpRequest) -> HttpResponse:
    """Writes what was sent, by the real view, then fails with it on its lips."""
    contact.contact(request)
    words = request.POST["question"]
    raise RuntimeError(f"could not go on with {words} of {request.POST['name']}")


def fail_in_database(request: HttpRequest) -> HttpResponse:
    """An error whose text quotes what was asked."""
    with connection.cursor() as cursor:
        cursor.execute("select %s::integer", [request.GET["q"]])
    return HttpResponse("never")


urls.urlpatterns[:0] = [
    path("fail-after/", fail_after),
    path("fail-in-database/", fail_in_database),
]
