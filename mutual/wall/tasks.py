"""Background work of the wall: thin calls."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from procrastinate.contrib.django import app

from mutual.wall import heads


@app.periodic(cron="50 23 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="audit-head", pass_context=False)  # type: ignore[untyped-decorator]
def audit_head_of_the_day(timestamp: int) -> None:
    """Copy the head of the audit out of the database (P-89)."""
    with transaction.atomic():
        heads.copy_head(datetime.fromtimestamp(timestamp, UTC).date())
