"""Addresses of the staff's day and week, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import (
    asks,
    board,
    forecast,
    groups,
    programme_board,
    said,
    session,
    solve,
    standins,
    today,
    week,
    work,
)

urlpatterns = [
    path("", today.page, name="staff-today"),
    path("tasks/<uuid:public_id>/done/", today.done, name="staff-task-done"),
    path("week/", week.couples, name="staff-week"),
    path("week/work/", work.page, name="staff-work"),
    path("week/propose/", solve.page, name="staff-solve"),
    path("week/propose/<uuid:public_id>/", solve.proposal, name="staff-proposal"),
    path("week/propose/<uuid:public_id>/accept/", solve.accept, name="staff-proposal-accept"),
    path("week/stand-ins/", standins.page, name="staff-stand-ins"),
    path("week/stand-ins/<uuid:public_id>/", standins.stand_in, name="staff-stand-in"),
    path("week/asked/", asks.page, name="staff-asks"),
    path("week/asked/<uuid:public_id>/", asks.one, name="staff-ask"),
    path("week/asked/<uuid:public_id>/answer/", asks.answer, name="staff-ask-answer"),
    path("week/groups/", groups.page, name="staff-groups"),
    path("week/groups/<uuid:public_id>/", groups.group, name="staff-group"),
    path("week/now/", board.page, name="staff-board"),
    path("week/now/<uuid:public_id>/phone/", board.phone, name="staff-board-phone"),
    path("week/hours/", forecast.page, name="staff-forecast"),
    path("week/make-up/<uuid:public_id>/", forecast.make_up, name="staff-make-up"),
    path("week/rooms/", programme_board.page, name="staff-programme-board"),
    path("week/<uuid:public_id>/", week.couple, name="staff-week-couple"),
    path("week/<uuid:public_id>/said/", said.page, name="staff-week-said"),
    path("week/<uuid:public_id>/plan/", week.plan, name="staff-week-plan"),
    path("week/<uuid:public_id>/publish/", week.publish, name="staff-week-publish"),
    path("week/<uuid:public_id>/add/", week.add, name="staff-week-add"),
    path("week/session/<uuid:public_id>/", session.session, name="staff-session"),
    path("week/session/<uuid:public_id>/cancel/", session.cancel, name="staff-session-cancel"),
]
