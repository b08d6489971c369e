"""The calendar feed: busy times of one person and nothing that tells anything."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from mutual.base.refusal import NotThere, Refused
from mutual.week.actions import close_feed, open_feed, publish_week
from mutual.week.booking import cancel, reschedule
from mutual.week.feeds import busy_times, has_feed
from mutual.week.models import Feed, Seat
from mutual.week.templates import programme_zone
from tests.week.factories import AB, at, conjoint, monday, planned
from tests.world import id_of


def get(token: str) -> tuple[int, str]:
    answer = Client(headers={"x-forwarded-proto": "https"}).get(f"/calendar/{token}.ics")
    return answer.status_code, answer.content.decode()


@pytest.mark.rule("P-50")
def test_the_feed_is_off_at_first_and_its_secret_is_kept_as_a_hash(act) -> None:
    with act("ana") as ana:
        assert has_feed(ana) is None
        token = open_feed(ana)
        assert len(token) >= 43  # 32 bytes
        assert bytes(Feed.objects.get().secret_hash) != token.encode()
    assert get(token)[0] == 200
    assert get("x" * 43)[0] == 404


@pytest.mark.rule("P-50")
def test_a_new_address_kills_the_old_one_and_off_is_off(act) -> None:
    with act("ana") as ana:
        first = open_feed(ana)
        second = open_feed(ana)
    assert (get(first)[0], get(second)[0]) == (404, 200)
    with act("ana") as ana:
        close_feed(ana)
    assert get(second)[0] == 404
    with pytest.raises(NotThere):
        busy_times(second)


@pytest.mark.rule("P-50")
def test_the_file_says_a_word_a_start_and_an_end_and_nothing_else(act) -> None:
    with act("ada") as ada:
        planned(ada, weeks=1)
        publish_week(ada, id_of("ab"), monday(1))
    with act("ana") as ana:
        token = open_feed(ana, word="Choir")
    status, text = get(token)
    assert status == 200
    events = Calendar.from_ical(text).walk("VEVENT")
    assert len(events) == 8
    assert {str(e["SUMMARY"]) for e in events} == {"Choir"}
    allowed = {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "CLASS", "TRANSP",
    }  # fmt: skip
    assert all(set(e.keys()) == allowed for e in events)
    low = text.lower()
    for word in (
        "ana",
        "ben",
        "reyes",
        "mo ",
        "therapy",
        "group",
        "mutual",
        "counsel",
        "http",
        "couple",
        "valarm",
        "location",
        "attendee",
        "organizer",
        "america/",
    ):
        assert word not in low, word


@pytest.mark.rule("P-50")
def test_a_joint_session_is_in_each_feed_once_under_unrelated_ids(act) -> None:
    with act("ada") as ada:
        conjoint(ada, at(3, 18, weeks=1))
    uids = {}
    for name in ("ana", "ben"):
        with act(name) as actor:
            token = open_feed(actor)
        (entry,) = busy_times(token)
        uids[name] = entry.uid
    assert uids["ana"] != uids["ben"]
    with act("ada"):
        known = [str(s.public_id) for s in Seat.objects.all()]
        known += [str(s.id) for s in Seat.objects.all()]
    for uid in uids.values():
        assert re.fullmatch(r"[0-9a-f]{40}", uid)
        assert not any(k.replace("-", "")[:12] in uid for k in known)


@pytest.mark.rule("P-50")
def test_the_feed_holds_the_own_times_alone_and_no_draft(act) -> None:
    with act("ada") as ada:
        planned(ada, weeks=1)
    with act("ben") as ben:
        token = open_feed(ben)
    assert busy_times(token) == []
    with act("ada") as ada:
        publish_week(ada, id_of("ab"), monday(1))
        mine = {s.during.lower for s in Seat.objects.filter(person_id=AB[1])}
    assert {t.start for t in busy_times(token, now=timezone.now())} == mine


@pytest.mark.rule("P-50")
def test_a_word_with_line_breaks_is_refused_and_staff_have_no_feed(act) -> None:
    with act("ana") as ana, pytest.raises(Refused):
        open_feed(ana, word="Busy\nATTENDEE:x")
    with act("mo") as mo, pytest.raises(NotThere):
        open_feed(mo)


@pytest.mark.rule("P-50", "F-1")
def test_the_clock_of_the_entries_is_told_without_a_place_and_reads_as_the_same_moments(
    act,
) -> None:
    with act("ada") as ada:
        conjoint(ada, at(3, 18, weeks=1))
    with act("ana") as ana:
        token = open_feed(ana)
    (entry,) = busy_times(token)
    read = Calendar.from_ical(get(token)[1])
    (zone,) = read.walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Local"
    (event,) = read.walk("VEVENT")
    local = event.decoded("dtstart")
    assert local.replace(tzinfo=None) == entry.start.astimezone(programme_zone()).replace(
        tzinfo=None
    )
    assert local == entry.start and event.decoded("dtend") == entry.end


@pytest.mark.rule("P-50")
def test_a_moved_entry_keeps_its_id_and_counts_up_and_a_cancelled_one_says_so(act) -> None:
    with act("ada") as ada:
        session = conjoint(ada, at(3, 18, weeks=1))
    with act("ana") as ana:
        token = open_feed(ana)
    (before,) = busy_times(token)
    with act("ada") as ada:
        reschedule(ada, session, at(3, 20, weeks=1))
    (moved,) = busy_times(token)
    assert (moved.uid, moved.sequence) == (before.uid, before.sequence + 1)
    assert moved.start - before.start == timedelta(hours=2)
    with act("ada") as ada:
        cancel(ada, session, reason="Ill")
    (event,) = Calendar.from_ical(get(token)[1]).walk("VEVENT")
    assert str(event["UID"]) == before.uid
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", moved.sequence + 1)


@pytest.mark.rule("P-50", "C-17")
def test_a_session_that_was_replaced_at_its_hour_leaves_no_trace_in_a_calendar(act) -> None:
    with act("ada") as ada:
        session = conjoint(ada, at(3, 18, weeks=1))
        cancel(ada, session, reason="Ill")
        conjoint(ada, at(3, 18, weeks=1))
    with act("ana") as ana:
        token = open_feed(ana)
    (entry,) = busy_times(token)
    assert not entry.cancelled
