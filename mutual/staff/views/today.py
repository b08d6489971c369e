"""A clinician's day: sessions, what needs them, hours planned this week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from mutual.base import zones
from mutual.base.nav import staff_items
from mutual.people.roles import ROLES
from mutual.people.tasks_of import finish_task, open_tasks
from mutual.record.queries import unsigned
from mutual.staff.gate import staff_only
from mutual.wall.web import ActorRequest
from mutual.week.queries import WAKES, SessionRow, hours_of_couples, sessions_of_staff
from mutual.week.templates import monday_of

#: Couples whose hours are shown; the rest are on the week's own page.
SHOWN = 8
#: What is found behind an entry of the rail, for who holds no sessions.
PLACES = {
    "couples": gettext_lazy("Couples in care and in screening"),
    "week": gettext_lazy("Planned sessions and attendance"),
    "admissions": gettext_lazy("Who asked, and who waits for an answer"),
    "billing": gettext_lazy("Days to bill, what is held and why, claims"),
    "programme": gettext_lazy("Who is in care, whose week is short"),
    "privacy": gettext_lazy("Consents in force and taken back, disclosures"),
    "oncall": gettext_lazy("Who is on call, and a record in an emergency"),
    "audit": gettext_lazy("The records of your audit, on its days"),
}


@staff_only()
def page(request: ActorRequest) -> HttpResponse:
    """The day."""
    now = timezone.now()
    zone = getattr(request.user, "zone", "") or settings.PROGRAMME_ZONE
    local = now.astimezone(zones.zone(zone))
    roles = request.actor.roles
    clinical = any(ROLES[role].clinical for role in roles if role in ROLES)
    keys = {item.key for item in staff_items(roles)}
    rows = sessions_of_staff(request.actor, local.date(), zone)
    following = next((r for r in rows if r.end > now and r.status != "ended"), None)
    total = zones.duration(sum(row.minutes for row in rows))
    return render(
        request,
        "staff/today/page.html",
        {
            "rail": "today",
            "zone": zone,
            "day": date_format(local, "l j F"),
            "time": zones.when(now, zone),
            "rows": [(row, _state(row, now, zone), row is following) for row in rows],
            "note": ngettext("%(n)d today, %(time)s", "%(n)d today, %(time)s", len(rows))
            % {"n": len(rows), "time": total}
            if rows
            else "",
            "needs": _needs(request, now, zone),
            "hours": _hours(request, now) if "week" in keys else [],
            "opens_week": "week" in keys,
            "places": [] if rows or clinical else _places(roles),
        },
    )


def _places(roles: Iterable[str]) -> list[tuple[str, object, object, str]]:
    """Where the work of somebody without sessions is: icon, words, what is there, address."""
    return [
        (item.icon, item.words, PLACES[item.key], item.href)
        for item in staff_items(roles)
        if item.key in PLACES
    ]


def _state(row: SessionRow, now: datetime, zone: str) -> tuple[str, str]:
    """The state of a session in words, with its tone."""
    if row.status == "running":
        return _("Open now"), "ok"
    if row.end <= now or row.status == "ended":
        if row.unconfirmed:
            words = ngettext(
                "%(n)d person not confirmed", "%(n)d people not confirmed", row.unconfirmed
            )
            return words % {"n": row.unconfirmed}, "warn"
        return _("Done"), "ok"
    opens = row.start - WAKES
    if opens <= now:
        return _("Opens now"), ""
    return _("Opens at %(time)s") % {
        "time": zones.clock(opens.astimezone(zones.zone(zone)), half_day=False)
    }, ""


def _needs(request: ActorRequest, now: datetime, zone: str) -> list[dict[str, object]]:
    """Notes to finish, then tasks by when they are due."""
    found: list[dict[str, object]] = []
    notes = unsigned(request.actor, now=now)
    if notes:
        words = ngettext("%(n)d note to finish", "%(n)d notes to finish", len(notes))
        found.append(
            {
                "icon": "square-pen",
                "words": words % {"n": len(notes)},
                "detail": _("Oldest: %(day)s") % {
                    "day": zones.day(notes[0].session.during.lower, zone)
                },
                "href": f"/staff/notes/for/{notes[0].session.public_id}/",
                "due": _("late") if notes[0].overdue else zones.day(notes[0].due, zone),
                "tone": "warn" if notes[0].overdue else "",
            }
        )  # fmt: skip
    for task in open_tasks(request.actor):
        soon = task.due.astimezone(zones.zone(zone)).date() <= timezone.localdate(
            now, zones.zone(zone)
        )
        late = task.due < now
        when = zones.when(task.due, zone) if soon else zones.day(task.due, zone)
        found.append(
            {
                "icon": "phone" if task.rule == "C-57" else "circle-check",
                "words": task.name or _("Task"),
                "detail": task.text,
                "done": task.public_id,
                "due": _("late") if late else _("by %(when)s") % {"when": when} if soon else when,
                "tone": "warn" if soon else "",
            }
        )
    return found


def _hours(request: ActorRequest, now: datetime) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for hours in hours_of_couples(request.actor, monday_of(now), SHOWN):
        if hours.bars:
            a, b = hours.people
            found.append(
                {
                    "words": _("%(a)s and %(b)s") % {"a": a.name, "b": b.name},
                    "href": f"/staff/week/{hours.couple.public_id}/",
                    "bars": hours.bars,
                }
            )
    return found


@require_POST
@staff_only()
def done(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A task is done."""
    finish_task(request.actor, public_id)
    return redirect("staff-today")
