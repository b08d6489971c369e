"""Safety plans, medicines, tests and incidents."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import incidents, medicines, safety, toxicology

urlpatterns = [
    path("people/<uuid:public_id>/safety-plan/", safety.plan, name="staff-safety-plan"),
    path("people/<uuid:public_id>/medicines/", medicines.page, name="staff-medicines"),
    path("people/<uuid:public_id>/tests/", toxicology.page, name="staff-tests"),
    path("people/<uuid:public_id>/incident/", incidents.new, name="staff-incident-new"),
    path("incidents/", incidents.listing, name="staff-incidents"),
    path("incidents/<uuid:public_id>/", incidents.one, name="staff-incident"),
]
