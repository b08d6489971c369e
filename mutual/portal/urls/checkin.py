"""The day's check-in."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import checkin

urlpatterns = [
    path("check-in/", checkin.page, name="portal-check-in"),
    path("me/check-ins/", checkin.mine, name="portal-check-ins"),
    path("check-in/thanks/", checkin.thanks, name="portal-check-in-thanks"),
    path("check-in/coping/", checkin.coping, name="portal-check-in-coping"),
]
