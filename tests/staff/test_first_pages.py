"""Each role lands on a page that leads to its work; the coordinator sees times without names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mutual.week import office
from mutual.week.templates import monday_of
from tests.record.factories import held


@pytest.mark.parametrize(
    ("who", "places"),
    [
        ("ada", {"couples", "week", "admissions"}),
        ("bill", {"billing"}),
        ("dee", {"couples", "week", "admissions", "programme"}),
        ("cory", {"week"}),
        ("pia", {"privacy"}),
    ],
)
def test_who_holds_no_sessions_is_led_to_pages_that_open(
    browse, who: str, places: set[str]
) -> None:
    client = browse(who)
    page = client.get("/staff/").content.decode()
    assert "No sessions today" not in page
    panel = page.split("Your work")[1].split("Needs you")[0]
    for place in ("couples", "week", "admissions", "billing", "programme", "privacy"):
        assert (f'href="/staff/{place}/"' in panel) == (place in places), place
        if place in places:
            assert client.get(f"/staff/{place}/").status_code == 200, place


@pytest.mark.parametrize("who", ["mo", "reyes", "pruitt"])
def test_a_clinicians_first_page_is_their_day(browse, who: str) -> None:
    page = browse(who).get("/staff/").content.decode()
    assert "Sessions" in page and "Your work" not in page


def test_the_biller_is_shown_no_week_that_they_cannot_open(browse) -> None:
    assert "/staff/week/" not in browse("bill").get("/staff/").content.decode()


@pytest.mark.rule("P-1", "P-7")
def test_the_coordinator_sees_times_and_attendance_and_no_name(act, browse) -> None:
    held("mo", "individual", "P", "ana", ["ana"], hours_ago=2)
    with act("cory") as cory:
        found = office.meetings(cory, monday_of(timezone.now() - timedelta(hours=2)))
    assert [(one.clinician, one.places) for one in found] == [("Mo Lindgren", 1)]
    monday = monday_of(timezone.now() - timedelta(hours=2))
    page = browse("cory").get(f"/staff/week/?monday={monday}").content.decode()
    assert "Mo Lindgren" in page
    assert not any(name in page for name in ("Ana", "Ben", "Cleo", "Dan", "Fiction"))


@pytest.mark.rule("P-2")
def test_nobody_without_the_times_sees_a_meeting(act) -> None:
    held("mo", "individual", "P", "ana", ["ana"], hours_ago=2)
    for who in ("pia", "kit", "ben"):
        with act(who) as actor:
            assert not office.meetings(actor, monday_of(timezone.now() - timedelta(hours=2))), who


def test_the_coordinators_week_asks_the_database_little(
    browse, django_assert_max_num_queries
) -> None:
    for hours in range(2, 30, 2):
        held("mo", "individual", "P", "ana", ["ana"], hours_ago=hours)
    cory = browse("cory")
    cory.get("/staff/week/")
    # Two of them are the test's own savepoint.
    with django_assert_max_num_queries(10):
        assert cory.get("/staff/week/").status_code == 200
