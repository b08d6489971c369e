"""Ending a couple, by its therapist (P-71), under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import parting

urlpatterns = [path("couples/<uuid:public_id>/parting/", parting.page, name="staff-parting")]
