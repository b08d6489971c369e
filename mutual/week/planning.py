"""Planning a couple's week from a template, and publishing it (C-15, C-35, C-40 to C-46).

A plan is a draft until it is published: nothing is told to the partners before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import NotThere, Refused
from mutual.episode.asam import rank
from mutual.people.lookups import Partner, shown_names
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.wall.models import Notice
from mutual.week import booking, checks
from mutual.week.groups import may_keep_rosters
from mutual.week.kinds import KINDS, SessionKind, counts
from mutual.week.minutes import (
    PER_DIEM_MINUTES,
    PersonWeek,
    Span,
    check_week,
    minutes_by_day,
    without,
)
from mutual.week.models import Seat, WeekPlan
from mutual.week.placing import Placer
from mutual.week.templates import TEMPLATES, Template, programme_zone, week_span

#: C-15: the first days of every couple are side by side, and one week about every 30 days.
FIRST_DAYS = 7
REVIEW_WEEKS = 4
INDIVIDUAL = frozenset({"individual", "second_individual", "intake", "plan_session"})


def template_for(couple_id: UUID, monday: date, people: Sequence[UUID] = ()) -> Template:
    """The shape that the rules suggest for a couple's week (C-15); the team may choose another.

    ``people`` are both partners, where the caller knows them already.
    """
    people = people or checks.both_of(couple_id)
    facts = checks.facts_of(people)
    admitted = [f.admitted_on for f in facts.values() if f.admitted_on]
    first = max(admitted, default=None)
    low = bool(facts) and all(_below_iop(f.level) for f in facts.values())
    if first and monday <= first < monday + timedelta(days=7):
        return TEMPLATES["first"]
    ready = checks.cleared(couple_id) and checks.confidences_signed(couple_id)
    if not ready or not first or monday < first + timedelta(days=FIRST_DAYS):
        return TEMPLATES["lower_side" if low else "side_by_side"]
    weeks = (monday - (first - timedelta(days=first.weekday()))).days // 7
    if weeks % REVIEW_WEEKS == 0:
        return TEMPLATES["lower_side" if low else "side_by_side"]
    return TEMPLATES["lower" if low else "shared"]


def plan_week(
    actor: Actor,
    couple_id: UUID,
    monday: date,
    template_key: str = "",
    *,
    one_room: bool = False,
    now: datetime | None = None,
) -> WeekPlan:
    """Plan a couple's whole week from a template, as a draft; a draft is planned anew.

    Own sessions move to a free hour when a clinician is busy at the template's; with ``one_room``
    no two apart sessions of the couple overlap (C-41).

    Raises:
        Refused: published already, conjoint work not yet possible (C-15, P-12), a consent or
            licence missing, or nobody free.
        NotThere: if the actor doesn't plan weeks.
    """
    if not may_keep_rosters(actor):
        raise NotThere
    if monday.weekday():
        raise Refused(_("A programme week begins on Monday."), field="monday")
    moment = now or timezone.now()
    template = TEMPLATES[template_key] if template_key else template_for(couple_id, monday)
    people = checks.both_of(couple_id)
    if len(people) != 2:
        raise NotThere
    facts = checks.facts_of(people)
    _refuse_template(template, couple_id, monday, facts)
    with transaction.atomic():
        plan = _draft(couple_id, monday, template.key)
        _clear(plan, people)
        placer = Placer(
            actor.sure_id, plan.id, couple_id, people, monday, one_room=one_room, now=moment
        )
        # Groups have fixed hours; then what both attend; own sessions give way.
        for slot in sorted(template.slots, key=lambda s: _gives_way(KINDS[s.kind])):
            day = monday + timedelta(days=slot.day)
            kind = KINDS[slot.kind]
            wanted = [p for p in people if attends(facts.get(p), kind.key, day, template)]
            if kind.attendance == "together" and len(wanted) < 2:
                continue
            placer.place(kind, day, slot.start, wanted)
        placer.write()
    audit.note("write", "schedule_joint", couple_id, plan.id, "planned")
    return plan


def _gives_way(kind: SessionKind) -> tuple[bool, bool]:
    return kind.subject != "G", kind.attendance == "apart"


def attends(facts: checks.Facts | None, kind: str, day: date, template: Template) -> bool:
    """Whether somebody is in care on a day and at a level that has this kind (C-11)."""
    if facts is None or facts.admitted_on is None or day < facts.admitted_on:
        return False
    if facts.closed_on is not None and day >= facts.closed_on:
        return False
    return not (_below_iop(facts.level) and kind in template.not_below_iop)


def _below_iop(level: str) -> bool:
    return bool(level) and rank(level) < rank("2.1")


def _refuse_template(
    template: Template, couple_id: UUID, monday: date, facts: Mapping[UUID, checks.Facts]
) -> None:
    if not any(f.admitted_on for f in facts.values()):
        raise Refused(_("Neither partner is admitted yet. Admit them first."), field="template")
    for slot in template.slots:
        checks.refuse_conjoint(KINDS[slot.kind], couple_id)
        day = monday + timedelta(days=slot.day)
        first = max((f.admitted_on for f in facts.values() if f.admitted_on), default=day)
        if KINDS[slot.kind].needs_clearance and day < first + timedelta(days=FIRST_DAYS):
            raise Refused(
                _("The first 7 days are side by side for every couple. Choose that week."),
                rule="C-15",
                field="template",
            )


def _draft(couple_id: UUID, monday: date, shape: str) -> WeekPlan:
    plan = WeekPlan.objects.filter(couple_id=couple_id, monday=monday).first()
    if plan is None:
        plan = WeekPlan(couple_id=couple_id, monday=monday, shape=shape)
        plan.save(force_insert=True)
    elif plan.published_at is not None:
        raise Refused(_("This week is published. Move or cancel its sessions one by one."))
    else:
        plan.shape = shape
        plan.save(update_fields=["shape"])
    return plan


def _clear(plan: WeekPlan, people: Sequence[UUID]) -> None:
    """Take back what an earlier draft of the same week had booked."""
    from mutual.week.models import Session

    start, end = week_span(plan.monday)
    with as_service("rosters"):
        for session in Session.objects.filter(series=plan.id, status="planned"):
            booking.free(session)
            session.status = "cancelled"
            session.save(update_fields=["status"])
        groups = Session.objects.filter(
            subject_of="G", status="planned", seats__person_id__in=people,
            seats__cancelled=False, during__overlap=TimestamptzRange(start, end),
        ).distinct()  # fmt: skip
        for session in groups:
            booking.free(session, people)


@dataclass(frozen=True)
class Planned:
    """What a week holds for the check: one entry for each partner, and what is missing (C-45)."""

    people: tuple[PersonWeek, ...]
    missing: tuple[str, ...]


def planned(
    couple_id: UUID,
    monday: date,
    *,
    moved: tuple[UUID, TimestamptzRange] | None = None,
    known: tuple[Sequence[Partner], WeekPlan | None] | None = None,
) -> Planned:
    """Minutes planned for each partner, computed separately, whatever the actor may read.

    ``moved`` asks what would be if a session (its id) were at another time; ``known`` are both
    partners and the plan where the caller has read them already. Runs as the service
    ``week_rules``; the answer is minutes and sentences (house.md).
    """
    if known is not None:
        both, plan = known
        people = [p.person_id for p in both]
        names = {p.person_id: p.name for p in both}
    else:
        people = checks.both_of(couple_id)
        names = {p: name for p, (name, _w) in shown_names(people).items()}
        plan = WeekPlan.objects.filter(couple_id=couple_id, monday=monday).first()
    facts = checks.facts_of(people)
    seats = _seats(people, monday, moved)
    weeks, missing = [], []
    for person in people:
        own = [seat for seat in seats if seat.person_id == person]
        name = names.get(person, "")
        weeks.append(person_week(name, facts.get(person), own, monday))
        if not any(seat.kind in INDIVIDUAL for seat in own):
            missing.append(_("%(name)s has no individual session") % {"name": name})
    joint = any(seat.kind == "conjoint" for seat in seats)
    shape = TEMPLATES.get(plan.shape) if plan else None
    if not joint and (shape is None or shape.has_conjoint) and checks.cleared(couple_id):
        missing.append(_("The couple has no couples session"))
    return Planned(tuple(weeks), tuple(missing))


def _seats(
    people: Sequence[UUID], monday: date, moved: tuple[UUID, TimestamptzRange] | None
) -> list[Seat]:
    start, end = week_span(monday)
    seats = checks.seats_in(people, start, end)
    if moved is None:
        return seats
    session_id, during = moved
    others = [seat for seat in seats if seat.session_id != session_id]
    at = during.lower
    if at is None or not start <= at < end:
        return others
    with as_service("week_rules"):
        coming = list(
            Seat.objects.filter(session_id=session_id, person_id__in=people, cancelled=False)
        )
    for seat in coming:
        seat.during = during
    return [*others, *coming]


def person_week(
    name: str, facts: checks.Facts | None, seats: Sequence[Seat], monday: date
) -> PersonWeek:
    """One person's week for the check, from their seats."""
    spans = [s for seat in seats if counts(seat.kind) for s in net_spans(seat)]
    other = sum(_minutes(seat) for seat in seats if not counts(seat.kind))
    end = monday + timedelta(days=7)
    partial = facts is None or (
        facts.admitted_on is None
        or facts.admitted_on > monday
        or (facts.closed_on is not None and facts.closed_on < end)
    )
    return PersonWeek(
        name,
        facts.level if facts and facts.level else "2.1",
        minutes_by_day(spans, programme_zone()),
        other,
        partial,
    )


