"""Level of care, readiness, admission and discharge."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import admit

urlpatterns = [
    path("people/<uuid:public_id>/level/", admit.level, name="staff-level"),
    path("people/<uuid:public_id>/discharge/", admit.discharge, name="staff-discharge"),
    path("couples/<uuid:public_id>/admission/", admit.admission, name="staff-admission"),
]
