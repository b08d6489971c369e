"""The own worksheets; an address says which by its number alone (P-52)."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import worksheets

urlpatterns = [
    path("me/sheets/", worksheets.sheets, name="portal-worksheets"),
    path("me/sheets/<uuid:public_id>/", worksheets.finished, name="portal-worksheet-read"),
    path("me/sheets/<int:number>/", worksheets.sheet, name="portal-worksheet"),
]
