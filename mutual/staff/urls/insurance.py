"""Addresses of a person's insurance page, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import insurance

urlpatterns = [
    path("people/<uuid:public_id>/insurance/", insurance.page, name="staff-insurance"),
    path("people/<uuid:public_id>/insurance/card/", insurance.card, name="staff-insurance-card"),
    path(
        "people/<uuid:public_id>/insurance/answer/", insurance.answer, name="staff-insurance-answer"
    ),
    path(
        "people/<uuid:public_id>/insurance/authorization/",
        insurance.authorization,
        name="staff-insurance-authorization",
    ),
    path("people/<uuid:public_id>/insurance/terms/", insurance.terms, name="staff-insurance-terms"),
]
