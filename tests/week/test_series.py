"""Weekly meetings: exceptions survive, holidays, the programme's clock (F-1, F-3)."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from mutual.base.refusal import NotThere, Refused
from mutual.week import availability
from mutual.week.actions import cancel
from mutual.week.models import Seat, Series, Session
from mutual.week.series import cancel_series, change_series, meetings_left, start_series
from mutual.week.templates import programme_zone
from tests.week.factories import AB, at, monday, staff
from tests.world import id_of

TUESDAY = 1


def _eight(actor, weeks: int = 8, hour: int = 18):
    first = monday(2) + timedelta(days=TUESDAY)
    return start_series(
        actor, "individual", clinician=staff("mo"), first=first, at=time(hour),
        last=first + timedelta(weeks=weeks - 1), persons=[AB[0]],
    )  # fmt: skip


def _clocks(series: Series) -> list[tuple[int, str]]:
    zone = programme_zone()
    rows = Session.objects.filter(repeats=series, status="planned").order_by("during")
    local = [s.during.lower.astimezone(zone) for s in rows]
    return [(m.weekday(), f"{m:%H:%M}") for m in local]


@pytest.mark.rule("F-3")
def test_the_moved_and_the_cancelled_meeting_survive_a_change_of_the_whole_series(act) -> None:
    with act("mo") as mo:
        series, made = _eight(mo)
        wednesday = at(2, 12, weeks=4)
        change_series(mo, made[2], "this", wednesday)
        cancel(mo, made[4], reason="away")
        change_series(mo, made[0], "all", at(TUESDAY, 18, 30))
        assert _clocks(series) == [
            (1, "18:30"), (1, "18:30"), (2, "12:00"), (1, "18:30"),
            (1, "18:30"), (1, "18:30"), (1, "18:30"),
        ]  # fmt: skip
        made[4].refresh_from_db()
        assert made[4].status == "cancelled"
        assert meetings_left(made[0]) == 7


@pytest.mark.rule("F-3")
def test_this_and_the_following_become_a_series_of_their_own(act) -> None:
    with act("mo") as mo:
        series, made = _eight(mo, 6)
        change_series(mo, made[5], "this", at(3, 9, weeks=7))
        change_series(mo, made[3], "following", at(2, 17, weeks=5))
        assert _clocks(series) == [(1, "18:00")] * 3
        fresh = Session.objects.get(id=made[3].id).repeats
        assert fresh is not None and fresh.id != series.id
        assert _clocks(fresh) == [(2, "17:00"), (2, "17:00"), (3, "09:00")]
        series.refresh_from_db()
        assert series.last < fresh.first
        # Seats and busy times went with them.
        seat = Seat.objects.get(session=made[4])
        assert seat.during.lower == at(2, 17, weeks=6)


@pytest.mark.rule("F-1")
def test_the_clock_time_of_the_programme_stays_when_the_clocks_change(act) -> None:
    with act("mo") as mo:
        first = date(2027, 10, 26)
        series, made = start_series(
            mo, "individual", clinician=staff("mo"), first=first, at=time(18),
            last=date(2027, 11, 16), persons=[AB[0]],
        ) if _licensed_until(first) else (None, [])  # fmt: skip
        assert series is not None
        assert _clocks(series) == [(1, "18:00")] * 4
        utc = [s.during.lower.astimezone(ZoneInfo("UTC")).hour for s in made]
        assert utc == [23, 23, 0, 0]


def _licensed_until(day: date) -> bool:
    from psycopg.types.range import DateRange

    from mutual.people.models import Licence

    rows = Licence.objects.filter(staff_id=id_of("mo"), state="TX")
    return bool(rows.update(valid=DateRange(date(2020, 1, 1), day + timedelta(days=400))))


def test_a_holiday_has_no_meeting_and_a_busy_day_is_named_and_nothing_is_written(act) -> None:
    with act("ada") as ada:
        availability.close_day(ada, monday(4) + timedelta(days=TUESDAY), "A holiday")
        series, made = _eight(ada, 4)
        assert len(made) == 3
    with act("ada") as ada:
        before = Session.objects.count()
        with pytest.raises(Refused) as refused:
            start_series(
                ada, "individual", clinician=staff("mo"), persons=[AB[0]],
                first=monday(1) + timedelta(days=TUESDAY), at=time(18, 30),
                last=monday(3) + timedelta(days=TUESDAY),
            )  # fmt: skip
        day = monday(2) + timedelta(days=TUESDAY)
        assert f"{day.day} {day:%b}" in refused.value.text and "busy then" in refused.value.text
        assert Session.objects.count() == before
        with pytest.raises(Refused, match="holiday"):
            change_series(ada, made[0], "following", at(TUESDAY, 18, weeks=4))


def test_cancelling_from_one_on_takes_the_moved_ones_along_and_leaves_what_was_before(act) -> None:
    with act("mo") as mo:
        series, made = _eight(mo, 5)
        change_series(mo, made[4], "this", at(4, 9, weeks=6))
        gone = cancel_series(mo, made[2], "following", reason="the plan changed")
        assert [s.id for s in gone] == [made[2].id, made[3].id, made[4].id]
        assert _clocks(series) == [(1, "18:00")] * 2


def test_only_who_plans_for_somebody_starts_or_changes_their_series(act) -> None:
    with act("kit") as kit, pytest.raises(NotThere):
        _eight(kit)
    with act("mo") as mo:
        _series, made = _eight(mo, 2)
    with act("noor") as noor, pytest.raises(NotThere):
        change_series(noor, made[0], "all", at(TUESDAY, 19))
