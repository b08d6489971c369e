"""What the admissions screens read: the board in a few queries, and one inquiry's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django_stubs_ext import StrPromise

from mutual.episode.inquiry import CLOSED, OPEN
from mutual.episode.models import BOARD, Inquiry, Invitation
from mutual.people.models import Account, Couple
from mutual.wall import audit
from mutual.wall.context import Actor

if TYPE_CHECKING:
    from mutual.wall.managers import WalledQuerySet

#: A first answer is due within this time (D); after the second it is late.
ANSWER_SOON = timedelta(hours=4)
ANSWER_LATE = timedelta(hours=24)
#: Cards of one column that the whole board shows, and of a column opened alone.
SHORT, LONG = 20, 200


@dataclass(frozen=True)
class Clock:
    """How long somebody waited, or waits, for a first answer."""

    minutes: int
    running: bool

    @property
    def tone(self) -> str:
        """``ok``, ``warn`` or ``danger`` while it runs; ``""`` once answered."""
        if not self.running:
            return ""
        waited = timedelta(minutes=self.minutes)
        return "danger" if waited > ANSWER_LATE else "warn" if waited > ANSWER_SOON else "ok"

    @property
    def days(self) -> int:
        """Whole days."""
        return self.minutes // (24 * 60)


@dataclass(frozen=True)
class Card:
    """One inquiry on the board."""

    inquiry: Inquiry
    clock: Clock
    partner: str
    same_word: bool
    overdue: bool


@dataclass(frozen=True)
class Column:
    """One column of the board; ``count`` may be more than ``cards``."""

    key: str
    title: StrPromise | str
    count: int
    cards: list[Card]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.cards)


@dataclass(frozen=True)
class Board:
    """All columns, and the response clock over everything that is open."""

    columns: list[Column]
    waiting: int
    late: int
    due: int


def clock_of(inquiry: Inquiry, now: datetime) -> Clock:
    """The response-time clock of an inquiry: it stops at the first contact or the end."""
    stopped = inquiry.contacted_at
    if stopped is None and inquiry.status in CLOSED:
        stopped = inquiry.moved_at or now
    until = stopped or now
    return Clock(max(0, int((until - inquiry.received_at).total_seconds() // 60)), stopped is None)


def _filtered(actor: Actor, show: str, state: str, today: date) -> WalledQuerySet[Inquiry]:
    rows = Inquiry.objects.visible_to(actor)
    if show == "waiting":
        rows = rows.filter(contacted_at__isnull=True, status__in=OPEN)
    elif show == "due":
        rows = rows.filter(next_on__lte=today, status__in=OPEN)
    return rows.filter(state=state) if state else rows


def _counts(
    rows: WalledQuerySet[Inquiry], moment: datetime, day: date
) -> dict[str, dict[str, int]]:
    """Per column: how many, waiting for an answer, late, with a next step due."""
    waits = Q(contacted_at__isnull=True)
    late = waits & Q(received_at__lt=moment - ANSWER_LATE)
    found = (
        rows.values("status")
        .annotate(
            n=Count("id"),
            waits=Count("id", filter=waits),
            late=Count("id", filter=late),
            due=Count("id", filter=Q(next_on__lte=day)),
        )
        .order_by()
    )
    return {
        row["status"]: {name: row[name] for name in ("n", "waits", "late", "due")} for row in found
    }


def board(
    actor: Actor,
    *,
    show: str = "",
    state: str = "",
    column: str = "",
    now: datetime | None = None,
    today: date | None = None,
) -> Board:
    """The board for an actor, in three queries at any length.

    Args:
        show: ``waiting`` for a first answer, ``due`` next steps, or everything.
        state: only people of this state.
        column: one column alone, long.
        today: the programme's calendar day, for next steps.
    """
    moment = now or timezone.now()
    day = today or timezone.localdate()
    rows = _filtered(actor, show, state, day)
    counts = _counts(rows, moment, day)
    limit = LONG if column else SHORT
    shown = rows.filter(status=column) if column else rows
    # Open ones by what is due and who waits longest; closed ones newest first.
    found = list(
        shown.annotate(
            place=Window(
                RowNumber(),
                partition_by=[F("status")],
                order_by=[
                    F("next_on").asc(nulls_last=True),
                    F("moved_at").desc(nulls_first=True),
                    F("received_at").asc(),
                ],
            )
        )
        .filter(place__lte=limit)
        .order_by("place")
    )
    partners, words = _neighbours(actor, found)
    cards: dict[str, list[Card]] = {}
    for row in found:
        cards.setdefault(row.status, []).append(
            Card(
                row,
                clock_of(row, moment),
                partners.get((row.couple_key, row.id), ""),
                bool(row.couple_word and words.get(row.couple_word, 0) > 1),
                bool(row.next_on and row.next_on < day and row.status in OPEN),
            )
        )
    columns = [
        Column(key, title, counts[key]["n"] if key in counts else 0, cards.get(key, []))
        for key, title in BOARD
        if not column or key == column
    ]
    live = [counts[key] for key in OPEN if key in counts]
    return Board(
        columns,
        waiting=sum(c["waits"] for c in live),
        late=sum(c["late"] for c in live),
        due=sum(c["due"] for c in live),
    )


def _neighbours(
    actor: Actor, rows: Sequence[Inquiry]
) -> tuple[dict[tuple[UUID, UUID], str], dict[str, int]]:
    """Who is linked to whom, and how many gave each shared word; one query."""
    keys = {row.couple_key for row in rows}
    given = {row.couple_word for row in rows if row.couple_word}
    near = list(
        Inquiry.objects.visible_to(actor)
        .filter(Q(couple_key__in=keys) | Q(couple_word__in=given))
        .values_list("id", "couple_key", "couple_word", "name")
    )
    names: dict[tuple[UUID, UUID], str] = {}
    words: dict[str, int] = {}
    by_key: dict[UUID, list[tuple[UUID, str]]] = {}
    for who, key, word, name in near:
        by_key.setdefault(key, []).append((who, name))
        if word:
            words[word] = words.get(word, 0) + 1
    for key, members in by_key.items():
        for who, _name in members:
            for other, name in members:
                if other != who:
                    names[(key, who)] = name
    return names, words


@dataclass(frozen=True)
class InquiryPage:
    """Everything one inquiry's page shows."""

    inquiry: Inquiry
    clock: Clock
    may_change: bool
    partner: Inquiry | None
    candidates: list[tuple[Inquiry, bool]]  # and whether it gave the same word
    same_address: int
    invitation: Invitation | None
    partner_invitation: Invitation | None
    accounts: frozenset[UUID]
    couple: Couple | None

    @property
    def can_form_couple(self) -> bool:
        """Whether both came by their own links and are no couple yet."""
        return (
            self.couple is None
            and self.partner is not None
            and self.inquiry.person_id in self.accounts
            and self.partner.person_id in self.accounts
        )


