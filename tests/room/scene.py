"""Scenes for the browser: written into the running server's database (tests/browser/live.py)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mutual.room.seats import seat_name
from mutual.wall.testing import acting_as
from tests.room import factories as make
from tests.world import id_of


def couple() -> dict[str, str]:
    """A couples session that is about to begin; where its page is and whose seat is whose."""
    session = make.conjoint(timezone.now() + timedelta(minutes=3))
    seats = {name: seat_name(session.id, id_of(name)) for name in ("reyes", "ana", "ben")}
    return {"session": str(session.public_id), **seats}


def at_the_door(session: str, *names: str) -> None:
    """People who confirmed and tapped: their page may wait."""
    from mutual.week.models import Session

    with acting_as(id_of("reyes"), "staff"):
        row = Session.objects.get(public_id=session)
    for name in names:
        make.confirm(name, row)
        make.taps(name, row, "alone", "go")


def minutes(session: str) -> list[dict[str, Any]]:
    """How many stretches were measured of each person."""
    from mutual.room.models import Presence

    with acting_as(id_of("reyes"), "staff"):
        rows = Presence.objects.filter(session__public_id=session).order_by("since")
        return [
            {"ana": r.person_id == id_of("ana"), "seconds": (r.until - r.since).total_seconds()}
            for r in rows
        ]


def cleared(session: str) -> None:
    """Make way for the next scene: nobody can be booked twice at once."""
    from mutual.week.actions import cancel
    from mutual.week.models import Session

    with acting_as(id_of("reyes"), "staff") as actor:
        row = Session.objects.get(public_id=session)
        if row.status == "ended":
            from mutual.wall.context import as_service
            from mutual.week.booking import free

            with as_service("rosters"):
                free(row)
        else:
            cancel(actor, row, reason="scene over")
