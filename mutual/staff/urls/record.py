"""Couples, their record, notes, plans, discharge."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from mutual.staff.views import agenda, couples, course, discharge, group_note, notes, plan, words


class LaneConverter:
    """``a``, ``ours`` or ``b``: which record a page is in."""

    regex = "a|ours|b"

    def to_python(self, value: str) -> str:
        """The lane as it is."""
        return value

    def to_url(self, value: str) -> str:
        """The lane as it is."""
        return value


register_converter(LaneConverter, "lane")

urlpatterns: list[URLPattern] = [
    path("couples/", couples.listing, name="staff-couples"),
    path("couples/<uuid:public_id>/", couples.first, name="staff-couple"),
    path("couples/<uuid:public_id>/agenda/", agenda.page, name="staff-agenda"),
    path("couples/<uuid:public_id>/plan/", plan.lanes, name="staff-plan"),
    path("couples/<uuid:public_id>/<lane:lane>/", couples.lane, name="staff-couple-lane"),
    path("couples/<uuid:public_id>/<lane:lane>/words/", words.page, name="staff-words"),
    path("couples/<uuid:public_id>/<lane:lane>/weeks/", course.page, name="staff-course"),
    path(
        "couples/<uuid:public_id>/<lane:lane>/diagnosis/",
        couples.diagnosis,
        name="staff-diagnosis",
    ),
    path("couples/<uuid:public_id>/<lane:lane>/note/", notes.new, name="staff-note-new"),
    path("couples/<uuid:public_id>/<lane:lane>/plan/goal/", plan.add, name="staff-goal-new"),
    path(
        "couples/<uuid:public_id>/<lane:lane>/plan/goal/<uuid:goal>/",
        plan.change,
        name="staff-goal",
    ),
    path("couples/<uuid:public_id>/<lane:lane>/plan/sign/", plan.sign, name="staff-plan-sign"),
    path(
        "couples/<uuid:public_id>/<lane:lane>/plan/reviewed/",
        plan.reviewed,
        name="staff-plan-reviewed",
    ),
    path(
        "couples/<uuid:public_id>/<lane:lane>/discharge/",
        discharge.page,
        name="staff-discharge",
    ),
    path("documents/<uuid:public_id>/<slug:which>/", discharge.paper, name="staff-document"),
    path("notes/", notes.unsigned, name="staff-notes"),
    path("notes/for/<uuid:session>/", notes.for_session, name="staff-notes-for"),
    path("notes/group/<uuid:session>/", group_note.page, name="staff-notes-group"),
    path("notes/group/<uuid:session>/draft/", group_note.draft, name="staff-notes-group-draft"),
    path("notes/<uuid:public_id>/", notes.page, name="staff-note"),
    path("notes/<uuid:public_id>/draft/", notes.draft, name="staff-note-draft"),
    path("notes/<uuid:public_id>/addendum/", notes.addendum, name="staff-note-addendum"),
    path("notes/<uuid:public_id>/cosign/", notes.cosign, name="staff-note-cosign"),
]
