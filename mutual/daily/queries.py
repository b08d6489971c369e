"""What the screens of daily life read, always for an actor; the walls decide what is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Value
from django.utils import timezone
from django.utils.translation import gettext

from mutual.base.refusal import NotThere
from mutual.daily import rules
from mutual.daily.models import (
    CheckIn,
    CheckInBody,
    ContractPart,
    Gratitude,
    PartConsent,
    PartDay,
    RecoveryContract,
    TrustDay,
)
from mutual.episode.queries import NEEDED
from mutual.measures.daily import UrgeWeek, open_days, urge_week
from mutual.people.models import Person
from mutual.wall import audit
from mutual.wall.context import Actor
from mutual.week.queries import SeatRow, seats_between
from mutual.week.templates import monday_of, week_span

#: How far *Today* looks for the next date, in days.
AHEAD = 28


@dataclass(frozen=True)
class Self:
    """What *Today* and *Us* need of the one who looks, in one query.

    ``checked_in`` is about the person's own local day; ``trust_today`` is the pair's state of that
    day (D12); ``contract`` whether one is open and doesn't rest; ``consent_due`` the first form of
    admission not signed; ``form_due`` the first measure to fill in.
    """

    person_id: UUID
    name: str
    zone: ZoneInfo
    today: date
    couple_id: UUID | None
    partner: str
    partner_side: str
    checked_in: bool
    admitted_on: date | None
    contract: bool
    trust_today: bool
    consent_due: str
    form_due: UUID | None

    @property
    def first_day(self) -> bool:
        """Whether the stay begins today or is still to begin."""
        return self.admitted_on is None or self.today <= self.admitted_on


_SELF = """
select p.id, coalesce(n.name, p.given_name), p.zone, d.today, m.couple_id, coalesce(o.name, ''),
  lower(coalesce(other.side, '')),
  exists (select from daily_checkin c where c.person_id = p.id and c.day = d.today),
  (select e.admitted_on from episode_episode e where e.person_id = p.id and e.closed_on is null),
  exists (select from daily_recoverycontract r where r.couple_id = m.couple_id
    and r.ended_on is null and r.paused_on is null),
  exists (select from daily_trustday t where t.couple_id = m.couple_id and t.day = d.today),
  array(select f.code from wall_consentfact f where f.person_id = p.id and f.valid @> %(now)s),
  (select a.public_id from measures_assignment a where a.person_id = p.id and a.done_at is null
    and d.today between a.opens_on and a.closes_on order by a.due_on, a.id limit 1)
from people_person p
cross join lateral (select (%(now)s at time zone p.zone)::date as today) d
left join people_shownname n on n.person_id = p.id
left join lateral (select mm.couple_id from people_couplemember mm
  join people_couple k on k.id = mm.couple_id and k.ended_on is null
  where mm.person_id = p.id limit 1) m on true
left join people_couplemember other on other.couple_id = m.couple_id and other.person_id <> p.id
left join people_shownname o on o.person_id = other.person_id
where p.id = %(me)s
"""


def myself(actor: Actor, now: datetime | None = None) -> Self:
    """The one who looks; one query.

    Raises:
        NotThere: for anybody but a person in care.
    """
    moment = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_SELF, {"now": moment, "me": actor.id})
        row = cursor.fetchone()
    if row is None or not actor.is_person:
        raise NotThere
    signed = set(row[11])
    return Self(
        person_id=row[0],
        name=row[1],
        zone=ZoneInfo(row[2]),
        today=row[3],
        couple_id=row[4],
        # After a separation the other's chosen name is not readable any more (P-71).
        partner=row[5] or (gettext("your partner") if row[4] else ""),
        partner_side=row[6],
        checked_in=row[7],
        admitted_on=row[8],
        contract=row[9],
        trust_today=row[10],
        consent_due=next((code for code in NEEDED if code not in signed), ""),
        form_due=row[12],
    )


@dataclass(frozen=True)
class WeekAhead:
    """The seats of *Today*: this programme week's, what is left of it, and what comes next."""

    left: int
    coming: tuple[SeatRow, ...]
    side_by_side: bool

    def next_today(self, me: Self) -> SeatRow | None:
        """The session that runs or comes before the person's local midnight."""
        first = self.coming[0] if self.coming else None
        if first is None or first.start.astimezone(me.zone).date() > me.today:
            return None
        return first


def week_ahead(actor: Actor, now: datetime | None = None) -> WeekAhead:
    """How many sessions are left this week and which come next; four queries.

    Only what is left is counted: attended hours stay under *Me* (P-68).
    """
    moment = now or timezone.now()
    start, end = week_span(monday_of(moment))
    rows = seats_between(actor, actor.sure_id, start, moment + timedelta(days=AHEAD))
    coming = [r for r in rows if r.end > moment and r.status in ("planned", "running")]
    return WeekAhead(
        left=sum(r.start < end for r in coming),
        coming=tuple(coming),
        side_by_side=rules.side_by_side([r for r in rows if r.start < end], moment),
    )


def side_by_side_now(actor: Actor, now: datetime | None = None) -> bool:
    """Whether the actor's week has the side-by-side shape (C-16, C-53); four queries."""
    return week_ahead(actor, now).side_by_side


# Ours ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartTile:
    """An optional part as one partner sees it: own half, and whether today has an entry."""

    code: str
    words: str
    mine: bool
    shown: bool
    today: bool


