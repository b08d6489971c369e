"""Requests of people about their records, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import requests

urlpatterns = [
    path("requests/", requests.queue, name="staff-requests"),
    path("requests/paper/<uuid:public_id>/", requests.on_paper, name="staff-request-paper"),
    path("requests/<uuid:public_id>/", requests.one, name="staff-request"),
]
