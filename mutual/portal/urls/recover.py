"""The way back in when every key is lost."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import recover

urlpatterns = [
    path("account/help/", recover.ask, name="portal-recover"),
    path("account/help/code/", recover.enter, name="portal-recover-code"),
    path("account/renewal/", recover.waiting, name="portal-renewal"),
]
