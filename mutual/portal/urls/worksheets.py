"""The own worksheets."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import worksheets

urlpatterns = [
    path("me/worksheets/", worksheets.sheets, name="portal-worksheets"),
    path("me/worksheets/<uuid:public_id>/", worksheets.finished, name="portal-worksheet-read"),
    path("me/worksheets/<slug:key>/", worksheets.sheet, name="portal-worksheet"),
]
