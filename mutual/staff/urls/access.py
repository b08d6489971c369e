"""Who may sign in: renewals of those who lost every key, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import renewals

urlpatterns = [
    path("renewals/", renewals.listing, name="staff-renewals"),
    path("renewals/<uuid:public_id>/", renewals.one, name="staff-renewal"),
    path("renewals/<uuid:public_id>/stop/", renewals.stop, name="staff-renewal-stop"),
]
