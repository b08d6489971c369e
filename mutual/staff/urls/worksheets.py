"""Worksheets of a person."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import worksheets

urlpatterns = [
    path("people/<uuid:public_id>/worksheets/", worksheets.page, name="staff-worksheets"),
]
