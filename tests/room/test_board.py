"""The live board: late by five minutes, the safe route, by phone (P-78, C-19)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import ContactLocation
from mutual.room import board
from mutual.room.models import RoomSeat
from mutual.week.actions import confirm_attendance
from mutual.week.models import Attendance, Seat
from tests.week.factories import AB, conjoint
from tests.world import id_of

NOW = timezone.now()


def _running(act, minutes: int = 6):
    with act("ada") as ada:
        return conjoint(ada, NOW - timedelta(minutes=minutes))


def _people(act, name: str = "cory", now=NOW):
    with act(name) as actor:
        (one,) = board.board(actor, now)
        return one.people


@pytest.mark.rule("C-19")
def test_who_is_late_by_five_minutes_is_called_only_by_the_way_they_said(act) -> None:
    _running(act)
    with act("ana"):
        ContactLocation.objects.filter(person_id=AB[0]).update(safe_route="call")
    people = _people(act)
    assert all(one.late and one.minutes_late == 6 for one in people)
    numbers = sorted(one.phone for one in people)
    # Ben is reached inside Mutual alone: his number is not even shown.
    assert numbers[0] == "" and numbers[1].startswith("555-")
    assert {one.name for one in people} == {""}
    assert {one.name for one in _people(act, "ada")} == {"Ana", "Ben"}


def test_nobody_is_late_within_five_minutes(act) -> None:
    _running(act, 4)
    assert not any(one.late for one in _people(act))


@pytest.mark.rule("P-78")
def test_the_board_says_here_whether_somebody_waits_or_is_let_in(act) -> None:
    session = _running(act)
    with act("ana"):
        RoomSeat.objects.create(
            session=session, person_id=AB[0], clinician_id=id_of("reyes"), asked_at=NOW
        )
    by_here = {one.here: one for one in _people(act)}
    assert not by_here[True].late and by_here[False].late
    assert not hasattr(by_here[True], "waits")


@pytest.mark.rule("F-13")
def test_by_phone_is_noted_once_and_the_minutes_are_audio_only(act) -> None:
    session = _running(act)
    with act("cory") as cory:
        seat = Seat.objects.get(session=session, person_id=AB[1])
        board.takes_part_by_phone(cory, seat.public_id, NOW)
        board.takes_part_by_phone(cory, seat.public_id, NOW + timedelta(minutes=1))
        seat.refresh_from_db()
        assert seat.phone_at == NOW
        with pytest.raises(Refused, match="while the session runs"):
            board.takes_part_by_phone(cory, seat.public_id, NOW + timedelta(hours=3))
        assert sum(one.by_phone for one in board.board(cory, NOW)[0].people) == 1
    with act("reyes") as reyes:
        for person in AB:
            confirm_attendance(
                reyes, session, person, measured=0, minutes=50, reason="by phone", now=NOW
            )
        audio = dict(Attendance.objects.values_list("person_id", "audio_only"))
    assert audio == {AB[0]: False, AB[1]: True}


def test_only_who_coordinates_the_day_has_a_board(act, browse) -> None:
    _running(act)
    with act("mo") as mo, pytest.raises(NotThere):
        board.board(mo, NOW)
    assert browse("mo").get("/staff/week/now/").status_code == 404


def test_the_board_is_a_page_that_comes_anew_by_itself(
    act, browse, django_assert_max_num_queries
) -> None:
    session = _running(act)
    mine = browse("cory")
    with django_assert_max_num_queries(10):
        page = mine.get("/staff/week/now/").content.decode()
    assert "2 people are late" in page and 'hx-trigger="every 30s"' in page
    part = mine.get("/staff/week/now/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="board"')
    with act("cory"):
        seat = Seat.objects.filter(session=session).first()
    assert seat is not None
    mine.post(f"/staff/week/now/{seat.public_id}/phone/")
    assert "by phone (93)" in mine.get("/staff/week/now/").content.decode()
