"""A calendar file of staff: its busy times, or the line that can't be read."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutual.base.refusal import Refused
from mutual.week.busyfile import MOST_BYTES, busy_times

DENVER = ZoneInfo("America/Denver")
#: What each file says, as first and last busy moment (UTC) and how many; or where it is refused.
READINGS: dict[str, tuple[int, str, str] | int] = {
    "ical4j__EXDATE-IN-UTC": (85, "2007-05-08T10:15", "2008-12-30T12:15"),
    "ical4j__multiple_calendars": (1, "1997-07-01T18:00", "1997-07-01T19:30"),
    "ical4j__rfc5545-sec3.6.1": (1, "1997-09-03T16:30", "1997-09-03T19:00"),
    "ical4j__rfc5545-sec3.6.5": (0, "", ""),
    "ical4j__rfc5545-sec4.2": (1, "1998-03-12T13:30", "1998-03-12T14:30"),
    "icalendar__big_bad_calendar": 1,
    "icalendar__event_with_recurrence_exdates_on_different_lines": 1,
    "icalendar__issue_237_fail_to_parse_timezone_with_non_ascii_tzid": (
        1, "2017-05-11T16:30", "2017-05-11T17:00",
    ),
    "icalendar__issue_722_missing_timezones": 9,
    "icalendar__issue_722_timezone_transition_ambiguity": (0, "", ""),
    "icalendar__parsing_error_in_UTC_offset": 7,
    "icalendar__rfc_7529": 8,
    "icalendar__rfc_7986_conferences": 2,
    "own__all-day-without-end": (2, "2026-07-04T06:00", "2027-07-05T06:00"),
    "own__event-in-the-repeated-hour": (0, "", ""),
    "own__exdate-in-utc-list": (2, "2026-03-03T01:00", "2026-03-24T02:00"),
    "own__floating-with-wr-timezone": (1, "2026-03-02T15:00", "2026-03-02T15:15"),
    "own__folded-in-a-utf8-character": 4,
    "own__one-moved-one-cancelled": (3, "2026-03-06T00:00", "2026-03-27T00:00"),
    "own__rrule-secondly-forever": 9,
    "own__this-and-future": (4, "2026-03-03T01:00", "2026-03-24T03:00"),
    "own__weekly-over-spring": (9, "2026-03-03T01:00", "2026-03-21T02:00"),
    "own__windows-zone-quoted-display-name": (1, "2026-07-07T13:00", "2026-07-07T14:00"),
}  # fmt: skip


def read(raw: bytes, first: date = date(1990, 1, 1)) -> list[tuple[str, str]]:
    times = busy_times(raw, zone=DENVER, first=first, last=date(2027, 12, 31))
    return [(f"{t.start:%Y-%m-%dT%H:%M}", f"{t.end:%Y-%m-%dT%H:%M}") for t in times]


def event(*lines: str) -> bytes:
    """A calendar with one entry of these lines."""
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:e@example.org", *lines,
         "END:VEVENT", "END:VCALENDAR", ""]
    ).encode()  # fmt: skip


GOOD = event("DTSTART:20260302T150000Z", "DTEND:20260302T160000Z", "RRULE:FREQ=WEEKLY;COUNT=3")


def test_every_file_of_others_reads_as_it_says_or_names_the_line(corpora: Path) -> None:
    files = sorted((corpora / "ical").glob("*.ics"))
    assert len(files) >= 20
    for file in files:
        expected = READINGS[file.stem]
        if isinstance(expected, int):
            with pytest.raises(Refused, match=f"^Line {expected}: "):
                read(file.read_bytes())
        else:
            times = read(file.read_bytes())
            ends = (times[0][0], times[-1][1]) if times else ("", "")
            assert (len(times), *ends) == expected, file.name


def test_times_that_touch_are_one_and_what_is_free_or_cancelled_is_none() -> None:
    times = ["DTSTART:20260302T150000Z", "DURATION:PT1H"]
    assert read(event(*times)) == [("2026-03-02T15:00", "2026-03-02T16:00")]
    assert read(event(*times, "RRULE:FREQ=HOURLY;COUNT=4")) == [
        ("2026-03-02T15:00", "2026-03-02T19:00")
    ]
    assert read(event(*times, "TRANSP:TRANSPARENT")) == []
    assert read(event(*times, "STATUS:CANCELLED")) == []


@pytest.mark.rule("F-2")
def test_a_wall_clock_time_stays_one_over_the_change_and_a_floating_one_is_the_owners() -> None:
    lines = [
        "DTSTART;TZID=America/Denver:20261031T090000",
        "DURATION:PT30M",
        "RRULE:FREQ=DAILY;COUNT=2",
    ]
    assert [start for start, _ in read(event(*lines))] == ["2026-10-31T15:00", "2026-11-01T16:00"]
    assert read(event("DTSTART:20261102T013000", "DURATION:PT30M")) == [
        ("2026-11-02T08:30", "2026-11-02T09:00")
    ]


def test_busy_times_published_without_entries_are_read() -> None:
    raw = GOOD.replace(b"BEGIN:VEVENT", b"BEGIN:VFREEBUSY").replace(b"END:VEVENT", b"END:VFREEBUSY")
    lines = (
        b"FREEBUSY:20260302T150000Z/PT2H,20260303T150000Z/20260303T160000Z\r\n"
        b"FREEBUSY;FBTYPE=FREE:20260304T150000Z/PT1H\r\n"
    )
    raw = raw.replace(b"DTSTART:20260302T150000Z\r\n", lines).replace(
        b"RRULE:FREQ=WEEKLY;COUNT=3\r\n", b""
    )
    assert read(raw) == [
        ("2026-03-02T15:00", "2026-03-02T17:00"), ("2026-03-03T15:00", "2026-03-03T16:00"),
    ]  # fmt: skip


def test_only_the_days_asked_for_are_kept_and_what_reaches_into_them_is_cut() -> None:
    raw = event("DTSTART;VALUE=DATE:20260301", "DTEND;VALUE=DATE:20260304")
    assert read(raw, first=date(2026, 3, 3)) == [("2026-03-03T07:00", "2026-03-04T07:00")]


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"", 1),
        (b"hello", 1),
        (GOOD.replace(b"END:VEVENT", b"END:VTODO"), 8),
        (GOOD.replace(b"VERSION:2.0", b"VERSION 2.0"), 2),
        (GOOD + b"X:1\r\n", 10),
        (event("DTSTART;TZID=Moon/Crater:20260302T150000"), 5),
        (event("DTSTART:2026-03-02"), 5),
        (event("DTSTART:20260302T150000Z", "DTEND:20260302T160000Z", "DURATION:PT1H"), 6),
        (event("DTSTART:20260302T150000Z", "SUMMARY:?").replace(b"?", b"\xff"), 6),
        (event("DTSTART:20260302T150000Z", "RRULE:FREQ=FORTNIGHTLY"), 6),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_line(raw: bytes, line: int) -> None:
    with pytest.raises(Refused, match=f"^Line {line}: ") as refused:
        read(raw)
    assert refused.value.field == "file"


def test_a_file_of_another_kind_is_refused_by_its_content() -> None:
    for data, words in ((b"\x89PNG\r\n\x1a\n..", "a picture"), (b"%PDF-1.7", "a PDF document")):
        with pytest.raises(Refused, match=words):
            read(data)


def test_a_file_that_asks_for_too_much_is_refused() -> None:
    with pytest.raises(Refused, match="too large"):
        read(b"x" * (MOST_BYTES + 1))
    with pytest.raises(Refused, match="more than"):
        read(event("DTSTART:20260302T150000Z", "DURATION:PT10M", "RRULE:FREQ=HOURLY"))


@given(st.integers(0, len(GOOD)), st.binary(max_size=12), st.integers(0, 30))
def test_no_file_is_answered_by_anything_but_times_or_a_refusal(
    at: int, put: bytes, cut: int
) -> None:
    with suppress(Refused):
        read(GOOD[:at] + put + GOOD[at + cut :])
