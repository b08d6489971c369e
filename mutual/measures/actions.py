"""Giving out forms, taking answers, and what an answer demands before thanks is shown (I-9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.episode.models import CareAssignment, Episode
from mutual.episode.screening_rules import item_nine
from mutual.measures import registry, wordings
from mutual.measures.instruments import bam
from mutual.measures.models import (
    Assignment,
    Response,
    ResponseBody,
    ResponseTotal,
)
from mutual.measures.scale import (
    Instrument,
    Result,
    opens_and_closes,
    refuse_without_wording,
    tell_after_misses,
)
from mutual.people.models import Person, StaffTask
from mutual.wall import audit
from mutual.wall.context import Actor, as_service, current

#: Local hours in which a counselor is on duty; outside, the one on call acts now (C-81, D).
DUTY = (time(8), time(20))
#: Asked again by themselves while somebody is in care; their wording ships.
REGULAR = ("phq9", "gad7")
#: Within this time the own counselor reaches somebody who told of use again (C-85).
CONTACT_WITHIN = timedelta(hours=24)


def family_of(instrument: Instrument) -> str:
    """``dyadic`` for what is about the relationship, else ``own`` (access table)."""
    return "dyadic" if instrument.visibility.couples_therapist == "enrolment_consent" else "own"


def assign_form(actor: Actor, person: Person, key: str, due_on: date) -> Assignment:
    """Ask one person to fill in a form, alone, on a day (I-13, I-14).

    Raises:
        Refused: without installed wording (I-1), for what is asked live only (P-63).
        NotThere: to anybody who may not read this person's forms.
    """
    instrument = registry.get(key)
    kind = "dyadic_instrument" if family_of(instrument) == "dyadic" else "instrument"
    if not actor.is_staff or not Person.objects.filter(id=person.id, id__granted=kind).exists():
        raise NotThere
    with as_service("forms"):
        made = _assign(person.id, instrument, due_on)
    audit.note("write", kind, person.id, made.id, "assigned")
    return made


def _assign(person_id: UUID, instrument: Instrument, due_on: date) -> Assignment:
    if instrument.live_only or not instrument.visibility.trace_in_portal:
        raise Refused(_("This one is asked in person only."), rule="P-63")
    if not instrument.ships_wording:
        refuse_without_wording(instrument, wordings.installed())
    there = Assignment.objects.filter(
        person_id=person_id, key=instrument.key, due_on=due_on
    ).first()
    if there is not None:
        return there
    opens, closes = opens_and_closes(due_on)
    made = Assignment(
        person_id=person_id,
        family=family_of(instrument),
        key=instrument.key,
        opens_on=opens,
        due_on=due_on,
        closes_on=closes,
    )
    made.save(force_insert=True)
    return made


def submit_form(
    actor: Actor, public_id: UUID, answers: Sequence[int | None], *, now: datetime | None = None
) -> Result:
    """Take one person's answers to their own form; a critical one acts before this returns (I-9).

    Blank is not zero (F-18). The answers are not shown to their author again (I-13); sending the
    same form twice keeps the first (F-13).

    Raises:
        NotThere: for anybody else's form, one not open today, one already sent.
        Refused: for an answer outside the item's own set (I-7).
    """
    moment = now or timezone.now()
    form = (
        Assignment.objects.select_for_update()
        .filter(public_id=public_id, person_id=actor.sure_id)
        .first()
    )
    person = Person.objects.filter(id=actor.sure_id).first()
    if form is None or person is None or form.done_at is not None:
        raise NotThere
    if not form.opens_on <= _local(moment, person).date() <= form.closes_on:
        raise NotThere
    instrument = wordings.get(form.key)
    result = instrument.score(answers)
    _keep(person, instrument, answers, result, "self", moment)
    form.done_at = moment
    form.save(update_fields=["done_at"])
    _act(person, result, answers, instrument, moment, in_contact=False)
    return result


def record_live(
    actor: Actor,
    person: Person,
    key: str,
    answers: Sequence[int | None],
    *,
    mode: str = "live",
    now: datetime | None = None,
) -> Result:
    """Keep what was asked in person, or stood on paper, keyed in by number (I-4).

    Raises:
        Refused: for the screens that have a page of their own and leave no trace (I-13).
        NotThere: to anybody who may not write or read this person's forms.
    """
    moment = now or timezone.now()
    instrument = wordings.get(key)
    if not instrument.visibility.trace_in_portal:
        raise Refused(_("Use the screening page for this one."), rule="I-13")
    dyadic = family_of(instrument) == "dyadic"
    right = "dyadic_instrument" if dyadic else "instrument.write"
    if not actor.is_staff or not Person.objects.filter(id=person.id, id__granted=right).exists():
        raise NotThere
    result = instrument.score(answers)
    with as_service("forms"):
        _keep(person, instrument, answers, result, mode, moment)
    _act(person, result, answers, instrument, moment, in_contact=mode == "live")
    return result


def _keep(
    person: Person,
    instrument: Instrument,
    answers: Sequence[int | None],
    result: Result,
    mode: str,
    moment: datetime,
) -> None:
    family = family_of(instrument)
    response = Response(
        person=person,
        family=family,
        key=instrument.key,
        version=instrument.version,
        mode=mode,
        answered_at=moment,
    )
    response.save(force_insert=True)
    ResponseTotal(
        response=response,
        person=person,
        family=family,
        key=instrument.key,
        answered_on=_local(moment, person).date(),
        scorable=result.scorable,
        total=None if result.total is None else Decimal(result.total),
        subscales=dict(result.subscales),
        band=result.band or "",
        estimated=result.estimated,
    ).save(force_insert=True)
    ResponseBody(
        response=response,
        person=person,
        family=family,
        answers=list(answers),
        flags=list(result.flags),
    ).save(force_insert=True)
    kind = "dyadic_instrument" if family == "dyadic" else "instrument"
    audit.note("write", kind, person.id, response.id, mode)


def _local(moment: datetime, person: Person) -> datetime:
    return moment.astimezone(ZoneInfo(person.zone))


def _act(
    person: Person,
    result: Result,
    answers: Sequence[int | None],
    instrument: Instrument,
    moment: datetime,
    *,
    in_contact: bool,
) -> None:
    """Tasks that an answer demands, in the same transaction as the answers (I-9, C-81, F-18)."""
    if instrument.key == bam.KEY:
        _look_at_use(person, result, moment)
    if instrument.key != "phq9":
        return
    local = _local(moment, person)
    if "ask_item_9_live" in result.flags:
        due = datetime.combine(local.date(), time(23, 59), local.tzinfo)
        words = _("One question was left open: ask item 9 live, today.")
        _task(person.id, "F-18", words, max(due, local))
        return
    on_duty = DUTY[0] <= local.time() < DUTY[1]
    wanted = item_nine(answers[8], local, in_contact=in_contact, counselor_on_duty=on_duty)
    if wanted is None:
        return
    words = {
        "c_ssrs_now": _("Item 9 is positive: ask the risk screen in this contact."),
        "call_today": _("Item 9 is positive: call today and ask the risk screen."),
        "on_call": _("Item 9 is positive, out of hours: whoever is on call calls now."),
    }[wanted.kind]
    _task(person.id, "C-81", words, wanted.due)


def _look_at_use(person: Person, result: Result, moment: datetime) -> None:
    """Use after a form without starts the steps of a return to use, within 24 h (C-85)."""
    with as_service("forms"):
        before = (
            ResponseTotal.objects.filter(
                person_id=person.id, key=bam.KEY, response__answered_at__lt=moment
            )
            .order_by("-response__answered_at")
            .first()
        )
    if before is None:
        return
    earlier = Result(bam.KEY, before.scorable, None, dict(before.subscales))
    if bam.use_came_back(earlier, result):
        words = _("A form tells of use after a time without: reach out, then the steps after it.")
        _task(person.id, "C-85", words, _local(moment, person) + CONTACT_WITHIN)


def _task(person_id: UUID, rule: str, words: str, due: datetime) -> None:
    """A task for the own counselor, written by the service so that the person can't see it."""
    with as_service("forms"):
        counselor = (
            CareAssignment.objects.filter(
                person_id=person_id, role="counselor", during__contains=timezone.localdate(due)
            )
            .order_by("-during")
            .values_list("staff_id", flat=True)
            .first()
        )
        if counselor is None:
            raise Refused(
                _("Your answers could not be sent. Please call us, or 988 in a crisis."),
                rule="C-81",
            )
        StaffTask(
            person_id=person_id,
            author_id=current().sure_id,
            addressee_id=counselor,
            rule=rule,
            text=words,
            due=due,
        ).save(force_insert=True)


