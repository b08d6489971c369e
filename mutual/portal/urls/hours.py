"""Address of a person's own hours."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import hours

urlpatterns = [path("me/hours/", hours.page, name="portal-hours")]
