"""Addresses of a person's own costs."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import money

urlpatterns = [
    path("me/money/", money.page, name="portal-money"),
    path("me/money/letters/", money.letters, name="portal-money-letters"),
    path("me/money/request/", money.request_letter, name="portal-money-request"),
]
