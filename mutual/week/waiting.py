"""A group's waiting list: it fills itself in order, offers both places at once, and says so (F-5).

Free places are capacity, less the roster, less open offers; always. A couple waits for two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import shown_names
from mutual.wall import audit, outbox
from mutual.wall.context import Actor, as_service
from mutual.week import booking, checks, groups
from mutual.week.kinds import KINDS, kind_of
from mutual.week.locks import no_longer_free
from mutual.week.models import Group, GroupMember, Session, Waiting
from mutual.week.templates import programme_zone

#: An offer stands so long, and never beyond the day a fixed group begins.
OFFER_FOR = timedelta(hours=48)
HELD = ("offered", "accepted")
OPEN = ("waiting", *HELD)


def free_places(group: Group, on: date) -> int:
    """Capacity, less who is on the roster on that day, less places that are offered (F-5)."""
    with as_service("rosters"):
        there = GroupMember.objects.filter(group=group, during__contains=on).count()
        held = Waiting.objects.filter(group=group, state__in=HELD).count()
    return group.capacity - there - held


def wait_for(
    actor: Actor, group: Group, persons: Sequence[UUID], *, now: datetime | None = None
) -> list[Waiting]:
    """Put one person, or both of a couple, on a group's waiting list; a free place is offered now.

    Raises:
        Refused: the group has begun, they are on its roster or list already, or may not share it
            (C-40, C-44; no reason is shown).
        NotThere: for who doesn't keep this roster.
    """
    moment = now or timezone.now()
    if not groups.may_keep_rosters(actor, group):
        raise NotThere
    on = _day(moment)
    if _begun(group, on):
        raise Refused(_("This group has begun. Choose another section."), rule="F-5")
    people = list(dict.fromkeys(persons))
    if not 1 <= len(people) <= 2:
        raise Refused(_("Choose one person or both of a couple."), field="people")
    there = checks.members_of(group.id, on)
    if any(p in there for p in people):
        raise Refused(_("Already on this roster."), field="people")
    entry = kind_of(group.kind)
    checks.refuse_attendance(entry, people, [p for p in there if p not in people])
    if checks.same_group_refused(people, [p for p in there if p not in people]):
        raise Refused(_("Choose another section."), rule="C-44")
    with transaction.atomic():
        with as_service("rosters"):
            _lock(group)
            if Waiting.objects.filter(group=group, person_id__in=people, state__in=OPEN).exists():
                raise Refused(_("Already on this waiting list."), field="people")
            party = uuid4()
            rows = [Waiting(group=group, person_id=p, party=party, asked_at=moment) for p in people]
            Waiting.objects.bulk_create(rows)
        fill(group, now=moment)
    for row in rows:
        audit.note("write", "group_roster", group.id, row.id, "waits")
    return rows


def fill(group: Group, *, now: datetime | None = None) -> list[UUID]:
    """Offer what is free to who has waited longest; returns the parties that got an offer.

    Offers whose time is over lapse first. A party in front that needs two places is not passed
    by while one is free. After a fixed group has begun nothing is offered (F-5).
    """
    moment = now or timezone.now()
    offered: list[UUID] = []
    with transaction.atomic(), as_service("rosters"):
        _lock(group)
        _lapse(group, moment)
        if _begun(group, _day(moment)):
            return []
        free = free_places(group, _day(moment))
        for party, rows in _parties(group):
            if len(rows) > free:
                break
            until = _until(group, moment)
            for row in rows:
                row.state, row.until = "offered", until
                row.save(update_fields=["state", "until"])
                outbox.leave(row.person_id, f"offer:{row.public_id.hex}", moment, until=until)
            free -= len(rows)
            offered.append(party)
    for party in offered:
        audit.note("write", "group_roster", group.id, party, "offered")
    return offered


def fill_all(now: datetime | None = None) -> int:
    """Every group with somebody on its list: offers lapse, the next ones get theirs."""
    moment = now or timezone.now()
    with transaction.atomic(), as_service("rosters"):
        found = list(Group.objects.filter(waiting__state__in=OPEN).distinct())
    count = 0
    for group in found:
        with transaction.atomic(), as_service("rosters"):
            count += len(fill(group, now=moment))
    return count


def answer(actor: Actor, public_id: UUID, yes: bool, *, now: datetime | None = None) -> Waiting:
    """One's own answer to an offer; a couple joins when both said yes, one no is a no (F-5).

    Answered twice the first answer stands (F-13).

    Raises:
        Refused: the offer is over, or a rule stands against joining now.
        NotThere: for an offer that is not one's own.
    """
    moment = now or timezone.now()
    mine = Waiting.objects.visible_to(actor).sole(public_id=public_id, person_id=actor.sure_id)
    with as_service("rosters"):
        group = Group.objects.get(id=mine.group_id)
    with transaction.atomic():
        with as_service("rosters"):
            _lock(group)
            _lapse(group, moment)
            rows = list(Waiting.objects.filter(party=mine.party).order_by("id"))
        row = next(r for r in rows if r.id == mine.id)
        if row.state in ("accepted", "joined", "declined"):
            return row
        if row.state != "offered":
            raise Refused(_("This offer is over. Your team can offer another."), rule="F-5")
        if not yes:
            _all(rows, "declined")
            fill(group, now=moment)
        else:
            _all([row], "accepted")
            if all(r.state == "accepted" for r in rows):
                _join(group, rows, moment)
        row.refresh_from_db()
    audit.note("write", "group_roster", group.id, row.id, row.state)
    return row


def _join(group: Group, rows: Sequence[Waiting], now: datetime) -> None:
    people, on = [r.person_id for r in rows], _day(now)
    entry = kind_of(group.kind)
    groups.refuse_joining(group, entry, people, on)
    checks.refuse_consents(entry, people, now)
    checks.refuse_unlicensed(group.leader, people, on)
    groups.join_group(group, people, on, now=now)
    with as_service("rosters"):
        coming = list(
            Session.objects.filter(
                subject_id=group.id, status="planned",
                during__overlap=TimestamptzRange(now, now + timedelta(days=60)),
            ).order_by("during")
        )  # fmt: skip
        for session in coming:
            try:
                with no_longer_free([], people, session.during):
                    booking.seat_all([(session, p) for p in people], session.made_by)
            except Refused:
                # Somebody is busy at that one meeting; the roster holds for the others.
                continue
    _all(rows, "joined")


def _all(rows: Sequence[Waiting], state: str) -> None:
    with as_service("rosters"):
        for row in rows:
            row.state = state
            row.save(update_fields=["state"])


def _lapse(group: Group, now: datetime) -> None:
    """Offers whose time is over, for the whole party: one who said yes waits no longer alone."""
    over = Waiting.objects.filter(group=group, state__in=HELD, until__lte=now)
    parties = list(over.values_list("party", flat=True))
    Waiting.objects.filter(party__in=parties, state__in=HELD).update(state="lapsed")


def _parties(group: Group) -> list[tuple[UUID, list[Waiting]]]:
    found: dict[UUID, list[Waiting]] = {}
    for row in Waiting.objects.filter(group=group, state="waiting").order_by("asked_at", "id"):
        found.setdefault(row.party, []).append(row)
    return list(found.items())


def _lock(group: Group) -> None:
    Group.objects.select_for_update().get(id=group.id)


def _begun(group: Group, on: date) -> bool:
    return group.starts_on is not None and group.starts_on <= on


def _until(group: Group, now: datetime) -> datetime:
    until = now + OFFER_FOR
    if group.starts_on is None:
        return until
    begins = datetime.combine(group.starts_on, datetime.min.time(), programme_zone())
    return min(until, begins)


def _day(moment: datetime) -> date:
    return moment.astimezone(programme_zone()).date()


# What screens read ---------------------------------------------------------------------------


@dataclass(frozen=True)
class GroupLine:
    """One group in the list: places, who waits, what is offered."""

    group: Group
    leader: str
    members: int
    waiting: int
    offered: int

    @property
    def free(self) -> int:
        """Free places (F-5)."""
        return self.group.capacity - self.members - self.offered


def group_lines(actor: Actor, on: date) -> list[GroupLine]:
    """The groups whose roster the actor may read, by kind and name; three queries."""
    found = list(Group.objects.visible_to(actor).select_related("leader").order_by("kind", "name"))
    ids = [g.id for g in found]
    there = dict(
        GroupMember.objects.filter(group_id__in=ids, during__contains=on)
        .values_list("group_id").annotate(n=Count("id"))
    )  # fmt: skip
    lists: dict[tuple[UUID, str], int] = {}
    rows = Waiting.objects.visible_to(actor).filter(group_id__in=ids, state__in=OPEN)
    for group, state, count in rows.values_list("group_id", "state").annotate(n=Count("id")):
        key = (group, "waiting" if state == "waiting" else "offered")
        lists[key] = lists.get(key, 0) + count
    return [
        GroupLine(g, g.leader.name, there.get(g.id, 0), lists.get((g.id, "waiting"), 0),
                  lists.get((g.id, "offered"), 0))
        for g in found
    ]  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Somebody on a roster or a waiting list."""

    person_id: UUID
    name: str
    state: str
    words: str
    until: datetime | None


