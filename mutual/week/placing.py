"""Finding clinicians, sections and hours for the sessions of one couple's week.

Everything that is needed is read once; what is found is written in a few statements, under the
locks of all clinicians and both partners, so that two planners don't take one hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import Refused
from mutual.episode.models import CareAssignment
from mutual.people.models import Staff
from mutual.wall.context import as_service
from mutual.week import booking, checks, groups
from mutual.week.kinds import SessionKind
from mutual.week.locks import no_longer_free
from mutual.week.models import Group, GroupMember, Session, StaffBooking
from mutual.week.standing import Standing, Times, clear_of, pair
from mutual.week.templates import moment, week_span

#: Where own sessions may move when the template's hour is taken: later hours, then the free days.
_HOURS = tuple(time(h) for h in (16, 17, 18, 19, 15, 14, 13, 12, 11, 10, 9, 20))
_FREE_DAYS = (1, 4)
_TEAM_ROLE = {"counselor": "counselor", "prescriber": "prescriber", "nurse": "nurse",
              "couples_therapist": "couples_therapist"}  # fmt: skip


class Placer:
    """Places sessions of one couple's week in memory, then writes them."""

    def __init__(
        self,
        actor_id: UUID,
        plan_id: UUID,
        couple_id: UUID,
        people: Sequence[UUID],
        monday: date,
        *,
        one_room: bool,
        now: datetime,
    ) -> None:
        self.by, self.plan_id, self.couple_id = actor_id, plan_id, couple_id
        self.people, self.monday, self.one_room, self.now = list(people), monday, one_room, now
        self.new: list[Session] = []
        self.seats: list[tuple[Session, UUID]] = []
        self.joining: list[tuple[Group, UUID, date]] = []
        self.apart: dict[UUID, Times] = {p: [] for p in people}
        self._signed: set[str] = set()
        self._read()

    def _read(self) -> None:
        start, end = week_span(self.monday)
        week = TimestamptzRange(start, end)
        self.standing = Standing(self.people, start, end)
        self.staff = self.standing.staff
        with as_service("rosters"):
            self.groups = list(Group.objects.order_by("id"))
            self.held: dict[UUID, list[Session]] = {}
            for session in Session.objects.filter(
                subject_of="G", during__overlap=week, status="planned"
            ):
                self.held.setdefault(session.subject_id, []).append(session)
            self.roster: dict[UUID, set[UUID]] = {}
            for member in GroupMember.objects.filter(during__overlap=_days(self.monday)):
                self.roster.setdefault(member.group_id, set()).add(member.person_id)
        self.not_beside = checks.not_beside(self.people)
        with as_service("week_rules"):
            self.team = list(
                CareAssignment.objects.filter(
                    couple_id=self.couple_id, during__overlap=_days(self.monday)
                )
            )

    # Placing ------------------------------------------------------------------------------

    def place(self, kind: SessionKind, day: date, at: time, people: Sequence[UUID]) -> None:
        """Find clinician and hour for one entry of the template, for these people.

        Raises:
            Refused: a consent or licence is missing, or nobody is free.
        """
        if not people:
            return
        if kind.subject not in self._signed:
            checks.refuse_consents(kind, self.people, self.now)
            self._signed.add(kind.subject)
        if kind.subject == "C":
            self._single(kind, day, at, list(people), self.couple_id)
        elif kind.subject == "P":
            for person in people:
                self._single(kind, day, at, [person], person)
        elif kind.attendance == "apart":
            for person in people:
                self._group(kind, day, at, [person])
        else:
            self._group(kind, day, at, list(people))

    def _single(
        self, kind: SessionKind, day: date, at: time, people: list[UUID], subject: UUID
    ) -> None:
        team = self._team(kind, people, day)
        if not team:
            raise Refused(
                _("Nobody on the team leads “%(kind)s”. Complete the care team first.")
                % {"kind": kind.title},
                field="template",
            )
        for start in self._starts(day, at):
            for staff in team:
                if self._free(kind, staff, people, start) and self._licensed(staff, people, day):
                    self._add(kind, staff, people, start, kind.subject, subject)
                    return
        if not any(self._licensed(staff, people, day) for staff in team):
            checks.refuse_unlicensed(team[0], people, day)
        raise Refused(
            _("%(name)s has no free hour that week for “%(kind)s”.")
            % {"name": team[0].name, "kind": kind.title},
            field="template",
        )

    def _team(self, kind: SessionKind, people: list[UUID], day: date) -> list[Staff]:
        roles = [_TEAM_ROLE[r] for r in kind.leads if r in _TEAM_ROLE]
        found = [
            self.staff[a.staff_id]
            for role in roles
            for a in self.team
            if a.role == role and a.person_id in people and day in a.during
            and a.staff_id in self.staff
        ]  # fmt: skip
        if kind.key == "orientation" or not roles:
            found += [s for s in self.staff.values() if set(s.roles) & set(kind.leads)]
        return list(dict.fromkeys(found))

    def _starts(self, day: date, at: time) -> list[datetime]:
        """The template's hour first, then others of the day, then the free days (Tue, Fri)."""
        days = [day] + [
            other
            for n in _FREE_DAYS
            if (other := self.monday + timedelta(days=n)) > day or day.weekday() > n
        ]
        starts = [moment(day, at)]
        starts += [moment(d, hour) for d in dict.fromkeys(days) for hour in _HOURS]
        return starts

    def _group(self, kind: SessionKind, day: date, at: time, people: list[UUID]) -> None:
        for start in self._group_starts(kind, day, at, people):
            for group, session in self._sections(kind, people, start, day):
                self._join(kind, group, session, people, start, day)
                return
        for start in self._group_starts(kind, day, at, people):
            leader = self._leader(kind, people, start, day)
            if leader is None or not self._people_free(kind, people, start):
                continue
            group = self._new_group(kind, leader)
            self._join(kind, group, None, people, start, day)
            return
        raise Refused(
            _("No leader is free and licensed for “%(kind)s” on %(day)s. Add a leader.")
            % {"kind": kind.title, "day": day.isoformat()},
            rule="C-42",
            field="template",
        )

    def _group_starts(
        self, kind: SessionKind, day: date, at: time, people: list[UUID]
    ) -> list[datetime]:
        first = moment(day, at)
        if not (self.one_room and kind.attendance == "apart"):
            return [first]
        # C-41: with one room the second section begins when the first one is over.
        step = timedelta(minutes=kind.whole_minutes + 10)
        return [first, first + step, first - step, first + 2 * step, first - 2 * step]

    def _sections(
        self, kind: SessionKind, people: list[UUID], start: datetime, day: date
    ) -> list[tuple[Group, Session | None]]:
        """The groups these people may join at this hour, their own first."""
        found: list[tuple[int, Group, Session | None]] = []
        for number, group in enumerate(self.groups):
            if group.kind != kind.key:
                continue
            there = self.roster.get(group.id, set())
            held = self.held.get(group.id, [])
            session = next((s for s in held if s.during.lower == start), None)
            if (held and session is None) or not self._people_free(kind, people, start):
                continue
            leader = self.staff.get(group.leader_id)
            if session is None and not self._staff_free(kind, leader, start):
                continue
            if not self._may_join(kind, group, people, there, day):
                continue
            order = number + (0 if there.issuperset(people) else 10_000)
            order += 1_000 if self._too_near(kind, leader, people) else 0
            found.append((order, group, session))
        found.sort(key=lambda entry: entry[0])
        return [(group, session) for _order, group, session in found]

    def _may_join(
        self, kind: SessionKind, group: Group, people: list[UUID], there: set[UUID], day: date
    ) -> bool:
        others = there - set(people)
        if len(others) + len(people) > group.capacity:
            return False
        if kind.attendance == "apart" and others & set(self.people):
            return False
        leader = self.staff.get(group.leader_id)
        if leader is None or not self._licensed(leader, people, day):
            return False
        if kind.key == "process_group" and self._counsels_partner(leader, people):
            return False
        return all(others.isdisjoint(self.not_beside[person]) for person in people)

    def _counsels_partner(self, leader: Staff, people: list[UUID]) -> bool:
        """KA leads no process group B attends (C-5)."""
        return any(
            a.role == "counselor" and a.staff_id == leader.id and a.person_id not in people
            for a in self.team
        )

    def _too_near(self, kind: SessionKind, leader: Staff | None, people: list[UUID]) -> bool:
        """Whether a counselor would lead the partner of their own client, where it can be helped.

        A leader sees when members are busy; so that stays apart where another leader is free.
        """
        if leader is None or kind.attendance == "together":
            return False
        return any(
            a.role == "counselor" and a.staff_id == leader.id
            and (kind.attendance == "side" or a.person_id not in people)
            for a in self.team
        )  # fmt: skip

    def _leader(
        self, kind: SessionKind, people: list[UUID], start: datetime, day: date
    ) -> Staff | None:
        """A leader for a new section: the couple's own therapist, else the least busy."""
        own = {a.staff_id for a in self.team}
        fit = [
            s
            for s in self.staff.values()
            if set(s.roles) & set(kind.leads)
            and self._staff_free(kind, s, start)
            and self._licensed(s, people, day)
            and not (kind.key == "process_group" and self._counsels_partner(s, people))
        ]
        fit.sort(
            key=lambda s: (
                s.id not in own if kind.attendance == "together" else False,
                self._too_near(kind, s, people),
                "group_leader" not in s.roles,
                len(self.standing.busy_staff.get(s.id, [])),
                s.name,
            )
        )
        return fit[0] if fit else None

    def _new_group(self, kind: SessionKind, leader: Staff) -> Group:
        number = sum(g.kind == kind.key for g in self.groups) + 1
        with as_service("rosters"):
            group = Group(
                name=f"{kind.title} {number}", kind=kind.key, leader=leader,
                capacity=kind.capacity,
            )  # fmt: skip
            group.save(force_insert=True)
            groups.relate_leader(leader.id, group.id, self.now)
        self.groups.append(group)
        return group

    def _join(
        self,
        kind: SessionKind,
        group: Group,
        session: Session | None,
        people: list[UUID],
        start: datetime,
        day: date,
    ) -> None:
        if session is None:
            leader = self.staff[group.leader_id]
            session = self._add(kind, leader, people, start, "G", group.id)
            self.held.setdefault(group.id, []).append(session)
        else:
            self._take(kind, session, people)
        there = self.roster.setdefault(group.id, set())
        self.joining += [(group, p, day) for p in people if p not in there]
        there.update(people)

    def _add(
        self,
        kind: SessionKind,
        staff: Staff,
        people: list[UUID],
        start: datetime,
        of: str,
        subject: UUID,
    ) -> Session:
        end = start + timedelta(minutes=kind.whole_minutes)
        session = Session(
            kind=kind.key, subject_of=of, subject_id=subject, clinician=staff,
            during=TimestamptzRange(start, end), break_minutes=kind.breaks,
            series=None if of == "G" else self.plan_id, made_by=self.by,
        )  # fmt: skip
        self.new.append(session)
        self.standing.take(staff.id, (), start, end)
        self._take(kind, session, people)
        return session

    def _take(self, kind: SessionKind, session: Session, people: list[UUID]) -> None:
        for person in people:
            self.seats.append((session, person))
            self.standing.busy.setdefault(person, []).append(pair(session.during))
            if kind.attendance == "apart":
                self.apart[person].append(pair(session.during))

    # Free and licensed --------------------------------------------------------------------

    def _free(self, kind: SessionKind, staff: Staff, people: list[UUID], start: datetime) -> bool:
        return self._staff_free(kind, staff, start) and self._people_free(kind, people, start)

    def _staff_free(self, kind: SessionKind, staff: Staff | None, start: datetime) -> bool:
        if staff is None:
            return False
        end = start + timedelta(minutes=kind.whole_minutes)
        return self.standing.staff_free(staff.id, start, end)

    def _people_free(self, kind: SessionKind, people: list[UUID], start: datetime) -> bool:
        end = start + timedelta(minutes=kind.whole_minutes)
        if not self.standing.together_free(people, start, end):
            return False
        if not (self.one_room and kind.attendance == "apart"):
            return True
        partners = [p for p in self.people if p not in people]
        return all(clear_of(self.apart[p], start, end) for p in partners)

    def _licensed(self, staff: Staff, people: list[UUID], day: date) -> bool:
        return self.standing.licensed(staff.id, people, day)

    # Writing ------------------------------------------------------------------------------

    def write(self) -> None:
        """Write sessions, seats, busy times and rosters; an hour taken meanwhile is refused."""
        staff = sorted({s.clinician_id for s in self.new})
        with no_longer_free(staff, self.people, None), as_service("rosters"):
            Session.objects.bulk_create(self.new)
            StaffBooking.objects.bulk_create(
                [
                    StaffBooking(staff_id=s.clinician_id, session=s, during=s.during)
                    for s in self.new
                ]
            )
            booking.seat_all(self.seats, self.by)
            together: dict[tuple[UUID, date], tuple[Group, list[UUID]]] = {}
            for group, person, day in self.joining:
                together.setdefault((group.id, day), (group, []))[1].append(person)
            for (_id, day), (group, people) in together.items():
                groups.join_group(group, people, day, now=self.now)


def _days(monday: date) -> object:
    from psycopg.types.range import DateRange

    return DateRange(monday, monday + timedelta(days=7))
