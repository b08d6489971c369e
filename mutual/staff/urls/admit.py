"""Level of care, care team, admission, and the end of a stay without a discharge."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import admit, staying, team

urlpatterns = [
    path("people/<uuid:public_id>/level/", admit.level, name="staff-level"),
    path("people/<uuid:public_id>/stay/", staying.page, name="staff-stay"),
    path("people/<uuid:public_id>/end/", admit.end_stay, name="staff-end-stay"),
    path("couples/<uuid:public_id>/admission/", admit.admission, name="staff-admission"),
    path("couples/<uuid:public_id>/team/", team.page, name="staff-team"),
    path("couples/<uuid:public_id>/team/<slug:place>/", team.place, name="staff-team-place"),
]
