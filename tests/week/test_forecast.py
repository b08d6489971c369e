"""How a week ends on today's plan, who is told, make-ups, and all rooms of a day."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from mutual.base.refusal import NotThere
from mutual.people.models import StaffTask
from mutual.wall.context import as_service
from mutual.week import forecast, utilisation
from mutual.week.actions import cancel, confirm_attendance, plan_week, publish_week
from mutual.week.availability import set_work_times
from mutual.week.clocks import Stretch
from mutual.week.models import Attendance, Seat, Session
from mutual.week.templates import programme_zone
from tests.week.factories import AB, CD, at, group, individual, monday, staff
from tests.world import id_of


def _wednesday(hour: int, weeks: int = 2) -> datetime:
    return datetime.combine(monday(weeks) + timedelta(days=2), time(hour), programme_zone())


@pytest.mark.rule("C-35", "C-36")
def test_the_forecast_adds_what_was_attended_what_waits_and_what_is_planned(act) -> None:
    with act("ada") as ada:
        plan_week(ada, id_of("ab"), monday(2), "shared")
        publish_week(ada, id_of("ab"), monday(2))
        (whole,) = {f.ends_at for f in forecast.forecast(AB, monday(2), at(0, 0)).values()}
        assert whole == 630
        first = Seat.objects.get(person_id=AB[1], kind="skills_group", cancelled=False)
        session = Session.objects.select_related("clinician").get(id=first.session_id)
    noon = _wednesday(12)
    with act(_name(session.clinician_id)) as leader:
        confirm_attendance(leader, session, AB[1], measured=50, now=noon)
    with act("ada"):
        ben = forecast.forecast(AB, monday(2), noon)[AB[1]]
    # 90 of skills became 50; Monday's class is over but not confirmed yet.
    assert (ben.attended, ben.unconfirmed, ben.to_come) == (50, 90, 450)
    assert (ben.ends_at, ben.short) == (590, 0)


def _name(clinician) -> str:
    names = ("mo", "kit", "noor", "sol", "reyes", "vale")
    return next(n for n in names if id_of(n) == clinician)


@pytest.mark.rule("C-35", "F-13")
def test_by_wednesday_noon_the_own_counselor_knows_whose_week_ends_short_and_once(act) -> None:
    with act("ada") as ada:
        plan_week(ada, id_of("ab"), monday(2), "shared")
        publish_week(ada, id_of("ab"), monday(2))
        for lost in Session.objects.filter(
            seats__person_id=AB[1], seats__cancelled=False, kind__in=["individual", "boundaries"],
        ).distinct():  # fmt: skip
            if Seat.objects.filter(session=lost, person_id=AB[1], cancelled=False).exists():
                cancel(ada, lost, reason="away")
        assert forecast.tell_by_wednesday(_wednesday(10)) == 0
        # Ben, and the two of the couple that nobody planned for.
        assert forecast.tell_by_wednesday(_wednesday(11)) == 3
        assert forecast.tell_by_wednesday(_wednesday(12)) == 0
    with act("kit") as kit:
        (task,) = StaffTask.objects.filter(rule="C-35")
        assert task.addressee_id == kit.id and task.person_id == AB[1]
        assert "ends at 8 h 30; 9 h are needed" in task.text
    with act("mo"):
        assert not StaffTask.objects.filter(rule="C-35").exists()


@pytest.mark.rule("C-37")
def test_a_first_week_is_shown_and_not_judged(act) -> None:
    with act("ada"):
        found = forecast.forecast(AB, monday(-5), at(0, 0, weeks=-4))
    assert all(one.short == 0 for one in found.values())


def test_who_was_seen_by_nobody_for_two_days_is_in_the_report(act) -> None:
    now = timezone.now()
    with act("ada") as ada:
        session = individual(ada, "ana", "mo", now - timedelta(hours=30), now=now)
    with act("mo") as mo:
        confirm_attendance(mo, session, AB[0], measured=60)
        lines = {one.partner.name: one for one in forecast.report(mo, monday(0), now)}
        # Mo counsels Ana: Ben's attendance is not Mo's to know.
        assert set(lines) == {"Ana"} and not lines["Ana"].silent
        assert forecast.report(mo, monday(0), now + timedelta(days=2))[0].silent
    with act("ada") as ada:
        silent = {one.partner.name for one in forecast.report(ada, monday(0), now) if one.silent}
        assert silent == {"Ben", "Cleo", "Dan"}
        # A group is a contact as well.
        _made, evening = group(ada, "skills_group", "noor", now - timedelta(hours=20), "dan")
    with act("noor") as noor:
        confirm_attendance(noor, evening, CD[1], measured=60)
    with act("ada") as ada:
        silent = {one.partner.name for one in forecast.report(ada, monday(0), now) if one.silent}
        assert silent == {"Ben", "Cleo"}
    with act("reyes") as reyes:
        assert forecast.report(reyes, monday(0), now) == []


@pytest.mark.rule("C-58")
def test_a_make_up_of_this_week_is_one_click_and_counts_in_it(act, browse) -> None:
    with act("mo") as mo:
        key = _person(mo)
    mine = browse("mo")
    page = mine.get(f"/staff/week/make-up/{key}/").content.decode()
    start = re.search(r'name="start" value="([^"]+)"', page)
    if start is None:
        # Late on a Sunday no hour of the week is left.
        assert "No time this week keeps every rule." in page
        return
    assert mine.post(f"/staff/week/make-up/{key}/", {"start": start.group(1)}).status_code == 302
    with act("mo"):
        seat = Seat.objects.get(person_id=AB[0], kind="second_individual", cancelled=False)
        week = forecast.forecast([AB[0]], monday(0), timezone.now())[AB[0]]
    assert seat.during.lower.isoformat() == datetime.fromisoformat(start.group(1)).isoformat()
    assert week.to_come == 60
    assert browse("kit").get(f"/staff/week/make-up/{key}/").status_code == 404


def _person(mo):
    from mutual.people.models import Person

    return Person.objects.get(id=AB[0]).public_id


def test_the_pages_of_hours_and_rooms_keep_their_budget(
    act, browse, django_assert_max_num_queries
) -> None:
    with act("ada") as ada:
        plan_week(ada, id_of("ab"), monday(0), "side_by_side")
    planner = browse("ada")
    with django_assert_max_num_queries(12):
        page = planner.get("/staff/week/hours/").content.decode()
    assert "Ana" in page and "more than 2 days" in page
    with django_assert_max_num_queries(10):
        page = planner.get("/staff/week/rooms/").content.decode()
    assert "This week in numbers" in page
    assert browse("ana").get("/staff/week/rooms/").status_code == 404


def test_the_week_in_numbers_counts_hours_places_and_what_was_cancelled(act) -> None:
    with act("mo") as mo:
        set_work_times(mo, staff("mo"), [Stretch(1, time(9), time(19), "work")])
    with act("ada") as ada:
        lost = individual(ada, "ana", "mo", at(1, 10))
        individual(ada, "ana", "mo", at(1, 12))
        group(ada, "skills_group", "noor", at(1, 17), "ana", "dan")
        cancel(ada, lost, reason="a storm")
        week = utilisation.week(ada, monday(2))
        (mine,) = [w for w in week.worked if w.name == "Mo Lindgren"]
        assert (mine.held, mine.hours, mine.percent) == (60, 600, 10)
        assert (week.taken, week.places, week.held, week.cancelled) == (2, 12, 2, 1)
        assert week.lost == 33
        assert [c.name for c in utilisation.rooms(ada, at(1, 12).date())] == [
            "Mo Lindgren", "Noor Bakshi",
        ]  # fmt: skip
    with act("kit") as kit, pytest.raises(NotThere):
        utilisation.week(kit, monday(2))


def test_what_the_forecast_reads_is_facts_alone(act) -> None:
    with act("ada"), as_service("hours_forecast"):
        assert Attendance.objects.count() == 0 and Seat.objects.count() == 0
