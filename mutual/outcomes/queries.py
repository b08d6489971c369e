"""Counts over the whole programme, and one person's own week of hours. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from mutual.base.refusal import NotThere
from mutual.claims.gathering import Day, programme_days, zone
from mutual.episode.asam import weekly_minutes
from mutual.episode.models import ClearanceSignature, Episode
from mutual.outcomes import small
from mutual.people.models import CoupleMember
from mutual.record.staying import due_days
from mutual.wall.context import Actor, as_service
from mutual.week.models import WeekPlan

SERVICE = "programme_report"
#: Shapes of a week without the couples therapist's sessions (C-15).
SIDE_BY_SIDE = ("side_by_side", "lower_side")
#: How many weeks the share of side-by-side weeks looks back, and when it warns (C-15).
WEEKS_BACK = 13
WARN_BELOW = 50
#: How far ahead the page names decisions of continued stay.
STAYS_AHEAD = dt.timedelta(days=3)


@dataclass(frozen=True)
class DayMinutes:
    """Minutes of one day that count toward the level of care (C-33, C-34)."""

    date: dt.date
    attended: int
    documented: int
    waiting: int  # sessions whose attendance nobody confirmed yet


@dataclass(frozen=True)
class WeekMinutes:
    """One person's programme week, in minutes; ``goal`` is the least of their level (C-27).

    ``goal`` is ``None`` where the level has no weekly rule, and ``partial`` marks a first or last
    week, which is shown, not judged (C-37).
    """

    monday: dt.date
    attended: int
    documented: int
    goal: int | None
    partial: bool
    days: tuple[DayMinutes, ...] = ()

    @property
    def below(self) -> bool:
        """Whether documented minutes are below the level's least."""
        return self.goal is not None and not self.partial and self.documented < self.goal

    @property
    def missing(self) -> int:
        """Minutes to the level's least."""
        return max(0, (self.goal or 0) - self.documented)


@dataclass(frozen=True)
class CensusRow:
    """One person in care."""

    public_id: UUID
    name: str
    side: str
    couple: UUID | None  # public id
    level: str
    stage: str
    stage_words: str
    day: int | None
    week: WeekMinutes
    stay_by: dt.date | None = None


@dataclass(frozen=True)
class Programme:
    """The director's page."""

    monday: dt.date
    census: list[CensusRow] = field(default_factory=list)
    by_level: dict[str, int] = field(default_factory=dict)
    side_weeks: int = 0
    side_without_hold: int = 0
    today: dt.date = dt.date.min

    @property
    def below(self) -> list[CensusRow]:
        """People below their level this week, the furthest first."""
        rows = [row for row in self.census if row.week.below]
        return sorted(rows, key=lambda row: -row.week.missing)

    @property
    def levels(self) -> small.Shown:
        """People in care by level, as a report may show them (P-91)."""
        return small.shown(self.by_level)

    @property
    def side_words(self) -> str:
        """The share of side-by-side weeks as a report may show it; "" for too few (P-91)."""
        return small.share(self.side_without_hold, self.side_weeks)

    @property
    def stays(self) -> list[CensusRow]:
        """People whose continued stay is to be decided within days, the earliest first (C-29)."""
        by = self.today + STAYS_AHEAD
        rows = [row for row in self.census if row.stay_by is not None and row.stay_by <= by]
        return sorted(rows, key=lambda row: row.stay_by or by)

    @property
    def side_share(self) -> int | None:
        """Percent of side-by-side weeks that no hold caused (C-15); ``None`` without any."""
        return self.side_without_hold * 100 // self.side_weeks if self.side_weeks else None

    @property
    def side_warns(self) -> bool:
        """Whether a hold could be guessed from the shape of a week."""
        return self.side_share is not None and self.side_share < WARN_BELOW


def monday_of(moment: dt.datetime | None = None) -> dt.date:
    """The Monday of the programme week of a moment (now)."""
    today = (moment or timezone.now()).astimezone(zone()).date()
    return today - dt.timedelta(days=today.weekday())


def clinical_minutes(
    actor: Actor, person_id: UUID, monday: dt.date, *, now: dt.datetime | None = None
) -> WeekMinutes:
    """Attended and documented clinical minutes of one person's programme week (C-33 to C-36).

    Raises:
        NotThere: for an actor who may not know this person's attendance.
    """
    if not _may(person_id):
        raise NotThere
    episode = Episode.objects.filter(person_id=person_id).order_by("-opened_on").first()
    start, end = _over(monday, now or timezone.now())
    with as_service(SERVICE):
        days = programme_days([person_id], start, end).get(person_id, {})
    return _week(monday, days, episode)


