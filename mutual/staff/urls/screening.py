"""Live screens, clearance and forms of one person, for the own counselor."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import screening

urlpatterns = [
    path("people/<uuid:public_id>/screening/", screening.screening, name="staff-screening"),
    path(
        "people/<uuid:public_id>/screening/safety/",
        screening.violence,
        name="staff-screening-violence",
    ),
    path("people/<uuid:public_id>/screening/risk/", screening.risk, name="staff-screening-risk"),
    path(
        "people/<uuid:public_id>/screening/clearance/",
        screening.clearance,
        name="staff-clearance",
    ),
    path("people/<uuid:public_id>/forms/", screening.forms_of, name="staff-forms"),
    path(
        "people/<uuid:public_id>/forms/<uuid:response_id>/", screening.answers, name="staff-answers"
    ),
]