@dataclass(frozen=True)
class Ours:
    """The couple's page: contract, trust week, parts, thanks.

    ``week`` is empty while the contract rests, for every cause alike (C-16, C-53).
    """

    contract: RecoveryContract | None
    rests: bool
    week: tuple[rules.TrustDot, ...]
    tick_days: tuple[date, ...]
    parts: tuple[PartTile, ...]
    thanks: tuple[Gratitude, ...]

    @property
    def both_days(self) -> int:
        """How many days of this week are filled, of seven (C-49)."""
        return sum(dot.both for dot in self.week)


def ours(actor: Actor, me: Self, side_by_side: bool, now: datetime | None = None) -> Ours:
    """What is the couple's own, for one of the two. At most four queries.

    Raises:
        NotThere: without a couple.
    """
    moment = now or timezone.now()
    if me.couple_id is None:
        raise NotThere
    contract = (
        RecoveryContract.objects.visible_to(actor)
        .filter(couple_id=me.couple_id, ended_on__isnull=True)
        .first()
    )
    rests = contract is not None and (side_by_side or contract.paused_on is not None)
    week: tuple[rules.TrustDot, ...] = ()
    days: tuple[date, ...] = ()
    parts: tuple[PartTile, ...] = ()
    if contract is not None and not rests:
        monday = me.today - timedelta(days=me.today.weekday())
        both = set(
            TrustDay.objects.visible_to(actor)
            .filter(couple_id=me.couple_id, day__gte=monday - timedelta(days=1))
            .values_list("day", flat=True)
        )
        week = rules.trust_week(me.today, both)
        days = rules.tick_days(moment, me.zone, both)
        parts = _parts(actor, me, contract)
    thanks = tuple(
        Gratitude.objects.visible_to(actor)
        .filter(couple_id=me.couple_id)
        .order_by("-made_at", "-id")[:2]
    )
    return Ours(contract, rests, week, days, parts, thanks)


def trust_days(actor: Actor, couple_id: UUID, since: date) -> list[date]:
    """The days since one on which both said that they had their talk (C-49); one query."""
    rows = TrustDay.objects.visible_to(actor).filter(couple_id=couple_id, day__gte=since)
    return list(rows.order_by("day").values_list("day", flat=True))


def _parts(actor: Actor, me: Self, contract: RecoveryContract) -> tuple[PartTile, ...]:
    mine = PartConsent.objects.visible_to(actor).filter(
        person_id=me.person_id, revoked_at__isnull=True
    )
    shown = ContractPart.objects.visible_to(actor).filter(contract=contract, shown=True)
    entries = PartDay.objects.visible_to(actor).filter(couple=contract.couple_id, day=me.today)
    about = [
        rows.order_by().annotate(about=Value(word)).values_list("code", "about")
        for word, rows in (("mine", mine), ("shown", shown), ("entry", entries))
    ]
    found = set(about[0].union(*about[1:]))
    labels = ContractPart._meta.get_field("code").choices or []
    return tuple(
        PartTile(
            str(code),
            str(words),
            *((code, word) in found for word in ("mine", "shown", "entry")),
        )
        for code, words in labels
    )


# The counselor's view ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """One local day of a person: the answers, or ``None`` where nothing was given (I-23)."""

    day: date
    body: CheckInBody | None


@dataclass(frozen=True)
class CheckIns:
    """A person's check-ins as a clinician reads them: days newest first, and the urge week."""

    person: Person
    days: tuple[Day, ...]
    week: UrgeWeek

    @property
    def given(self) -> int:
        """How many of these days were given."""
        return sum(d.body is not None for d in self.days)


def checkins_for(
    actor: Actor, person_id: UUID, *, days: int = 28, now: datetime | None = None
) -> CheckIns:
    """The last days' check-ins of one person, for those whom the table lets read them.

    Missing days are there without a body; nothing is 0 that wasn't said (I-23). Two queries.

    Raises:
        NotThere: to everybody else, the partner included (P-2).
    """
    moment = now or timezone.now()
    person = Person.objects.visible_to(actor).filter(id__granted="checkin").sole(id=person_id)
    today = moment.astimezone(ZoneInfo(person.zone)).date()
    first = today - timedelta(days=days - 1)
    bodies = {
        body.checkin.day: body
        for body in CheckInBody.objects.visible_to(actor)
        .filter(person_id=person_id, checkin__day__range=(first, today))
        .select_related("checkin")
    }
    audit.read("checkin", person_id)
    rows = tuple(
        Day(day, bodies.get(day)) for day in (today - timedelta(days=n) for n in range(days))
    )
    return CheckIns(person, rows, urge_week([d.body.urge if d.body else None for d in rows[:7]]))


def person_by_public_id(actor: Actor, public_id: UUID) -> Person:
    """A person whose check-ins the actor may read.

    Raises:
        NotThere: to everybody else.
    """
    return Person.objects.visible_to(actor).filter(id__granted="checkin").sole(public_id=public_id)


def open_days_left(actor: Actor, me: Self, now: datetime | None = None) -> tuple[date, ...]:
    """The person's own days that still take a check-in, the newest first (I-23)."""
    days = open_days(now or timezone.now(), me.zone)
    given = set(
        CheckIn.objects.visible_to(actor)
        .filter(person_id=me.person_id, day__in=days)
        .values_list("day", flat=True)
    )
    return tuple(day for day in reversed(days) if day not in given)
