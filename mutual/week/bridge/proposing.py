"""A proposal for a programme week: asked for, worked out by a job, kept beside today's week."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import NotThere, Refused
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.week.bridge.asking import ask
from mutual.week.bridge.question import Question, Section, Wanted
from mutual.week.bridge.reading import Programme
from mutual.week.kinds import KINDS
from mutual.week.models import Proposal, ProposedSession, Session
from mutual.week.templates import week_span

#: Who plans every week of the programme.
PLANNERS = ("admissions",)
SECONDS = (5, 10, 30, 60)


def propose(
    actor: Actor, monday: date, *, seconds: int = 10, repair: bool = False,
    now: datetime | None = None,
) -> Proposal:  # fmt: skip
    """Ask for a week: a new one for couples not published yet, or a repair of what stands.

    A repair looks at every couple's week and moves as few sessions as it can, after a
    cancellation, a day away or a new "never". Nothing is booked before somebody accepts it.

    Raises:
        Refused: another one is being worked out, or the week is over.
        NotThere: for who doesn't plan every week.
    """
    if not actor.has(*PLANNERS):
        raise NotThere
    moment = now or timezone.now()
    if monday.weekday() or week_span(monday)[1] <= moment:
        raise Refused(_("Choose a week that is not over."), field="monday")
    if seconds not in SECONDS:
        raise Refused(_("Choose how long it may think."), field="seconds")
    if Proposal.objects.filter(monday=monday, state__in=["waiting", "running"]).exists():
        raise Refused(_("A proposal for this week is being worked out already."), field="monday")
    made = Proposal(
        monday=monday, seconds=seconds, repair=repair, asked_by=actor.sure_id, asked_at=moment
    )
    made.save(force_insert=True)
    audit.note("write", "group_roster", None, made.id, "a week is proposed")
    return made


def work_out(proposal_id: UUID, *, now: datetime | None = None, seconds: float = 0) -> None:
    """Read the week, solve it, keep the answer: three transactions, so that progress is seen.

    A proposal that is not waiting is left alone, so a job that is run twice works once. The
    solver is imported here alone. ``seconds`` stands instead of those it was given.
    """
    from mutual.week.solver.parse import read
    from mutual.week.solver.search import Effort, Progress
    from mutual.week.solver.solving import solve

    moment = now or timezone.now()
    with transaction.atomic(), as_service("week_planner"):
        found = Proposal.objects.select_for_update().filter(id=proposal_id).first()
        if found is None or found.state != "waiting":
            return
        found.state, found.started_at = "running", timezone.now()
        found.save(update_fields=["state", "started_at"])
        week = Programme(found.monday, repair=found.repair, now=moment)
        question = ask(week)
    if not question.wants:
        _note(proposal_id, state="nothing", conflicts=[_("No couple waits for a plan that week.")])
        return

    def tell(progress: Progress) -> None:
        _note(proposal_id, missing=progress.missing, cost=min(progress.cost, 2_000_000_000))

    try:
        result = solve(
            read(question.raw),
            Effort(seconds or float(found.seconds)),
            before=question.before if found.repair else None,
            tell=tell,
        )
    except Exception:
        _note(proposal_id, state="failed")
        raise
    with transaction.atomic(), as_service("week_planner"):
        kept = Proposal.objects.select_for_update().get(id=proposal_id)
        kept.state = "ready" if result.sessions and not result.impossible else "nothing"
        kept.conflicts = list(result.conflicts)
        kept.notes = [*result.moves, *result.notes]
        kept.missing, kept.proved = len(result.unplaced), bool(result.proved)
        kept.cost = result.objective
        kept.done_at = timezone.now()
        if kept.state == "ready":
            _keep(kept, week, question, result.sessions)
        kept.save()


def _note(proposal_id: UUID, **values: Any) -> None:
    if values.get("state") in ("nothing", "failed"):
        values["done_at"] = timezone.now()
    with transaction.atomic(), as_service("week_planner"):
        Proposal.objects.filter(id=proposal_id).update(**values)


def _keep(
    proposal: Proposal, week: Programme, question: Question, sessions: list[dict[str, Any]]
) -> None:
    """One row for each session of the answer, and for each that ends."""
    whose = {one.who(p): p for one in week.couples for p in one.people}
    rows: list[ProposedSession] = []
    standing: set[UUID] = set()
    for one in sessions:
        start = datetime.fromisoformat(one["start"].replace("Z", "+00:00"))
        end = datetime.fromisoformat(one["end"].replace("Z", "+00:00"))
        during = TimestamptzRange(start, end)
        staff = week.by_name[one["staff"][0]]
        if one.get("group"):
            row = _of_group(week, question.sections[one["group"]], one, during, staff, whose)
        else:
            want = question.wants[one["id"]]
            if want.pinned:
                continue
            row = _of_want(want, during, staff)
        row.proposal = proposal
        if row.session_id:
            standing.add(row.session_id)
        rows.append(row)
    for want in question.wants.values():
        # Repair: what found no place any more.
        gone = want.session if want.kind.subject != "G" else None
        if gone is not None and not want.pinned and gone.id not in standing:
            row = _of_want(want, gone.during, gone.clinician_id)
            row.proposal, row.change = proposal, "gone"
            rows.append(row)
    ProposedSession.objects.bulk_create(rows)


def _of_want(want: Wanted, during: TimestamptzRange, staff: UUID) -> ProposedSession:
    old = want.session
    change = "new"
    if old is not None:
        change = "same" if old.during.lower == during.lower else "move"
        if change == "same" and old.clinician_id != staff:
            change = "staff"
    subject = want.pair.id if want.kind.subject == "C" else want.people[0]
    return ProposedSession(
        kind=want.kind.key, subject_of=want.kind.subject, subject_id=subject,
        clinician_id=staff, during=during, people=list(want.people), session=old, change=change,
    )  # fmt: skip


def _of_group(
    week: Programme,
    section: Section,
    one: dict[str, Any],
    during: TimestamptzRange,
    staff: UUID,
    whose: dict[str, UUID],
) -> ProposedSession:
    people = [whose[who] for who in one["attendees"]]
    old: Session | None = section.session
    change = "new"
    if old is not None:
        seated = set(week.seated(old.id))
        change = "same" if seated.issuperset(people) else "seats"
        if old.clinician_id != staff:
            change = "staff"
    return ProposedSession(
        kind=section.kind, subject_of="G",
        subject_id=section.group.id if section.group else uuid4(),
        group=section.group, clinician_id=staff, during=during, people=people, session=old,
        change=change,
    )  # fmt: skip


_WHO = re.compile(r"\bc(\d+)(?:\.([AB]))?\b")


def spoken(words: str, name_of: Callable[[int, str], str]) -> str:
    """A sentence of the solver with couples and partners as the reader may name them.

    Args:
        name_of: from a couple's number and a side (or ``""``) to words.
    """
    return _WHO.sub(lambda m: name_of(int(m[1]), m[2] or ""), words)


def title_of(row: ProposedSession) -> str:
    """The kind's title, and a section's name where it exists."""
    kind = KINDS.get(row.kind)
    return row.group.name if row.group else str(kind.title if kind else row.kind)
