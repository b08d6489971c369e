"""Background work of this room: thin calls."""

from __future__ import annotations

from procrastinate.contrib.django import app

from mutual.privacy.sender import send_due
from mutual.privacy.watch import look


@app.periodic(cron="* * * * *")  # type: ignore[untyped-decorator]
@app.task(name="privacy.notices", queueing_lock="privacy.notices")  # type: ignore[untyped-decorator]
def send_notices_task(timestamp: int) -> None:
    """Every minute: the neutral notices that are due (P-49)."""
    send_due()


@app.periodic(cron="7 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="privacy.watch", queueing_lock="privacy.watch")  # type: ignore[untyped-decorator]
def watch_task(timestamp: int) -> None:
    """Each hour: what in the trail somebody should look at (P-87, P-88)."""
    look()
