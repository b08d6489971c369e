"""Addresses of the privacy officer, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import privacy

urlpatterns = [
    path("privacy/", privacy.everybody, name="staff-privacy"),
    path("privacy/<uuid:public_id>/", privacy.person, name="staff-privacy-person"),
]
