"""On call, emergencies and conflicts of interest, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import conflicts, emergency, oncall

urlpatterns = [
    path("on-call/", oncall.page, name="staff-oncall"),
    path("on-call/people/", oncall.people, name="staff-oncall-people"),
    path("on-call/people/<uuid:public_id>/", oncall.person, name="staff-oncall-person"),
    path("on-call/<uuid:public_id>/end/", oncall.cut, name="staff-oncall-end"),
    path("emergency-access/", emergency.page, name="staff-glass"),
    path("emergency-access/<uuid:public_id>/", emergency.record, name="staff-glass-record"),
    path("emergency-access/<uuid:public_id>/end/", emergency.end, name="staff-glass-end"),
    path("conflicts/", conflicts.page, name="staff-conflicts"),
    path("conflicts/<uuid:public_id>/end/", conflicts.end, name="staff-conflict-end"),
    path("conflicts/match/<uuid:public_id>/", conflicts.match, name="staff-conflict-match"),
]