def net_spans(seat: Seat) -> tuple[Span, ...]:
    """The planned time of a seat less its breaks, which a plan puts at the end."""
    start, end = seat.during.lower, seat.during.upper
    rest = timedelta(minutes=seat.break_minutes)
    return without((Span(start, end),), (Span(end - rest, end),))


def _minutes(seat: Seat) -> int:
    whole = int((seat.during.upper - seat.during.lower) / timedelta(minutes=1))
    return whole - seat.break_minutes


def publish_week(
    actor: Actor,
    couple_id: UUID,
    monday: date,
    *,
    per_diem_minutes: int = PER_DIEM_MINUTES,
    now: datetime | None = None,
) -> tuple[WeekPlan, tuple[str, ...]]:
    """Publish a draft; both partners are told neutrally. Returns the plan and the warnings.

    Raises:
        Refused: a partner short or over (C-35), no individual or couples session (C-45), or
            conjoint work no longer possible (C-15, P-12).
        NotThere: if the actor doesn't plan for this couple.
    """
    plan = WeekPlan.objects.writable_by(actor).sole(couple_id=couple_id, monday=monday)
    if plan.published_at is not None:
        return plan, ()
    start, end = week_span(monday)
    people = checks.both_of(couple_id)
    for seat in checks.seats_in(people, start, end):
        if seat.kind in KINDS:
            checks.refuse_conjoint(KINDS[seat.kind], couple_id)
    found = planned(couple_id, monday)
    check = check_week(found.people, per_diem_minutes=per_diem_minutes)
    if check.refused:
        raise Refused("; ".join(check.refused) + ".", rule="C-35")
    if found.missing:
        raise Refused("; ".join(found.missing) + ".", rule="C-45")
    plan.published_at = now or timezone.now()
    plan.published_by = actor.sure_id
    plan.save(update_fields=["published_at", "published_by"])
    _tell(people, plan)
    audit.note("write", "schedule_joint", couple_id, plan.id, "published")
    return plan, check.warned


def _tell(people: Sequence[UUID], plan: WeekPlan) -> None:
    """One neutral notice for each partner (P-49); none about a week that is over."""
    assert plan.published_at is not None
    if plan.published_at >= week_span(plan.monday)[1]:
        return
    Notice.objects.bulk_create(
        [Notice(viewer_id=p, occasion=f"week:{plan.id}", due=plan.published_at) for p in people],
        ignore_conflicts=True,
    )
