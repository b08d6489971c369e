"""Live screens, keyed by the one who asks: sealed, and what they demand (C-12 to C-19, C-80)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.crypto import seal
from mutual.base.ids import uuid7
from mutual.base.refusal import NotThere, Refused
from mutual.episode import queries
from mutual.episode.actions.clearing import refresh_clearance_of, withdraw_signatures
from mutual.episode.models import CareAssignment, LiveScreen, ViolenceScreen
from mutual.episode.screening_rules import (
    SafetyFacts,
    ScreenState,
    SpokenCheck,
    SuicideLevel,
    contraindications,
    refuse_screener,
    screen_state,
    suicide_level,
    suicide_response,
)
from mutual.people.lookups import couple_of
from mutual.people.models import CoupleMember, Person, Staff, StaffTask
from mutual.wall import audit
from mutual.wall.context import Actor

HARK_ITEMS = 4


def record_violence_screen(
    actor: Actor,
    person: Person,
    check: SpokenCheck,
    answers: Sequence[bool | None] = (),
    facts: SafetyFacts | None = None,
    *,
    now: datetime | None = None,
) -> ScreenState:
    """Keep a violence screen asked live of one partner, alone; answers and result are sealed.

    Any doubt in the spoken check or an answer not given defers, and deferred is never negative
    (C-12). A positive one closes joint work (C-14) and brings a private talk today (C-19).

    Raises:
        Refused: unless the asking clinician is trained and serves only this partner.
        NotThere: to anybody but the own counselor.
    """
    moment = now or timezone.now()
    staff = _asker(actor, person)
    refuse_screener(
        trained=staff.violence_screen_trained, serves_partner=_serves_partner(staff.id, person.id)
    )
    known = facts or SafetyFacts()
    given = tuple(answers) if check.passed else ()
    if given and len(given) != HARK_ITEMS:
        raise Refused(_("Four answers, each yes, no or not given."), rule="I-7")
    state = screen_state(check, given or (None,) * HARK_ITEMS, known)
    row = ViolenceScreen(id=uuid7(), person=person, asked_at=moment, by=staff)
    body = {
        "state": state.value,
        "answers": list(given),
        "facts": asdict(known),
        "check": asdict(check),
    }
    row.sealed = seal(json.dumps(body), f"ipv_screen:{row.id}")
    row.save(force_insert=True)
    audit.note("write", "ipv_screen", person.id, row.id)
    if state is ScreenState.POSITIVE or contraindications(state, known, None):
        withdraw_signatures(person.id, moment)
        # Neutral words: a task may be read by more than those who may know of a screen (C-13).
        _task(staff.id, staff.id, person, "", _TALK, _end_of_day(moment, person))
    refresh_clearance_of(person.id, timezone.localdate(moment))
    return state


def record_suicide_screen(
    actor: Actor,
    person: Person,
    answers: Sequence[bool | None],
    *,
    recent: bool | None = None,
    now: datetime | None = None,
) -> SuicideLevel | None:
    """Keep a suicide-risk screen asked live; answers and level are sealed; tasks follow (C-80).

    Args:
        answers: items 1 to 6; 3 to 5 are asked only when 2 is yes.
        recent: whether item 6 was within three months; not asked counts as recent.

    Returns the level, or ``None`` when it isn't finished and decides nothing yet.

    Raises:
        Refused: when not six answers are given.
        NotThere: to anybody who doesn't ask these questions of this person.
    """
    moment = now or timezone.now()
    staff = _asker(actor, person, "live_screen.write")
    if len(answers) != 6:
        raise Refused(_("Six answers, each yes, no or not given."), rule="I-7")
    yes = {number: answer is True for number, answer in enumerate(answers, start=1)}
    level: SuicideLevel | None = suicide_level(yes, six_recent=recent is not False)
    needed = [1, 2, 6, *((3, 4, 5) if yes[2] else ())]
    finished = all(answers[number - 1] is not None for number in needed)
    if not finished and level not in (SuicideLevel.HIGH, SuicideLevel.MODERATE):
        level = None
    row = LiveScreen(id=uuid7(), person=person, asked_at=moment, by=staff)
    body = {
        "level": level.value if level else "",
        "answers": list(answers),
        "recent": recent,
        "finished": finished,
    }
    row.sealed = seal(json.dumps(body), f"live_screen:{row.id}")
    row.save(force_insert=True)
    audit.note("write", "live_screen", person.id, row.id)
    if level is not None:
        _respond(staff, person, level, moment)
    refresh_clearance_of(person.id, timezone.localdate(moment))
    return level


_TALK = "Speak with this person alone today, and agree on a safe way and hour to be reached."


def _respond(staff: Staff, person: Person, level: SuicideLevel, moment: datetime) -> None:
    """The tasks of C-80, with their times from now."""
    wants = suicide_response(level)
    own = queries.team_of(person.id, timezone.localdate(moment)).get("counselor") or staff
    today = _end_of_day(moment, person)
    if wants.never_alone:
        words = _("Never alone: stay on the line and hand over live to the next clinician.")
        _task(staff.id, own.id, person, "C-80", words, moment)
    if wants.supervisor_within is not None:
        boss = queries.supervisor_of(person.id, own, timezone.localdate(moment))
        words = _("Supervisor on this within 15 minutes.")
        _task(staff.id, boss, person, "C-80", words, moment + wants.supervisor_within)
    if wants.evaluation_today:
        _task(staff.id, own.id, person, "C-80", _("Evaluation today."), today)
    if wants.safety_plan:
        _task(staff.id, own.id, person, "C-80", _("Go through the safety plan together."), today)
    if wants.contact_within is not None:
        due = moment + wants.contact_within
        _task(staff.id, own.id, person, "C-80", _("Contact within 7 days."), due)
    if wants.conjoint_closed:
        withdraw_signatures(person.id, moment)


def _task(
    author: UUID, addressee: UUID, person: Person, rule: str, text: str, due: datetime
) -> None:
    StaffTask(
        person=person, author_id=author, addressee_id=addressee, rule=rule, text=_(text), due=due
    ).save(force_insert=True)


def _end_of_day(moment: datetime, person: Person) -> datetime:
    local = moment.astimezone(ZoneInfo(person.zone))
    return max(moment, datetime.combine(local.date(), time(23, 59), local.tzinfo))


def _asker(actor: Actor, person: Person, right: str = "ipv_screen.write") -> Staff:
    if not actor.is_staff or not Person.objects.filter(id=person.id, id__granted=right).exists():
        raise NotThere
    return Staff.objects.get(id=actor.sure_id)


def _serves_partner(staff_id: UUID, person_id: UUID) -> bool:
    couple = couple_of(person_id)
    if couple is None:
        return False
    today = timezone.localdate()
    others = CoupleMember.objects.filter(couple=couple).exclude(person_id=person_id)
    return CareAssignment.objects.filter(
        staff_id=staff_id,
        person_id__in=others.values("person_id"),
        during__contains=today,
        role__in=("counselor", "couples_therapist"),
    ).exists()
