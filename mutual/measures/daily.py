"""The daily check-in: what it takes, what it sets off, which day it belongs to (I-20 to I-24).

Pure. Nothing about safety, fear or the partner's conduct is asked here: the phone may be watched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from mutual.base.refusal import Refused
from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.measures.instruments import daily_checkin
from mutual.measures.scale import Item

_T = TypeVar("_T", bound=str)
NOON = time(12)
SILENT_DAYS = 3
Used = Literal["yes", "no", "in_person"]
Medicine = Literal["yes", "no", "none"]
_USED: tuple[Used, ...] = ("no", "yes", "in_person")
_MEDICINE: tuple[Medicine, ...] = ("no", "yes", "none")


@dataclass(frozen=True)
class CheckIn:
    """One day's answers. `sleep` in hours, halves allowed; None is not given, never 0."""

    day: date
    urge: int
    used: Used
    mood: int
    sleep: Decimal | None = None
    medicine: Medicine | None = None
    call_me: bool = False


def read(day: date, fields: Mapping[str, str], *, call_me: bool = False) -> CheckIn:
    """A check-in from what was typed; urge, used and mood are required, none is preset (I-21).

    Raises `Refused` with the field's name and what it takes.
    """
    missing = [name for name in daily_checkin.REQUIRED if not fields.get(name, "").strip()]
    if missing:
        raise Refused(
            say(_("please answer: {field}"), field=say(_item(missing[0]).handle)),
            rule="I-21",
            field=missing[0],
        )
    unknown = set(fields) - {item.number for item in daily_checkin.ITEMS}
    if unknown:
        raise Refused(
            say(_("not a field of the check-in: {field}"), field=sorted(unknown)[0]), rule="I-20"
        )
    sleep = fields.get("sleep", "").strip()
    medicine = fields.get("medicine", "").strip()
    return CheckIn(
        day,
        urge=_scale(fields, "urge"),
        used=_one_of("used", fields["used"].strip(), _USED),
        mood=_scale(fields, "mood"),
        sleep=_halves(sleep) if sleep else None,
        medicine=_one_of("medicine", medicine, _MEDICINE) if medicine else None,
        call_me=call_me,
    )


def answers(entry: CheckIn) -> tuple[int | None, ...]:
    """The entry as instrument answers: sleep in half hours."""
    return (
        entry.urge,
        _USED.index(entry.used),
        entry.mood,
        None if entry.sleep is None else int(entry.sleep * 2),
        None if entry.medicine is None else _MEDICINE.index(entry.medicine),
    )


def _item(name: str) -> Item:
    return next(item for item in daily_checkin.ITEMS if item.number == name)


def _bad(field: str, takes: str) -> Refused:
    label = say(_item(field).handle)
    return Refused(
        say(_("{field} takes {takes}"), field=label, takes=takes), rule="I-7", field=field
    )


def _scale(fields: Mapping[str, str], name: str) -> int:
    typed = fields[name].strip()
    if not (typed.isascii() and typed.isdigit()) or int(typed) not in _item(name).values:
        raise _bad(name, say(_("a whole number from 0 to 10")))
    return int(typed)


def _halves(typed: str) -> Decimal:
    plain = typed.replace(",", ".")
    if not (plain.isascii() and plain.replace(".", "", 1).isdigit()):
        raise _bad("sleep", say(_("hours from 0 to 24, halves allowed")))
    hours = Decimal(plain)
    if hours > 24 or hours * 2 % 1:
        raise _bad("sleep", say(_("hours from 0 to 24, halves allowed")))
    return hours


def _one_of(field: str, typed: str, allowed: tuple[_T, ...]) -> _T:
    for value in allowed:
        if typed == value:
            return value
    raise _bad(field, ", ".join(allowed))


@dataclass(frozen=True)
class Trigger:
    """What a check-in sets off: `kind` and how soon the own counselor acts."""

    kind: Literal["urge", "used", "in_person", "call_me"]
    within: timedelta
    coping_page: bool = False


