"""Agreements of a couple: proposed by one, standing once both said yes, kept or let go.

They stand in *Ours* without anybody's consent, since both write them (C-74). While the couple's
shared work rests, they rest too: nothing is proposed, kept or overdue (C-16, C-53).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.refusal import NotThere, Refused
from mutual.daily.models import Agreement, AgreementYes
from mutual.daily.queries import side_by_side_now
from mutual.episode.queries import week_sentence
from mutual.people.lookups import couple_of
from mutual.people.models import Couple, CoupleMember, Person
from mutual.wall import audit
from mutual.wall.context import Actor

LONGEST = 300
#: How long a closed agreement is shown.
PAST = timedelta(days=120)


@dataclass(frozen=True)
class Line:
    """An agreement as one reader sees it.

    Attributes:
        mine: whether the reader's own yes stands under it.
        overdue: it stands and its day has passed.
    """

    row: Agreement
    mine: bool
    overdue: bool

    @property
    def stands(self) -> bool:
        """Whether both said yes and it is still open."""
        return self.row.stands_on is not None and self.row.closed_on is None

    @property
    def waits(self) -> bool:
        """Whether it is only proposed."""
        return self.row.stands_on is None and self.row.closed_on is None


@dataclass(frozen=True)
class Agreements:
    """What a couple agreed on: proposed, standing, and what is behind them."""

    proposed: list[Line]
    standing: list[Line]
    past: list[Line]

    @property
    def overdue(self) -> list[Line]:
        """Those for the next session's agenda."""
        return [line for line in self.standing if line.overdue]


def agreements(actor: Actor, couple_id: UUID, today: date, *, resting: bool = False) -> Agreements:
    """All that is open and what was closed lately, newest first; one query."""
    mine = AgreementYes.objects.visible_to(actor).filter(
        agreement_id=OuterRef("pk"), person_id=actor.sure_id
    )
    rows = (
        Agreement.objects.visible_to(actor)
        .filter(couple_id=couple_id)
        .exclude(closed_on__lt=today - PAST)
        .annotate(mine=Exists(mine))
        .order_by("-closed_on", "due_on", "-made_at")
    )
    lines = [Line(row, row.mine, _overdue(row, today) and not resting) for row in rows]
    return Agreements(
        proposed=[line for line in lines if line.waits],
        standing=sorted(
            (line for line in lines if line.stands), key=lambda n: n.row.due_on or date.max
        ),
        past=[line for line in lines if line.row.closed_on is not None],
    )


def _overdue(row: Agreement, today: date) -> bool:
    return row.stands_on is not None and row.due_on is not None and row.due_on < today


def propose(
    actor: Actor,
    couple: Couple,
    words: str,
    *,
    due_on: date | None = None,
    key: UUID | None = None,
    now: datetime | None = None,
) -> Agreement:
    """Propose an agreement; a partner who proposes says yes with it.

    ``key`` is the public id that the form carries: a repeat finds the first (F-13).

    Raises:
        Refused: without words, with too many, for a day that is past, or after a parting (P-71).
        NotThere: for a couple that isn't the actor's to write of.
    """
    moment = now or timezone.now()
    _ours(actor, couple)
    if key is not None:
        first = Agreement.objects.visible_to(actor).filter(public_id=key).first()
        if first is not None:
            return first
    said = " ".join(words.split())
    if not said:
        raise Refused(_("Write what you agree on."), field="words")
    if len(said) > LONGEST:
        raise Refused(_("Shorten it to %(n)d characters.") % {"n": LONGEST}, field="words")
    _refuse_past(actor, due_on, moment)
    row = Agreement(
        **({"public_id": key} if key else {}),
        couple=couple,
        author_id=actor.sure_id,
        words=said,
        due_on=due_on,
        made_at=moment,
    )
    row.save(force_insert=True)
    audit.note("write", "agreement", couple.id, row.id, "proposed")
    if actor.is_person:
        agree(actor, row, now=moment)
    return row


