"""The two kinds of thread as their readers see them; nothing moves between them (P-55)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from mutual.base.refusal import NotThere
from mutual.daily.actions.messages import counselor_of
from mutual.daily.models import CoupleMessage, OwnMessage
from mutual.people.lookups import partners, shown_names, staff_names
from mutual.people.models import Couple, Person
from mutual.wall import audit
from mutual.wall.context import Actor
from mutual.wall.models import Relation

SHOWN = 100


@dataclass(frozen=True)
class Line:
    """One message: who wrote it, whether it is the reader's own, the words and the moment."""

    author: str
    mine: bool
    text: str
    sent_at: datetime


def own_thread(actor: Actor, person_id: UUID) -> list[Line]:
    """The thread of a person with the actor (or, for the person, with their clinicians)."""
    rows = list(
        OwnMessage.objects.visible_to(actor)
        .filter(person_id=person_id)
        .order_by("-sent_at", "-id")[:SHOWN]
    )
    audit.read("message_own", person_id)
    return _lines(actor, [(r.author_id, r.text, r.sent_at) for r in rows])


def couple_thread(actor: Actor, couple_id: UUID) -> list[Line]:
    """The couple's thread; one line for each message whoever it was sent to."""
    rows = CoupleMessage.objects.visible_to(actor).filter(couple_id=couple_id)
    newest = rows.order_by("-sent_at", "-message_id")[: SHOWN * 2]
    once = {r.message_id: (r.author_id, r.text, r.sent_at) for r in newest}
    audit.read("message_couple", couple_id)
    return _lines(actor, list(once.values())[:SHOWN])


def _lines(actor: Actor, newest_first: list[tuple[UUID, str, datetime]]) -> list[Line]:
    others = list({author for author, _t, _s in newest_first if author != actor.id})
    names = staff_names(others)
    people = shown_names([o for o in others if o not in names])
    return [
        Line(
            names.get(author) or people.get(author, ("", ""))[0],
            author == actor.id,
            text,
            sent_at,
        )
        for author, text, sent_at in reversed(newest_first)
    ]


@dataclass(frozen=True)
class ThreadRow:
    """A thread in a clinician's list: ``waiting`` means that the last word was not theirs."""

    public_id: UUID
    names: tuple[tuple[str, str], ...]
    together: bool
    last: str
    sent_at: datetime | None
    waiting: bool


def threads_of_staff(actor: Actor, now: datetime | None = None) -> list[ThreadRow]:
    """A clinician's threads: own ones of the people they counsel, and their couples', waiting
    ones first. Seven queries at most, whatever their number."""
    moment = now or timezone.now()
    mine = list(
        Relation.objects.filter(
            viewer_id=actor.sure_id,
            valid__contains=moment,
            relation__in=("own_counselor", "couples_therapist"),
        ).values_list("relation", "subject_of", "subject_id")
    )
    people = [s for r, of, s in mine if r == "own_counselor" and of == "P" and s]
    couples = [s for r, of, s in mine if r == "couples_therapist" and of == "C" and s]
    rows: list[ThreadRow] = []
    if people:
        public = dict(Person.objects.filter(id__in=people).values_list("id", "public_id"))
        names = shown_names(people)
        own = {
            m.person_id: m
            for m in OwnMessage.objects.visible_to(actor)
            .filter(person_id__in=people)
            .order_by("person_id", "-sent_at", "-id")
            .distinct("person_id")
        }
        for person in people:
            if person in public:
                last = own.get(person)
                rows.append(
                    ThreadRow(
                        public[person],
                        ((names.get(person, ("", ""))[0], "none"),),
                        False,
                        last.text if last else "",
                        last.sent_at if last else None,
                        last is not None and last.author_id == person,
                    )
                )
    if couples:
        public = dict(Couple.objects.filter(id__in=couples).values_list("id", "public_id"))
        sides = partners(couples)
        joint = {
            m.couple_id: m
            for m in CoupleMessage.objects.visible_to(actor)
            .filter(couple_id__in=couples)
            .order_by("couple_id", "-sent_at", "-id")
            .distinct("couple_id")
        }
        for couple in couples:
            if couple in public:
                said = joint.get(couple)
                rows.append(
                    ThreadRow(
                        public[couple],
                        tuple((p.name, p.side.lower()) for p in sides.get(couple, [])),
                        True,
                        said.text if said else "",
                        said.sent_at if said else None,
                        said is not None and said.author_id != actor.id,
                    )
                )
    rows.sort(key=lambda r: r.sent_at.timestamp() if r.sent_at else 0, reverse=True)
    rows.sort(key=lambda r: not r.waiting)
    return rows


def person_of_thread(actor: Actor, public_id: UUID, now: datetime | None = None) -> Person:
    """The person whose own thread the actor, their counselor, keeps.

    Raises:
        NotThere: to everybody else.
    """
    person = Person.objects.visible_to(actor).sole(public_id=public_id)
    if counselor_of(person.id, now or timezone.now()) != actor.id:
        raise NotThere
    return person


def couple_of_thread(actor: Actor, public_id: UUID, now: datetime | None = None) -> Couple:
    """The couple whose thread the actor, their couples therapist, keeps.

    Raises:
        NotThere: to everybody else.
    """
    couple = Couple.objects.visible_to(actor).sole(public_id=public_id)
    if not Relation.objects.filter(
        viewer_id=actor.sure_id,
        subject_id=couple.id,
        relation="couples_therapist",
        valid__contains=now or timezone.now(),
    ).exists():
        raise NotThere
    return couple