def roster_of(actor: Actor, group: Group, on: date) -> tuple[list[Place], list[Place]]:
    """Who is on a roster, and its list with what became of it; three queries."""
    rows = list(GroupMember.objects.visible_to(actor).filter(group=group, during__contains=on))
    listed = list(
        Waiting.objects.visible_to(actor).filter(group=group).order_by("-asked_at", "id")[:40]
    )
    names = shown_names([*(r.person_id for r in rows), *(w.person_id for w in listed)])
    inside = [Place(r.person_id, names.get(r.person_id, ("", ""))[0], "", "", None) for r in rows]
    waits = [
        Place(w.person_id, names.get(w.person_id, ("", ""))[0], w.state,
              str(w.get_state_display()), w.until)
        for w in listed
    ]  # fmt: skip
    return sorted(inside, key=lambda p: p.name), waits


def my_offers(actor: Actor, now: datetime | None = None) -> list[tuple[Waiting, str]]:
    """The offers that wait for the actor's own answer, with what the group is; two queries."""
    rows = list(
        Waiting.objects.filter(
            person_id=actor.sure_id, state="offered", until__gt=now or timezone.now()
        )
    )
    if not rows:
        return []
    with as_service("rosters"):
        kinds = dict(
            Group.objects.filter(id__in=[r.group_id for r in rows]).values_list("id", "kind")
        )
    titles = {key: str(KINDS[k].title) if k in KINDS else "" for key, k in kinds.items()}
    return [(row, titles.get(row.group_id, "")) for row in rows]
