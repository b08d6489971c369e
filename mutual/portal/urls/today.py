"""*Today*."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import today

urlpatterns = [path("today/", today.page, name="portal-today")]
