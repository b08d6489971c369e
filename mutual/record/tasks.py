"""Background work of this room: thin calls of actions."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app

from mutual.record import care_dates, release


@app.periodic(cron="30 6 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="care-dates", pass_context=False)  # type: ignore[untyped-decorator]
def dates_of_the_day(timestamp: int) -> None:
    """Tasks for first visits and kits (C-84, C-90)."""
    with transaction.atomic():
        care_dates.look_at_dates()


@app.periodic(cron="* * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="record-releases", pass_context=False)  # type: ignore[untyped-decorator]
def releases_of_the_minute(timestamp: int) -> None:
    """Let prepared copies go, or withdraw them (P-21)."""
    release.carry_out_waiting()