def give_out_forms(today: date | None = None) -> int:
    """Open the regular forms due for everybody in care (I-14); daily, returns how many."""
    day = today or timezone.localdate()
    count = 0
    with as_service("forms"):
        people = list(Episode.objects.filter(stage="admitted").values_list("person_id", flat=True))
        for key in REGULAR:
            instrument = registry.get(key)
            every = timedelta(days=instrument.cadence.every_days or 14)
            for person_id in people:
                last = (
                    Assignment.objects.filter(person_id=person_id, key=key)
                    .order_by("-due_on")
                    .first()
                )
                due = day + timedelta(days=2) if last is None else last.due_on + every
                if opens_and_closes(due)[0] <= day:
                    _assign(person_id, instrument, max(due, day))
                    count += 1
    return count


def note_missed(today: date | None = None) -> int:
    """Tell the counselor of two missed forms in a row (I-14); daily, returns how many tasks."""
    day = today or timezone.localdate()
    count = 0
    with as_service("forms"):
        closed = list(Assignment.objects.filter(closes_on=day - timedelta(days=1), done_at=None))
        for form in closed:
            lately = Assignment.objects.filter(
                person_id=form.person_id, key=form.key, due_on__lte=form.due_on
            ).order_by("due_on")
            answered = [one.done_at is not None for one in lately]
            if tell_after_misses(answered):
                due = timezone.now() + timedelta(days=1)
                _task(form.person_id, "I-14", _("Two forms in a row were not answered."), due)
                count += 1
    return count
