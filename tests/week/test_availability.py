"""Hours of staff and partners, journeys, licences, holidays: what stands against a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from psycopg.types.range import DateRange

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Licence, Person
from mutual.week import availability
from mutual.week.actions import plan_week, reschedule
from mutual.week.clocks import Stretch, at_work, has_time, laid
from mutual.week.minutes import Span
from mutual.week.models import FreeTime, Seat, Session, Trip
from mutual.week.templates import weekly
from tests.week.factories import at, individual, monday, staff
from tests.world import id_of

NINE_TO_NINE = [Stretch(day, time(9), time(21), "work") for day in range(6)]


@pytest.mark.rule("F-1")
def test_a_therapist_in_another_zone_works_by_their_own_clock_through_the_change() -> None:
    phoenix, chicago = ZoneInfo("America/Phoenix"), ZoneInfo("America/Chicago")
    until_five = [Stretch(1, time(9), time(17, 30), "work")]
    found = [
        at_work(until_five, Span(start, start + timedelta(hours=1)), phoenix)
        for start in weekly(date(2026, 10, 20), time(18), 4, chicago)
    ]
    # 18:00 in Chicago is 16:00 in Phoenix until the clocks change, then 17:00.
    assert found == [True, True, False, False]


def test_a_stretch_to_midnight_ends_with_the_day_and_never_beats_free() -> None:
    zone = ZoneInfo("America/Chicago")
    late = Stretch(3, time(20), time(0), "free")
    (span,) = laid([late], date(2026, 11, 5), zone)
    assert span.length == timedelta(hours=4)
    asked = Span(datetime(2026, 11, 5, 21, tzinfo=zone), datetime(2026, 11, 5, 22, tzinfo=zone))
    assert has_time([late], asked, zone)
    assert not has_time([late, Stretch(3, time(21, 30), time(23), "never")], asked, zone)
    assert has_time([], asked, zone)


def test_no_session_is_booked_outside_working_hours_or_in_supervision(act) -> None:
    with act("mo") as mo:
        supervision = Stretch(1, time(12), time(13), "supervision")
        availability.set_work_times(mo, staff("mo"), [*NINE_TO_NINE, supervision])
        individual(mo, "ana", "mo", at(1, 10))
        for hour in (12, 21, 8):
            with pytest.raises(Refused, match="Mo Lindgren is not at work then"):
                individual(mo, "ana", "mo", at(1, hour))


def test_time_away_blocks_booking_and_moving_until_it_is_given_back(act) -> None:
    with act("cory") as cory:
        away = availability.take_time_off(cory, staff("mo"), at(2, 0), at(3, 0))
    with act("ada") as ada:
        session = individual(ada, "ana", "mo", at(1, 10))
        with pytest.raises(Refused, match="not at work"):
            reschedule(ada, session, at(2, 10))
    with act("kit") as kit, pytest.raises(NotThere):
        availability.give_back(kit, away.public_id)
    with act("mo") as mo:
        availability.give_back(mo, away.public_id)
    with act("ada") as ada:
        assert reschedule(ada, session, at(2, 10)).during.lower == at(2, 10)


@pytest.mark.rule("C-46")
def test_a_licence_that_ends_blocks_every_session_from_that_day_on(act) -> None:
    last = monday(2) + timedelta(days=2)
    Licence.objects.filter(staff_id=id_of("mo"), state="TX").update(
        valid=DateRange(last - timedelta(days=400), last)
    )
    with act("mo") as mo:
        individual(mo, "ana", "mo", at(1, 10))
        with pytest.raises(Refused, match="Mo Lindgren is not licensed there") as refused:
            individual(mo, "ana", "mo", at(2, 10))
        assert refused.value.rule == "C-46"


@pytest.mark.rule("C-46")
def test_who_travels_is_where_the_journey_says_for_its_days(act) -> None:
    first = monday(2) + timedelta(days=1)
    with act("ana") as ana:
        availability.add_trip(ana, ana.id, first, first, zone="America/New_York", state="NY")
        with pytest.raises(Refused, match="Another journey"):
            availability.add_trip(ana, ana.id, first, first, zone="America/Denver", state="CO")
    with act("mo") as mo:
        individual(mo, "ana", "mo", at(0, 10))
        with pytest.raises(Refused) as refused:
            individual(mo, "ana", "mo", at(1, 10))
        assert refused.value.rule == "C-46"
        individual(mo, "ana", "mo", at(2, 10))


@pytest.mark.rule("F-2")
def test_a_traveller_reads_their_own_week_on_the_clock_of_the_journey(act, browse) -> None:
    with act("ada") as ada:
        individual(ada, "ana", "mo", at(1, 18, weeks=0))
    page = browse("ana").get(f"/week/?monday={monday(0)}").content.decode()
    assert "6:00 – 7:00 pm CST" in page or "6:00 – 7:00 pm CDT" in page
    with act("ana") as ana:
        today = date.today()
        availability.add_trip(
            ana, ana.id, today - timedelta(days=1), today + timedelta(days=1),
            zone="America/New_York", state="NV",
        )  # fmt: skip
    page = browse("ana").get(f"/week/?monday={monday(0)}").content.decode()
    assert "7:00 – 8:00 pm EST" in page or "7:00 – 8:00 pm EDT" in page


def test_never_is_never_unless_they_said_yes_this_once(act) -> None:
    with act("ana") as ana:
        availability.set_free_times(ana, ana.id, [Stretch(1, time(9), time(12), "never")])
    with act("mo") as mo:
        with pytest.raises(Refused, match="Ana cannot then, as they told us"):
            individual(mo, "ana", "mo", at(1, 10))
        session = individual(mo, "ana", "mo", at(1, 13))
        with pytest.raises(Refused, match="cannot then"):
            reschedule(mo, session, at(1, 11, 30))
        assert reschedule(mo, session, at(1, 11, 30), agreed=True).during.lower == at(1, 11, 30)


@pytest.mark.rule("P-60")
def test_what_one_says_of_their_week_is_never_the_partners(act) -> None:
    with act("ana") as ana:
        availability.set_free_times(ana, ana.id, [Stretch(1, time(9), time(12), "never")])
        availability.add_trip(ana, ana.id, monday(1), monday(1), zone="America/Denver", state="CO")
        assert len(availability.free_of(ana, ana.id)) == 1
    with act("ben") as ben:
        assert not FreeTime.objects.exists()
        assert not Trip.objects.exists()
        with pytest.raises(NotThere):
            availability.set_free_times(ben, id_of("ana"), [])
    with act("mo") as mo:
        assert len(availability.free_of(mo, id_of("ana"))) == 1
    with act("kit"):
        assert not FreeTime.objects.exists()


@pytest.mark.rule("C-41")
def test_in_child_care_hours_the_planner_never_takes_both_at_once(act) -> None:
    with act("ana") as ana:
        thursday = [Stretch(3, time(15), time(17), "care")]
        availability.set_free_times(ana, ana.id, thursday)
    with act("ada") as ada:
        plan_week(ada, id_of("ab"), monday(2), "shared")
        own = Session.objects.filter(kind="individual", status="planned")
        spans = [(s.during.lower, s.during.upper) for s in own.filter(during__overlap=_day(3))]
    pairs = [(a, b) for a in spans for b in spans if a < b and b[0] < a[1]]
    assert pairs == [] or all(a[0] >= at(3, 17) for a, _b in pairs)


def _day(day: int):
    from psycopg.types.range import TimestamptzRange

    return TimestamptzRange(at(day, 0), at(day + 1, 0))


def test_a_planned_week_keeps_to_never_and_to_holidays(act) -> None:
    with act("ana") as ana:
        availability.set_free_times(ana, ana.id, [Stretch(3, time(15, 30), time(17), "never")])
    with act("ada") as ada:
        plan_week(ada, id_of("ab"), monday(2), "shared")
        mine = Seat.objects.get(person_id=id_of("ana"), kind="individual", cancelled=False)
        assert not at(3, 15, 30) < mine.during.upper <= at(3, 17)
        availability.close_day(ada, monday(3), "A holiday")
        with pytest.raises(Refused):
            plan_week(ada, id_of("ab"), monday(3), "shared")


@pytest.mark.parametrize(
    ("stretch", "words"),
    [
        (Stretch(1, time(12), time(11), "never"), "ends after it begins"),
        (Stretch(9, time(9), time(11), "never"), "ends after it begins"),
        (Stretch(1, time(9), time(11), "maybe"), "what the time is for"),
    ],
)
def test_a_stretch_that_makes_no_sense_is_refused_whole(act, stretch, words) -> None:
    with act("ana") as ana:
        with pytest.raises(Refused, match=words):
            availability.set_free_times(
                ana, ana.id, [Stretch(0, time(9), time(10), "free"), stretch]
            )
        assert not availability.free_of(ana, ana.id)


def test_a_partner_keeps_hours_and_journeys_by_hand(browse) -> None:
    mine = browse("ana")
    answer = mine.post(
        "/week/times/", {"what": "never", "days": [1, 4], "start": "09:00", "end": "12:00"}
    )
    assert answer.status_code == 302
    page = mine.get("/week/times/").content.decode()
    assert "Tuesday, 9:00 am – 12:00 pm" in page and "Friday, 9:00 am" in page
    mine.post("/week/times/", {"drop": "1-0900-1200-never"})
    assert "Tuesday, 9:00" not in mine.get("/week/times/").content.decode()
    refused = mine.post(
        "/week/times/",
        {"first": "2027-01-05", "last": "2027-01-02", "state": "NV", "zone": "America/Denver"},
    )
    assert refused.status_code == 409
    assert "The last day comes after the first." in refused.content.decode()
    assert browse("ana", pin=False).get("/week/times/").status_code == 302


def test_staff_keep_their_own_hours_and_the_coordinator_everybodys(browse) -> None:
    mine = browse("mo")
    sent = {"what": "work", "days": [0, 1], "start": "09:00", "end": "17:00"}
    assert mine.post("/staff/week/work/", sent).status_code == 302
    assert "Monday, 9:00 am – 5:00 pm" in mine.get("/staff/week/work/").content.decode()
    key = staff("mo").public_id
    theirs = browse("cory").get(f"/staff/week/work/?who={key}").content.decode()
    assert "Mo Lindgren" in theirs and "Monday, 9:00 am" in theirs
    off = {"off_from": "2027-01-05", "off_to": "2027-01-06"}
    assert browse("cory").post(f"/staff/week/work/?who={key}", off).status_code == 302
    assert "Tue 5 Jan" in mine.get("/staff/week/work/").content.decode()
    # A counselor asking for a colleague's page gets their own.
    assert "My hours" in browse("kit").get(f"/staff/week/work/?who={key}").content.decode()


def test_the_pages_of_hours_keep_their_query_budget(browse, django_assert_max_num_queries) -> None:
    assert Person.objects is not None
    mine, theirs = browse("ana"), browse("ada")
    with django_assert_max_num_queries(10):
        mine.get("/week/times/")
    with django_assert_max_num_queries(12):
        theirs.get("/staff/week/work/")


def calendar_of(*starts: datetime) -> SimpleUploadedFile:
    """A file with an hour at each of these times, as a phone would save it."""
    entries = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\nSUMMARY:Dentist\r\nDURATION:PT1H\r\n"
        f"DTSTART:{start.astimezone(UTC):%Y%m%dT%H%M%SZ}\r\nEND:VEVENT\r\n"
        for n, start in enumerate(starts)
    )
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{entries}END:VCALENDAR\r\n"
    return SimpleUploadedFile("mine.ics", text.encode(), "text/calendar")


def test_a_calendar_file_takes_the_place_of_the_one_before_and_blocks_its_times(
    act, browse
) -> None:
    with act("ada") as ada:
        individual(ada, "ana", "mo", at(1, 10))
    mine = browse("mo")
    two = {"calendar": "1", "file": calendar_of(at(1, 10), at(2, 10))}
    page = mine.post("/staff/week/work/", two, follow=True).content.decode()
    assert "2 busy times are kept. 1 session stands in one" in page
    assert "2 times from a file" in page and "Dentist" not in page
    mine.post("/staff/week/work/", {"calendar": "1", "file": calendar_of(at(2, 10), at(3, 10))})
    with act("ada") as ada:
        individual(ada, "ana", "mo", at(1, 12))
        for day in (2, 3):
            with pytest.raises(Refused, match="not at work then"):
                individual(ada, "ana", "mo", at(day, 10))
    broken = SimpleUploadedFile("mine.ics", b"BEGIN:VCALENDAR\r\nnonsense\r\n")
    refused = mine.post("/staff/week/work/", {"calendar": "1", "file": broken})
    assert refused.status_code == 409
    assert "Line 2: " in refused.content.decode()
    assert "2 times from a file" in refused.content.decode()
    none = mine.post("/staff/week/work/", {"calendar": "1"})
    assert none.status_code == 409 and "Choose the calendar" in none.content.decode()
    mine.post("/staff/week/work/", {"nofile": "1"})
    with act("ada") as ada:
        individual(ada, "ana", "mo", at(2, 10))


def test_nobody_reads_a_calendar_into_a_colleagues_hours(act) -> None:
    file = calendar_of(at(2, 10)).read()
    with act("kit") as kit, pytest.raises(NotThere):
        availability.take_busy_file(kit, staff("mo"), file)
    with act("cory") as cory:
        assert availability.take_busy_file(cory, staff("mo"), file) == (1, 0)
