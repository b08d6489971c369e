"""Reads an instance file into :mod:`mutual.week.solver.instance`, refusing by path and words."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.week.solver.instance import (
    DAYS,
    VERSION,
    At,
    Clinician,
    Costs,
    Couple,
    Group,
    Instance,
    Kind,
    Leave,
    Partner,
    Pin,
    Programme,
    Travel,
    Want,
    Window,
)
from mutual.week.solver.reading import Reader


def read(raw: object) -> Instance:
    """The instance of a parsed JSON value.

    Raises:
        InstanceError: with the path of what is wrong and what to write instead.
    """
    top = Reader(raw, "")
    if top.whole("version") != VERSION:
        top.fail("version", say(_("this solver reads version {n}"), n=VERSION))
    programme = _programme(top.sub("programme"))
    costs = top.sub("costs", {})
    kinds = {k.key: k for k in map(_kind, top.items("kinds"))}
    staff = _unique([_clinician(r, programme.zone) for r in top.items("staff")], top, "staff")
    groups = _unique([_group(r, kinds, staff) for r in top.items("groups", [])], top, "groups")
    couples = _unique([_couple(r, programme, kinds, staff) for r in top.items("couples")],
                      top, "couples")  # fmt: skip
    known = {p.id for c in couples.values() for p in c.partners}
    apart = []
    for reader in top.items("keep_apart", []):
        pair = reader.texts("")
        if len(pair) != 2 or not set(pair) <= known:
            reader.fail("", say(_('name two partners, for instance ["c1.A", "c7.B"]')))
        apart.append((pair[0], pair[1]))
    default = Costs()
    priced = {name: costs.whole(name, getattr(default, name)) for name in default.__dict__}
    costs.done()
    name = top.text("name", "")
    top.done()
    seen: set[str] = set()
    for couple in couples.values():
        for want in couple.wants:
            if want.id in seen or want.id in groups:
                top.fail("couples", say(_('two sessions are called "{id}"'), id=want.id))
            seen.add(want.id)
    return Instance(name, programme, Costs(**priced), kinds, staff, tuple(groups.values()),
                    tuple(couples.values()), tuple(apart))  # fmt: skip


def _unique(found: list[Any], top: Reader, key: str) -> dict[str, Any]:
    by_id: dict[str, Any] = {}
    for one in found:
        if one.id in by_id:
            top.fail(key, say(_('"{id}" stands there twice'), id=one.id))
        by_id[one.id] = one
    return by_id


def _windows(reader: Reader, key: str) -> tuple[Window, ...]:
    """Weekly windows: ``{"days": ["mon"], "from": "09:00", "to": "17:00"}``."""
    found = []
    for one in reader.items(key, []):
        start, end = one.minute("from"), one.minute("to")
        if end <= start:
            one.fail("to", say(_("an hour after the one in from")))
        for day in one.texts("days"):
            if day not in DAYS:
                one.fail("days", say(_("one of {days}"), days=", ".join(DAYS)))
            found.append(Window(DAYS.index(day), start, end))
        one.done()
    return tuple(found)


def _programme(r: Reader) -> Programme:
    monday = r.day("monday")
    if monday.weekday():
        r.fail("monday", say(_("a Monday")))
    slot = r.whole("slot_minutes", 15)
    if slot not in (5, 10, 15, 30):
        r.fail("slot_minutes", say(_("5, 10, 15 or 30")))
    hours = _windows(r, "hours")
    if not hours:
        r.fail("hours", say(_("the hours in which sessions may be held")))
    per_diem = r.sub("per_diem", {})
    levels: dict[str, tuple[int, int | None]] = {}
    named = r.sub("levels")
    for key in list(named.keys()):
        one = named.sub(key)
        most = one.maybe_whole("most")
        levels[key] = (one.whole("least", 0), most)
        one.done()
    made = Programme(
        r.zone("zone"), monday, slot, hours, tuple(r.days("holidays")),
        r.whole("partner_day_minutes", 300), r.whole("partner_break", 15),
        per_diem.whole("minutes", 180), per_diem.whole("days", 3), levels,
    )  # fmt: skip
    per_diem.done()
    r.done()
    return made


def _kind(r: Reader) -> Kind:
    key = r.text("key")
    kind = Kind(
        key, r.text("title", key), r.whole("minutes"), r.whole("breaks", 0),
        r.one_of("attendance", ("together", "side", "apart")),
        r.one_of("scope", ("own", "couple", "group")),
        tuple(r.texts("roles")), r.flag("counts", True), r.whole("capacity", 0),
        r.whole("capacity_two", 0), r.whole("least", 0), r.flag("clearance", False),
        r.flag("process", False),
    )  # fmt: skip
    if kind.minutes < 1 or kind.minutes + kind.breaks > 480:
        r.fail("minutes", say(_("1 to 480 minutes with its breaks")))
    if kind.scope == "group" and kind.capacity < 1:
        r.fail("capacity", say(_("how many clients a section takes")))
    if (kind.scope == "own") != (kind.attendance == "apart") and kind.scope != "group":
        r.fail("attendance", say(_("apart for own sessions, together for the couple's")))
    r.done()
    return kind


def _clinician(r: Reader, zone: ZoneInfo) -> Clinician:
    leaves = []
    for one in r.items("time_off", []):
        leave = Leave(one.moment("from"), one.moment("to"))
        if leave.end <= leave.start:
            one.fail("to", say(_("a moment after the one in from")))
        one.done()
        leaves.append(leave)
    licences: dict[str, date] = {}
    for one in r.items("licences"):
        state, until = one.text("state"), one.day("until")
        licences[state] = max(until, licences.get(state, until))
        one.done()
    made = Clinician(
        r.text("id"), r.text("name", r.text("id")), tuple(r.texts("roles")),
        tuple(r.texts("languages", ["en"])), r.zone("zone", zone), _windows(r, "hours"),
        tuple(leaves), licences, r.whole("day_minutes", 480), r.whole("break_minutes", 0),
    )  # fmt: skip
    r.done()
    return made


def _group(r: Reader, kinds: dict[str, Kind], staff: dict[str, Clinician]) -> Group:
    kind = r.one_of("kind", tuple(k for k, v in kinds.items() if v.scope == "group"))
    leaders = tuple(r.one_of_each("leaders", tuple(staff)))
    needed = r.whole("leaders_needed", 1)
    if needed not in (1, 2):
        r.fail("leaders_needed", say(_("1 or 2")))
    if len(leaders) < needed:
        r.fail("leaders", say(_("name those who may lead it")))
    at = None
    if r.has("at"):
        one = r.sub("at")
        chosen = tuple(one.one_of_each("leaders", leaders))
        if len(chosen) != needed:
            one.fail("leaders", say(_("{n} of the group's leaders"), n=needed))
        at = At(DAYS.index(one.one_of("day", DAYS)), one.minute("time"), chosen)
        one.done()
    made = Group(r.text("id"), kind, r.text("track", ""), r.text("language", ""), leaders,
                 needed, at, r.whole("taken", 0))  # fmt: skip
    r.done()
    return made


def _couple(
    r: Reader, programme: Programme, kinds: dict[str, Kind], staff: dict[str, Clinician]
) -> Couple:
    key = r.text("id")
    team = r.sub("team", {})
    names = (*staff, "")
    therapist = team.one_of("therapist", names, "")
    both = r.sub("partners")
    partners = tuple(
        _partner(both.sub(side), f"{key}.{side}", side, programme, team.one_of(side, names, ""))
        for side in ("A", "B")
    )
    if therapist and therapist in (partners[0].counselor, partners[1].counselor):
        team.fail("therapist", say(_("someone who is not a partner's counselor (C-3)")))
    if partners[0].counselor and partners[0].counselor == partners[1].counselor:
        team.fail("B", say(_("someone who does not counsel A (C-4)")))
    both.done()
    team.done()
    couple = Couple(
        key, r.text("track", ""), r.text("language", ""), r.whole("rooms", 2),
        r.flag("conjoint", True), therapist, _windows(r, "child_care"),
        (partners[0], partners[1]),
        tuple(w for one in r.items("wants") for w in _wants(one, key, kinds, staff)),
    )  # fmt: skip
    r.done()
    return couple


def _partner(r: Reader, key: str, side: str, programme: Programme, counselor: str) -> Partner:
    zone = r.zone("zone", programme.zone)
    state = r.text("state")
    trips = []
    for one in r.items("travel", []):
        trips.append(Travel(one.day("from"), one.day("to"), one.zone("zone", zone),
                            one.text("state", state)))  # fmt: skip
        one.done()
    made = Partner(
        key, side, r.text("name", side), zone, state, r.one_of("level", tuple(programme.levels)),
        r.maybe_whole("authorised_minutes"), r.flag("partial", False), _windows(r, "free"),
        _windows(r, "never"), _windows(r, "prefer"), tuple(trips), counselor,
    )  # fmt: skip
    r.done()
    return made


def _wants(
    r: Reader, couple: str, kinds: dict[str, Kind], staff: dict[str, Clinician]
) -> list[Want]:
    """One entry: "both" of an own kind or of seats apart or side by side is one for each."""
    kind = kinds[r.one_of("kind", tuple(kinds))]
    who = r.one_of("who", ("A", "B", "both"))
    if kind.attendance == "together" and who != "both":
        r.fail("who", say(_('"both": the kind needs both partners (C-40)')))
    named = r.text("id", f"{couple}.{kind.key}")
    pin = None
    if r.has("pin"):
        one = r.sub("pin")
        pin = Pin(one.moment("start"), one.one_of("staff", (*staff, ""), ""))
        one.done()
    sides = ("both",) if kind.attendance == "together" or who != "both" else ("A", "B")
    sides = (who,) if who != "both" else sides
    times = r.whole("times", 1)
    if not 1 <= times <= 14:
        r.fail("times", say(_("1 to 14")))
    if pin and (kind.scope == "group" or times > 1 or len(sides) > 1):
        r.fail("pin", say(_("only one own or couple session can be pinned")))
    must, helpers = r.flag("must", True), tuple(r.one_of_each("staff", tuple(staff), []))
    usual = r.one_of("usual", (*staff, ""), "")
    r.done()

    def name(side: str, n: int) -> str:
        parts = [named, side if side != "both" else "", str(n) if times > 1 else ""]
        return ".".join(part for part in parts if part)

    return [
        Want(name(side, n), kind.key, side, must, helpers, usual, pin)
        for side in sides
        for n in range(1, times + 1)
    ]
