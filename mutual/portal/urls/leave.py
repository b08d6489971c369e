"""Quick exit."""

from __future__ import annotations

from django.urls import path

from mutual.base import nav
from mutual.portal.views import leave

urlpatterns = [
    path(nav.LOCK.lstrip("/"), leave.lock, name="lock"),
    path(nav.EXIT.lstrip("/"), leave.leave, name="exit"),
]
