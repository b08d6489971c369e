"""Background work of this room: thin calls of actions."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app

from mutual.episode import actions


@app.periodic(cron="20 0 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="clearances", pass_context=False)  # type: ignore[untyped-decorator]
def clearances_of_the_day(timestamp: int) -> None:
    """Close what is overdue (C-20) and couple episodes held for 30 days (C-97)."""
    with transaction.atomic():
        actions.refresh_all_clearances()
        actions.close_lapsed()
