"""The day's check-in, and what it asks of the own counselor (I-20 to I-23)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.daily.models import CheckIn, CheckInBody, OwnMessage
from mutual.episode.models import CareAssignment, Episode
from mutual.measures import daily as rules
from mutual.people.models import Person, StaffTask
from mutual.plan.actions import review_at_once
from mutual.wall import audit
from mutual.wall.context import Actor, as_service, current
from mutual.wall.models import Notice

_TASKS = {
    "used": ("C-85", "Told of use: reach out today, then the steps after a return to use."),
    "in_person": ("I-22", "Would rather say in person: reach out."),
    "call_me": ("I-22", "Asks for a call."),
    "urge": ("I-22", "A strong urge: reach out."),
}


def check_in(
    actor: Actor,
    fields: Mapping[str, str],
    *,
    call_me: bool = False,
    day: date | None = None,
    now: datetime | None = None,
) -> tuple[rules.Trigger, ...]:
    """Take a person's check-in for their local day (today unless ``day`` is given).

    What it sets off reaches the own counselor in the same transaction; the answer says whether the
    coping page opens now (I-22).

    Raises:
        Refused: a required field missing or out of its scale (I-21), a closed day (I-23), a day
            already given.
        NotThere: for anybody but a person in care.
    """
    moment = now or timezone.now()
    person = Person.objects.filter(id=actor.sure_id).first() if actor.is_person else None
    if person is None:
        raise NotThere
    zone = ZoneInfo(person.zone)
    on = day or moment.astimezone(zone).date()
    rules.refuse_closed_day(on, moment, zone)
    entry = rules.read(on, fields, call_me=call_me)
    row = CheckIn(person=person, day=on, given_at=moment)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("You have checked in for this day. Thank you."), rule="I-23") from error
    CheckInBody(
        checkin=row,
        person=person,
        urge=entry.urge,
        used=entry.used,
        mood=entry.mood,
        sleep=entry.sleep,
        medicine=entry.medicine or "",
        call_me=entry.call_me,
    ).save(force_insert=True)
    audit.note("write", "checkin", person.id, row.id)
    found = rules.triggers(entry, _entry(person.id, on - timedelta(days=1)))
    for trigger in found:
        rule, words = _TASKS[trigger.kind]
        _task(person.id, rule, _(words), moment + trigger.within)
        if trigger.kind == "used":
            review_at_once(person.id, "return_to_use", timezone.localdate(moment))
    return found


def _entry(person_id: UUID, day: date) -> rules.CheckIn | None:
    body = CheckInBody.objects.filter(person_id=person_id, checkin__day=day).first()
    if body is None:
        return None
    return rules.CheckIn(day, body.urge, body.used, body.mood)  # type: ignore[arg-type]


def _task(person_id: UUID, rule: str, words: str, due: datetime) -> None:
    """A task for the own counselor, out of the person's own sight (access table, staff_task)."""
    with as_service("checkin_triggers"):
        counselor = _counselor(person_id, due.date())
        if counselor is None:
            raise Refused(
                _("Your answers could not be sent. Please call us, or 988 in a crisis."),
                rule=rule,
            )
        StaffTask(
            person_id=person_id,
            author_id=current().sure_id,
            addressee_id=counselor,
            rule=rule,
            text=words,
            due=due,
        ).save(force_insert=True)


def _counselor(person_id: UUID, on: date) -> UUID | None:
    return (
        CareAssignment.objects.filter(person_id=person_id, role="counselor", during__contains=on)
        .order_by("-during")
        .values_list("staff_id", flat=True)
        .first()
    )


def look_for_silence(now: datetime | None = None) -> int:
    """Three closed days without a check-in: one kind message and the counselor's list (I-22).

    Runs as the service, which sees dates and never an answer. Returns how many were written to.
    """
    moment = now or timezone.now()
    count = 0
    with as_service("checkin_triggers"):
        stays = Episode.objects.filter(stage="admitted", admitted_on__isnull=False).values_list(
            "person_id", "admitted_on", "person__zone"
        )
        for person_id, admitted_on, zone_name in stays:
            last_closed = min(rules.open_days(moment, ZoneInfo(zone_name))) - timedelta(days=1)
            given = (
                CheckIn.objects.filter(person_id=person_id, day__lte=last_closed)
                .order_by("-day")
                .values_list("day", flat=True)
                .first()
            )
            assert admitted_on is not None
            last = given or admitted_on - timedelta(days=1)
            if rules.silence(last, last_closed) == "message_and_list":
                count += _write_kindly(person_id, last, moment)
    return count


def _write_kindly(person_id: UUID, last: date, moment: datetime) -> int:
    since = moment - timedelta(days=rules.SILENT_DAYS)
    me = current().sure_id
    written = StaffTask.objects.filter(
        person_id=person_id, author_id=me, rule="I-22", text=_silent_words(), due__gt=since
    ).exists()
    counselor = _counselor(person_id, timezone.localdate(moment))
    if written or counselor is None:
        return 0
    OwnMessage(
        person_id=person_id,
        author_id=me,
        addressee_id=person_id,
        text=_(
            "We have been thinking of you. Nothing is wrong and nothing is owed: whenever you "
            "like, one minute is enough, or write to your counselor here."
        ),
        sent_at=moment,
    ).save(force_insert=True)
    Notice.objects.bulk_create(
        [Notice(viewer_id=person_id, occasion=f"kind:{last}", due=moment)], ignore_conflicts=True
    )
    StaffTask(
        person_id=person_id,
        author_id=me,
        addressee_id=counselor,
        rule="I-22",
        text=_silent_words(),
        due=moment + timedelta(days=1),
    ).save(force_insert=True)
    return 1


def _silent_words() -> str:
    # staff: a task, in the language of those who do it
    return _("Three days without a check-in.")
