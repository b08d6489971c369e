"""Addresses of the staff's day and week, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import solve, today, week, work

urlpatterns = [
    path("", today.page, name="staff-today"),
    path("tasks/<uuid:public_id>/done/", today.done, name="staff-task-done"),
    path("week/", week.couples, name="staff-week"),
    path("week/work/", work.page, name="staff-work"),
    path("week/propose/", solve.page, name="staff-solve"),
    path("week/propose/<uuid:public_id>/", solve.proposal, name="staff-proposal"),
    path("week/propose/<uuid:public_id>/accept/", solve.accept, name="staff-proposal-accept"),
    path("week/<uuid:public_id>/", week.couple, name="staff-week-couple"),
    path("week/<uuid:public_id>/plan/", week.plan, name="staff-week-plan"),
    path("week/<uuid:public_id>/publish/", week.publish, name="staff-week-publish"),
    path("week/<uuid:public_id>/add/", week.add, name="staff-week-add"),
    path("week/session/<uuid:public_id>/", week.session, name="staff-session"),
    path("week/session/<uuid:public_id>/cancel/", week.cancel, name="staff-session-cancel"),
]
