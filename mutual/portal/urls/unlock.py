"""The idle lock."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import unlock

urlpatterns = [
    path("unlock/", unlock.unlock, name="portal-unlock"),
    path("pin/forgotten/", unlock.forgotten, name="portal-pin-forgotten"),
    path("unlock/kept/", unlock.kept, name="portal-kept"),
    path("unlock/lock/", unlock.lock, name="portal-lock"),
    path("unlock/alive/", unlock.alive, name="portal-alive"),
]
