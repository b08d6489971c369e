"""Who may sign in and do what: renewals, leaving, the quarterly review, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import access, renewals

urlpatterns = [
    path("renewals/", renewals.listing, name="staff-renewals"),
    path("renewals/<uuid:public_id>/", renewals.one, name="staff-renewal"),
    path("renewals/<uuid:public_id>/stop/", renewals.stop, name="staff-renewal-stop"),
    path("access/", access.listing, name="staff-access"),
    path("access/review/", access.begin, name="staff-access-begin"),
    path("access/review/<uuid:public_id>/", access.answer, name="staff-access-answer"),
    path("access/<uuid:public_id>/", access.one, name="staff-access-one"),
]
