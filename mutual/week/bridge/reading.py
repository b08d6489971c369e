"""Everything of one programme week that the solver is asked about, read once as ``week_planner``.

The instance carries no name of a person: couples are numbers, partners their sides (P-62).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from psycopg.types.range import DateRange, TimestamptzRange

from mutual.base import zones
from mutual.episode.models import CareAssignment
from mutual.people.models import Couple, CoupleMember, Staff
from mutual.wall.context import as_service
from mutual.week import checks
from mutual.week.clocks import laid
from mutual.week.kinds import KINDS
from mutual.week.models import (
    Group,
    GroupMember,
    KeepApart,
    Seat,
    Session,
    WeekPlan,
)
from mutual.week.planning import attends, template_for
from mutual.week.standing import Standing
from mutual.week.templates import TEMPLATES, Template, programme_zone, week_span

#: How far back a group without a session this week is asked when it usually meets.
USUAL = timedelta(weeks=4)


@dataclass
class Pairing:
    """One couple of the week: who they are, what is wanted, what stands."""

    id: UUID
    number: int
    people: list[UUID]  # A first
    sides: dict[UUID, str]
    plan: WeekPlan | None
    template: Template
    conjoint: bool
    therapist: UUID | None = None
    counselors: dict[UUID, UUID] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The couple in the instance."""
        return f"c{self.number}"

    def who(self, person: UUID) -> str:
        """A partner in the instance."""
        return f"{self.key}.{self.sides[person]}"


class Programme:
    """The week as it is: couples to plan, groups, who works when, what is booked."""

    def __init__(self, monday: date, *, repair: bool, now: datetime) -> None:
        self.monday, self.repair, self.now = monday, repair, now
        self.start, self.end = week_span(monday)
        self.zone = programme_zone()
        self._couples()
        everyone = [p for one in self.couples for p in one.people]
        self.facts = checks.facts_of(everyone)
        self.standing = Standing(everyone, self.start, self.end)
        self._booked()
        self.names = {s.id: s.name for s in Staff.objects.all()}
        self.by_name: dict[str, UUID] = {}
        for key, name in sorted(self.names.items(), key=lambda pair: (pair[1], str(pair[0]))):
            unique = name
            while unique in self.by_name:
                unique += " (2)"
            self.names[key] = unique
            self.by_name[unique] = key

    def _couples(self) -> None:
        week = DateRange(self.monday, self.monday + timedelta(days=7))
        with as_service("week_planner"):
            open_ = Couple.objects.filter(ended_on__isnull=True, parted_at__isnull=True)
            members = list(CoupleMember.objects.filter(couple__in=open_).order_by("side"))
            numbers = dict(open_.values_list("id", "number"))
            plans = {p.couple_id: p for p in WeekPlan.objects.filter(monday=self.monday)}
            team = list(CareAssignment.objects.filter(during__overlap=week))
        found: list[Pairing] = []
        for couple, number in sorted(numbers.items(), key=lambda pair: pair[1]):
            own = [m for m in members if m.couple_id == couple]
            plan = plans.get(couple)
            published = bool(plan and plan.published_at)
            if len(own) != 2 or (published and not self.repair) or (self.repair and not plan):
                continue
            people = [m.person_id for m in own]
            facts = checks.facts_of(people)
            if not any(f.admitted_on for f in facts.values()):
                continue
            shape = TEMPLATES.get(plan.shape) if plan else None
            template = shape or template_for(couple, self.monday, people)
            ready = checks.cleared(couple) and checks.confidences_signed(couple)
            pair = Pairing(
                couple, number, people, {m.person_id: m.side for m in own}, plan, template, ready
            )
            for row in team:
                if row.couple_id != couple:
                    continue
                if row.role == "couples_therapist":
                    pair.therapist = row.staff_id
                elif row.role == "counselor":
                    pair.counselors[row.person_id] = row.staff_id
            found.append(pair)
        self.couples = found
        self.of_person = {p: one for one in found for p in one.people}

    def _booked(self) -> None:
        during = TimestamptzRange(self.start, self.end)
        before = TimestamptzRange(self.start - USUAL, self.start)
        with as_service("week_planner"):
            self.sessions = {
                s.id: s
                for s in Session.objects.filter(during__overlap=during).exclude(status="cancelled")
            }
            self.seats: dict[UUID, list[Seat]] = {}
            for seat in Seat.objects.filter(session_id__in=list(self.sessions), cancelled=False):
                self.seats.setdefault(seat.session_id, []).append(seat)
            self.groups = {g.id: g for g in Group.objects.order_by("id")}
            self.usual: dict[UUID, Session] = {}
            for old in (
                Session.objects.filter(
                    subject_of="G", during__overlap=before, subject_id__in=list(self.groups)
                )
                .exclude(status="cancelled")
                .order_by("during")
            ):
                self.usual[old.subject_id] = old
            roster = GroupMember.objects.filter(
                during__contains=self.monday, group_id__in=list(self.groups)
            )
            self.rosters: dict[UUID, set[UUID]] = {}
            for group, person in roster.values_list("group_id", "person_id"):
                self.rosters.setdefault(group, set()).add(person)
        with as_service("rosters"):
            self.apart = [
                (a, b)
                for a, b in KeepApart.objects.filter(ended_at__isnull=True).values_list(
                    "one_id", "other_id"
                )
                if a in self.of_person and b in self.of_person
            ]

    # Small questions ------------------------------------------------------------------------

    def wanted(self, pair: Pairing) -> list[tuple[str, list[UUID]]]:
        """Each session the couple's template asks for: kind and who attends, in order."""
        found = []
        for slot in pair.template.slots:
            kind = KINDS[slot.kind]
            day = self.monday + timedelta(days=slot.day)
            people = [
                p for p in pair.people if attends(self.facts.get(p), kind.key, day, pair.template)
            ]
            if kind.needs_clearance and not pair.conjoint:
                continue
            if kind.attendance == "together" and len(people) < 2:
                continue
            if kind.attendance == "together":
                found.append((kind.key, people))
            else:
                found += [(kind.key, [person]) for person in people]
        return found

    def seated(self, session: UUID) -> list[UUID]:
        """Who has a seat in a session."""
        return [seat.person_id for seat in self.seats.get(session, [])]

    def begun(self, session: Session) -> bool:
        """Whether a session has begun or is over: it stays where it is."""
        at = session.during.lower
        assert at is not None
        return session.status != "planned" or at <= self.now

    def supervision(self, staff: UUID) -> list[tuple[datetime, datetime]]:
        """The week's supervision of a member of staff, as moments."""
        here = zones.zone(self.standing.staff[staff].zone)
        times = [s for s in self.standing.work.get(staff, ()) if s.what == "supervision"]
        days = [self.monday + timedelta(days=n) for n in range(7)]
        return [(s.start, s.end) for day in days for s in laid(times, day, here)]
