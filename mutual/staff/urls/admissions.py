"""Addresses of the admissions board, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import admissions

urlpatterns = [
    path("admissions/", admissions.board, name="staff-admissions"),
    path("admissions/<uuid:public_id>/", admissions.inquiry, name="staff-inquiry"),
    path("admissions/<uuid:public_id>/contact/", admissions.contact, name="staff-inquiry-contact"),
    path("admissions/<uuid:public_id>/move/", admissions.move, name="staff-inquiry-move"),
    path("admissions/<uuid:public_id>/next/", admissions.plan, name="staff-inquiry-next"),
    path("admissions/<uuid:public_id>/link/", admissions.link, name="staff-inquiry-link"),
    path("admissions/<uuid:public_id>/unlink/", admissions.unlink, name="staff-inquiry-unlink"),
    path("admissions/<uuid:public_id>/invite/", admissions.invite, name="staff-inquiry-invite"),
    path("admissions/<uuid:public_id>/couple/", admissions.couple, name="staff-inquiry-couple"),
]
