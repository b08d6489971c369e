"""Search."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import search

urlpatterns = [path("search/", search.search, name="staff-search")]
