"""What is read of the trail: one's own list, and the privacy officer's search (P-87, P-88)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere
from mutual.people.lookups import staff_names
from mutual.people.models import Staff
from mutual.people.roles import ROLES
from mutual.privacy.models import BreakGlass, Consent
from mutual.privacy.staff_words import action_name, kind_name, under_names
from mutual.privacy.words import KIND_WORDS, RELATION_WORDS
from mutual.wall import audit, heads
from mutual.wall.context import Actor

PAGE = 50
#: The head is copied each night; a copy older than this means that nobody copied it.
STALE_DAYS = 2
#: Days of one page of a person's own list.
DAYS = 31
#: In this order the right is told that somebody read under.
_TOLD = (
    "break_glass", "own_counselor", "couples_therapist", "prescriber", "nurse", "supervisor",
    "partner_counselor", "leader", "on_call", "admissions", "biller", "care_coordinator",
    "director", "auditor",
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """Somebody looked: who, in which role, at what, why; all in plain words."""

    who: str
    role: str
    what: list[str]
    why: str
    emergency: bool
    copied: bool


@dataclass(frozen=True)
class Day:
    """All looks of one day, on the person's own clock."""

    day: date
    looks: list[Look]


def _right_words() -> dict[str, str]:
    words = {key: str(words) for key, words in RELATION_WORDS.items()}
    words["admissions"], words["biller"] = _("admissions"), _("billing")
    words["care_coordinator"] = _("a care coordinator")
    words["on_call"] = _("the clinician on call")
    words["privacy_officer"] = _("the privacy officer")
    return words


def who_looked(actor: Actor, zone: str, until: date) -> list[Day]:
    """Who of the staff looked at the actor's record, a month at most, the newest day first (P-87).

    Days and no hours; a day's looks of one reader are one line. Never what was asked live, and
    never anything of the partner: the database leaves it out (audit_pages.sql).
    """
    if not actor.is_person:
        raise NotThere
    with connection.cursor() as cursor:
        cursor.execute("select * from wall.audit_mine(%s, %s, %s)", [zone, until, DAYS])
        rows = cursor.fetchall()
    staff = {one.id: one for one in Staff.objects.filter(id__in={r[1] for r in rows if r[1]})}
    kinds_of_emergency = dict(BreakGlass._meta.get_field("kind").choices or ())
    right = _right_words()
    merged: dict[tuple[date, UUID | None, str, bool], Look] = {}
    for day, reader, kind, action, under, reason, _ours in rows:
        held = (under or "").split()
        relation = next((one for one in _TOLD if one in held), "")
        emergency = action == "break-glass" or relation == "break_glass"
        if emergency and action == "break-glass" and reason not in kinds_of_emergency:
            continue  # its end by hand: the opening says it all
        role = _role(relation, staff[reader].roles if reader in staff else [], right)
        look = merged.setdefault(
            (day, reader, role, emergency),
            Look(
                staff[reader].name if reader in staff else "", role, [],
                _("In an emergency, for an hour at most") if emergency else _why(relation, right),
                emergency, False,
            ),
        )  # fmt: skip
        what = str(KIND_WORDS.get(kind, "")) if action != "break-glass" else ""
        if what and what not in look.what:
            look.what.append(what)
        if action == "break-glass":
            words = str(kinds_of_emergency[reason])
            merged[day, reader, role, emergency] = Look(
                look.who, look.role, look.what, f"{look.why}: {words}", True, look.copied
            )
        elif action in ("print", "export") and not look.copied:
            merged[day, reader, role, emergency] = Look(
                look.who, look.role, look.what, look.why, look.emergency, True
            )
    days: dict[date, list[Look]] = {}
    for (day, *_rest), look in merged.items():
        look.what.sort(key=str.casefold)
        days.setdefault(day, []).append(look)
    return [
        Day(day, sorted(looks, key=lambda one: (not one.emergency, one.who.casefold() or "~")))
        for day, looks in sorted(days.items(), reverse=True)
    ]


def _role(relation: str, roles: Iterable[str], right: Mapping[str, str]) -> str:
    if relation and relation != "break_glass":
        return right.get(relation, "")
    titles = [str(ROLES[role].title) for role in roles if role in ROLES]
    return ", ".join(titles)


def _why(relation: str, right: Mapping[str, str]) -> str:
    if not relation:
        return _("As part of their work on your care")
    return _("As %(role)s") % {"role": right.get(relation, relation)}


