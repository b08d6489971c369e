"""Addresses of the programme page, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import programme

urlpatterns = [path("programme/", programme.page, name="staff-programme")]
