"""Consents where staff have a part in them, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import consents

urlpatterns = [
    path("confidences/", consents.setting, name="staff-confidences"),
    path("consents/<uuid:public_id>/paper/", consents.paper, name="staff-consent-paper"),
    path("sharing/<uuid:session>/", consents.offer, name="staff-sharing-offer"),
]
