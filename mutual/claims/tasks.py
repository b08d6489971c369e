"""Background work of this room: thin calls of actions."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app

from mutual.claims import actions


@app.periodic(cron="40 8 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="programme_days", pass_context=False)  # type: ignore[untyped-decorator]
def days_of_the_night(timestamp: int) -> None:
    """Check the programme days of everybody, so that billing opens to a fresh list."""
    with transaction.atomic():
        actions.check_days()
