"""Somebody leaves: everything they could open ends in one action, what they leave is named (P-86).

Sessions with their open pages, keys, roles, places on care teams, shifts and running emergencies
end in the same transaction, and stand in the journal outside the database, so that no restored
backup lets them in again. What others must take over is counted, and each person they cared for
becomes a task of whoever did this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise
from psycopg.types.range import DateRange

from mutual.base.refusal import NotThere, Refused
from mutual.episode.models import CareAssignment
from mutual.people import devices
from mutual.people.journal import account_closed
from mutual.people.models import Account, Departure, KnownDevice, Staff, StaffTask
from mutual.privacy import oncall
from mutual.privacy.models import OnCallShift
from mutual.record.models import Note
from mutual.wall import audit
from mutual.wall.context import Actor, as_service, current
from mutual.wall.relations import end_all_of
from mutual.week.models import Session

SERVICE = "offboarding"
#: Who may end a colleague's access; never their own.
MAY = ("director", "privacy_officer")
#: Somebody else is found for each person within this time.
HAND_OVER = timedelta(days=2)
#: Lines of the report: key, words, and whether somebody must take it over.
REPORT: tuple[tuple[str, StrPromise, bool], ...] = (
    ("sessions", gettext_lazy("Sessions of sign-in ended, with every open page"), False),
    ("keys", gettext_lazy("Passkeys, code apps and paper codes removed"), False),
    ("relations", gettext_lazy("Rights on records ended"), False),
    ("shifts", gettext_lazy("Shifts on call ended or taken back"), False),
    ("people", gettext_lazy("People without this member of their team"), True),
    ("meetings", gettext_lazy("Planned sessions to move or to hand over"), True),
    ("notes", gettext_lazy("Notes that were never signed"), True),
    ("tasks", gettext_lazy("Open tasks of theirs"), True),
    ("trainees", gettext_lazy("Colleagues they supervised"), True),
)


@dataclass(frozen=True)
class Line:
    """One line of the report."""

    words: str
    count: int
    taken_over: bool


def report(departure: Departure) -> list[Line]:
    """What was found and ended, in words."""
    found = departure.found
    return [Line(str(words), int(found.get(key, 0)), by_others) for key, words, by_others in REPORT]


def colleague(actor: Actor, public_id: UUID) -> Staff:
    """A member of staff, for those who may end access.

    Raises:
        NotThere: for everybody else.
    """
    found = Staff.objects.filter(public_id=public_id).first()
    if found is None or not actor.has(*MAY):
        raise NotThere
    return found


def leave(actor: Actor, staff: Staff, *, now: datetime | None = None) -> Departure:
    """End everything of a colleague who leaves; a second time is no error (F-13).

    Raises:
        NotThere: for whoever may not do this.
        Refused: for oneself: somebody else does it, with both looking.
    """
    if not actor.has(*MAY):
        raise NotThere
    if staff.id == actor.id:
        raise Refused(_("Your own leaving is done by somebody else."), rule="P-86")
    done = Departure.objects.filter(staff=staff).first()
    if done is not None:
        return done
    moment = now or timezone.now()
    with transaction.atomic():
        found: dict[str, int] = {"sessions": 0, "keys": 0}
        account = Account.objects.filter(actor_id=staff.id).first()
        if account is not None:
            found |= _close(account, moment)
        with as_service(SERVICE):
            found |= _left_behind(staff, moment)
            people = _assignments(staff, moment)
            found["people"] = len(people)
            found["shifts"] = _shifts(staff, moment)
            found["relations"] = end_all_of(staff.id, moment)
            for person in people:
                _hand_over(person, actor.sure_id, staff, moment)
        staff.active_until = timezone.localdate(moment)
        staff.save(update_fields=["active_until"])
        row = Departure(staff=staff, by_id=actor.sure_id, at=moment, found=found)
        row.save(force_insert=True)
        audit.note("role", "staff", None, staff.id, "left")
    return row


def _close(account: Account, moment: datetime) -> dict[str, int]:
    ended = devices.end_all(account)
    keys = Authenticator.objects.filter(user=account)
    count = keys.count()
    keys.delete()
    KnownDevice.objects.filter(account=account).delete()
    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["is_active", "password"])
    account_closed(account.actor_id, moment)
    return {"sessions": ended, "keys": count}


def _left_behind(staff: Staff, moment: datetime) -> dict[str, int]:
    return {
        "meetings": Session.objects.filter(
            clinician=staff, status="planned", during__endswith__gt=moment
        ).count(),
        "notes": Note.objects.filter(author_id=staff.id, signed_at__isnull=True).count(),
        "tasks": StaffTask.objects.filter(addressee_id=staff.id, done_at__isnull=True).count(),
        "trainees": Staff.objects.filter(supervisor=staff, active_until__isnull=True).count(),
    }


def _assignments(staff: Staff, moment: datetime) -> list[UUID]:
    """End the places on care teams; returns whose."""
    today = timezone.localdate(moment)
    people: list[UUID] = []
    for row in CareAssignment.objects.filter(staff=staff).select_for_update():
        if row.during.isempty or (row.during.upper is not None and row.during.upper <= today):
            continue
        row.during = DateRange(row.during.lower, max(today, row.during.lower))
        row.save(update_fields=["during"])
        if row.person_id not in people:
            people.append(row.person_id)
    return people


def _shifts(staff: Staff, moment: datetime) -> int:
    count = 0
    for row in OnCallShift.objects.filter(staff=staff):
        over = oncall.rest_of(row, moment)
        if over is not None:
            OnCallShift.objects.filter(id=row.id).update(during=over)
            count += 1
    return count


def _hand_over(person: UUID, to: UUID, staff: Staff, moment: datetime) -> None:
    StaffTask(
        person_id=person,
        author_id=current().sure_id,
        addressee_id=to,
        rule="P-86",
        text=_("%(name)s has left. Put somebody else on this team.") % {"name": staff.name},
        due=moment + HAND_OVER,
    ).save(force_insert=True)
