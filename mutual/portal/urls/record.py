"""A partner's own plan, notes and papers; the couple's plan."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutual.portal.views import record

urlpatterns: list[URLPattern] = [
    path("me/plan/", record.own_plan, name="portal-plan"),
    path("me/notes/", record.notes, name="portal-notes"),
    path("me/notes/<uuid:public_id>/", record.note, name="portal-note"),
    path("me/documents/<uuid:public_id>/<slug:which>/", record.paper, name="portal-document"),
    path("us/plan/", record.our_plan, name="portal-our-plan"),
]
