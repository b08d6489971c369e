"""Continued stay: decided per person, in three answers and words (C-29)."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.episode import asam
from mutual.episode.models import Episode, StayDecision
from mutual.people.models import Person, StaffTask
from mutual.wall import audit
from mutual.wall.context import Actor


def decide_stay(
    actor: Actor,
    person: Person,
    *,
    progressing: bool,
    able_to_progress: bool,
    new_problem: bool,
    words: str,
    now: datetime | None = None,
) -> StayDecision:
    """Write down whether a person stays at this level; their open task of it is done.

    With none of the three the outcome proposes a transfer or a discharge; neither happens by it.

    Raises:
        Refused: without words.
        NotThere: to anybody but the own counselor.
    """
    moment = now or timezone.now()
    if not actor.has("counselor"):
        raise NotThere
    episode = Episode.objects.writable_by(actor).sole(person=person, stage="admitted")
    if not words.strip():
        raise Refused(_("Write what this rests on."), rule="C-29", field="words")
    outcome = asam.continued_stay(
        progressing=progressing,
        able_to_progress=able_to_progress,
        new_problem_treatable_here=new_problem,
    )
    row = StayDecision(
        person=person,
        episode=episode,
        progressing=progressing,
        able_to_progress=able_to_progress,
        new_problem=new_problem,
        outcome=outcome,
        words=words.strip(),
        by_id=actor.sure_id,
        decided_at=moment,
    )
    row.save(force_insert=True)
    StaffTask.objects.writable_by(actor).filter(
        person=person, addressee_id=actor.sure_id, rule="C-29", done_at__isnull=True
    ).update(done_at=moment)
    audit.note("sign", "episode", person.id, row.id, outcome)
    return row