@dataclass(frozen=True)
class Asked:
    """What the officer searches for; empty means any. ``person`` and ``staff`` are ids."""

    person: UUID | None = None
    staff: UUID | None = None
    kinds: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class Entry:
    """One line of the trail in words."""

    seq: int
    at: datetime
    who: str
    whose: str
    action: str
    kind: str
    reason: str
    under: str
    emergency: bool
    refused: bool
    session: str


def search(
    actor: Actor, asked: Asked, people: Mapping[UUID, str]
) -> tuple[list[Entry], int | None]:
    """One page of the trail, newest first, and where the next begins; three queries (P-88).

    Args:
        people: persons by the name they signed with, as the officer's list has them.

    Raises:
        NotThere: for everybody but the privacy officer and the auditor of an engagement.
    """
    if not actor.has("privacy_officer"):
        raise NotThere
    zone = ZoneInfo(settings.PROGRAMME_ZONE)
    since = datetime.combine(asked.first, time.min, zone) if asked.first else None
    until = datetime.combine(asked.last + timedelta(days=1), time.min, zone) if asked.last else None
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from wall.audit_page(%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                asked.staff,
                [asked.person] if asked.person else None,
                list(asked.kinds) or None,
                list(asked.actions) or None,
                since,
                until,
                asked.before,
                PAGE + 1,
            ],
        )
        rows = cursor.fetchall()
    more = rows[PAGE - 1][0] if len(rows) > PAGE else None
    rows = rows[:PAGE]
    # A line of signing in has no actor yet: whose account it is stands in its place.
    staff = staff_names(
        [r[2] for r in rows if r[2] and r[3] == "staff"]
        + [r[6] for r in rows if r[6] and not r[2] and r[4] == "sign-in"]
    )
    audit.read("audit_trail", asked.person, None, "search")
    return [_entry(row, staff, people) for row in rows], more


def _entry(row: tuple[object, ...], staff: Mapping[UUID, str], people: Mapping[UUID, str]) -> Entry:
    seq, at, who, kind_of, action, kind, subject, _obj, reason, under, session = row
    return Entry(
        seq=seq,  # type: ignore[arg-type]
        at=at,  # type: ignore[arg-type]
        who=_who(who, str(kind_of), staff, people, subject if action == "sign-in" else None),  # type: ignore[arg-type]
        whose=people.get(subject, "") if subject else "",  # type: ignore[call-overload]
        action=action_name(str(action)),
        kind=kind_name(str(kind)),
        reason=str(reason),
        under=under_names(under),  # type: ignore[arg-type]
        emergency="break_glass" in str(under or "").split() or action == "break-glass",
        refused=action in ("refused", "sign-in failed"),
        session=str(session or ""),
    )


def _who(
    who: UUID | None, kind: str, staff: Mapping[UUID, str], people: Mapping[UUID, str],
    account: UUID | None = None,
) -> str:  # fmt: skip
    """In words; ``account``: whose it is, for a line of somebody who signs in just then."""
    if who is None:
        found = (staff.get(account) or people.get(account)) if account else ""
        return found or _("nobody signed in")
    if kind == "staff":
        return staff.get(who, _("staff"))
    if kind == "person":
        return people.get(who, _("a person in care"))
    return _("background work")


def people(actor: Actor) -> dict[UUID, tuple[str, str]]:
    """Everybody who ever signed something: the key of a consent, and the name signed; one query.

    Raises:
        NotThere: for everybody but the privacy officer.
    """
    if not actor.has("privacy_officer"):
        raise NotThere
    rows = Consent.objects.order_by("signed_at").values_list(
        "person_id", "public_id", "signed_name"
    )
    return {person: (str(key), name) for person, key, name in rows}


@dataclass(frozen=True)
class HeadState:
    """How fresh the copy of the trail's head outside the database is."""

    day: date | None
    seq: int
    stale: bool
    problem: str = ""


def head_state(today: date | None = None) -> HeadState:
    """The last copied head (P-89); stale after two days, or when its file was written over."""
    here = today or timezone.localdate()
    try:
        kept = heads.kept(str(connection.settings_dict["NAME"]))
    except ValueError as error:
        return HeadState(None, 0, True, str(error))
    if not kept:
        return HeadState(None, 0, True)
    last = date.fromisoformat(kept[-1].day)
    return HeadState(last, kept[-1].seq, (here - last).days > STALE_DAYS)
