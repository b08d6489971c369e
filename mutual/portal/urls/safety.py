"""The person's own safety plan, medicines and tests."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import medicines, safety

urlpatterns = [
    path("me/own/", safety.plan, name="portal-safety-plan"),
    path("me/daily/", medicines.page, name="portal-medicines"),
]
