"""Threads of a clinician, and a person's check-ins."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import messages

urlpatterns = [
    path("messages/", messages.threads_page, name="staff-messages"),
    path("messages/p/<uuid:public_id>/", messages.own, name="staff-messages-own"),
    path("messages/c/<uuid:public_id>/", messages.ours, name="staff-messages-ours"),
    path("people/<uuid:public_id>/check-ins/", messages.checkins, name="staff-check-ins"),
]
