"""A waiting list waits for a couple, fills itself, and never after the group has begun (F-5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.wall.context import as_service
from mutual.wall.models import Notice
from mutual.week import waiting
from mutual.week.actions import leave_group, make_group
from mutual.week.checks import members_of
from mutual.week.groups import join_group
from mutual.week.models import Group, Seat, Waiting
from tests.week.factories import AB, CD, at, group, monday, staff
from tests.world import id_of

NOW = timezone.now()
TODAY = timezone.localdate()


def _class(actor, capacity: int, *inside: str, starts_on=None) -> Group:
    made = make_group(actor, "psychoeducation", staff("mo"), starts_on=starts_on)
    with as_service("rosters"):
        Group.objects.filter(id=made.id).update(capacity=capacity)
        made.refresh_from_db()
    join_group(made, [id_of(p) for p in inside], TODAY)
    return made


def _states(made: Group) -> dict[str, str]:
    names = {id_of(n): n for n in ("ana", "ben", "cleo", "dan")}
    with as_service("rosters"):
        rows = Waiting.objects.filter(group=made).order_by("asked_at")
        return {names[w.person_id]: w.state for w in rows}


@pytest.mark.rule("F-5")
def test_one_free_place_is_no_offer_for_a_couple_and_two_are_one_offer_for_both(act) -> None:
    with act("ada") as ada:
        made = _class(ada, 2, "cleo", "dan")
        waiting.wait_for(ada, made, AB)
        assert _states(made) == {"ana": "waiting", "ben": "waiting"}
        leave_group(ada, made, CD[0], TODAY)
        assert _states(made) == {"ana": "waiting", "ben": "waiting"}
        assert waiting.free_places(made, TODAY) == 1
        leave_group(ada, made, CD[1], TODAY)
        assert _states(made) == {"ana": "offered", "ben": "offered"}
        assert waiting.free_places(made, TODAY) == 0
        with as_service("rosters"):
            ends = {w.until for w in Waiting.objects.filter(group=made)}
        assert len(ends) == 1 and ends.pop() > NOW
    with act("mo"), as_service("notices"):
        told = Notice.objects.filter(occasion__startswith="offer:")
        assert sorted(n.viewer_id for n in told) == sorted(AB)


@pytest.mark.rule("F-5", "F-13")
def test_both_say_yes_and_join_with_seats_and_a_second_answer_changes_nothing(act) -> None:
    with act("ada") as ada:
        made, session = group(ada, "psychoeducation", "mo", at(1, 18))
        waiting.wait_for(ada, made, AB)
    with act("ana") as ana:
        ((mine, title),) = waiting.my_offers(ana)
        assert title == "Psychoeducation class"
        assert waiting.answer(ana, mine.public_id, True).state == "accepted"
        assert waiting.answer(ana, mine.public_id, False).state == "accepted"
        assert waiting.my_offers(ana) == []
    with act("ben") as ben:
        with pytest.raises(NotThere):
            waiting.answer(ben, mine.public_id, True)
        ((his, _title),) = waiting.my_offers(ben)
        assert waiting.answer(ben, his.public_id, True).state == "joined"
    with act("ada"):
        assert sorted(members_of(made.id, TODAY)) == sorted(AB)
        assert Seat.objects.filter(session=session, cancelled=False).count() == 2
        assert waiting.free_places(made, TODAY) == made.capacity - 2


@pytest.mark.rule("F-5")
def test_declined_goes_to_the_next_couple_and_an_unanswered_offer_lapses(act) -> None:
    with act("ada") as ada:
        made = _class(ada, 2)
        waiting.wait_for(ada, made, AB)
        waiting.wait_for(ada, made, CD)
        assert _states(made) == {
            "ana": "offered",
            "ben": "offered",
            "cleo": "waiting",
            "dan": "waiting",
        }
    with act("ben") as ben:
        waiting.answer(ben, waiting.my_offers(ben)[0][0].public_id, False)
    with act("ada"):
        assert _states(made) == {
            "ana": "declined",
            "ben": "declined",
            "cleo": "offered",
            "dan": "offered",
        }
        later = NOW + waiting.OFFER_FOR + timedelta(hours=1)
        waiting.fill(made, now=later)
        assert set(_states(made).values()) == {"declined", "lapsed"}
        assert waiting.free_places(made, TODAY) == 2
    with act("cleo") as cleo, pytest.raises((Refused, NotThere)):
        with as_service("rosters"):
            row = Waiting.objects.get(person_id=cleo.id)
        waiting.answer(cleo, row.public_id, True, now=later)


@pytest.mark.rule("F-5")
def test_after_a_fixed_group_has_begun_nobody_is_offered_a_place_and_no_offer_outlives_it(act):
    tomorrow = TODAY + timedelta(days=1)
    with act("ada") as ada:
        made = _class(ada, 2, "cleo", "dan", starts_on=tomorrow)
        waiting.wait_for(ada, made, AB)
        begun = NOW + timedelta(days=1, hours=12)
        leave_group(ada, made, CD[0], TODAY, now=begun)
        leave_group(ada, made, CD[1], TODAY, now=begun)
        assert _states(made) == {"ana": "waiting", "ben": "waiting"}
        waiting.fill(made, now=NOW)
        with as_service("rosters"):
            ends = Waiting.objects.filter(group=made).values_list("until", flat=True)
            assert all(e.astimezone(timezone.get_default_timezone()).date() <= tomorrow
                       for e in ends)  # fmt: skip
        with pytest.raises(Refused, match="has begun"):
            waiting.wait_for(ada, made, CD, now=begun)


@pytest.mark.rule("C-40")
def test_partners_never_wait_for_one_process_group(act) -> None:
    with act("ada") as ada:
        made = make_group(ada, "process_group", staff("sol"))
        with pytest.raises(Refused) as refused:
            waiting.wait_for(ada, made, AB)
        assert refused.value.rule == "C-40"
        waiting.wait_for(ada, made, [AB[0]])
        with pytest.raises(Refused, match="Already on this waiting list"):
            waiting.wait_for(ada, made, [AB[0]])


def test_the_planner_and_the_partners_do_it_by_hand(act, browse, django_assert_max_num_queries):
    with act("ada") as ada:
        made, _session = group(ada, "psychoeducation", "mo", at(1, 18), "cleo")
    planner, ana = browse("ada"), browse("ana")
    both = f"{AB[0]} {AB[1]}"
    where = f"/staff/week/groups/{made.public_id}/"
    assert planner.post(where, {"who": both}).status_code == 302
    with django_assert_max_num_queries(12):
        page = planner.get(where).content.decode()
    assert "Offered" in page and "Ana" in page and "Cleo" in page
    with django_assert_max_num_queries(8):
        assert "2 places offered" in planner.get("/staff/week/groups/").content.decode()
    assert (
        "Something you waited for is free" in ana.get(f"/week/?monday={monday(0)}").content.decode()
    )
    page = ana.get("/week/offers/").content.decode()
    with act("ana"):
        mine = Waiting.objects.get(person_id=AB[0])
    assert str(mine.public_id) in page
    ana.post("/week/offers/", {"offer": str(mine.public_id), "yes": "1"})
    with act("ana"):
        mine.refresh_from_db()
        assert mine.state == "accepted"
    sent = {"kind": "skills_group", "leader": str(staff("mo").public_id), "name": "Evenings"}
    assert planner.post("/staff/week/groups/", sent).status_code == 302
    assert browse("ben").get(where).status_code == 404
