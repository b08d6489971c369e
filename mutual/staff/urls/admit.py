"""Level of care, care team, admission, and the end of a stay without a discharge."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import admit

urlpatterns = [
    path("people/<uuid:public_id>/level/", admit.level, name="staff-level"),
    path("people/<uuid:public_id>/end/", admit.end_stay, name="staff-end-stay"),
    path("couples/<uuid:public_id>/admission/", admit.admission, name="staff-admission"),
]
