"""What a browser needs to put the app on a home screen."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import installing

urlpatterns = [
    path("manifest.webmanifest", installing.manifest, name="portal-manifest"),
    path("sw.js", installing.worker, name="portal-worker"),
    path("offline/", installing.offline, name="portal-offline"),
]
