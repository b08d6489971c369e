"""Addresses of a partner's week and calendar feed."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import asks, times, week

urlpatterns = [
    path("week/", week.page, name="portal-week"),
    path("week/times/", times.page, name="portal-times"),
    path("week/offers/", asks.offers, name="portal-offers"),
    path("week/ask/", asks.ask, name="portal-ask"),
    path("week/session/<uuid:public_id>/", asks.session, name="portal-session"),
    path("week/reminders/", week.reminding, name="portal-reminders"),
    path("week/calendar/", week.calendar, name="portal-calendar"),
]
