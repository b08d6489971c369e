"""The clinician's side of a session."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutual.staff.views import one_came, room

urlpatterns: list[URLPattern] = [
    path("room/<uuid:session>/", room.page, name="staff-room"),
    path("room/<uuid:session>/people/", room.people, name="staff-room-people"),
    path("room/<uuid:session>/attendance/", room.attendance, name="staff-room-attendance"),
    path("room/<uuid:session>/one-came/", one_came.page, name="staff-room-one-came"),
]