def programme(actor: Actor, *, now: dt.datetime | None = None) -> Programme:
    """Census, hours of this week and the share of side-by-side weeks; 7 queries.

    Raises:
        NotThere: for anybody but directors.
    """
    if not actor.has("director"):
        raise NotThere
    moment = now or timezone.now()
    monday = monday_of(moment)
    today = moment.astimezone(zone()).date()
    member = CoupleMember.objects.filter(
        person_id=OuterRef("person_id"), couple__ended_on__isnull=True
    ).values(row=JSONObject(side="side", couple="couple__public_id", number="couple__number"))
    episodes = list(
        Episode.objects.visible_to(actor)
        .filter(closed_on__isnull=True)
        .select_related("person")
        .annotate(member=Subquery(member[:1]))
    )
    start, end = _over(monday, moment)
    # As the director first: no week of a couple that the director is too close to (P-6, P-91).
    plans = _side_plans(monday)
    with as_service(SERVICE):
        days = programme_days([one.person_id for one in episodes], start, end)
        free = _without_hold(plans)
    stays = due_days({one.person_id: one.admitted_on for one in episodes if one.admitted_on})
    rows = [
        _row(one, _week(monday, days.get(one.person_id, {}), one), today, stays.get(one.person_id))
        for one in episodes
    ]
    order = {one.person.public_id: (one.member or {}).get("number", 0) for one in episodes}
    rows.sort(key=lambda row: (order[row.public_id], row.side, row.name))
    by_level: dict[str, int] = {}
    for row in rows:
        if row.stage == "admitted":
            by_level[row.level] = by_level.get(row.level, 0) + 1
    return Programme(monday, rows, dict(sorted(by_level.items())), len(plans), free, today)


def held_in_week(signatures: Sequence[Mapping[str, Any]], end: dt.datetime) -> bool:
    """Whether a couple's clearance had been withdrawn and was not back when a week ended (C-15).

    ``signatures``: ``person``, ``signed`` and ``withdrawn`` (or ``None``) of both partners.
    """
    known = [one for one in signatures if one["signed"] < end]
    withdrawn = any(one["withdrawn"] and one["withdrawn"] < end for one in known)
    standing = {one["person"] for one in known if not one["withdrawn"] or one["withdrawn"] >= end}
    return withdrawn and len(standing) < 2


def _side_plans(monday: dt.date) -> list[tuple[UUID, dt.date]]:
    """Couple and Monday of the side-by-side weeks of the last months that the actor may know."""
    return list(
        WeekPlan.objects.filter(
            shape__in=SIDE_BY_SIDE,
            monday__range=(monday - dt.timedelta(weeks=WEEKS_BACK), monday),
        ).values_list("couple_id", "monday")
    )


def _without_hold(plans: Sequence[tuple[UUID, dt.date]]) -> int:
    """How many of these weeks no hold caused; one query, none without a week."""
    signed: dict[UUID, list[Mapping[str, Any]]] = {}
    couples = {couple for couple, _monday in plans}
    rows = ClearanceSignature.objects.filter(couple_id__in=couples) if couples else ()
    for one in rows:
        moments = {
            "person": one.person_id, "signed": one.signed_at, "withdrawn": one.withdrawn_at
        }  # fmt: skip
        signed.setdefault(one.couple_id, []).append(moments)
    return sum(
        not held_in_week(signed.get(couple, ()), _span(monday)[1]) for couple, monday in plans
    )


def _span(monday: dt.date) -> tuple[dt.datetime, dt.datetime]:
    start = dt.datetime.combine(monday, dt.time(), zone())
    return start, dt.datetime.combine(monday + dt.timedelta(days=7), dt.time(), zone())


def _over(monday: dt.date, moment: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """The part of a programme week that is over at a moment."""
    start, end = _span(monday)
    return start, max(start, min(end, moment))


def _week(monday: dt.date, days: Mapping[dt.date, Day], episode: Episode | None) -> WeekMinutes:
    limits = weekly_minutes(episode.level) if episode and episode.level else None
    ends = monday + dt.timedelta(days=6)
    partial = episode is None or any(
        edge is not None and monday <= edge <= ends
        for edge in (episode.admitted_on, episode.closed_on)
    )
    rows = tuple(_filled(monday, days))
    return WeekMinutes(
        monday,
        sum(row.attended for row in rows),
        sum(row.documented for row in rows),
        limits[0] if limits else None,
        partial or (episode is not None and episode.admitted_on is None),
        rows,
    )


def _filled(monday: dt.date, days: Mapping[dt.date, Day]) -> Iterable[DayMinutes]:
    for n in range(7):
        date = monday + dt.timedelta(days=n)
        day = days.get(date) or Day(date)
        yield DayMinutes(date, day.minutes, day.documented, day.unconfirmed)


def _row(episode: Episode, week: WeekMinutes, today: dt.date, stay_by: dt.date | None) -> CensusRow:
    member = episode.member or {}  # type: ignore[attr-defined]
    day = (today - episode.admitted_on).days + 1 if episode.admitted_on else None
    return CensusRow(
        public_id=episode.person.public_id,
        name=str(episode.person),
        side=member.get("side", ""),
        couple=UUID(member["couple"]) if member.get("couple") else None,
        level=episode.level,
        stage=episode.stage,
        stage_words=episode.get_stage_display(),
        day=day if day and day > 0 else None,
        week=week,
        stay_by=stay_by,
    )


def _may(person_id: UUID) -> bool:
    """Whether the actor has a grant on this person's attendance."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select %s = any((select wall.subjects('attendance.facts'))::uuid[])"
            " or (select wall.everyone('attendance.facts'))",
            [person_id],
        )
        row = cursor.fetchone()
    return bool(row and row[0])
