"""The own journal."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import journal

urlpatterns = [
    path("me/pages/", journal.pages, name="portal-journal"),
    path("me/pages/<uuid:public_id>/", journal.page, name="portal-journal-page"),
]
