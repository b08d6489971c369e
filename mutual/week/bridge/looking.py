"""What the page of a proposal reads: today's week and the proposed one, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mutual.people.lookups import members, shown_names
from mutual.people.models import CoupleMember
from mutual.wall.context import Actor
from mutual.week.bridge.proposing import PLANNERS, spoken, title_of
from mutual.week.models import Proposal, ProposedSession

#: How the rows are grouped on the page: what changes comes first.
ORDER = ("move", "staff", "gone", "new", "seats", "same")


@dataclass(frozen=True)
class Row:
    """One proposed session beside what stands today."""

    public_id: UUID
    title: str
    who: str
    change: str
    change_words: str
    old: tuple[datetime, datetime] | None
    new: tuple[datetime, datetime] | None
    old_staff: str
    staff: str
    state: str
    words: str


@dataclass(frozen=True)
class Look:
    """A proposal as its page shows it."""

    proposal: Proposal
    rows: list[Row]
    conflicts: list[str]
    notes: list[str]

    @property
    def open(self) -> int:
        """How many rows still wait for somebody's word, unchanged ones left out."""
        return sum(row.state != "accepted" and row.change != "same" for row in self.rows)


def recent(actor: Actor, limit: int = 10) -> list[Proposal]:
    """The latest proposals, for who plans every week."""
    if not actor.has(*PLANNERS):
        return []
    return list(Proposal.objects.order_by("-asked_at")[:limit])


def look(actor: Actor, proposal: Proposal) -> Look:
    """Everything of one proposal; five queries."""
    found = list(
        ProposedSession.objects.visible_to(actor)
        .filter(proposal=proposal)
        .select_related("clinician", "group", "session__clinician")
    )
    names = {p: n for p, (n, _w) in shown_names([p for r in found for p in r.people]).items()}
    rows = [_row(row, names) for row in found]
    rows.sort(key=lambda r: (ORDER.index(r.change), (r.new or r.old or (datetime.max,))[0]))
    numbers: dict[int, dict[str, str]] = {}
    if proposal.conflicts or proposal.notes:
        for member, partner in members(CoupleMember.objects.visible_to(actor)
                                       .select_related("couple")):  # fmt: skip
            numbers.setdefault(member.couple.number, {})[partner.side] = partner.name

    def name_of(number: int, side: str) -> str:
        pair = numbers.get(number, {})
        if side:
            return pair.get(side, f"{number}.{side}")
        return " & ".join(pair[s] for s in sorted(pair)) or str(number)

    return Look(
        proposal, rows,
        [spoken(str(w), name_of) for w in proposal.conflicts],
        [spoken(str(w), name_of) for w in proposal.notes],
    )  # fmt: skip


def _row(row: ProposedSession, names: dict[UUID, str]) -> Row:
    old = row.session
    people: list[UUID] = list(row.people)
    start, end = row.during.lower, row.during.upper
    assert start is not None and end is not None
    was = None
    if old is not None and old.during.lower is not None and old.during.upper is not None:
        was = (old.during.lower, old.during.upper)
    return Row(
        public_id=row.public_id,
        title=title_of(row),
        who=", ".join(sorted(names.get(p, "") for p in people)).strip(", "),
        change=row.change,
        change_words=str(row.get_change_display()),
        old=was,
        new=None if row.change == "gone" else (start, end),
        old_staff=old.clinician.name if old is not None else "",
        staff=row.clinician.name,
        state=row.state,
        words=row.words,
    )
