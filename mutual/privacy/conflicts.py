"""Conflicts of interest: staff close to somebody see nothing of them, in no role (P-6).

A conflict is a name, declared whether or not that person is here: neither the list nor its effect
tells the one who declared. The database finds whom it fits, today and whenever somebody of that
name comes (constraints.sql).
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.crypto import open_sealed, seal
from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import staff_names
from mutual.people.models import Person, Staff
from mutual.privacy.glass import signed_names
from mutual.privacy.models import ConflictMatch, ConflictOfInterest
from mutual.wall import audit, journal
from mutual.wall.context import Actor, as_service
from mutual.wall.models import Relation

#: Who manages conflicts: nobody their own.
MANAGERS = ("director", "privacy_officer")
#: Relations that put somebody on a team.
CARE = (
    "own_counselor", "partner_counselor", "couples_therapist", "prescriber", "nurse", "supervisor",
)  # fmt: skip


@dataclass(frozen=True)
class Match:
    """Somebody in care whom a name fits: ``name`` as the reader may know them."""

    row: ConflictMatch
    name: str
    #: On that person's team when it was found: somebody else must take over.
    on_team: bool


@dataclass(frozen=True)
class Line:
    """One declaration, and for who manages conflicts whom it fits."""

    row: ConflictOfInterest
    staff: str
    by: str
    matches: list[Match]


def declare(
    actor: Actor,
    name: str,
    relation: str,
    *,
    staff: Staff | None = None,
    born: date | None = None,
    now: datetime | None = None,
) -> ConflictOfInterest:
    """Write a conflict down: one's own, or as director or privacy officer of another.

    The answer is the same whether the person is here or not (P-32).

    Raises:
        NotThere: for who isn't staff, or writes another's without managing conflicts.
        Refused: without first and last name, or without how they are connected.
    """
    whose = staff.id if staff is not None else actor.sure_id
    if not actor.is_staff or (whose != actor.id and not actor.has(*MANAGERS)):
        raise NotThere
    words = " ".join(name.split())
    if " " not in words:
        raise Refused(_("Write the first and the last name."), rule="P-6", field="name")
    if relation not in dict(ConflictOfInterest._meta.get_field("relation").choices or ()):
        raise Refused(_("Choose how you are connected."), rule="P-6", field="relation")
    row = ConflictOfInterest(
        staff_id=whose,
        name=words[:161],
        born=born,
        relation=relation,
        declared_at=now or timezone.now(),
        by_id=actor.sure_id,
    )
    row.save(force_insert=True)
    journal.ended(
        "conflict", row.declared_at, row=row.id, staff=whose,
        sealed=_sealed(row),
    )  # fmt: skip
    audit.note("grant", "conflict", None, row.id, "conflict declared")
    return row


def _sealed(row: ConflictOfInterest) -> str:
    """Whom it is about, for the file of ends alone: a name outside the database stays sealed."""
    born = row.born.isoformat() if row.born else ""
    text = json.dumps({"name": row.name, "born": born, "relation": row.relation})
    return base64.b64encode(seal(text, str(row.id))).decode("ascii")


@journal.applies("conflict")
def _declare_again(what: dict[str, str], at: datetime) -> None:
    """In a restored database: who had declared it sees nothing of that person again (P-6, P-21)."""
    given = json.loads(open_sealed(base64.b64decode(what["sealed"]), what["row"]))
    # A declaration for somebody else is part of writing down who works here, and how.
    with as_service("offboarding") as service:
        ConflictOfInterest(
            id=UUID(what["row"]),
            staff_id=UUID(what["staff"]),
            name=given["name"],
            born=date.fromisoformat(given["born"]) if given["born"] else None,
            relation=given["relation"],
            declared_at=at,
            by_id=service.sure_id,
        ).save(force_insert=True)


def end(actor: Actor, key: UUID, why: str, *, now: datetime | None = None) -> ConflictOfInterest:
    """End a conflict; never one's own, never without a reason.

    Raises:
        NotThere: for who doesn't manage conflicts, and for one's own.
        Refused: without a reason.
    """
    row = one(actor, key)
    if not why.strip():
        raise Refused(_("Say why it no longer holds."), rule="P-6", field="why")
    if row.ended_at is None:
        row.ended_at, row.ended_by_id = now or timezone.now(), actor.sure_id
        row.ended_why = why.strip()[:200]
        row.save(update_fields=["ended_at", "ended_by_id", "ended_why"])
        audit.note("grant", "conflict", None, row.id, "conflict ended")
    return row


def one(actor: Actor, key: UUID) -> ConflictOfInterest:
    """A conflict that the actor may manage.

    Raises:
        NotThere: for everybody else's eyes and for one's own.
    """
    row = ConflictOfInterest.objects.filter(public_id=key).first()
    if row is None or not actor.has(*MANAGERS) or row.staff_id == actor.id:
        raise NotThere
    return row


def rule_out(
    actor: Actor, key: UUID, *, again: bool = False, now: datetime | None = None
) -> ConflictMatch:
    """Somebody else of the same name: not meant, so the conflict doesn't hold there.

    Args:
        again: take it back: it is the person after all.

    Raises:
        NotThere: for who doesn't manage conflicts, the one who declared, and one's own conflicts.
    """
    row = ConflictMatch.objects.filter(public_id=key).select_related("conflict").first()
    if row is None or not actor.has(*MANAGERS) or row.conflict.staff_id == actor.id:
        raise NotThere
    row.ruled_out_at = None if again else now or timezone.now()
    row.ruled_out_by_id = None if again else actor.sure_id
    with transaction.atomic():
        row.save(update_fields=["ruled_out_at", "ruled_out_by_id"])
    audit.note("grant", "conflict", row.person_id, row.conflict_id,
               "the person meant" if again else "another person of that name")  # fmt: skip
    return row


def mine(actor: Actor) -> list[ConflictOfInterest]:
    """The actor's own declarations, the newest first: names and dates, never a match."""
    rows = ConflictOfInterest.objects.filter(staff_id=actor.sure_id)
    return list(rows.order_by("-declared_at"))


def register(actor: Actor) -> list[Line]:
    """All conflicts but one's own, the newest first, with whom they fit; five queries.

    Raises:
        NotThere: for everybody but the director and the privacy officer.
    """
    if not actor.has(*MANAGERS):
        raise NotThere
    rows = list(
        ConflictOfInterest.objects.exclude(staff_id=actor.sure_id).order_by("-declared_at")[:500]
    )
    matches = list(ConflictMatch.objects.filter(conflict__in=rows))
    people = {match.person_id for match in matches}
    if actor.has("director"):
        names = {p.id: str(p) for p in Person.objects.visible_to(actor).filter(id__in=people)}
    else:
        names = signed_names(people)
    now = timezone.now()
    teams = set(
        Relation.objects.filter(
            subject_id__in=people, relation__in=CARE, valid__contains=now
        ).values_list("viewer_id", "subject_id")
    )
    staff = staff_names([x for row in rows for x in (row.staff_id, row.by_id)])
    by_conflict: dict[UUID, list[Match]] = {}
    owner = {row.id: row.staff_id for row in rows}
    for match in matches:
        on_team = (owner[match.conflict_id], match.person_id) in teams
        by_conflict.setdefault(match.conflict_id, []).append(
            Match(match, names.get(match.person_id, "") or _("somebody here"), on_team)
        )
    audit.read("conflict", None, None, "register")
    return [
        Line(
            row, staff.get(row.staff_id, ""), staff.get(row.by_id, ""), by_conflict.get(row.id, [])
        )
        for row in rows
    ]
