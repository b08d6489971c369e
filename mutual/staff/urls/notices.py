"""Addresses of the notices that did not leave, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import notices

urlpatterns = [
    path("notices/", notices.page, name="staff-notices"),
    path("notices/<uuid:public_id>/", notices.settle, name="staff-notice-settle"),
]