def inquiry_of(actor: Actor, public_id: UUID) -> Inquiry:
    """The inquiry with this public id.

    Raises:
        NotThere: if there is none for this actor.
    """
    return Inquiry.objects.visible_to(actor).select_related("person").sole(public_id=public_id)


def inquiry_page(actor: Actor, public_id: UUID, *, now: datetime | None = None) -> InquiryPage:
    """One inquiry with its partner, links and the ones it might belong to.

    Raises:
        NotThere: if there is none for this actor.
    """
    moment = now or timezone.now()
    inquiry = inquiry_of(actor, public_id)
    audit.read("inquiry", inquiry.id)
    others = Inquiry.objects.visible_to(actor).exclude(id=inquiry.id).select_related("person")
    near = list(
        others.filter(
            Q(couple_key=inquiry.couple_key)
            | (Q(couple_word=inquiry.couple_word) & ~Q(couple_word=""))
            | Q(reach__iexact=inquiry.reach)
        ).order_by("-received_at")[:20]
    )
    partner = next((o for o in near if o.couple_key == inquiry.couple_key), None)
    candidates: list[tuple[Inquiry, bool]] = []
    if partner is None and inquiry.status in OPEN:
        said = [o for o in near if inquiry.couple_word and o.couple_word == inquiry.couple_word]
        taken = Inquiry.objects.filter(couple_key=OuterRef("couple_key")).exclude(id=OuterRef("id"))
        rest = others.filter(~Exists(taken), status__in=OPEN, couple_word="").order_by(
            "-received_at"
        )[:8]
        candidates = [(o, True) for o in said if o.status in OPEN]
        candidates += [(o, False) for o in rest]
    both = [inquiry.id, *([partner.id] if partner else [])]
    invitations: dict[UUID, Invitation] = {}
    for row in Invitation.objects.visible_to(actor).filter(inquiry_id__in=both).order_by("id"):
        invitations[row.inquiry_id] = row
    people = [i.person_id for i in (inquiry, partner) if i is not None and i.person_id]
    accounts = Account.objects.filter(actor_id__in=people).values_list("actor_id", flat=True)
    couple = (
        Couple.objects.filter(members__person_id=inquiry.person_id, ended_on__isnull=True).first()
        if inquiry.person_id
        else None
    )
    return InquiryPage(
        inquiry=inquiry,
        clock=clock_of(inquiry, moment),
        may_change=actor.has("admissions"),
        partner=partner,
        candidates=candidates,
        same_address=sum(o.reach.casefold() == inquiry.reach.casefold() for o in near),
        invitation=invitations.get(inquiry.id),
        partner_invitation=invitations.get(partner.id) if partner else None,
        accounts=frozenset(accounts) if people else frozenset(),
        couple=couple,
    )
