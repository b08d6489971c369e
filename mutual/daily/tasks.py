"""Background work of this room: thin calls of actions."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app

from mutual.daily.actions.checkins import look_for_silence
from mutual.daily.actions.contract import refresh_all_parts


@app.periodic(cron="10 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="daily.silence", queueing_lock="daily.silence")  # type: ignore[untyped-decorator]
def silence_of_the_hour(timestamp: int) -> None:
    """Days close at noon in each person's own zone, so this looks every hour (I-22, I-23)."""
    with transaction.atomic():
        look_for_silence()


@app.periodic(cron="40 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="daily.parts", queueing_lock="daily.parts")  # type: ignore[untyped-decorator]
def parts_of_the_hour(timestamp: int) -> None:
    """Let tiles go whose 72 h are over (C-50)."""
    with transaction.atomic():
        refresh_all_parts()
