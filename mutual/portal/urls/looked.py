"""Who looked at my record."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import looked

urlpatterns = [path("me/looked/", looked.page, name="portal-looked")]
