"""How a couple's care goes over the weeks: patterns of their sessions, balance of their hours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mutual.base import zones
from mutual.record import course
from mutual.record.course import Seen, Week
from mutual.staff.gate import staff_only
from mutual.staff.views.couples import READERS, header
from mutual.wall.web import ActorRequest


@require_safe
@staff_only(*READERS)
def page(request: ActorRequest, public_id: UUID, lane: str) -> HttpResponse:
    """Of the couple in *ours*, of one partner in their own record; what the reader may see."""
    head = header(request.actor, public_id, lane)
    row, today = head["row"], timezone.localdate()
    partners = [p for p in (row.a, row.b) if lane in ("ours", p.side)]
    shown = [p for p in partners if f"hours_{p.side}" in head["open"]]
    weeks = course.balance(request.actor, [p.person_id for p in shown], today)
    seen = course.seen(request.actor, row.id, today) if lane == "ours" else None
    return render(
        request,
        "staff/couples/course.html",
        {
            **head,
            "seen": seen,
            "days": [zones.day(monday) for monday in seen.weeks] if seen else [],
            "series": _series(seen) if seen else [],
            "balance": [_balance(p.name, p.side, weeks[p.person_id]) for p in shown],
        },
    )


def _series(seen: Seen) -> list[dict[str, Any]]:
    return [
        {"name": _("What strains"), "side": "mine", "values": seen.share(helps=False)},
        {"name": _("What carries"), "side": "ours", "values": seen.share(helps=True)},
    ]


def _balance(name: str, side: str, weeks: list[Week]) -> dict[str, Any]:
    return {
        "name": name,
        "side": side,
        "heads": [words for words, _minutes in weeks[0].parts],
        "rows": [
            (zones.day(week.monday), [minutes for _words, minutes in week.parts], week.total)
            for week in weeks
        ],
    }
