"""Addresses of a partner's week and calendar feed."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import week

urlpatterns = [
    path("week/", week.page, name="portal-week"),
    path("week/calendar/", week.calendar, name="portal-calendar"),
]
