"""The recovery contract of a couple, and what each says about it alone."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import contract

urlpatterns = [
    path("couples/<uuid:public_id>/contract/", contract.page, name="staff-contract"),
    path("people/<uuid:public_id>/alone/", contract.alone, name="staff-alone"),
]
