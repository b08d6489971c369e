"""The way into a session."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutual.portal.views import join

urlpatterns: list[URLPattern] = [
    path("join/<uuid:session>/", join.join, name="portal-join"),
    path("join/<uuid:session>/place/", join.place, name="portal-join-place"),
    path("join/<uuid:session>/taps/", join.taps, name="portal-join-taps"),
]
