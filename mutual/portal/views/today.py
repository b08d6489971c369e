"""*Today*: one next step, then what is mine, what is ours, what is left of the week."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutual.base import zones
from mutual.daily import queries, readers, rules
from mutual.daily.queries import Self, WeekAhead
from mutual.episode.queries import week_sentence
from mutual.portal.crisis import plan_href
from mutual.portal.gate import partner_only
from mutual.wall.web import ActorRequest
from mutual.week.queries import WAKES, SeatRow

#: Sessions in the list.
LISTED = 3


def _greeting(me: Self, now: datetime) -> str:
    words = {
        "morning": _("Good morning, %(name)s"),
        "afternoon": _("Good afternoon, %(name)s"),
        "evening": _("Good evening, %(name)s"),
        "night": _("Good night, %(name)s"),
    }
    return words[rules.greeting(now.astimezone(me.zone))] % {"name": me.name}


def _title(row: SeatRow) -> str:
    """What a session is called where the partner may look on (P-68)."""
    return _("Class, side by side") if row.attendance == "side" else row.neutral


def _session(row: SeatRow, me: Self, now: datetime) -> dict[str, Any]:
    """The next session as the one next step."""
    title = _title(row)
    if row.kind == "conjoint" and row.clinician:
        title = _("Session with %(name)s, your couples therapist") % {"name": row.clinician}
    minutes = math.ceil((row.start - now) / timedelta(minutes=1))
    if minutes <= 0:
        chip = _("now")
    elif minutes <= 90:
        chip = ngettext("in %(n)d minute", "in %(n)d minutes", minutes) % {"n": minutes}
    else:
        chip = _("today")
    return {
        "row": row,
        "title": title,
        "chip": chip,
        "awake": row.opens(now),
        "opens": zones.when(row.start - WAKES, me.zone),
        "href": f"/join/{row.session_public_id}/",
        "box": {"together": "ours", "apart": "mine"}.get(row.attendance, ""),
        "line": "mine" if row.attendance == "apart" else row.attendance,
    }


def _day_word(row: SeatRow, me: Self) -> str:
    local = row.start.astimezone(me.zone)
    if local.date() == me.today:
        return _("Tonight") if local.hour >= 17 else _("Today")
    return date_format(local, "D" if (local.date() - me.today).days < 7 else "j M")


def _agenda(rows: tuple[SeatRow, ...], me: Self) -> list[tuple[str, str, str, str]]:
    return [
        (
            _day_word(row, me),
            row.attendance,
            _title(row),
            zones.clock(row.start.astimezone(me.zone)),
        )
        for row in rows
    ]


def _step(me: Self, ahead: WeekAhead, now: datetime) -> dict[str, Any]:
    """The one next step: the session of today, else the check-in, else something to sign or fill
    in, else a kind sentence with the next date (interface 1)."""
    row = ahead.next_today(me)
    if row is not None:
        return {"kind": "session", **_session(row, me, now)}
    if not me.checked_in:
        return {"kind": "check_in"}
    if me.consent_due:
        return {"kind": "consent", "href": f"/me/consents/{me.consent_due}/"}
    if me.form_due:
        return {"kind": "form", "href": f"/forms/{me.form_due}/"}
    detail = ""
    if ahead.coming:
        first = ahead.coming[0]
        local = first.start.astimezone(me.zone)
        detail = _("Next: %(day)s, %(time)s") % {
            "day": zones.day(first.start, me.zone),
            "time": zones.clock(local),
        }
    return {"kind": "rest", "detail": detail}


def _team(me: Self) -> dict[str, list[str]]:
    """The team on the first day: mine, shared, the other's."""
    mine = readers.names_by_relation([me.person_id]).get("own_counselor", [])
    couple = readers.names_by_relation([me.couple_id] if me.couple_id else [])
    return {
        "mine": mine,
        "shared": couple.get("couples_therapist", []),
        "theirs": [n for n in couple.get("own_counselor", []) if n not in mine],
    }


@partner_only
def page(request: ActorRequest) -> HttpResponse:
    """The page."""
    now = timezone.now()
    me = queries.myself(request.actor, now)
    ahead = queries.week_ahead(request.actor, now)
    sentence = ""
    if ahead.side_by_side and me.couple_id is not None:
        sentence = week_sentence(me.couple_id, me.today)
    left = ngettext("This week: %(n)d session left", "This week: %(n)d sessions left", ahead.left)
    return render(
        request,
        "portal/today/page.html",
        {
            "tab": "today",
            "reader_zone": me.zone,
            "greeting": _greeting(me, now),
            "me": me,
            "step": _step(me, ahead, now),
            "team": _team(me) if me.first_day else None,
            "trust": me.contract and not ahead.side_by_side,
            "sentence": sentence,
            "left": _("This week") if sentence or not ahead.left else left % {"n": ahead.left},
            "agenda": _agenda(ahead.coming[:LISTED], me),
            "plan_href": plan_href(),
        },
    )
