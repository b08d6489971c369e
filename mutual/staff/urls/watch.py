"""The privacy officer's eyes on the trail, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import law, watch

urlpatterns = [
    path("law/", law.page, name="staff-law"),
    path("trail/", watch.trail, name="staff-trail"),
    path("trail/unusual/", watch.unusual, name="staff-unusual"),
    path("trail/unusual/<uuid:public_id>/", watch.finding, name="staff-finding"),
    path("trail/watched/", watch.watched, name="staff-watched"),
    path("trail/watched/<uuid:public_id>/end/", watch.unwatch, name="staff-unwatch"),
    path("trail/emergencies/", watch.emergencies, name="staff-glass-queue"),
    path("trail/emergencies/<uuid:public_id>/", watch.emergency, name="staff-glass-review"),
]
