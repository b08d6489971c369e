"""Addresses of billing, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import billing

urlpatterns = [
    path("billing/", billing.page, name="staff-billing"),
    path("billing/check/", billing.check, name="staff-billing-check"),
    path("billing/claims/", billing.claims, name="staff-billing-claims"),
    path("billing/file/", billing.file, name="staff-billing-file"),
    path("billing/file/<uuid:public_id>/", billing.download, name="staff-billing-download"),
    path("billing/claims/<uuid:public_id>/back/", billing.back, name="staff-billing-back"),
    path("billing/numbers/", billing.numbers, name="staff-billing-numbers"),
]
