"""Addresses of a partner's week and calendar feed."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import times, week

urlpatterns = [
    path("week/", week.page, name="portal-week"),
    path("week/times/", times.page, name="portal-times"),
    path("week/calendar/", week.calendar, name="portal-calendar"),
]
