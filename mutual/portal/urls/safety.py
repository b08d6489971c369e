"""The person's own safety plan, medicines and tests."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import medicines, safety

urlpatterns = [
    path("me/safety-plan/", safety.plan, name="portal-safety-plan"),
    path("me/medicines/", medicines.page, name="portal-medicines"),
]
