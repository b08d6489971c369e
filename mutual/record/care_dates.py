"""Dates that nobody may forget: first medical visit, a naloxone kit's end, the decision of a stay
(C-84, C-90, C-29).

Run daily as the service ``care_dates``, which sees dates alone and writes tasks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.episode.models import Episode
from mutual.record import medicine_rules as rules
from mutual.record import staying
from mutual.record.care_tasks import write_task
from mutual.record.models import NaloxoneOffer
from mutual.wall.context import as_service
from mutual.week.models import Session

#: Days before the first visit is due on which a missing one becomes a task.
VISIT_WARNS = 2
#: Who does what is medical: the prescriber, else the own counselor.
MEDICAL_FIRST = ("prescriber", "counselor")


def look_at_dates(now: datetime | None = None) -> int:
    """Write the tasks that are due; each once. Returns how many were written."""
    moment = now or timezone.now()
    zone = ZoneInfo(settings.PROGRAMME_ZONE)
    today = moment.astimezone(zone).date()
    with as_service("care_dates"):
        admitted = Episode.objects.filter(stage="admitted", closed_on__isnull=True)
        stays = {who: day for who, day in admitted.values_list("person_id", "admitted_on") if day}
        count = 0
        for person_id in _kits(stays, today):
            words = _("A naloxone kit ends soon: replace it.")
            count += write_task(person_id, "C-84", words, moment, today, MEDICAL_FIRST)
        for person_id in _without_visit(stays, today):
            last = stays[person_id] + timedelta(days=rules.FIRST_VISIT_DAYS)
            due = datetime.combine(max(last, today), time(17), zone)
            words = _("Book the first medical visit.")
            count += write_task(person_id, "C-90", words, due, today, MEDICAL_FIRST)
        count += staying.write_tasks(stays, today)
    return count


def _kits(people: Iterable[UUID], today: date) -> list[UUID]:
    newest: dict[UUID, NaloxoneOffer] = {}
    rows = NaloxoneOffer.objects.filter(person_id__in=list(people))
    for row in rows.order_by("offered_on", "id"):
        newest[row.person_id] = row
    return [
        who
        for who, row in newest.items()
        if row.taken and row.expires_on and rules.kit_due(row.expires_on, today)
    ]


def _without_visit(stays: dict[UUID, date], today: date) -> list[UUID]:
    """Who nears the end of the first days without a visit held or booked."""
    near = [
        who
        for who, admitted in stays.items()
        if today >= admitted + timedelta(days=rules.FIRST_VISIT_DAYS - VISIT_WARNS)
    ]
    seen = set(
        Session.objects.filter(kind="medical_visit", subject_of="P", subject_id__in=near)
        .exclude(status="cancelled")
        .values_list("subject_id", flat=True)
    )
    return [who for who in near if who not in seen]
