"""What the demo's week is planned with: hours, time away, journeys, asks, a list, drafts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from mutual.base.refusal import Refused
from mutual.entry.demo.acting import acting_as
from mutual.entry.demo.cast import Pair
from mutual.people.models import Staff
from mutual.week import asks, availability, forecast, groups, planning, waiting
from mutual.week.clocks import Stretch
from mutual.week.templates import moment

if TYPE_CHECKING:
    from mutual.entry.demo.load import Programme

COUNSELORS = ("mo", "kit", "noor", "sol", "uma", "ren")
LEADERS = ("ivy", "gus", "lou")


def week_life(programme: Programme, pairs: Sequence[Pair]) -> None:
    """Everything that planning a week minds, and what waits for somebody's answer."""
    _hours(programme)
    _said(programme)
    _list(programme)
    _drafts(programme, pairs)
    with acting_as(_id("ada"), "staff"):
        forecast.tell_by_wednesday(programme.now)


def _id(key: str) -> UUID:
    from mutual.entry.demo.load import id_of

    return id_of(key)


def _hours(programme: Programme) -> None:
    evenings = [Stretch(day, time(9), time(21, 30), "work") for day in range(5)]
    saturday = Stretch(5, time(9), time(14), "work")
    with acting_as(_id("cory"), "staff") as coordinator:
        for key in (*COUNSELORS, *LEADERS):
            member = Staff.objects.get(id=_id(key))
            more = [Stretch(1, time(12), time(13), "supervision")] if key == "uma" else []
            availability.set_work_times(coordinator, member, [*evenings, saturday, *more])
        tuesday = moment(programme.monday + timedelta(days=8), time())
        sol = Staff.objects.get(id=_id("sol"))
        availability.take_time_off(coordinator, sol, tuesday, tuesday + timedelta(days=1))
        availability.close_day(coordinator, date(programme.today.year, 12, 25), "Christmas Day")
        availability.close_day(coordinator, date(programme.today.year + 1, 1, 1), "New Year's Day")


def _said(programme: Programme) -> None:
    ana, cleo, dan = (programme.people[name] for name in ("ana", "cleo", "dan"))
    with acting_as(ana.id, "person") as self_:
        said = [Stretch(1, time(9), time(12), "never"), Stretch(3, time(15), time(20), "prefer")]
        availability.set_free_times(self_, ana.id, said)
        asks.ask_for_time(
            self_, kind="check_in_call", reason="a short word before the weekend",
            now=programme.now,
        )  # fmt: skip
    with acting_as(dan.id, "person") as self_:
        school = Stretch(4, time(14), time(16), "care")
        availability.set_free_times(self_, dan.id, [school])
    with acting_as(cleo.id, "person") as self_:
        friday = programme.monday + timedelta(days=11)
        availability.add_trip(
            self_, cleo.id, friday, friday + timedelta(days=2), zone="America/Denver", state="CO"
        )


def _list(programme: Programme) -> None:
    """A class with room for one couple: offered to the one, the other waits."""
    with acting_as(_id("ada"), "staff") as planner:
        leader = Staff.objects.get(id=_id("lou"))
        made = groups.make_group(
            planner, "psychoeducation", leader, name="Sunday class",
            starts_on=programme.today + timedelta(days=10), capacity=2, now=programme.now,
        )  # fmt: skip
        for both in (("gale", "hugh"), ("iris", "june")):
            people = [programme.people[name].id for name in both]
            waiting.wait_for(planner, made, people, now=programme.now)


def _drafts(programme: Programme, pairs: Sequence[Pair]) -> None:
    """Next week: drafts for some, the others wait for a proposal."""
    with acting_as(_id("ada"), "staff") as planner:
        for pair in pairs[:3]:
            if pair.stage != "admitted":
                continue
            couple = programme.couples[pair.key].id
            try:
                planning.plan_week(planner, couple, programme.monday + timedelta(days=7))
            except Refused:
                # Next week some day of theirs has no room: it stays without a plan.
                continue
