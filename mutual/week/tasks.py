"""Jobs of the week: reminders, proposals, waiting lists, the forecast."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from mutual.week.reminders import remind


@app.periodic(cron="*/5 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="week.remind", queueing_lock="week.remind")  # type: ignore[untyped-decorator]
def remind_task(timestamp: int) -> None:
    """Every five minutes."""
    remind()


@app.task(name="week.propose", pass_context=False)  # type: ignore[untyped-decorator]
def propose_task(proposal: str) -> None:
    """Work one proposal out; its id is all the job knows."""
    from mutual.week.bridge.proposing import work_out

    work_out(UUID(proposal))


@app.periodic(cron="15 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="week.waiting", queueing_lock="week.waiting")  # type: ignore[untyped-decorator]
def waiting_task(timestamp: int) -> None:
    """Every hour: offers lapse, the next on each waiting list get theirs."""
    from mutual.week.waiting import fill_all

    fill_all()


@app.periodic(cron="5 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="week.forecast", queueing_lock="week.forecast")  # type: ignore[untyped-decorator]
def forecast_task(timestamp: int) -> None:
    """Every hour: from Wednesday 11:00 on counselors learn whose week ends short."""
    from mutual.week.forecast import tell_by_wednesday

    tell_by_wednesday()
