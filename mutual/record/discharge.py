"""Discharge of one partner: summary and continuing recovery plan (C-97, C-102, C-103).

Both are about one person. Of the partner they say one sentence: that couple work took place.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.episode.actions import close_episode
from mutual.episode.models import ClearanceState, Closing, Episode, LevelChange
from mutual.measures import registry
from mutual.measures.models import ResponseTotal
from mutual.people.lookups import couple_of
from mutual.people.models import Person
from mutual.plan.models import Diagnosis, IndividualObjective
from mutual.record import rules
from mutual.record.actions import zone
from mutual.record.models import DischargeFacts, DischargeSummary
from mutual.record.signals import discharged
from mutual.wall import audit
from mutual.wall.context import Actor
from mutual.week.minutes import minutes_by_week
from mutual.week.queries import attended_spans
from mutual.week.templates import moment

#: Reasons of a discharge that was planned: it needs a recovery plan with a first appointment.
PLANNED = ("completed", "transferred")


@dataclass(frozen=True)
class RecoveryPlan:
    """How a person goes on (C-103). ``joint_at`` is the couple's own first appointment (B7)."""

    appointment_with: str = ""
    appointment_at: datetime | None = None
    joint_with: str = ""
    joint_at: datetime | None = None
    steps: str = ""
    warning_signs: str = ""
    supports: str = ""

    def kept(self) -> dict[str, Any]:
        """As kept in the database."""
        words = asdict(self)
        for name in ("appointment_at", "joint_at"):
            words[name] = words[name].isoformat() if words[name] else ""
        return words


@dataclass(frozen=True)
class Words:
    """What the counselor writes into a summary beside what the record says."""

    medication: str = ""
    risk: str = ""
    referrals: str = ""
    course: str = ""


def discharge(
    actor: Actor,
    person: Person,
    reason: str,
    *,
    plan: RecoveryPlan | None = None,
    words: Words | None = None,
    note: str = "",
    now: datetime | None = None,
) -> DischargeFacts:
    """Close one person's episode and start their summary; the partner's goes on (C-97).

    ``note`` are the written reasons that an administrative discharge or a loss of contact needs.

    Raises:
        Refused: if it was planned and the recovery plan has no dated first appointment, or none
            for the couple where conjoint work is cleared (C-103).
        NotThere: to anybody who doesn't decide this.
    """
    at = now or timezone.now()
    if reason in PLANNED:
        _refuse_undated(person, plan or RecoveryPlan())
    with transaction.atomic():
        episode = close_episode(actor, person, reason, note, now=at)
        facts = start_summary(actor, person, plan=plan, words=words, episode=episode)
    discharged.send(sender=DischargeFacts, facts=facts, actor=actor)
    return facts


def start_summary(
    actor: Actor,
    person: Person,
    *,
    plan: RecoveryPlan | None = None,
    words: Words | None = None,
    episode: Episode | None = None,
) -> DischargeFacts:
    """The summary of a person's last episode, as a draft; due 7 days after its end (C-102)."""
    stay = episode or _last_episode(person.id)
    first = DischargeFacts.objects.filter(episode_id=stay.id).first()
    if first is not None:
        return first
    closed = stay.closed_on or timezone.localdate()
    facts = DischargeFacts(
        person_id=person.id,
        episode_id=stay.id,
        due_on=closed + timedelta(days=rules.SUMMARY_DAYS),
        author_id=actor.sure_id,
    )
    facts.save(force_insert=True)
    DischargeSummary(
        facts=facts,
        person_id=person.id,
        content={**gather(actor, person.id, stay), **asdict(words or Words())},
        recovery_plan=(plan or RecoveryPlan()).kept(),
    ).save(force_insert=True)
    audit.note("write", "discharge_summary", person.id, facts.id, "started")
    return facts


def save_summary(
    actor: Actor, facts: DischargeFacts, words: Words, plan: RecoveryPlan | None = None
) -> None:
    """Change the counselor's words (and the recovery plan) while the summary is a draft.

    Raises:
        Refused: once it is signed.
        NotThere: if it isn't the actor's to write.
    """
    if facts.signed_at:
        raise Refused(_("This summary is signed. Add a contact note instead."), rule="C-71")
    summary = DischargeSummary.objects.writable_by(actor).sole(facts=facts)
    summary.content = {**summary.content, **asdict(words)}
    if plan is not None:
        summary.recovery_plan = plan.kept()
    summary.save(update_fields=["content", "recovery_plan"])
    audit.note("write", "discharge_summary", facts.person_id, facts.id)


