"""Ending the couple here, alone (P-71)."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import parting

urlpatterns = [path("me/changes/", parting.page, name="portal-parting")]
