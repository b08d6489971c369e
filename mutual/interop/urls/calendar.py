"""The address of a calendar feed."""

from __future__ import annotations

from django.urls import path

from mutual.interop.calendar import feed

urlpatterns = [path("calendar/<str:token>.ics", feed, name="interop-calendar")]
