"""Background work of this room: thin calls of actions."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app

from mutual.measures import actions


@app.periodic(cron="10 6 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="forms", pass_context=False)  # type: ignore[untyped-decorator]
def forms_of_the_day(timestamp: int) -> None:
    """Give out what is due and tell of what was missed (I-14)."""
    with transaction.atomic():
        actions.give_out_forms()
        actions.note_missed()