def triggers(entry: CheckIn, day_before: CheckIn | None) -> tuple[Trigger, ...]:
    """What the own counselor must do, in order of haste (I-22).

    An urge counts from 7, or when it rose by 3 since the day before to 5 or more: the coping page
    opens at once, the counselor acts by tomorrow. Use starts C-85 within 24 h; "rather say in
    person" asks for contact within 24 h. A `day_before` that is not the day before is ignored.
    """
    found = []
    if entry.used == "yes":
        found.append(Trigger("used", timedelta(hours=24)))
    if entry.used == "in_person":
        found.append(Trigger("in_person", timedelta(hours=24)))
    if entry.call_me:
        found.append(Trigger("call_me", timedelta(hours=24)))
    risen = (
        day_before is not None
        and day_before.day == entry.day - timedelta(days=1)
        and entry.urge - day_before.urge >= 3
        and entry.urge >= 5
    )
    if entry.urge >= 7 or risen:
        found.append(Trigger("urge", timedelta(days=1), coping_page=True))
    return tuple(found)


def silence(last_given: date, today: date) -> Literal["", "message_and_list", "list"]:
    """What 3 silent days bring: one kind message and the counselor's list, later the list (I-22).

    A day is silent only once it is closed, so today and an open yesterday are the caller's to
    leave out: pass the last closed day as `today`.
    """
    silent = (today - last_given).days
    if silent < SILENT_DAYS:
        return ""
    return "message_and_list" if silent == SILENT_DAYS else "list"


def open_days(now: datetime, zone: ZoneInfo) -> tuple[date, ...]:
    """The person's local days that still take an entry: today, and yesterday before noon (I-23).

    `now` is any aware moment; raises `ValueError` for a naive one.
    """
    if now.tzinfo is None:
        raise ValueError("give an aware moment")
    local = now.astimezone(zone)
    today = local.date()
    if local.time() < NOON:
        return (today - timedelta(days=1), today)
    return (today,)


def refuse_closed_day(day: date, now: datetime, zone: ZoneInfo) -> None:
    """Raise `Refused` for a day that is over or has not begun; missing stays missing (I-23)."""
    if day not in open_days(now, zone):
        raise Refused(
            say(_("this day is closed: entries are taken until noon of the next day")), rule="I-23"
        )


@dataclass(frozen=True)
class UrgeWeek:
    """A week's urges: mean in points of the scale, None without enough days; how many given."""

    days_given: int
    mean: Decimal | None
    urge_week: bool | None
    text: str


def urge_week(urges: Sequence[int | None]) -> UrgeWeek:
    """The weekly view for C-51: mean >= 5 or any >= 8, with at least 4 days given (I-24)."""
    given = [urge for urge in urges if urge is not None]
    if len(given) < 4:
        return UrgeWeek(len(given), None, None, say(_("not enough days")))
    mean = Decimal(sum(given)) / len(given)
    if mean >= 5 or max(given) >= 8:
        return UrgeWeek(len(given), mean, True, say(_("urge week")))
    return UrgeWeek(len(given), mean, False, say(_("no urge week")))


def readers() -> tuple[str, ...]:
    """Who reads the check-in, from the table, for the label beside it (I-21): relation names."""
    seen_by = daily_checkin.INSTRUMENT.visibility
    return seen_by.direct


def trust_day(
    day: date, a_confirmed: bool, b_confirmed: bool, now: datetime, zone: ZoneInfo
) -> str | None:
    """What each partner sees of the day's trust discussion: never who has confirmed (I-21, C-49).

    "both confirmed", or "not yet" while the day is open; once it has closed unconfirmed, None:
    it closes without a word.
    """
    if a_confirmed and b_confirmed:
        return say(_("both confirmed"))
    return say(_("not yet")) if day in open_days(now, zone) else None
