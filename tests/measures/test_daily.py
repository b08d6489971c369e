"""The daily check-in: short, local to the person, silent about safety."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from mutual.base.refusal import Refused
from mutual.measures import daily
from mutual.measures.daily import CheckIn
from mutual.measures.instruments import daily_checkin

DAY = date(2026, 3, 10)
CHICAGO = ZoneInfo("America/Chicago")


def entry(urge: int, *, day: date = DAY, used: daily.Used = "no", call: bool = False) -> CheckIn:
    return CheckIn(day, urge, used, mood=5, call_me=call)


def kinds(today: CheckIn, before: CheckIn | None = None) -> list[str]:
    return [trigger.kind for trigger in daily.triggers(today, before)]


@pytest.mark.rule("I-20")
def test_nothing_about_safety_fear_or_the_partner_is_asked() -> None:
    assert [item.number for item in daily_checkin.ITEMS] == [
        "urge",
        "used",
        "mood",
        "sleep",
        "medicine",
    ]
    text = " ".join(item.text + item.handle for item in daily_checkin.ITEMS).lower()
    assert not any(word in text for word in ("safe", "afraid", "partner", "fear", "hurt"))
    with pytest.raises(Refused):
        daily.read(DAY, {"urge": "3", "used": "no", "mood": "5", "afraid": "yes"})


@pytest.mark.rule("I-21")
def test_urge_use_and_mood_are_enough() -> None:
    read = daily.read(DAY, {"urge": "3", "used": "no", "mood": "5"})
    assert read == CheckIn(DAY, 3, "no", 5)
    assert (read.sleep, read.medicine) == (None, None)
    assert daily_checkin.score(daily.answers(read)).scorable


@pytest.mark.rule("I-21")
@pytest.mark.parametrize("left_out", ["urge", "used", "mood"])
def test_none_of_the_three_is_preset(left_out: str) -> None:
    fields = {"urge": "0", "used": "no", "mood": "5", "sleep": "7.5"}
    fields.pop(left_out)
    with pytest.raises(Refused) as refused:
        daily.read(DAY, fields)
    assert refused.value.field == left_out


@pytest.mark.rule("I-21", "I-7")
@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("urge", "11"),
        ("urge", "-1"),
        ("urge", "٣"),
        ("mood", "5.5"),
        ("used", "maybe"),
        ("sleep", "7.25"),
        ("sleep", "24.5"),
        ("sleep", "seven"),
        ("sleep", "."),
        ("medicine", "some"),
    ],
)
def test_a_value_that_does_not_exist_is_refused_with_what_is_taken(field: str, typed: str) -> None:
    fields = {"urge": "3", "used": "no", "mood": "5", field: typed}
    with pytest.raises(Refused) as refused:
        daily.read(DAY, fields)
    assert refused.value.field == field


@pytest.mark.rule("I-21")
def test_sleep_takes_halves() -> None:
    fields = {"urge": "3", "used": "in_person", "mood": "5", "sleep": "7,5", "medicine": "none"}
    read = daily.read(DAY, fields, call_me=True)
    assert read.sleep == Decimal("7.5")
    assert daily.answers(read) == (3, 2, 5, 15, 2)


@pytest.mark.rule("I-22")
@pytest.mark.parametrize(
    ("yesterday", "today", "acts"), [(3, 6, True), (1, 4, False), (3, 5, False), (2, 5, True)]
)
def test_an_urge_that_rose_by_three_to_five_or_more_acts(
    yesterday: int, today: int, acts: bool
) -> None:
    before = entry(yesterday, day=DAY - timedelta(days=1))
    assert (kinds(entry(today), before) == ["urge"]) is acts


@pytest.mark.rule("I-22")
def test_an_urge_of_seven_acts_alone_and_six_does_not() -> None:
    assert kinds(entry(7)) == ["urge"]
    assert kinds(entry(6)) == []
    (trigger,) = daily.triggers(entry(7), None)
    assert trigger.coping_page
    assert trigger.within == timedelta(days=1)


@pytest.mark.rule("I-22")
def test_an_entry_of_two_days_ago_is_not_the_day_before() -> None:
    assert kinds(entry(6), entry(3, day=DAY - timedelta(days=2))) == []


@pytest.mark.rule("I-22", "C-85")
def test_use_and_rather_in_person_reach_the_counselor_within_a_day() -> None:
    for used in ("yes", "in_person"):
        (trigger,) = daily.triggers(entry(0, used=used), None)
        assert trigger.within == timedelta(hours=24)
    assert kinds(entry(8, used="yes", call=True)) == ["used", "call_me", "urge"]


@pytest.mark.rule("I-22")
def test_three_silent_days_bring_one_message_and_then_only_the_list() -> None:
    assert daily.silence(DAY, DAY + timedelta(days=2)) == ""
    assert daily.silence(DAY, DAY + timedelta(days=3)) == "message_and_list"
    assert daily.silence(DAY, DAY + timedelta(days=4)) == "list"


@pytest.mark.rule("I-23")
def test_a_day_is_local_and_takes_entries_until_noon_of_the_next() -> None:
    late = datetime(2026, 3, 11, 16, 59, tzinfo=UTC)  # 11:59 in Chicago, daylight time
    assert daily.open_days(late, CHICAGO) == (DAY, date(2026, 3, 11))
    daily.refuse_closed_day(DAY, late, CHICAGO)
    noon = late + timedelta(minutes=1)
    assert daily.open_days(noon, CHICAGO) == (date(2026, 3, 11),)
    with pytest.raises(Refused, match="closed"):
        daily.refuse_closed_day(DAY, noon, CHICAGO)


@pytest.mark.rule("I-23")
def test_the_evening_in_chicago_is_not_yet_tomorrow() -> None:
    evening = datetime(2026, 3, 11, 3, 0, tzinfo=UTC)
    assert daily.open_days(evening, CHICAGO) == (DAY,)
    with pytest.raises(ValueError, match="aware"):
        daily.open_days(datetime(2026, 3, 11, 3), CHICAGO)


@pytest.mark.rule("I-24")
def test_four_days_with_a_mean_of_five_and_a_half_are_an_urge_week() -> None:
    week = daily.urge_week([6, 5, 7, 4, None, None, None])
    assert (week.mean, week.urge_week, week.days_given) == (Decimal("5.5"), True, 4)


@pytest.mark.rule("I-24", "I-23")
def test_missing_days_are_missing_and_too_few_days_say_nothing() -> None:
    few = daily.urge_week([9, 9, 9, None, None, None, None])
    assert (few.mean, few.urge_week, few.text) == (None, None, "not enough days")
    assert daily.urge_week([8, 0, 0, 0]).urge_week is True
    assert daily.urge_week([7, 4, 4, 4]).urge_week is False


@pytest.mark.rule("I-21", "C-49")
def test_the_trust_day_closes_without_a_word() -> None:
    evening = datetime(2026, 3, 10, 22, 0, tzinfo=CHICAGO)
    after = datetime(2026, 3, 11, 12, 0, tzinfo=CHICAGO)
    assert daily.trust_day(DAY, True, False, evening, CHICAGO) == "not yet"
    assert daily.trust_day(DAY, False, True, evening, CHICAGO) == "not yet"
    assert daily.trust_day(DAY, True, False, after, CHICAGO) is None
    assert daily.trust_day(DAY, True, True, after, CHICAGO) == "both confirmed"


@pytest.mark.rule("I-21")
def test_the_label_names_the_readers_of_the_table() -> None:
    assert daily.readers() == ("self", "own_counselor")
