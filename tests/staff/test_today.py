"""A clinician's day and the week of a couple, as pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from mutual.base.nav import STAFF
from mutual.people.models import Couple, StaffTask
from mutual.staff.views.today import PLACES
from mutual.week.actions import mark_no_show, publish_week
from mutual.week.availability import take_time_off
from mutual.week.booking import reschedule
from mutual.week.models import Session, WeekPlan
from mutual.week.templates import programme_zone
from tests.trails import trail
from tests.week.factories import at, conjoint, individual, monday, planned, staff
from tests.world import id_of


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def couple_address(key: str = "ab") -> str:
    return f"/staff/week/{Couple.objects.get(id=id_of(key)).public_id}/"


@pytest.fixture
def address(act):
    with act("ada"):
        return couple_address()


def today_at(hour: int, minute: int = 0):
    local = timezone.now().astimezone(programme_zone())
    return local.replace(hour=hour, minute=minute, second=0, microsecond=0)


def test_today_lists_each_session_with_room_and_note_one_click_away(act, browse) -> None:
    with act("reyes") as reyes:
        made = conjoint(reyes, today_at(23))
    text = page(browse("reyes"), "/staff/")
    assert f"/staff/room/{made.public_id}/" in text
    assert f"/staff/notes/for/{made.public_id}/" in text
    assert "Ana and Ben" in text and "Couples session" in text
    assert "NV · TX" in text and "licensed" in text
    assert "<title>Mutual</title>" in text


@pytest.mark.rule("C-57")
def test_what_needs_me_shows_the_call_and_is_done_once(act, browse) -> None:
    with act("mo") as mo:
        session = individual(mo, "ana", "mo", at(0, 9, weeks=1))
        mark_no_show(mo, session, id_of("ana"))
        task = StaffTask.objects.get()
    mo_client = browse("mo")
    text = page(mo_client, "/staff/")
    assert "Did not come to the session" in text and "Don&#x27;t ask the partner" in text
    for _ in range(2):
        assert mo_client.post(f"/staff/tasks/{task.public_id}/done/").status_code == 302
    assert "Did not come" not in page(mo_client, "/staff/")
    assert browse("kit").post(f"/staff/tasks/{task.public_id}/done/").status_code == 404


def test_hours_planned_are_shown_for_whom_the_viewer_may_see(act, browse) -> None:
    with act("ada") as ada:
        planned(ada, weeks=0)
    assert page(browse("reyes"), "/staff/").count("10 h 30") == 2
    assert page(browse("mo"), "/staff/").count("10 h 30") == 1


def test_the_week_page_plans_and_publishes(act, browse, address: str) -> None:
    ada = browse("ada")
    week = f"?monday={monday().isoformat()}"
    answer = ada.post(f"{address}plan/{week}", {"template": "shared"}, follow=True)
    text = answer.content.decode()
    assert "Draft" in text and "Ana: 10 h 30" in text and "Publish" in text
    answer = ada.post(f"{address}publish/{week}", follow=True)
    assert "Published" in answer.content.decode()
    with act("ada"):
        assert WeekPlan.objects.get().published_at is not None


@pytest.mark.rule("C-35")
def test_a_refused_week_says_who_is_short_on_the_page(act, browse, address: str) -> None:
    with act("ada") as ada:
        planned(ada)
        from mutual.week.actions import cancel

        for kind in ("individual", "conjoint"):
            for session in Session.objects.filter(kind=kind, status="planned"):
                cancel(ada, session)
    answer = browse("ada").post(f"{address}publish/?monday={monday().isoformat()}")
    text = answer.content.decode()
    assert answer.status_code == 409 and "Ana is 30 minutes short" in text


@pytest.mark.rule("F-4")
def test_a_refused_booking_keeps_what_was_typed(act, browse, address: str) -> None:
    with act("ada") as ada:
        individual(ada, "ana", "mo", at(1, 16))
    typed = {
        "kind": "intake", "person": str(id_of("ana")), "clinician": str(staff("mo").id),
        "day": (monday() + timedelta(days=1)).isoformat(), "time": "16:30",
    }  # fmt: skip
    answer = browse("ada").post(f"{address}add/", typed)
    text = answer.content.decode()
    assert answer.status_code == 409 and "No longer free" in text
    assert 'value="16:30"' in text and 'value="intake" selected' in text


def test_moving_is_looked_at_before_it_is_done(act, browse) -> None:
    with act("ada") as ada:
        planned(ada)
        joint = Session.objects.get(kind="conjoint", status="planned")
    reyes = browse("reyes")
    where = f"/staff/week/session/{joint.public_id}/"
    day = (monday() + timedelta(days=4)).isoformat()
    looked = reyes.post(where, {"day": day, "time": "12:00", "look": "1"}).content.decode()
    assert "Ana: week stays 10 h 30" in looked
    assert "Thursday is 60 minutes short of a billable day" in looked
    with act("reyes"):
        assert Session.objects.get(id=joint.id).during.lower == at(3, 18)
    assert reyes.post(where, {"day": day, "time": "12:00"}).status_code == 302
    with act("reyes"):
        assert Session.objects.get(id=joint.id).during.lower == at(4, 12)


def test_a_session_dragged_to_a_time_opens_with_it_and_names_each_rule_against_it(
    act, browse
) -> None:
    with act("ada") as ada:
        planned(ada)
        joint = Session.objects.get(kind="conjoint", status="planned")
        individual(ada, "ana", "mo", at(4, 15))
    with act("cory") as cory:
        take_time_off(cory, staff("reyes"), at(4, 12), at(4, 14))
    reyes = browse("reyes")
    where = f"/staff/week/session/{joint.public_id}/"
    day = (monday() + timedelta(days=4)).isoformat()
    looked = reyes.get(f"{where}?to={day}T12:15").content.decode()
    assert f'value="{day}"' in looked and 'value="12:15"' in looked
    assert "Ana: week stays" in looked
    assert "is not at work then" in looked
    busy = reyes.get(f"{where}?to={day}T15:15").content.decode()
    assert "No longer free: Ana busy then" in busy
    free = reyes.get(f"{where}?to={day}T10:00").content.decode()
    assert "not at work" not in free and "No longer free" not in free
    with act("reyes"):
        assert Session.objects.get(id=joint.id).during.lower == at(3, 18)
    for wrong in ("tomorrow", f"{day}T12:00Z"):
        assert reyes.get(f"{where}?to={wrong}").status_code == 404


def test_an_open_week_is_drawn_again_only_when_somebody_changed_it(
    act, browse, address: str
) -> None:
    with act("ada") as ada:
        planned(ada)
        joint = Session.objects.get(kind="conjoint", status="planned")
    reyes = browse("reyes")
    text = page(reyes, f"{address}?monday={monday().isoformat()}")
    (again,) = re.findall(r'hx-get="([^"]*)"', text)
    ask = address + again.replace("&amp;", "&")
    htmx = {"HX-Request": "true"}
    assert reyes.get(ask, headers=htmx).status_code == 204
    with act("ada") as ada:
        reschedule(ada, joint, at(4, 10))
    changed = reyes.get(ask, headers=htmx)
    assert changed.status_code == 200 and "10:00 am" in changed.content.decode()


@pytest.mark.rule("P-87")
def test_why_a_session_is_cancelled_stands_in_the_trail_and_nowhere_else(act, browse) -> None:
    with act("ada") as ada:
        joint = conjoint(ada, at(3, 18))
    reyes = browse("reyes")
    where = f"/staff/week/session/{joint.public_id}/cancel/"
    assert reyes.post(where, {"reason": "a quarrel at home"}).status_code == 409
    assert reyes.post(where, {"reason": "asked"}).status_code == 302
    assert "cancelled: asked" in [
        reason for _kind, _under, reason in trail(act, "write", id_of("ab"))
    ]


@pytest.mark.rule("P-2")
@pytest.mark.parametrize("who", ["ana", "vale", "noor"])
def test_a_week_that_is_not_ones_own_is_absent(act, browse, address: str, who: str) -> None:
    assert browse(who).get(address).status_code == 404


def test_a_counselor_publishes_and_plans_nothing(act, browse, address: str) -> None:
    with act("ada") as ada:
        planned(ada)
    mo = browse("mo")
    week = f"?monday={monday().isoformat()}"
    text = page(mo, address + week)
    assert "Publish" not in text and "Plan it anew" not in text
    assert mo.post(f"{address}publish/{week}").status_code == 404
    assert mo.post(f"{address}plan/{week}", {"template": "shared"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 2])
def test_pages_ask_the_database_little(
    act, browse, address: str, django_assert_max_num_queries, rows: int
) -> None:
    """However many rows: 8 for a list, 12 for the day's three panels and a couple's week."""
    for couple in ("ab", "cd")[:rows]:
        with act("ada") as ada:
            if couple == "ab":
                planned(ada, weeks=0)
                publish_week(ada, id_of("ab"), monday(0))
            else:
                planned(ada, "side_by_side", couple, weeks=0)
    with act("mo") as mo:
        for hour in range(21, 21 + rows):
            individual(mo, "ana", "mo", today_at(hour))
        for day in range(1, 1 + rows):
            missed = individual(mo, "ana", "mo", at(day, 7, weeks=1))
            mark_no_show(mo, missed, id_of("ana"))
    pages = {
        "mo": {"/staff/": 12, "/staff/week/": 8, address: 12},
        "reyes": {"/staff/": 12, "/staff/week/": 8, address: 12},
        "ada": {"/staff/": 12, "/staff/week/": 8, address: 12, address + "?monday=2031-01-06": 12},
        "dee": {"/staff/": 12, "/staff/week/": 8, address: 12},
    }
    for who, budgets in pages.items():
        client = browse(who)
        client.get("/staff/search/")
        for url, most in budgets.items():
            with django_assert_max_num_queries(most):
                page(client, url)


def test_who_has_no_sessions_is_shown_where_their_work_is() -> None:
    """An auditor was offered the week, which opens for nobody of that role."""
    assert {item.key for item in STAFF} - {"today", "messages"} == set(PLACES)