def agree(actor: Actor, row: Agreement, *, now: datetime | None = None) -> Agreement:
    """One's own yes; with the second yes the agreement stands. A repeat changes nothing.

    Raises:
        Refused: after it was closed, or after a parting.
        NotThere: for anybody but the two.
    """
    moment = now or timezone.now()
    _ours(actor, row.couple)
    if not actor.is_person:
        raise NotThere
    fresh = _open(row)
    AgreementYes.objects.get_or_create(
        agreement=fresh, person_id=actor.sure_id, defaults={"couple_id": fresh.couple_id}
    )
    both = set(CoupleMember.objects.filter(couple_id=fresh.couple_id).values_list("person_id"))
    said = set(AgreementYes.objects.filter(agreement=fresh).values_list("person_id"))
    if fresh.stands_on is None and len(both) == 2 and both <= said:
        fresh.stands_on = _today(actor, moment)
        fresh.save(update_fields=["stands_on"])
    audit.note("write", "agreement", fresh.couple_id, fresh.id, "agreed")
    return fresh


def close(actor: Actor, row: Agreement, outcome: str, *, now: datetime | None = None) -> Agreement:
    """Say that it was kept, or let it go; either of the two, or the couples therapist, may.

    Raises:
        Refused: for an unknown outcome, or keeping what doesn't stand.
    """
    _ours(actor, row.couple)
    if outcome not in ("kept", "let_go"):
        raise Refused(_("Choose whether it was kept or is let go."))
    fresh = _locked(row)
    if fresh.closed_on is not None:
        return fresh
    if outcome == "kept" and fresh.stands_on is None:
        raise Refused(_("It stands only once you have both said yes."))
    fresh.outcome = outcome
    fresh.closed_on = _today(actor, now or timezone.now())
    fresh.save(update_fields=["outcome", "closed_on"])
    audit.note("write", "agreement", fresh.couple_id, fresh.id, outcome)
    return fresh


def move(
    actor: Actor, row: Agreement, due_on: date | None, *, now: datetime | None = None
) -> Agreement:
    """Give it another day, or none.

    Raises:
        Refused: for a day that is past, or once it is closed.
    """
    _ours(actor, row.couple)
    fresh = _open(row)
    _refuse_past(actor, due_on, now or timezone.now())
    fresh.due_on = due_on
    fresh.save(update_fields=["due_on"])
    audit.note("write", "agreement", fresh.couple_id, fresh.id, "moved")
    return fresh


def one(actor: Actor, public_id: UUID) -> Agreement:
    """One agreement that the actor may see.

    Raises:
        NotThere: absent or forbidden.
    """
    return Agreement.objects.visible_to(actor).select_related("couple").sole(public_id=public_id)


def rests(actor: Actor, couple: Couple, now: datetime | None = None) -> bool:
    """Whether what the two share rests: a hold, a first week, a parting (C-16, C-53, P-71)."""
    return couple.parted_at is not None or side_by_side_now(actor, now)


def own_couple(actor: Actor) -> Couple:
    """The couple of the partner who looks.

    Raises:
        NotThere: without one.
    """
    couple = couple_of(actor.sure_id) if actor.is_person else None
    if couple is None:
        raise NotThere
    return couple


def _ours(actor: Actor, couple: Couple) -> None:
    if not Couple.objects.filter(id=couple.id, id__granted="agreement.write").exists():
        raise NotThere
    if couple.parted_at is not None:
        raise Refused(week_sentence(couple.id), rule="P-71", field="words")


def _locked(row: Agreement) -> Agreement:
    """The row as it stands, locked: two who act at once see each other."""
    return Agreement.objects.select_for_update().get(id=row.id)


def _open(row: Agreement) -> Agreement:
    fresh = _locked(row)
    if fresh.closed_on is not None:
        raise Refused(_("This agreement is closed. Make a new one."))
    return fresh


def _refuse_past(actor: Actor, due_on: date | None, moment: datetime) -> None:
    if due_on is not None and due_on < _today(actor, moment):
        raise Refused(_("Choose today or a later day."), field="due_on")


def _today(actor: Actor, moment: datetime) -> date:
    zone = settings.PROGRAMME_ZONE
    if actor.is_person:
        zone = Person.objects.values_list("zone", flat=True).get(id=actor.sure_id)
    return moment.astimezone(ZoneInfo(zone)).date()