def sign_summary(
    actor: Actor, facts: DischargeFacts, *, now: datetime | None = None
) -> DischargeFacts:
    """Sign a summary; from then on it is closed. A repeat gets the first answer (F-13).

    Raises:
        Refused: while medication, risk, referrals or the course are empty (C-102).
    """
    fresh = DischargeFacts.objects.select_for_update().filter(id=facts.id).first()
    if fresh is None:
        raise NotThere
    if fresh.signed_at:
        return fresh
    summary = DischargeSummary.objects.writable_by(actor).sole(facts=fresh)
    for name, title in (
        ("course", _("Course of treatment")),
        ("medication", _("Medication")),
        ("risk", _("Risk")),
        ("referrals", _("Referrals")),
    ):
        if not str(summary.content.get(name, "")).strip():
            raise Refused(_("%(part)s is empty") % {"part": title}, rule="C-102", field=name)
    fresh.signed_at = now or timezone.now()
    fresh.save(update_fields=["signed_at"])
    audit.note("sign", "discharge_summary", fresh.person_id, fresh.id)
    return fresh


def gather(actor: Actor, person_id: UUID, stay: Episode) -> dict[str, Any]:
    """What the record says about one stay: dates, levels, hours, diagnoses, goals, measures.

    Nothing here is read from the partner's record (C-102).
    """
    start = stay.admitted_on or stay.opened_on
    end = stay.closed_on or timezone.localdate()
    moves = LevelChange.objects.visible_to(actor).filter(episode_id=stay.id)
    levels = list(moves.order_by("at").values_list("was", flat=True))
    spans = attended_spans(person_id, _midnight(start), _midnight(end + timedelta(days=1)))
    rows = IndividualObjective.objects.visible_to(actor).filter(person_id=person_id)
    closing = Closing.objects.visible_to(actor).filter(episode_id=stay.id).first()
    couple = couple_of(person_id)
    return {
        "admitted_on": start.isoformat(),
        "closed_on": end.isoformat(),
        "levels": _path([*levels, stay.level]),
        "minutes": sum(minutes_by_week(spans, zone()).values()),
        "reason": closing.reason if closing else "",
        "diagnoses": [
            [d.code, d.words]
            for d in Diagnosis.objects.visible_to(actor)
            .filter(person_id=person_id, until__isnull=True)
            .order_by("-principal", "since")
        ],
        "objectives": [
            [r.objective, r.measure, r.status] for r in rows.order_by("active_from", "id")
        ],
        "measures": _measures(actor, person_id, start, end),
        "couple_work": couple is not None,
    }


def due(actor: Actor, by: date) -> list[DischargeFacts]:
    """Summaries that are due by a day and not signed, oldest first (C-102)."""
    rows = DischargeFacts.objects.writable_by(actor).filter(signed_at__isnull=True, due_on__lte=by)
    return list(rows.order_by("due_on"))


def summary(actor: Actor, public_id: UUID) -> DischargeSummary:
    """A summary with its text; for its person only once signed (C-76).

    Raises:
        NotThere: absent, forbidden or not yet signed look the same.
    """
    rows = DischargeSummary.objects.visible_to(actor).filter(facts__public_id=public_id)
    if not actor.is_staff:
        rows = rows.filter(facts__signed_at__isnull=False)
    found = rows.select_related("facts", "person").first()
    if found is None:
        raise NotThere
    audit.read("discharge_summary", found.person_id, found.facts_id)
    return found


def _refuse_undated(person: Person, plan: RecoveryPlan) -> None:
    if not plan.appointment_at or not plan.appointment_with.strip():
        raise Refused(_("When is the first appointment?"), rule="C-103", field="appointment_at")
    couple = couple_of(person.id)
    cleared = couple is not None and ClearanceState.objects.filter(couple=couple, go=True).exists()
    if cleared and not plan.joint_at:
        raise Refused(_("When is the first appointment?"), rule="C-103", field="joint_at")


def _last_episode(person_id: UUID) -> Episode:
    found = Episode.objects.filter(person_id=person_id).order_by("-opened_on", "-id").first()
    if found is None:
        raise NotThere
    return found


def _path(levels: list[str]) -> list[str]:
    """The levels in order, each change once."""
    found: list[str] = []
    for level in levels:
        if level and (not found or found[-1] != level):
            found.append(level)
    return found


def _measures(actor: Actor, person_id: UUID, start: date, end: date) -> list[list[str]]:
    """First and last total of each measure of the stay: name, first, last."""
    totals = ResponseTotal.objects.visible_to(actor).filter(
        person_id=person_id, scorable=True, total__isnull=False,
        answered_on__gte=start, answered_on__lte=end,
    )  # fmt: skip
    seen: dict[str, list[str]] = {}
    for row in totals.order_by("answered_on", "response_id"):
        value = f"{row.total:g} ({row.answered_on.isoformat()})"
        seen.setdefault(row.key, [value, value])[1] = value
    titles = {entry.key: entry.title for entry in registry.all()}
    return [[titles.get(key, key), *both] for key, both in sorted(seen.items())]


def _midnight(day: date) -> datetime:
    return moment(day, datetime.min.time(), zone())
