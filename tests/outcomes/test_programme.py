"""Hours of a week and the director's counts: each partner alone, numbers only."""

from __future__ import annotations

import datetime as dt

import pytest

from mutual.base.refusal import NotThere
from mutual.episode.models import Episode
from mutual.outcomes import queries, small
from mutual.privacy import conflicts
from mutual.week.models import WeekPlan
from tests.claims import factories as make
from tests.world import id_of


def last_monday() -> dt.date:
    return queries.monday_of() - dt.timedelta(days=7)


def week(ana_days: int = 3, ben_minutes: int = 170) -> None:
    """Last week: Ana attended whole days; Ben one shorter day each."""
    for n in range(ana_days):
        make.day("ana", last_monday() + dt.timedelta(days=n))
    make.day("ben", last_monday(), ben_minutes)


def in_last_week() -> dt.datetime:
    return make.moment(last_monday() + dt.timedelta(days=6), 22)


@pytest.mark.rule("C-33", "C-34")
def test_minutes_of_a_week_are_attended_and_documented_apart(act) -> None:
    week(2)
    session = make.seat("ana", last_monday() + dt.timedelta(days=2), 60)
    make.came(session, "ana", 60)
    hike = make.seat("ana", last_monday() + dt.timedelta(days=3), 60, kind="sober_activity")
    make.came(hike, "ana", 60)
    with act("ana") as ana:
        found = queries.clinical_minutes(ana, id_of("ana"), last_monday())
    assert (found.attended, found.documented, found.goal) == (420, 360, 540)
    assert [day.attended for day in found.days] == [180, 180, 60, 0, 0, 0, 0]
    assert found.below and found.missing == 180


@pytest.mark.rule("C-33")
def test_a_session_nobody_confirmed_is_shown_as_waiting(act) -> None:
    make.seat("ana", last_monday(), 60)
    with act("ana") as ana:
        found = queries.clinical_minutes(ana, id_of("ana"), last_monday())
    assert found.attended == 0 and found.days[0].waiting == 1


@pytest.mark.rule("C-55", "P-6")
def test_the_partner_and_other_counselors_dont_learn_the_hours(act) -> None:
    week(1)
    for name in ("ben", "kit", "noor"):
        with act(name) as somebody, pytest.raises(NotThere):
            queries.clinical_minutes(somebody, id_of("ana"), last_monday())
    with act("mo") as mo:
        assert queries.clinical_minutes(mo, id_of("ana"), last_monday()).attended == 180


@pytest.mark.rule("C-35")
def test_the_director_sees_who_is_below_their_level_each_partner_alone(act) -> None:
    week(3)
    with act("dee") as dee:
        page = queries.programme(dee, now=in_last_week())
    rows = {row.name: row for row in page.census}
    assert set(rows) == {"Ana Fiction", "Ben Fiction", "Cleo Madeup", "Dan Madeup"}
    assert rows["Ana Fiction"].week.documented == 540
    below = [row.name for row in page.below]
    assert "Ana Fiction" not in below and "Ben Fiction" in below
    assert rows["Ben Fiction"].week.missing == 370
    assert page.by_level == {"2.1": 4}
    assert rows["Ana Fiction"].stage == "admitted" and rows["Ana Fiction"].day


@pytest.mark.rule("C-37")
def test_the_week_of_admission_is_shown_not_judged(act) -> None:
    with act("ana") as ana:
        on = Episode.objects.get(person_id=id_of("ana")).admitted_on
        assert on is not None
        admitted = on - dt.timedelta(days=on.weekday())
        found = queries.clinical_minutes(ana, id_of("ana"), admitted)
    assert found.partial and not found.below


@pytest.mark.rule("C-15")
def test_a_week_is_a_hold_only_when_a_clearance_was_withdrawn_and_not_given_again() -> None:
    end = make.moment(dt.date(2027, 1, 11), 0)
    before, after = end - dt.timedelta(days=20), end + dt.timedelta(days=2)
    gone = end - dt.timedelta(days=3)

    def sign(person: str, signed: dt.datetime, withdrawn: dt.datetime | None = None) -> dict:
        return {"person": person, "signed": signed, "withdrawn": withdrawn}

    first_days = [sign("a", after), sign("b", after)]
    review = [sign("a", before), sign("b", before)]
    hold = [sign("a", before, gone), sign("b", before)]
    back = [*hold, sign("a", gone + dt.timedelta(days=1))]
    later = [sign("a", before, after), sign("b", before)]
    assert [queries.held_in_week(one, end) for one in (first_days, review, hold, back, later)] == [
        False, False, True, False, False,
    ]  # fmt: skip


@pytest.mark.rule("C-15")
def test_the_director_sees_the_share_of_side_by_side_weeks_without_a_hold(act) -> None:
    with act("ada"):
        for n, couple in enumerate(("ab", "ab", "cd")):
            WeekPlan.objects.create(
                couple_id=id_of(couple), shape="side_by_side",
                monday=last_monday() - dt.timedelta(weeks=n),
            )  # fmt: skip
    with act("dee") as dee:
        page = queries.programme(dee)
    assert (page.side_weeks, page.side_share, page.side_warns) == (3, 100, False)


@pytest.mark.rule("P-4")
def test_only_the_director_opens_the_programme(act) -> None:
    for name in ("bill", "ada", "mo", "reyes", "ana"):
        with act(name) as somebody, pytest.raises(NotThere):
            queries.programme(somebody)


@pytest.mark.rule("P-91")
def test_a_report_shows_no_small_cell_and_no_sum_that_reveals_one() -> None:
    found = small.shown({"1": 10, "2.1": 30, "2.5": 11})
    assert found.cells == {"1": "<11", "2.1": "30", "2.5": "11"} and found.total == "–"
    assert small.shown({"2.1": 30, "2.5": 11}) == small.Shown({"2.1": "30", "2.5": "11"}, "41")
    assert small.shown({"1": 4, "2.1": 5}) == small.Shown({"1": "<11", "2.1": "<11"}, "<11")
    assert small.shown({}).total == "<11"
    # Neither a small part nor what a large one leaves of the whole.
    assert small.share(10, 40) == small.share(30, 40) == small.share(3, 3) == ""
    assert small.share(29, 40) == "72 %"


@pytest.mark.rule("P-91")
def test_the_programmes_page_says_few_instead_of_how_many(browse, act) -> None:
    with act("ada"):
        for n in range(4):
            WeekPlan.objects.create(
                couple_id=id_of("ab"), shape="side_by_side",
                monday=last_monday() - dt.timedelta(weeks=n),
            )  # fmt: skip
    text = browse("dee").get("/staff/programme/").content.decode()
    facts = text.partition("Level 2.1")[2].partition("</dl>")[0]
    assert "&lt;11" in facts and "too few to show" in facts
    assert "100 %" not in text and "(4 of 4)" not in text


@pytest.mark.rule("P-91", "P-6")
def test_a_report_counts_no_week_of_a_couple_its_reader_is_too_close_to(act) -> None:
    with act("ada"):
        for couple in ("ab", "cd"):
            WeekPlan.objects.create(
                couple_id=id_of(couple), shape="side_by_side", monday=last_monday()
            )
    with act("dee") as dee:
        assert queries.programme(dee).side_weeks == 2
        conflicts.declare(dee, "Ben Fiction", "relative")
    with act("dee") as dee:
        page = queries.programme(dee)
    assert page.side_weeks == 1
    assert {row.name for row in page.census} == {"Cleo Madeup", "Dan Madeup"}
