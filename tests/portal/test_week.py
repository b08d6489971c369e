"""A partner's week as a page: own clock, own sessions, the one sentence."""

from __future__ import annotations

import re

import pytest

from mutual.people.models import Couple, Person
from mutual.week.actions import publish_week
from mutual.week.templates import programme_zone
from tests.week.factories import at, conjoint, individual, monday, planned
from tests.world import id_of

WEEK = f"/week/?monday={monday().isoformat()}"


def text_of(client, address: str = WEEK) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def masked(html: str) -> str:
    """Without what may differ: ids, tokens, times, zone and lane."""
    html = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", html)
    html = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "TOKEN", html)
    html = re.sub(r"\d{1,2}(:\d\d)?( (am|pm))?( – \d{1,2}:\d\d (am|pm))?( [A-Z]{3})?", "T", html)
    html = re.sub(r"lane-[ab]|\b[rs]-T\b|\b[AB]\b", "L", html)
    return re.sub(r"C[SD]T|M[SD]T", "Z", html)


def publish(act, couple: str = "ab", shape: str = "shared") -> None:
    with act("ada") as ada:
        planned(ada, shape, couple)
        publish_week(ada, id_of(couple), monday())


def same_clock(act) -> None:
    """Ben lives where Ana does; times are then alike too."""
    with act("ben"):
        Person.objects.filter(id=id_of("ben")).update(zone="America/Chicago")


@pytest.mark.rule("F-2", "P-68")
def test_times_are_the_readers_with_the_zone_and_own_sessions_read_session(act, browse) -> None:
    publish(act)
    with act("ben"):
        Person.objects.filter(id=id_of("ben")).update(zone="America/Denver")
    ana, ben = text_of(browse("ana", pin=False)), text_of(browse("ben", pin=False))
    letter = "D" if at(0, 18).astimezone(programme_zone()).dst() else "S"
    assert f"6:00 – 7:00 pm C{letter}T" in ana and "Times are yours, C" in ana
    assert f"5:00 – 6:00 pm M{letter}T" in ben
    for html in (ana, ben):
        assert "Couples session" in html and "Psychoeducation class" in html
        assert "Individual counseling" not in html and "Boundaries" not in html
        assert "Session" in html and "<title>Mutual</title>" in html


@pytest.mark.rule("P-68", "C-61")
def test_with_the_pin_names_and_hours_are_there_for_oneself_only(act, browse) -> None:
    publish(act)
    ana = text_of(browse("ana"))
    assert "Individual counseling" in ana and "Mo Lindgren" in ana and "10 h 30" in ana
    assert "Kit Amari" not in ana


@pytest.mark.rule("P-60")
def test_the_partners_page_is_the_same_whatever_the_other_has(act, browse) -> None:
    with act("reyes") as reyes:
        conjoint(reyes, at(3, 18))
    before = text_of(browse("ben"))
    with act("mo") as mo:
        individual(mo, "ana", "mo", at(1, 16))
        individual(mo, "ana", "mo", at(4, 16))
    after = text_of(browse("ben"))
    strip = re.compile(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"')
    assert strip.sub("", before) == strip.sub("", after)


@pytest.mark.rule("C-16", "C-15")
def test_first_week_review_and_hold_read_alike_to_both_partners(act, browse) -> None:
    publish(act, "ab", "side_by_side")  # a plan review: cleared, but side by side
    publish(act, "cd", "side_by_side")  # not cleared
    same_clock(act)
    pages = {n: text_of(browse(n, pin=False)) for n in ("ana", "ben", "cleo", "dan")}
    for html in pages.values():
        assert "You are both in treatment this week." in html
        assert "Weeks like this also come back later." in html
        low = html.lower()
        assert not any(w in low for w in ("hold", "clearance", "assessment", "track"))
    same = {n: masked(html) for n, html in pages.items()}
    assert same["ana"] == same["ben"]
    assert same["cleo"] == same["dan"]
    assert same["ana"].replace("Dr. Reyes", "X") == same["cleo"].replace("Dr. Vale", "X")


@pytest.mark.rule("C-17", "C-16")
def test_after_a_hold_both_pages_change_alike(act, browse) -> None:
    publish(act)
    with act("kit") as kit:
        from mutual.episode.actions import withdraw_clearance

        withdraw_clearance(
            kit, Couple.objects.get(id=id_of("ab")), Person.objects.get(id=id_of("ben"))
        )
    same_clock(act)
    ana, ben = (masked(text_of(browse(n, pin=False))) for n in ("ana", "ben"))
    assert ana == ben and "You are both in treatment this week." in ana
    assert "Couples session" not in ana


def test_an_empty_week_is_one_kind_sentence(act, browse) -> None:
    html = text_of(browse("ana"), "/week/?monday=2031-01-06")
    assert "Nothing is planned in this week." in html


@pytest.mark.rule("P-50")
def test_the_feed_is_switched_on_behind_the_pin_and_shown_once(act, browse) -> None:
    locked = browse("ana", pin=False).get("/week/calendar/")
    assert locked.status_code == 302 and locked["Location"].startswith("/pin/")
    ana = browse("ana")
    assert "/calendar/" not in text_of(ana, "/week/calendar/").replace("/week/calendar/", "")
    made = ana.post("/week/calendar/", {"word": "Choir"}).content.decode()
    address = re.search(r"https?://testserver(?::80)?(/calendar/[\w-]+\.ics)", made)
    assert address is not None
    assert ana.get(address.group(1)).status_code == 200
    assert address.group(1) not in text_of(ana, "/week/calendar/")
    ana.post("/week/calendar/", {"off": "1"})
    assert ana.get(address.group(1)).status_code == 404


@pytest.mark.rule("P-2")
def test_staff_have_no_partner_week(browse) -> None:
    assert browse("mo").get("/week/").status_code == 404


def test_the_page_asks_the_database_little(act, browse, django_assert_max_num_queries) -> None:
    publish(act)
    ana = browse("ana")
    with django_assert_max_num_queries(10):
        text_of(ana)
